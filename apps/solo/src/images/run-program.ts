import { type ChildProcess, spawn } from 'node:child_process';
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
 * Runs a program to its end. Throws `ProgramFailure` unless it succeeds. When `signal` is aborted it is interrupted with
 * everything that it has started, as Ctrl-C would, because mmdebstrap waits for its apt-get; then it is waited for all the
 * same: what it does then is tidying up.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { workingDirectory, signal }: { readonly workingDirectory: string; readonly signal: AbortSignal },
): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(program, args, { cwd: workingDirectory, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const stop = (): void => interruptGroup(child);
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

/** A detached child leads a process group of its own, and has its number. */
function interruptGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGINT');
  } catch (error) {
    // All of it has ended by itself.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
