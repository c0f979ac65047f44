import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLauncher } from './launcher.ts';

let directory: string;
let pipe: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vdi-launch-'));
  pipe = join(directory, 'launcher');
});
afterEach(async () => await rm(directory, { recursive: true }));

const applications = [
  { name: 'Terminal', command: ['xterm', '-T', 'My terminal'] },
  { name: 'Broken' },
  { name: 'Long', command: ['x'.repeat(5000)] },
];

describe('the launcher', () => {
  it('hands a command of the template to whoever reads the pipe', async () => {
    execFileSync('mkfifo', [pipe]);
    const reader = spawn('head', ['-n', '1', pipe], { stdio: ['ignore', 'pipe', 'ignore'] });
    const line = text(reader.stdout);
    await expect.poll(() => createLauncher(pipe, applications).launch('Terminal')).toBe('started');
    expect(await line).toBe('xterm -T My\\0040terminal\n');
    if (reader.exitCode === null) await once(reader, 'exit');
  });

  it('starts nothing that the template does not name with a command', async () => {
    const launcher = createLauncher(pipe, applications);
    expect(await launcher.launch('xterm')).toBe('unknown');
    expect(await launcher.launch('Broken')).toBe('unknown');
    expect(launcher.applications.map(({ name }) => name)).toEqual(['Terminal', 'Long']);
  });

  it('says so when the image has no launcher: no pipe, nobody who reads it, or something else in its place', async () => {
    const launcher = createLauncher(pipe, applications);
    expect(await launcher.launch('Terminal')).toBe('no-launcher');
    execFileSync('mkfifo', [pipe]);
    expect(await launcher.launch('Terminal')).toBe('no-launcher');
    await rm(pipe);
    await writeFile(pipe, 'mine');
    expect(await launcher.launch('Terminal')).toBe('no-launcher');
    const link = join(directory, 'link');
    await symlink(pipe, link);
    expect(await createLauncher(link, applications).launch('Terminal')).toBe('no-launcher');
    expect(await readFile(pipe, 'utf8')).toBe('mine');
  });

  it('refuses a command that a pipe would not keep whole', async () => {
    await expect(createLauncher(pipe, applications).launch('Long')).rejects.toThrow('4096');
  });
});
