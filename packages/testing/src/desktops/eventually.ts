/**
 * Asks again until `condition` holds for the answer; that answer.
 * @throws Error with the last answer when it does not come about in time.
 */
export async function eventually<Value>(
  ask: () => Promise<Value>,
  condition: (value: Value) => boolean,
  options: { readonly withinMs?: number; readonly what?: string } = {},
): Promise<Value> {
  const deadline = Date.now() + (options.withinMs ?? 10_000);
  for (;;) {
    const value = await ask();
    if (condition(value)) return value;
    if (Date.now() > deadline) {
      throw new Error(`${options.what ?? 'It'} did not come about; the last answer was ${JSON.stringify(value)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
