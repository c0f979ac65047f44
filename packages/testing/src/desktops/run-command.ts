import { execFile } from 'node:child_process';

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. Throws with what it printed unless it succeeds or `mayFail`. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly withinMs?: number; readonly mayFail?: boolean } = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    execFile(
      program,
      [...args],
      { env: options.env ?? process.env, timeout: options.withinMs ?? 30_000, maxBuffer: 16 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null || options.mayFail === true) resolve({ stdout, stderr });
        else reject(new Error(`${program} ${args.join(' ')} failed:\n${stderr}${stdout}`, { cause: error }));
      },
    );
  });
}
