import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createHash } from 'node:crypto';

const run = promisify(execFile);

/** A folder in memory, shared by the containers that mount it. */
export interface MemoryFolderOptions {
  readonly path: string;
  /** In bytes; undefined leaves it at the kernel's default, half of the memory. */
  readonly sizeLimit: number | undefined;
  readonly mode: number;
  readonly group: number | undefined;
}

/**
 * Makes a tmpfs with a size of its own. Without root there is no mounting: then it is a folder in the machine's own
 * /dev/shm, whose size nobody limits. Returns the folder to be mounted in containers.
 */
export async function makeMemoryFolder(options: MemoryFolderOptions, isRoot: boolean): Promise<string> {
  const { path, sizeLimit, mode, group } = options;
  if (!isRoot) return makeSharedMemoryFolder(path);
  mkdirSync(path, { recursive: true });
  if (isMounted(path)) return path;
  const settings = [
    'nosuid',
    'nodev',
    `mode=${mode.toString(8)}`,
    ...(group === undefined ? [] : [`gid=${group}`]),
    ...(sizeLimit === undefined ? [] : [`size=${Math.ceil(sizeLimit)}`]),
  ];
  await run('mount', ['-t', 'tmpfs', '-o', settings.join(','), 'vdi-memory', path]);
  return path;
}

/** Takes away what `makeMemoryFolder` made, its content included. */
async function removeMemoryFolder(path: string, isRoot: boolean): Promise<void> {
  if (isRoot) {
    while (isMounted(path)) await run('umount', [path]);
  } else {
    rmSync(sharedMemoryFolder(path), { recursive: true, force: true });
  }
  rmSync(path, { recursive: true, force: true });
}

/** Where the memory volumes of a Pod are, by the folder of the Pod. */
export const memoryFoldersOf = (podFolder: string): string => join(podFolder, 'memory');

/** Takes away all folders in memory of one Pod. Repeating it changes nothing. */
export async function removeMemoryFolders(podFolder: string, isRoot: boolean): Promise<void> {
  const folder = memoryFoldersOf(podFolder);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) await removeMemoryFolder(join(folder, name), isRoot);
}

function makeSharedMemoryFolder(path: string): string {
  const folder = sharedMemoryFolder(path);
  // Closed to other users of the machine by its parent, open to whatever user the container runs as.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const inner = join(folder, 'data');
  mkdirSync(inner, { recursive: true });
  chmodSync(inner, 0o1777);
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true, recursive: true });
  symlinkSync(inner, path);
  return inner;
}

function sharedMemoryFolder(path: string): string {
  return `/dev/shm/vdi-${createHash('sha256').update(path).digest('hex').slice(0, 16)}`;
}

/** proc_pid_mountinfo(5), field 5, where a space is written as \040. */
function isMounted(path: string): boolean {
  const wanted = path.replaceAll('\\', '\\134').replaceAll(' ', '\\040');
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .some((line) => line.split(' ')[4] === wanted);
}
