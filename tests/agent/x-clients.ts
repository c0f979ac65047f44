import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@vdi/testing/desktops';

/** Real programs on the agent's screen. Each is there when people can see its window. */
export interface XClient extends AsyncDisposable {
  /** What it has written so far. */
  output(): Promise<string>;
}

let windows = 0;

/** A window of one colour: `xterm` without text. */
export async function openMarker(display: string, colour: string, geometry: string): Promise<XClient> {
  const title = newTitle();
  const colours = ['-bg', colour, '-fg', colour, '-cr', colour, '-b', '0', '-bw', '0'];
  const child = spawn(
    'xterm',
    ['-display', display, '-T', title, ...colours, '-geometry', geometry, '-e', 'sleep', '600'],
    { stdio: 'ignore' },
  );
  await untilVisible(display, title, child);
  return { output: () => Promise.resolve(''), [Symbol.asyncDispose]: () => end(child) };
}

/** A terminal at the top left that keeps what is typed into it while the pointer is on it; Ctrl+V pastes the clipboard. */
export async function openTypewriter(display: string): Promise<XClient> {
  const title = newTitle();
  const directory = await mkdtemp(join(tmpdir(), 'vdi-typewriter-'));
  const file = join(directory, 'typed');
  const script = `stty -icanon -echo; exec cat > ${file}`;
  const place = ['-display', display, '-T', title, '-geometry', '60x20+0+0'];
  const paste = ['-xrm', '*VT100.translations: #override Ctrl <Key>v: insert-selection(CLIPBOARD)'];
  const child = spawn('xterm', [...place, ...paste, '-e', 'sh', '-c', script], {
    stdio: 'ignore',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  await untilVisible(display, title, child);
  // The file is there once the shell has set the terminal up: before, keys would come back as an echo.
  await eventually(
    () =>
      readFile(file).then(
        () => true,
        () => false,
      ),
    (isThere) => isThere,
    { what: 'The shell of the typewriter' },
  );
  return {
    output: () => readFile(file, 'utf8'),
    async [Symbol.asyncDispose]() {
      await end(child);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** `xev`: a window at the top left that writes every event it gets. */
export async function openEventLog(display: string): Promise<XClient> {
  const title = newTitle();
  const child = spawn('xev', ['-display', display, '-name', title, '-geometry', '400x300+0+0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  await untilVisible(display, title, child);
  return { output: () => Promise.resolve(text), [Symbol.asyncDispose]: () => end(child) };
}

/** What is typed or clicked before the window is visible goes to whatever lies below it. */
async function untilVisible(display: string, title: string, child: ChildProcess): Promise<void> {
  const look = (): Promise<string> =>
    new Promise((resolve) => {
      execFile('xwininfo', ['-display', display, '-name', title], (_error, stdout) => resolve(stdout));
    });
  try {
    await eventually(look, (seen) => seen.includes('Map State: IsViewable'), { what: `The window ${title}` });
  } catch (error) {
    await end(child);
    throw error;
  }
}

/** So that a window is not taken for one of an earlier test that is just going away. */
function newTitle(): string {
  windows += 1;
  return `window-${process.pid}-${windows}`;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
