import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A program that was run for a build ended badly. */
export class ProgramFailure extends Error {
  /** The last lines that it wrote, standard output and error alike. */
  readonly output: string;

  constructor(program: string, ending: string, output: string) {
    super(`${program} ended with ${ending}: ${output}`);
    this.name = 'ProgramFailure';
    this.output = output;
  }
}

const keptCharacters = 8_000;

/**
 * Runs a program to its end. Throws `ProgramFailure` unless it succeeds. When `signal` is aborted it gets SIGTERM, and is
 * waited for all the same: what it does then is tidying up.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { workingDirectory, signal }: { readonly workingDirectory: string; readonly signal: AbortSignal },
): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(program, args, { cwd: workingDirectory, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): unknown => child.kill('SIGTERM');
  signal.addEventListener('abort', stop);
  try {
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = `${output}${chunk.toString()}`.slice(-keptCharacters);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const [code, killedBy] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    signal.throwIfAborted();
    if (code !== 0) throw new ProgramFailure(program, killedBy ?? `status ${code}`, output.trim());
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
