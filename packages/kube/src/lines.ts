/**
 * The lines of a stream of UTF-8 text, without their ends and without empty ones. The rest after the last line end is a
 * line too, so that whoever parses it sees that it was cut. Stops reading, and closes the stream, when `signal` aborts or
 * the loop is left.
 */
export async function* linesOf(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const cancel = (): void => void reader.cancel(signal.reason).catch(ignoreLateFailure);
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  let rest = '';
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const lines = (rest + decoder.decode(read.value, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines.filter((line) => line.trim() !== '');
    }
    signal.throwIfAborted();
    rest += decoder.decode();
    if (rest.trim() !== '') yield rest;
  } finally {
    signal.removeEventListener('abort', cancel);
    void reader.cancel().catch(ignoreLateFailure);
  }
}

/** Closing a stream that has failed already fails again; the first failure is the one that is told. */
function ignoreLateFailure(): void {}
