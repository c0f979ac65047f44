import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from '@vdi/testing/desktops';

/** The clipboard as a program of the desktop sees it: `xclip`. */
const select = (display: string): string[] => ['-display', display, '-selection', 'clipboard'];

/** Copies `bytes` and keeps them on the clipboard until disposal, or until somebody else copies. */
export async function copyInX(display: string, bytes: Uint8Array, target = 'UTF8_STRING'): Promise<AsyncDisposable> {
  // Quiet means in the foreground; `xclip` answers for TARGETS by itself.
  const child = spawn('xclip', [...select(display), '-quiet', '-in', '-target', target], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.stdin.end(bytes);
  return { [Symbol.asyncDispose]: () => end(child) };
}

/** What a program gets that pastes now; `undefined` when nobody has anything of this kind. */
export async function pasteInX(display: string, target = 'UTF8_STRING'): Promise<Buffer | undefined> {
  return await new Promise((resolve) => {
    const options = { encoding: 'buffer', maxBuffer: 16 * 1_048_576, timeout: 10_000 } as const;
    execFile('xclip', [...select(display), '-out', '-target', target], options, (error, stdout) =>
      resolve(error ? undefined : stdout),
    );
  });
}

/** Waits until programs paste `expected`. */
export async function untilPasted(display: string, expected: Uint8Array, target = 'UTF8_STRING'): Promise<void> {
  await eventually(
    async () => (await pasteInX(display, target))?.equals(expected) === true,
    (isSame) => isSame,
    { what: `A clipboard of ${expected.length} bytes` },
  );
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
