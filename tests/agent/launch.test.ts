import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { eventually, launchBrowser } from '@vdi/testing/desktops';
import { type AgentProcess, startAgentProcess } from './agent-process.ts';
import { TestViewer } from './browser.ts';
import { openTestDoor } from './test-door.ts';

/** Applications of the template, started by the launcher that our desktop image runs. */
const run = promisify(execFile);
const desktopScript = join(import.meta.dirname, '../../images/desktop/root/usr/local/bin/vdi-desktop');
let browser: Browser;
let directory: string;
let pipe: string;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vdi-launch-'));
  pipe = join(directory, 'vdi-launcher');
  return async () => await rm(directory, { recursive: true });
});

// X has no one way to write other than ASCII in titles; the unit test has more.
const title = 'A  & "B" $HOME * ; \\n';
const applications = [
  { name: 'Terminal', command: ['xterm', '-T', title, '-e', 'sleep', '600'] },
  { name: 'Missing', command: ['no-such-program'] },
];

async function startAgent(): Promise<AgentProcess> {
  return await startAgentProcess({ VDI_APPLICATIONS: JSON.stringify(applications), VDI_LAUNCHER: pipe });
}

async function openViewer(stack: AsyncDisposableStack, agent: AgentProcess): Promise<TestViewer> {
  const { port: agentPort, signer, session } = agent;
  const door = stack.use(await openTestDoor({ agentPort, signer, session, user: 'alice@example.com', role: 'owner' }));
  const viewer = stack.use(await TestViewer.open(browser, door.origin));
  return await viewer.connected();
}

/** The part of the image's script that launches, as it stands there. */
async function startLauncher(display: string): Promise<AsyncDisposable> {
  const script = await readFile(desktopScript, 'utf8');
  const launch = /^launch\(\) \([^]*?^\)$/m.exec(script)?.[0];
  if (launch === undefined) throw new Error('vdi-desktop has no function launch.');
  await run('mkfifo', ['-m', '0600', pipe]);
  const child = spawn('sh', ['-eu', '-c', `${launch}\nlaunch <> "$1"`, 'launcher', pipe], {
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, DISPLAY: display },
  });
  return {
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      // What it started is in its group.
      process.kill(-(child.pid ?? Number.NaN), 'SIGKILL');
      await ended;
    },
  };
}

const outcomes = (viewer: TestViewer): Promise<[string, string][]> =>
  viewer.value(
    `vdi.state.control.filter(({ type }) => type === 'launched').map(({ application, outcome }) => [application, outcome])`,
  );
async function launch(viewer: TestViewer, application: string): Promise<string | undefined> {
  const before = await outcomes(viewer);
  await viewer.say({ type: 'launch', application });
  const after = await eventually(
    () => outcomes(viewer),
    (now) => now.length > before.length,
  );
  return after.at(-1)?.[1];
}

it('starts what the template names, word for word, and nothing else', async () => {
  await using stack = new AsyncDisposableStack();
  const agent = stack.use(await startAgent());
  const viewer = await openViewer(stack, agent);
  stack.use(await startLauncher(agent.display));
  expect(await viewer.value(`vdi.state.signals.find(({ type }) => type === 'welcome').applications`)).toEqual([
    { name: 'Terminal' },
    { name: 'Missing' },
  ]);
  await eventually(
    () => launch(viewer, 'Terminal'),
    (outcome) => outcome === 'started',
    { what: 'A launcher that reads' },
  );
  await eventually(
    () =>
      run('xwininfo', ['-display', agent.display, '-name', title]).then(
        () => true,
        () => false,
      ),
    (isThere) => isThere,
    { what: 'The window of the application' },
  );
  expect(await launch(viewer, 'Missing')).toBe('started');
  expect(await launch(viewer, 'xterm')).toBe('failed');
  // A program that does not exist does not end the launcher.
  expect(await launch(viewer, 'Terminal')).toBe('started');
});

it('says so when the image has no launcher', async () => {
  await using stack = new AsyncDisposableStack();
  const agent = stack.use(await startAgent());
  const viewer = await openViewer(stack, agent);
  expect(await launch(viewer, 'Terminal')).toBe('no-launcher');
});
