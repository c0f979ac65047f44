const patienceMs = 30_000;
const askEveryMs = 20;

/**
 * Asks again until `condition` holds for the answer; that answer. The patience is for a machine with much else to do: it
 * is no claim about how long anything takes.
 * @throws Error with the last answer when it does not come about in time.
 */
export async function eventually<Value>(
  ask: () => Value | Promise<Value>,
  condition: (value: Value) => boolean,
  options: { readonly withinMs?: number; readonly what?: string } = {},
): Promise<Value> {
  const deadline = performance.now() + (options.withinMs ?? patienceMs);
  for (;;) {
    const value = await ask();
    if (condition(value)) return value;
    if (performance.now() > deadline) {
      throw new Error(`${options.what ?? 'It'} did not come about; the last answer was ${JSON.stringify(value)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, askEveryMs));
  }
}
