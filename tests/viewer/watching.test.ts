import type { AgentControl } from '@vdi/protocol';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aWelcome, launchChromium, LoopbackDesktop } from './loopback-desktop.ts';
import { startViewerSite, type ViewerSite } from './viewer-site.ts';

/** Somebody watches while another drives. */
let site: ViewerSite;
let browser: Browser;

beforeAll(async () => {
  site = await startViewerSite();
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
});

const eventually = <Value>(read: () => Value) => expect.poll(read);
/** One red pixel. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';
const drivenBy = (controller: string): AgentControl => ({
  type: 'viewers',
  controller,
  viewers: [
    { viewer: aWelcome.viewer, user: 'alice@example.org', role: 'owner' },
    { viewer: 'viewer-2', user: 'bob@example.org', role: 'control' },
  ],
});

it('shows who watches where the pointer is, as the desktop draws it, and who drives only their own', async () => {
  await using desktop = await LoopbackDesktop.open(browser, site);
  await desktop.connect();
  const pointer = desktop.page.locator('.remote-pointer');
  const cursor = (): Promise<string> => desktop.page.evaluate("document.querySelector('#surface').style.cursor");
  await desktop.say({ type: 'cursor', serial: 1, visible: true, hotspot: { x: 4, y: 2 }, png });
  await eventually(cursor).toContain('data:image/png');
  await desktop.point(300, 200);
  await desktop.say(drivenBy('viewer-2'));
  await eventually(async () => {
    // Lossy: it is told as long as it has not been seen.
    await desktop.point(640, 360);
    return await pointer.boundingBox();
  }).toMatchObject({ x: 636, y: 358, width: 1, height: 1 });
  expect(await cursor()).toBe('default');

  await desktop.say({ type: 'cursor', serial: 2, visible: false, hotspot: { x: 0, y: 0 } });
  await eventually(() => pointer.isVisible()).toBe(false);
  await desktop.say({ type: 'cursor', serial: 1, visible: true, hotspot: { x: 4, y: 2 } });
  await eventually(() => pointer.isVisible()).toBe(true);

  await desktop.say(drivenBy(aWelcome.viewer));
  await eventually(() => pointer.isVisible()).toBe(false);
  await eventually(cursor).toContain('data:image/png');
});
