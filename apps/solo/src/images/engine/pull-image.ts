import type Docker from 'dockerode';

/** Brings an image from its registry. */
export async function pullImage(docker: Docker, reference: string, signal: AbortSignal): Promise<void> {
  const stream = await docker.pull(reference, { abortSignal: signal });
  await followToEnd(docker, stream);
}

/** Waits for the end of an operation that the engine tells in lines of JSON. Throws the error that these contain. */
export function followToEnd(docker: Docker, stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(
      stream,
      (error: Error | null, lines: readonly { readonly error?: string }[] | undefined) => {
        const failure = error ?? lines?.find((line) => line.error !== undefined)?.error;
        if (failure === undefined || failure === null) resolve();
        else reject(failure instanceof Error ? failure : new Error(failure));
      },
    );
  });
}
