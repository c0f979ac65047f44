import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AgentProcess, startAgentProcess } from '../agent/agent-process.ts';
import { openTestDoor, type TestDoor } from '../agent/test-door.ts';
import { copyInX } from '../agent/x-clipboard.ts';
import { openTypewriter, type XClient } from '../agent/x-clients.ts';
import { PageWitness } from '../page-witness.ts';
import { launchChromium } from './loopback-desktop.ts';
import { buildViewer } from './viewer-site.ts';

/** The built page, served by a real agent, with programs on a real X server. */
let viewerDirectory: Awaited<ReturnType<typeof buildViewer>>;
let agent: AgentProcess;
let browser: Browser;

beforeAll(async () => {
  [viewerDirectory, browser] = await Promise.all([buildViewer(), launchChromium()]);
});

afterAll(async () => {
  await browser?.close();
  await viewerDirectory?.[Symbol.asyncDispose]();
});

// One for each test: an agent keeps the place of a page that was cut off for some seconds, and with it the control.
beforeEach(async () => {
  agent = await startAgentProcess({ VDI_VIEWER_DIR: viewerDirectory.path });
});
afterEach(() => agent[Symbol.asyncDispose]());

const eventually = <Value>(read: () => Value) => expect.poll(read);

/** A program that keeps what is typed. */
async function openTerminal(stack: AsyncDisposableStack): Promise<XClient> {
  return stack.use(await openTypewriter(agent.display));
}

/** A page that shows the agent's desktop. */
async function openPage(stack: AsyncDisposableStack, role: 'owner' | 'view' = 'owner'): Promise<Page> {
  const door: TestDoor = stack.use(
    await openTestDoor({ agentPort: agent.port, signer: agent.signer, session: agent.session, user: 'alice', role }),
  );
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  stack.defer(() => context.close());
  const page = await context.newPage();
  const witness = new PageWitness(page);
  stack.defer(() => witness.leave());
  await page.goto(door.origin);
  await page.locator('.phase-page').waitFor({ state: 'hidden' });
  return page;
}

/** Keys go where the pointer is. A click says where that is in order with them; motion may be lost or come later. */
async function clickTerminal(page: Page): Promise<void> {
  await page.mouse.click(100, 100);
}

describe('the page on a real desktop', () => {
  it('types with keys, and with text that no key has', async () => {
    await using stack = new AsyncDisposableStack();
    const typewriter = await openTerminal(stack);
    const page = await openPage(stack);
    await clickTerminal(page);
    await page.keyboard.type('Hello, World!\n');
    await page.keyboard.insertText('grüße 漢');
    await page.keyboard.press('Enter');
    await eventually(() => typewriter.output()).toContain('Hello, World!\ngrüße 漢');
  });

  it('lets the desktop repeat a key that is held, until it is released', async () => {
    await using stack = new AsyncDisposableStack();
    const typewriter = await openTerminal(stack);
    const page = await openPage(stack);
    await clickTerminal(page);
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
    await eventually(() => page.locator('video').boundingBox()).toEqual({ x: 0, y: 0, width: 1000, height: 640 });
    expect(await page.title()).toBe('alice-desktop');
  });

  it('only shows it to who may only watch', async () => {
    await using stack = new AsyncDisposableStack();
    const typewriter = await openTerminal(stack);
    const page = await openPage(stack, 'view');
    await page.getByText('View only').waitFor();
    await page.keyboard.type('never\n');
    const owner = await openPage(stack);
    await clickTerminal(owner);
    await owner.keyboard.type('mine\n');
    await eventually(() => typewriter.output()).toContain('mine');
    expect(await typewriter.output()).not.toContain('never');
  });

  it('pastes what this machine has with one Ctrl+V, and copies what a program has', async () => {
    await using stack = new AsyncDisposableStack();
    const typewriter = await openTerminal(stack);
    const page = await openPage(stack);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await clickTerminal(page);
    for (const text of ['first 漢', 'second Grüße']) {
      await page.evaluate(`navigator.clipboard.writeText('${text}')`);
      await page.keyboard.press('Control+KeyV');
      await eventually(() => typewriter.output()).toContain(text);
    }
    await using _copy = await copyInX(agent.display, Buffer.from('von drüben'));
    await eventually(() => page.evaluate('navigator.clipboard.readText()')).toBe('von drüben');
    await page.keyboard.press('Control+KeyV');
    await eventually(() => typewriter.output()).toBe('first 漢second Grüßevon drüben');
  });
});
