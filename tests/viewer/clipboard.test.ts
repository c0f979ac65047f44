import { clipboardPieces } from '@vdi/protocol';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, LoopbackDesktop } from './loopback-desktop.ts';
import { startViewerSite, type ViewerSite } from './viewer-site.ts';

/** The viewer's side of the clipboard, with the browser's real one. */
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
const mayUseClipboard = { permissions: ['clipboard-read', 'clipboard-write'] };
/** One red pixel. */
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';

const textPieces = (text: string) => clipboardPieces({ format: 'text', bytes: new TextEncoder().encode(text) });
async function copyOnDesktop(desktop: LoopbackDesktop, text: string): Promise<void> {
  for (const piece of textPieces(text)) await desktop.say(piece);
}
/** Kinds of messages, keys by their code, in order. */
const order = async (desktop: LoopbackDesktop): Promise<readonly string[]> =>
  (await desktop.messages()).map((message) => ('code' in message ? message.code : message.type));
const readClipboard = (page: Page): Promise<string> => page.evaluate('navigator.clipboard.readText()');
const openMenu = (page: Page): Promise<void> => page.getByRole('button', { name: /^Menu/ }).click();

describe('the clipboard', () => {
  it('goes before the key that pastes it, in pieces and with every script', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site, mayUseClipboard);
    await desktop.connect();
    const text = `Grüße, 漢字 👩🏽‍🚀 ${'long '.repeat(20_000)}`;
    await desktop.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
    await desktop.page.keyboard.press('Control+KeyV');
    const pieces = textPieces(text);
    expect(pieces.length).toBeGreaterThan(1);
    await eventually(() => order(desktop)).toEqual(
      expect.arrayContaining(['ControlLeft', ...pieces.map(() => 'clipboard'), 'KeyV']),
    );
    const sequence = await order(desktop);
    expect(sequence.indexOf('KeyV')).toBe(sequence.lastIndexOf('clipboard') + 1);
    expect(await desktop.told('clipboard')).toEqual(pieces);
  });

  it('carries a picture, and keeps the key waiting until it is read', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site, mayUseClipboard);
    await desktop.connect();
    await desktop.page.bringToFront();
    await desktop.page.evaluate(
      `navigator.clipboard.write([
        new ClipboardItem({
          'image/png': new Blob([Uint8Array.from(atob('${picture}'), (character) => character.charCodeAt(0))], {
            type: 'image/png',
          }),
        }),
      ])`,
    );
    await desktop.page.keyboard.press('Control+KeyV');
    await eventually(async () => (await order(desktop)).filter((kind) => kind === 'KeyV')).toHaveLength(2);
    const sequence = await order(desktop);
    expect(sequence.indexOf('clipboard')).toBeLessThan(sequence.indexOf('KeyV'));
    const [piece] = await desktop.told('clipboard');
    expect(piece).toMatchObject({ format: 'png', isLast: true });
    // The browser writes its pictures anew: what counts is that it is one.
    expect(
      Buffer.from(piece?.data ?? '', 'base64')
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
  });

  it('is that of this machine after a copy on the desktop, and in the menu', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site, mayUseClipboard);
    await desktop.connect();
    const { page } = desktop;
    await page.bringToFront();
    await copyOnDesktop(desktop, 'from the desktop, größer');
    await eventually(() => readClipboard(page)).toBe('from the desktop, größer');
    await page.evaluate("navigator.clipboard.writeText('from elsewhere')");
    await openMenu(page);
    await page.getByRole('button', { name: 'From its clipboard' }).click();
    await page.getByText('On this computer’s clipboard.').waitFor();
    expect(await readClipboard(page)).toBe('from the desktop, größer');
    expect(await page.getByRole('textbox', { name: 'Text for the desktop' }).inputValue()).toBe(
      'from the desktop, größer',
    );
  });

  it('is written with the next key or click where the browser wants one', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site, mayUseClipboard);
    const { page } = desktop;
    await page.addInitScript(`
      const write = navigator.clipboard.writeText.bind(navigator.clipboard);
      let isUsed = false;
      addEventListener('pointerdown', () => (isUsed = true), { capture: true });
      window.refused = 0;
      navigator.clipboard.writeText = (text) =>
        isUsed ? write(text) : Promise.reject(new DOMException(String((window.refused += 1)), 'NotAllowedError'));
    `);
    await desktop.connect();
    await page.bringToFront();
    await copyOnDesktop(desktop, 'after a click');
    await eventually(() => page.evaluate('window.refused')).toBe(1);
    await page.evaluate('document.activeElement.blur()');
    await page.mouse.click(400, 300);
    await eventually(() => readClipboard(page)).toBe('after a click');
    expect(desktop.complaints).toEqual([]);
  });

  it('can be copied by hand where the browser keeps its own from pages', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site);
    const { page } = desktop;
    await page.addInitScript("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
    await desktop.connect();
    await copyOnDesktop(desktop, 'by hand');
    await openMenu(page);
    await page.getByRole('button', { name: 'From its clipboard' }).click();
    await page.getByText('Copy it from the field above.').waitFor();
    expect(await page.getByRole('textbox', { name: 'Text for the desktop' }).inputValue()).toBe('by hand');
    expect(desktop.complaints).toEqual([]);
  });

  it('says why it did not get through', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site);
    await desktop.connect();
    await desktop.say({ type: 'clipboard-refused', direction: 'out', reason: 'too-large' });
    await desktop.page.getByText('Not copied: the clipboard holds more than 2 MB.').waitFor();
  });

  it('is not offered where the policy forbids it', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site, {
      ...mayUseClipboard,
      welcome: { clipboard: 'out' },
    });
    await desktop.connect();
    const { page } = desktop;
    await page.evaluate("navigator.clipboard.writeText('contraband')");
    await page.keyboard.press('Control+KeyV');
    await page.getByText('this desktop takes nothing from the clipboard').waitFor();
    await eventually(async () => (await order(desktop)).filter((kind) => kind === 'KeyV')).toHaveLength(2);
    expect(await desktop.told('clipboard')).toEqual([]);
    await openMenu(page);
    await page.getByRole('button', { name: 'Type it' }).waitFor();
    expect(await page.getByRole('button', { name: 'To its clipboard' }).isVisible()).toBe(false);
  });
});
