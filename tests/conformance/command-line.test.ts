import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isStillRunning, type ProcessIdentity } from '@vdi/solo';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ProgramResult, runProgram } from './solo-process.ts';

const main = resolve(import.meta.dirname, '../../apps/cli/src/main.ts');
let root: string;
let state: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vdi-cli-'));
  state = join(root, 'state');
});
afterEach(async () => {
  await vdi('down');
  rmSync(root, { recursive: true });
});

const vdi = (command: string, ...args: string[]): Promise<ProgramResult> => {
  const stateDir = command === 'doctor' || command.startsWith('--') ? [] : ['--state-dir', state];
  return runProgram(process.execPath, [main, command, ...args, ...stateDir], {
    PATH: process.env['PATH'] ?? '',
    HOME: root,
  });
};

const status = async (): Promise<Record<string, unknown>> =>
  JSON.parse((await vdi('status', '--output', 'json')).stdout) as Record<string, unknown>;

const recorded = (): ProcessIdentity =>
  JSON.parse(readFileSync(join(state, 'process.json'), 'utf8')) as ProcessIdentity;

describe('vdi up --detach', () => {
  it('returns when everything is ready, and says where; down stops it', async () => {
    const up = await vdi('up', '--detach', '--engine', 'none', '--port', '0');
    expect([up.code, up.stderr]).toEqual([0, '']);
    const url = /^Ready at\s+(http:\/\/localhost:\d+)$/m.exec(up.stdout)?.[1];
    const kubeconfig = join(state, 'kubeconfig');
    expect(up.stdout).toContain(`export KUBECONFIG=${kubeconfig}`);
    expect(await status()).toEqual({ ready: true, url, kubeconfig, sessions: 0 });

    const again = await vdi('up', '--detach', '--engine', 'none', '--port', '0');
    expect([again.code, again.stderr]).toEqual([0, '']);
    expect(again.stdout).toContain(`Already up, as process ${recorded().pid}`);
    expect(again.stdout).toContain(url);

    const running = recorded();
    const down = await vdi('down');
    expect([down.code, down.stdout]).toEqual([0, `Stopped process ${running.pid}. The state stays in ${state}.\n`]);
    expect(isStillRunning(running)).toBe(false);
    expect(await status()).toEqual({ ready: false, url: null, kubeconfig: null, sessions: 0 });
  });

  it('passes on why it could not start', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const up = await vdi('up', '--detach', '--engine', 'none', '--port', String(port));
    taken.close();
    expect(up.code).not.toBe(0);
    expect(up.stderr).toContain(`Port ${port} on 127.0.0.1 could not be opened.`);
    expect(up.stderr).toMatch(/Why: .*\n\s+Fix: .*--port/);
    expect(up.stderr).not.toContain('    at ');
    expect(await status()).toMatchObject({ ready: false });
  });

  it('says what to install where there is no container engine', async () => {
    const args = ['up', '--detach', '--engine', 'podman', '--port', '0', '--state-dir', state];
    const up = await runProgram(process.execPath, [main, ...args], { HOME: root, PATH: '/nowhere' });
    expect(up.code).not.toBe(0);
    expect(up.stderr).toMatch(/no container engine on this machine\..*Why: .*podman.*Fix: /s);
    expect(up.stderr).not.toContain('    at ');
  });

  it('uses no directory that is a file, or that holds the state of something else', async () => {
    writeFileSync(state, '');
    expect((await vdi('up', '--detach', '--engine', 'none', '--port', '0')).stderr).toMatch(
      /is not used\..*It is a file/s,
    );
    rmSync(state);
    mkdirSync(state);
    writeFileSync(join(state, 'cluster.db'), 'written by something else, long enough to be looked at as a database');
    const { code, stderr } = await vdi('up', '--detach', '--engine', 'none', '--port', '0');
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/cannot be opened\..*not a log of this server.*Fix: .*--state-dir/s);
    expect(stderr).not.toContain('    at ');
  });

  it('starts in a state directory whose process was killed', async () => {
    await vdi('up', '--detach', '--engine', 'none', '--port', '0');
    const killed = recorded().pid;
    process.kill(killed, 'SIGKILL');
    await vdi('down');
    const up = await vdi('up', '--detach', '--engine', 'none', '--port', '0');
    expect([up.code, up.stderr]).toEqual([0, '']);
    expect(recorded().pid).not.toBe(killed);
  });
});

describe('vdi down', () => {
  it('is content when nothing runs', async () => {
    expect(await vdi('down')).toEqual({ code: 0, stdout: `Nothing is running in ${state}.\n`, stderr: '' });
  });

  it('never stops a process that only got the pid of ours', async () => {
    await vdi('up', '--detach', '--engine', 'none', '--port', '0');
    await vdi('down');
    // This test's own process stands for the innocent one.
    const record = { pid: process.pid, startTicks: '1', bootId: 'x', url: 'https://127.0.0.1:1' };
    writeFileSync(join(state, 'process.json'), JSON.stringify(record));
    expect((await vdi('down')).stdout).toContain('Nothing is running');
  });
});

describe('the command line', () => {
  it.each([
    [['up', '--port', 'many'], /port/i],
    [['up', '--port', '70000'], /whole number from 0 to 65535/],
    [['status', '--output', 'xml'], /xml/],
    [['up', '--colour'], /No flag registered for --colour.*vdi <command> --help/s],
    [['strat'], /No command registered for `strat`.*did you mean/s],
  ])('refuses %j and says why', async ([command = '', ...args], message) => {
    const { code, stderr } = await vdi(command, ...args);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(message);
  });

  it('explains itself', async () => {
    const { code, stdout } = await vdi('--help');
    expect(code).toBe(0);
    for (const command of ['up', 'down', 'status', 'doctor']) expect(stdout).toContain(command);
  });

  it('names what a machine lacks and the command that brings it, without a trace of the program', async () => {
    const { code, stdout, stderr } = await runProgram(process.execPath, [main, 'doctor'], {
      HOME: root,
      PATH: '/nowhere',
    });
    expect(code).not.toBe(0);
    expect(stdout).toMatch(/missing {2}a container engine, needed to run desktops.*Fix: .*podman/s);
    expect(stderr).toMatch(/^\d+ of \d+ needs are not met\n$/);
  });

  it('finds nothing missing on a machine that can run the tests', async () => {
    const { code, stdout } = await vdi('doctor');
    expect(code).toBe(0);
    expect(stdout).toContain('Nothing is missing.');
  });
});
