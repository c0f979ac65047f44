/**
 * What the parts of a test can say about its failure: logs, console messages, pictures. They are asked only when a test
 * fails, after its resources were disposed; `print-evidence.ts` asks them.
 */
export interface Witness {
  /** Whose words these are, such as `agent` or `page 2`. */
  readonly name: string;
  /** The words, oldest first. */
  testify(): string | Promise<string>;
}

const present = new Set<Witness>();
const leaving = new Set<Witness>();

/** From now on `witness` is asked about every failed test; disposal lets it go after the test that runs. */
export function call(witness: Witness): Disposable {
  present.add(witness);
  return { [Symbol.dispose]: () => void leaving.add(witness) };
}

/** What everybody says about the test that just failed. */
export async function testimony(): Promise<string> {
  const statements = Array.from(present, async (witness) => {
    const words = await wordsOf(witness);
    return `── ${witness.name}\n${words.trimEnd() || '(nothing)'}\n`;
  });
  return (await Promise.all(statements)).join('');
}

/** A witness that fails must not hide what the others say. */
async function wordsOf(witness: Witness): Promise<string> {
  try {
    return await witness.testify();
  } catch (error) {
    return `could not tell: ${String(error)}`;
  }
}

/** The test is over: who was let go during it is not asked again. */
export function dismiss(): void {
  for (const witness of leaving) present.delete(witness);
  leaving.clear();
}

/** The end of a long log; its beginning is seldom about the failure. */
export function lastLines(text: string, count = 60): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
