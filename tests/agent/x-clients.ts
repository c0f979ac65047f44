import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Real programs on the agent's screen. */
export interface XClient extends AsyncDisposable {
  /** What it has written so far. */
  output(): Promise<string>;
}

/** A window of one colour: `xterm` without text. */
export function openMarker(display: string, colour: string, geometry: string): XClient {
  const child = spawn(
    'xterm',
    [
      '-display',
      display,
      '-bg',
      colour,
      '-fg',
      colour,
      '-cr',
      colour,
      '-b',
      '0',
      '-bw',
      '0',
      '-geometry',
      geometry,
      '-e',
      'sleep',
      '600',
    ],
    { stdio: 'ignore' },
  );
  return { output: () => Promise.resolve(''), [Symbol.asyncDispose]: () => end(child) };
}

/** A terminal at the top left that keeps what is typed into it. */
export async function openTypewriter(display: string): Promise<XClient> {
  const directory = await mkdtemp(join(tmpdir(), 'vdi-typewriter-'));
  const file = join(directory, 'typed');
  const child = spawn(
    'xterm',
    ['-display', display, '-geometry', '60x20+0+0', '-e', 'sh', '-c', `stty -icanon -echo; exec cat > ${file}`],
    { stdio: 'ignore', env: { ...process.env, LC_ALL: 'C.UTF-8' } },
  );
  return {
    output: () => readFile(file, 'utf8').catch(() => ''),
    async [Symbol.asyncDispose]() {
      await end(child);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** `xev`: a window at the top left that writes every event it gets. */
export function openEventLog(display: string): XClient {
  const child = spawn('xev', ['-display', display, '-geometry', '400x300+0+0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  return { output: () => Promise.resolve(text), [Symbol.asyncDispose]: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
