import { launchBrowser } from '@vdi/testing/desktops';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../apps/gateway/src/testing/start-test-gateway.ts';
import { violations } from './violations.ts';

/** Somebody opens standalone mode over plain http by another name: of this machine, or from another one. */
let browser: Browser;
let gateway: TestGateway;
beforeAll(async () => {
  browser = await launchBrowser();
  gateway = await startTestGateway([]);
});
afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await browser?.close();
});

const views = (['light', 'dark'] as const).flatMap((colorScheme) => [
  { colorScheme, viewport: { width: 320, height: 640 } },
  { colorScheme, viewport: { width: 1_600, height: 900 } },
]);

describe('plain http by another name', () => {
  it.each(views)('says why that does not work, and what does: %j', async (view) => {
    const context = await browser.newContext(view);
    const page = await context.newPage();
    for (const host of ['127.0.0.1', 'a.machine.localhost']) {
      const answer = await page.goto(`http://${host}:${gateway.url.port}/sessions`);
      expect(answer?.status()).toBe(421);
      const text = await page.locator('main').innerText();
      expect(text).toContain(`This browser asked for “${host}:${gateway.url.port}”`);
      expect(text).toMatch(/Browsers keep sign-ins.*HTTPS/s);
      expect(text).toContain(`At that machine, open ${gateway.url.origin}`);
      expect(await page.locator('a').getAttribute('href')).toBe(gateway.url.href);
      const { width } = view.viewport;
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(await violations(page)).toEqual([]);
    }
    expect(await context.cookies()).toEqual([]);
    await context.close();
  });
});
