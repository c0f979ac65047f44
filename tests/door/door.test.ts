import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startEchoUpstream } from '../../apps/gateway/src/door/testing/echo-upstream.ts';
import { aPrincipal, readiness, startTestDoor } from '../../apps/gateway/src/door/testing/start-test-door.ts';
import { type AgentProcess, startAgentProcess } from '../agent/agent-process.ts';
import { TestViewer } from '../agent/browser.ts';
import { eventually, launchBrowser } from '@vdi/testing/desktops';
import { violations } from './violations.ts';

/** A real browser, the door, and a real agent behind it. */
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => await browser?.close());

async function aBrowserContext(): Promise<BrowserContext & AsyncDisposable> {
  return await browser.newContext();
}

it('brings a suspended desktop back, shows how far it is, and streams it until the person signs out', async () => {
  let agent: AgentProcess | undefined;
  await using at = await startTestDoor({ signer: { sign: (grant) => agent!.signer.sign(grant) } });
  const session = await at.session({ host: 'alice', suspended: true, isReady: false });
  await using running = await startAgentProcess({ VDI_SESSION_UID: session.metadata.uid! });
  agent = running;
  await at.pod(session, `127.0.0.1:${running.port}`);
  const end = new AbortController();
  const { url } = await at.door.open(aPrincipal('alice@example.com', end), session);

  await using viewer = await TestViewer.open(browser, url);
  const { page } = viewer;
  const complaints: string[] = [];
  page.on(
    'console',
    (message) => message.text().includes('Content Security Policy') && complaints.push(message.text()),
  );
  page.on('pageerror', (error) => complaints.push(String(error)));
  expect(page.url()).toBe(`${at.origin('alice')}/`);
  expect(await page.title()).toBe('The desktop is starting');
  await expect.poll(() => at.catalog.session('vdi-sessions', session.metadata.name)?.spec.suspended).toBe(false);

  const reached = page.locator('.reached');
  await eventually(
    () => reached.allTextContents(),
    (titles) => titles.join() === 'Request accepted',
  );
  await at.change(session, 'status', {
    message: 'The image is being fetched.',
    timeline: ['Accepted', 'HomeReady', 'Scheduled'].map((stage) => ({ stage, at: '2030-01-01T00:00:00.000Z' })),
  });
  await eventually(
    () => reached.count(),
    (count) => count === 3,
  );
  expect(await page.locator('#message').textContent()).toBe('The image is being fetched.');

  const desktop = page.waitForEvent('load');
  await at.change(session, 'status', readiness(true));
  await desktop;
  await viewer.connected();
  expect(await viewer.value('document.cookie')).toBe('');
  expect(complaints).toEqual([]);

  end.abort();
  await viewer.until('vdi.state.closed !== undefined');
  const answer = await page.evaluate<number>("fetch('/ws').then(({ status }) => status)");
  expect(answer).toBe(401);
});

it('keeps the cookie from other hosts, on plain http', async () => {
  await using at = await startTestDoor();
  const alice = await at.session({ host: 'alice' });
  await at.session({ host: 'bob', user: 'bob@example.com' });
  await using context = await aBrowserContext();
  const page = await context.newPage();
  const { url } = await at.door.open(aPrincipal(), alice);
  await page.goto(url);
  const cookies = await context.cookies();
  expect(cookies).toMatchObject([
    { name: `__Host-vdi-door-${at.port}`, domain: 'alice.localhost', httpOnly: true, secure: true, sameSite: 'Lax' },
  ]);
  const toBob = page.waitForRequest(`${at.origin('bob')}/`);
  await page.goto(`${at.origin('bob')}/`);
  expect(await (await toBob).headerValue('cookie')).toBeNull();
});

it('lets the page of a desktop connect, and no page of another', async () => {
  await using at = await startTestDoor();
  await using desktop = await startEchoUpstream();
  const { endpoint } = desktop;
  const alice = await at.session({ host: 'alice', endpoint });
  const other = await at.session({ host: 'other', endpoint });
  await using context = await aBrowserContext();
  const page = await context.newPage();
  const connect = (): Promise<string> =>
    page.evaluate<string>(
      `new Promise((resolve) => {
        const socket = new WebSocket(${JSON.stringify(`ws://alice.localhost:${at.port}/ws`)}, 'vdi.v1');
        socket.onopen = () => resolve('open');
        socket.onerror = () => resolve('refused');
      })`,
    );
  await page.goto((await at.door.open(aPrincipal(), alice)).url);
  expect(await connect()).toBe('open');
  await page.goto((await at.door.open(aPrincipal(), other)).url);
  expect(page.url()).toBe(`${at.origin('other')}/`);
  expect(await connect()).toBe('refused');
});

it.each(['light', 'dark'] as const)(
  'shows %s pages that need no mouse, no script and no width',
  async (colorScheme) => {
    await using at = await startTestDoor();
    const starting = await at.session({ host: 'starting', isReady: false });
    const unreachable = await at.session({ host: 'unreachable' });
    const context = await browser.newContext({ colorScheme, viewport: { width: 320, height: 640 } });
    const page = await context.newPage();
    const addresses = [
      `${at.origin('nobody')}/`,
      `${at.origin('starting')}/.vdi/enter?code=used`,
      (await at.door.open(aPrincipal(), starting)).url,
      (await at.door.open(aPrincipal(), unreachable)).url,
    ];
    for (const address of addresses) {
      await page.goto(address);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
      expect(await violations(page)).toEqual([]);
    }
    await context.close();
  },
);
