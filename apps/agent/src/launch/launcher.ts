import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Application } from '../config.ts';
import { launchLine } from './launch-line.ts';

/** What became of a wish to start an application. `started` means handed to the desktop, which runs it. */
type LaunchOutcome = 'started' | 'no-launcher' | 'unknown';

/** Starts the template's applications in the desktop's container, as far as its image takes part. */
export interface Launcher {
  /** Those that can be asked for, in the template's order. */
  readonly applications: readonly Application[];
  launch(name: string): Promise<LaunchOutcome>;
}

/** Linux's PIPE_BUF: what is written at once is not mixed with what others write. */
const atomicBytes = 4096;
/** Nobody reads, or there is no pipe; or somebody put something else in its place. */
const absent: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ENXIO', 'ELOOP', 'EACCES', 'EAGAIN', 'EPIPE']);

/**
 * @param pipe a named pipe in a volume of both containers, which the desktop's image reads. The agent needs no right to run
 *   anything over there, and only commands of the template are written, never what a viewer sent.
 */
export function createLauncher(pipe: string, configured: readonly Application[]): Launcher {
  const applications = configured.filter(({ command = [] }) => command.length > 0);
  return {
    applications,
    async launch(name) {
      const command = applications.find((application) => application.name === name)?.command;
      if (command === undefined) return 'unknown';
      return (await write(pipe, launchLine(command))) ? 'started' : 'no-launcher';
    },
  };
}

/** @returns whether somebody reads @throws RangeError for a line that a pipe would not keep whole */
async function write(pipe: string, line: string): Promise<boolean> {
  if (line.length > atomicBytes) {
    throw new RangeError(`The command is ${line.length} bytes long with its escapes; a launcher takes ${atomicBytes}.`);
  }
  try {
    await using file = await open(pipe, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    if (!(await file.stat()).isFIFO()) return false;
    await file.write(line);
    return true;
  } catch (error) {
    if (absent.has((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
