import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PageWitness } from '../page-witness.ts';
import { startAgentProcess } from './agent-process.ts';
import { eventually, launchBrowser } from '@vdi/testing/desktops';
import { openTestDoor } from './test-door.ts';
import { openTypewriter } from './x-clients.ts';

/** The product's own page, built as for the image and served by the agent under its real content security policy. */
const repository = join(import.meta.dirname, '../..');
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vdi-viewer-build-'));
  const arguments_ = ['build', '--outDir', directory, '--emptyOutDir', '--logLevel', 'error'];
  await promisify(execFile)(join(repository, 'node_modules/.bin/vite'), arguments_, {
    cwd: join(repository, 'apps/viewer'),
    env: { ...process.env, PATH: `${join(repository, 'node_modules/.bin')}:${process.env['PATH']}` },
  });
});
afterAll(async () => await rm(directory, { recursive: true, force: true }));

it('shows the desktop at the size of the window and types into it', async () => {
  await using agent = await startAgentProcess({ VDI_VIEWER_DIR: directory });
  const { port: agentPort, signer, session } = agent;
  await using door = await openTestDoor({ agentPort, signer, session, user: 'alice@example.com', role: 'owner' });
  await using browser = await launchBrowser();
  await using typewriter = await openTypewriter(agent.display);
  const page = await browser.newPage({ viewport: { width: 1000, height: 600 } });
  await using stack = new AsyncDisposableStack();
  const witness = new PageWitness(page);
  stack.defer(() => witness.leave());
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(door.origin);
  await eventually(
    () =>
      page.evaluate<string>(
        `(({ videoWidth: w, videoHeight: h }) => w + 'x' + h)(document.querySelector('video') ?? {})`,
      ),
    (size) => size === '1000x600',
  );
  // Keys go where the pointer is. A click says where that is in order with them; motion may be lost or come later.
  await page.mouse.click(150, 150);
  await page.keyboard.type('hello');
  await eventually(
    () => typewriter.output(),
    (typed) => typed === 'hello',
  );
  expect(complaints).toEqual([]);
});
