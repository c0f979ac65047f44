import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentProcess, startAgentProcess } from '../agent/agent-process.ts';
import { openTestDoor, type TestDoor } from '../agent/test-door.ts';
import { openTypewriter, type XClient } from '../agent/x-clients.ts';
import { launchChromium } from './loopback-desktop.ts';
import { buildViewer } from './viewer-site.ts';

/** The built page, served by a real agent, with programs on a real X server. */
let viewerDirectory: Awaited<ReturnType<typeof buildViewer>>;
let agent: AgentProcess;
let browser: Browser;

beforeAll(async () => {
  viewerDirectory = await buildViewer();
  [agent, browser] = await Promise.all([startAgentProcess({ VDI_VIEWER_DIR: viewerDirectory.path }), launchChromium()]);
});

afterAll(async () => {
  await browser?.close();
  await agent?.[Symbol.asyncDispose]();
  await viewerDirectory?.[Symbol.asyncDispose]();
});

const eventually = <Value>(read: () => Value) => expect.poll(read, { timeout: 20_000, interval: 50 });

/** Programs that keep what is typed; there when their window is. */
async function openTerminal(stack: AsyncDisposableStack): Promise<XClient> {
  const typewriter = stack.use(await openTypewriter(agent.display));
  await eventually(async () => (await agent.fetch('/readyz/desktop')).status).toBe(200);
  return typewriter;
}

/** A page that shows the agent's desktop. */
async function openPage(stack: AsyncDisposableStack, role: 'owner' | 'view' = 'owner'): Promise<Page> {
  const door: TestDoor = stack.use(
    await openTestDoor({ agentPort: agent.port, signer: agent.signer, session: agent.session, user: 'alice', role }),
  );
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  stack.defer(() => context.close());
  const page = await context.newPage();
  await page.goto(door.origin);
  await page.locator('.phase-page').waitFor({ state: 'hidden' });
  return page;
}

describe('the page on a real desktop', () => {
  it('types with keys, and with text that no key has', async () => {
    await using stack = new AsyncDisposableStack();
    const typewriter = await openTerminal(stack);
    const page = await openPage(stack);
    await page.mouse.move(100, 100);
    await page.keyboard.type('Hello, World!\n');
    await page.keyboard.insertText('grüße 漢');
    await page.keyboard.press('Enter');
    await eventually(() => typewriter.output()).toContain('Hello, World!\ngrüße 漢');
  });

  it('lets the desktop repeat a key that is held, until it is released', async () => {
    await using stack = new AsyncDisposableStack();
    const typewriter = await openTerminal(stack);
    const page = await openPage(stack);
    await page.mouse.move(100, 100);
    await page.keyboard.down('KeyR');
    await eventually(() => typewriter.output()).toMatch(/rrr/);
    await page.keyboard.up('KeyR');
    await page.keyboard.type('.\n');
    await eventually(() => typewriter.output()).toMatch(/rrr+\./);
  });

  it('gives the desktop the size of the window, and shows it pixel for pixel', async () => {
    await using stack = new AsyncDisposableStack();
    const page = await openPage(stack);
    await page.setViewportSize({ width: 1000, height: 640 });
    const size = () =>
      page.evaluate(
        "[document.querySelector('video').videoWidth, document.querySelector('video').videoHeight].join('x')",
      );
    await eventually(size).toBe('1000x640');
    expect(await page.locator('video').boundingBox()).toEqual({ x: 0, y: 0, width: 1000, height: 640 });
    expect(await page.title()).toBe('alice-desktop');
  });

  it('only shows it to who may only watch', async () => {
    await using stack = new AsyncDisposableStack();
    const typewriter = await openTerminal(stack);
    const page = await openPage(stack, 'view');
    await page.getByText('View only').waitFor();
    await page.keyboard.type('never\n');
    const owner = await openPage(stack);
    await owner.mouse.move(100, 100);
    await owner.keyboard.type('mine\n');
    await eventually(() => typewriter.output()).toContain('mine');
    expect(await typewriter.output()).not.toContain('never');
  });
});
