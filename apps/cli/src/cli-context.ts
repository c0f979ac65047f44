import type { CommandContext } from '@stricli/core';

/** What commands know of the process they run in. */
export interface CliContext extends CommandContext {
  readonly defaultStateDirectory: string;
  readonly imageCacheDirectory: string;
  readonly isTerminal: boolean;
}

/** One line for the person at the terminal, or for the script that reads our output. */
export function say(context: CliContext, line: string): void {
  context.process.stdout.write(`${line}\n`);
}
