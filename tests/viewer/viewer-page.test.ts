import type { AgentControl } from '@vdi/protocol';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aWelcome, launchChromium, LoopbackDesktop } from './loopback-desktop.ts';
import { startViewerSite, type ViewerSite } from './viewer-site.ts';

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

beforeEach(() => {
  site.doorStatus = 200;
});

/** Retries until it holds. */
const eventually = <Value>(read: () => Value) => expect.poll(read);

const people = (controller: string | null, requests: string[] = []): AgentControl => ({
  type: 'viewers',
  controller,
  viewers: [
    { viewer: aWelcome.viewer, user: 'alice@example.org', role: 'owner' },
    { viewer: 'viewer-2', user: 'bob@example.org', role: 'control' },
  ],
  requests,
});

/** The page's timers run no further until its clock is told to. */
async function stopTime(page: Page): Promise<void> {
  await page.clock.pauseAt((await page.evaluate<number>('Date.now()')) + 1_000);
}

const pressMenuShortcut = (desktop: LoopbackDesktop): Promise<void> =>
  desktop.page.keyboard.press('Control+Alt+Shift+KeyM');

describe('the page', () => {
  it('shows the picture pixel for pixel, within its policy, and asks nobody else for anything', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site);
    await desktop.connect();
    const video = desktop.page.locator('video');
    expect(await video.boundingBox()).toEqual({ x: 0, y: 0, width: 1280, height: 720 });
    expect(await desktop.page.evaluate("document.querySelector('video').style.imageRendering")).toBe('pixelated');
    expect(await desktop.page.title()).toBe('Physics lab');
    const [hello] = await desktop.signals();
    expect(hello).toMatchObject({ type: 'hello', viewport: { width: 1280, height: 720 } });
    expect(hello?.type === 'hello' && hello.sdp).toMatch(/a=rtpmap:\d+ VP8\/90000/);
    expect(desktop.complaints).toEqual([]);
    expect(desktop.requests.filter((address) => !address.startsWith(site.origin))).toEqual([]);
  });

  it('asks for the pixels of a dense display', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site, {
      viewport: { width: 800, height: 600 },
      deviceScaleFactor: 2,
    });
    await desktop.connect();
    expect((await desktop.signals())[0]).toMatchObject({ viewport: { width: 1600, height: 1200 } });
    expect(await desktop.page.locator('video').boundingBox()).toMatchObject({ width: 800, height: 600 });
  });

  it('lets the desktop follow the window, and asks once for the size that stays', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site);
    const { page } = desktop;
    await page.clock.install();
    await desktop.connect();
    await stopTime(page);
    for (const width of [1270, 1200, 1100, 1000]) {
      await page.setViewportSize({ width, height: 700 });
      // The layout of this size has been seen before the next one comes.
      await eventually(() => page.evaluate('surface.getBoundingClientRect().width')).toBe(width);
    }
    await page.clock.resume();
    await eventually(() => desktop.page.locator('video').boundingBox()).toMatchObject({ width: 1000, height: 700 });
    expect(await desktop.told('resize')).toEqual([{ type: 'resize', viewport: { width: 1000, height: 700 } }]);
  });

  it('puts bars beside a desktop that keeps its shape', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site, { viewport: { width: 1000, height: 1000 } });
    await desktop.connect();
    await desktop.say({ type: 'screen', screen: { width: 1280, height: 720 } });
    await eventually(() => desktop.page.locator('video').boundingBox()).toMatchObject({ y: 218, height: 563 });
    await desktop.page.mouse.click(500, 100);
    await desktop.page.mouse.click(500, 500);
    await eventually(() => desktop.told('button')).toHaveLength(2);
    expect((await desktop.told('button'))[0]).toMatchObject({ x: 640, y: 360 });
  });
});

describe('input', () => {
  it('carries keys with their codes, confirms what is held, and lets go of everything when the focus leaves', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site);
    await desktop.connect();
    await desktop.page.keyboard.down('Shift');
    await desktop.page.keyboard.down('KeyA');
    await eventually(() => desktop.told('held')).toContainEqual({ type: 'held', codes: ['ShiftLeft', 'KeyA'] });
    await desktop.page.evaluate('document.activeElement.blur()');
    await eventually(async () => (await desktop.told('release-all')).length).toBe(2);
    expect(await desktop.told('key')).toEqual([
      { type: 'key', code: 'ShiftLeft', key: 'Shift', down: true },
      { type: 'key', code: 'KeyA', key: 'A', down: true },
    ]);
  });

  it('keeps shortcuts of the browser for the desktop', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site);
    await desktop.connect();
    for (const shortcut of ['Control+KeyF', 'F5', 'Tab', 'Backspace']) await desktop.page.keyboard.press(shortcut);
    await eventually(async () =>
      (await desktop.told('key')).filter(({ down }) => down).map(({ code }) => code),
    ).toEqual(['ControlLeft', 'KeyF', 'F5', 'Tab', 'Backspace']);
  });

  it('writes what an input method composes as text, once', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site);
    await desktop.connect();
    const devtools = await desktop.page.context().newCDPSession(desktop.page);
    await devtools.send('Input.imeSetComposition', { text: 'に', selectionStart: 1, selectionEnd: 1 });
    await devtools.send('Input.imeSetComposition', { text: '日本', selectionStart: 2, selectionEnd: 2 });
    await devtools.send('Input.insertText', { text: '日本' });
    await eventually(() => desktop.told('text')).toEqual([{ type: 'text', text: '日本' }]);
    await desktop.page.keyboard.press('KeyB');
    await eventually(async () => (await desktop.told('key')).length).toBe(2);
    expect(await desktop.told('text')).toHaveLength(1);
  });

  it('carries buttons with their places, and drags beyond the window', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site);
    await desktop.connect();
    const { mouse } = desktop.page;
    await mouse.move(100, 50);
    await mouse.down();
    await mouse.down({ button: 'right' });
    await mouse.move(1500, 900);
    await mouse.up({ button: 'right' });
    await mouse.up();
    await mouse.move(10, 10);
    await mouse.wheel(0, 120);
    await eventually(() => desktop.told('wheel')).toEqual([{ type: 'wheel', dx: 0, dy: 120, x: 10, y: 10 }]);
    expect(await desktop.told('button')).toEqual([
      { type: 'button', button: 0, down: true, x: 100, y: 50 },
      { type: 'button', button: 2, down: true, x: 100, y: 50 },
      { type: 'button', button: 2, down: false, x: 1279, y: 719 },
      { type: 'button', button: 0, down: false, x: 1279, y: 719 },
    ]);
  });

  it('carries motion, each newer than the one before', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site);
    await desktop.connect();
    // Motion is neither repeated nor kept when it is lost or its channel is not open yet, so the mouse moves until some is seen.
    const places = [
      { x: 100, y: 50 },
      { x: 110, y: 60 },
    ];
    const moved = async () => {
      for (const { x, y } of places) await desktop.page.mouse.move(x, y);
      return await desktop.motions();
    };
    for (const place of places) await eventually(moved).toContainEqual(expect.objectContaining(place));
    const sequences = (await desktop.motions()).map(({ sequence }) => sequence);
    expect(sequences).toEqual([...new Set(sequences)].toSorted((one, other) => one - other));
  });

  it('makes a mouse of fingers', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site, { hasTouch: true });
    await desktop.connect();
    await desktop.page.touchscreen.tap(300, 200);
    await eventually(() => desktop.told('button')).toEqual([
      { type: 'button', button: 0, down: true, x: 300, y: 200 },
      { type: 'button', button: 0, down: false, x: 300, y: 200 },
    ]);
    const devtools = await desktop.page.context().newCDPSession(desktop.page);
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x: 50, y: 60 }] });
    await eventually(async () => (await desktop.told('button')).slice(2)).toEqual([
      { type: 'button', button: 2, down: true, x: 50, y: 60 },
      { type: 'button', button: 2, down: false, x: 50, y: 60 },
    ]);
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  });

  it('draws the pointer of the desktop at the scale of its picture', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site, { deviceScaleFactor: 2 });
    await desktop.connect();
    const png = 'iVBORw0KGgoAAAANSUhEUgAAABgAAAAYCAYAAADgdz34AAAAEklEQVR42mNgGAWjYBSMglEAAAYAAAFdQ6wyAAAAAElFTkSuQmCC';
    const cursor = () => desktop.page.evaluate("document.querySelector('#surface').style.cursor");
    await desktop.say({ type: 'cursor', serial: 1, visible: true, hotspot: { x: 10, y: 4 }, png });
    await eventually(cursor).toMatch(/^image-set\(url\("data:image\/png;base64,.+"\) 2x\) 5 2, default$/);
    await desktop.say({ type: 'cursor', serial: 2, visible: false, hotspot: { x: 0, y: 0 } });
    await eventually(cursor).toBe('none');
    await desktop.say({ type: 'cursor', serial: 1, visible: true, hotspot: { x: 10, y: 4 } });
    await eventually(cursor).toContain(png);
  });
});

describe('the connection', () => {
  it('comes back as the same viewer after signalling broke, and lets go of old keys', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site);
    await desktop.connect();
    expect(await desktop.told('release-all')).toHaveLength(1);
    site.socket?.terminate();
    await eventually(async () => (await desktop.signals()).filter(({ type }) => type === 'hello')).toHaveLength(2);
    expect((await desktop.signals()).findLast(({ type }) => type === 'hello')).toMatchObject({ resume: 'viewer-1' });
    await eventually(async () => (await desktop.told('release-all')).length).toBe(2);
    await desktop.streaming();
    await desktop.page.keyboard.press('KeyK');
    await eventually(() => desktop.told('key')).toHaveLength(2);
  });

  it('comes back when the picture’s path breaks', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site);
    await desktop.connect();
    await desktop.cutMedia();
    await eventually(async () => (await desktop.told('release-all')).length).toBe(2);
    expect((await desktop.signals()).filter(({ type }) => type === 'hello')).toHaveLength(2);
    await desktop.streaming();
  });

  it('keeps the last picture, says that it is lost, and tries again at once when asked to', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site);
    await desktop.page.clock.install();
    await desktop.connect();
    site.doorStatus = 500;
    site.socket?.terminate();
    const retry = desktop.page.getByRole('button', { name: 'Try now' });
    await desktop.page.getByText('Check the network of this computer').waitFor();
    // Time stands still: nothing but the button can make it try again.
    await stopTime(desktop.page);
    await retry.waitFor();
    expect(await desktop.page.evaluate("document.querySelector('video').videoWidth")).toBeGreaterThan(0);
    site.doorStatus = 200;
    await retry.click();
    await desktop.streaming();
  });

  it.each([
    [401, 'You are signed out', 'Sign in'],
    [403, 'Not your desktop', 'Try again'],
  ])('stops trying when the door answers %d', async (status, title, action) => {
    await using desktop = await LoopbackDesktop.open(browser, site);
    site.doorStatus = 200;
    await desktop.connect();
    site.doorStatus = status;
    site.socket?.terminate();
    await desktop.page.getByRole('heading', { name: title }).waitFor();
    await desktop.page.getByRole('button', { name: action }).waitFor();
  });

  it('ends with the agent’s own words when it says that coming back cannot help', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site);
    await desktop.connect();
    desktop.signal({ type: 'closing', code: 'replaced', message: 'You opened it on your phone.', retry: false });
    await desktop.page.getByRole('heading', { name: 'Opened elsewhere' }).waitFor();
    await desktop.page.getByText('You opened it on your phone.').waitFor();
    expect(await desktop.page.locator('.menu-handle').isVisible()).toBe(false);
  });
});

describe('control', () => {
  it('says who drives, sends nothing meanwhile, and offers to take over', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site);
    await desktop.connect();
    await desktop.say(people('viewer-2'));
    await desktop.page.getByText('bob@example.org is in control').waitFor();
    await desktop.page.keyboard.press('KeyX');
    await desktop.page.mouse.click(50, 50);
    await pressMenuShortcut(desktop);
    await desktop.page.getByRole('button', { name: 'Take control' }).click();
    await eventually(() => desktop.told('control')).toEqual([{ type: 'control', action: 'take' }]);
    expect(await desktop.told('key')).toEqual([]);
    expect(await desktop.told('button')).toEqual([]);
  });

  it('shows who asks, and hands over', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site);
    await desktop.connect();
    await desktop.say(people(aWelcome.viewer, ['viewer-2']));
    await desktop.page.getByText('bob@example.org asks for control.').waitFor();
    await desktop.page.getByRole('button', { name: 'Give control', exact: true }).click();
    await eventually(() => desktop.told('control')).toEqual([{ type: 'control', action: 'give', to: 'viewer-2' }]);
  });

  it('says that one may only watch', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site, { welcome: { role: 'view' } });
    await desktop.page.clock.install();
    await desktop.connect();
    await desktop.page.getByText('View only').waitFor();
    await desktop.page.setViewportSize({ width: 900, height: 600 });
    await desktop.page.mouse.click(50, 50);
    await desktop.page.keyboard.press('KeyX');
    await eventually(() => desktop.page.locator('video').boundingBox()).toMatchObject({ width: 900 });
    // Whatever the page would send comes before its next ping: a new size is asked for well before that.
    const pings = await desktop.pings();
    await desktop.page.clock.runFor(6_000);
    await eventually(() => desktop.pings()).toBeGreaterThan(pings);
    expect((await desktop.messages()).map(({ type }) => type)).toEqual(['release-all']);
  });

  it('warns before the desktop stops, with the time that is left', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site);
    const { clock } = desktop.page;
    await clock.install();
    await desktop.connect();
    await stopTime(desktop.page);
    const at = new Date((await desktop.page.evaluate<number>('Date.now()')) + 61_000).toISOString();
    desktop.signal({ type: 'warning', reason: 'suspending', at, message: 'Save your work.' });
    const warning = desktop.page.locator('.notice-warning');
    const timer = warning.getByRole('timer');
    await warning.getByText('Save your work.').waitFor();
    expect(await timer.textContent()).toBe('1:01');
    await clock.runFor(1_000);
    expect(await timer.textContent()).toBe('1:00');
    await clock.runFor(1_000);
    expect(await timer.textContent()).toBe('59 s');
    await warning.getByRole('button', { name: 'Hide' }).click();
    expect(await warning.isVisible()).toBe(false);
  });
});

describe('the menu', () => {
  it('opens and closes from the keyboard, and gives the keyboard back to the desktop', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site);
    await desktop.connect();
    await pressMenuShortcut(desktop);
    const menu = desktop.page.getByRole('dialog', { name: 'Session menu' });
    await menu.waitFor();
    expect(await desktop.page.getByRole('button', { name: /^Menu/ }).getAttribute('aria-expanded')).toBe('true');
    await desktop.page.keyboard.press('Tab');
    expect(await desktop.page.evaluate('document.activeElement.textContent')).toBe('Leave');
    await desktop.page.keyboard.press('Escape');
    expect(await menu.isVisible()).toBe(false);
    await desktop.page.keyboard.press('KeyZ');
    await eventually(async () => (await desktop.told('key')).at(-1)?.code).toBe('KeyZ');
    expect((await desktop.told('key')).map(({ code }) => code)).not.toContain('KeyM');
  });

  it('starts applications, types text, and changes the resolution for good', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site, { deviceScaleFactor: 2 });
    await desktop.connect();
    const handle = desktop.page.getByRole('button', { name: /^Menu/ });
    await handle.click();
    await desktop.page.getByRole('button', { name: 'Start Terminal' }).click();
    await eventually(() => desktop.told('launch')).toEqual([{ type: 'launch', application: 'Terminal' }]);
    await handle.click();
    await desktop.page.getByLabel('Text for the desktop').fill('¿qué?\n');
    await desktop.page.getByRole('button', { name: 'Type it' }).click();
    await eventually(() => desktop.told('text')).toEqual([{ type: 'text', text: '¿qué?\n' }]);
    await desktop.page.getByRole('radio', { name: /Large text/ }).check();
    await eventually(async () => (await desktop.told('resize')).at(-1)?.viewport).toEqual({ width: 1280, height: 720 });
    await desktop.connect();
    expect((await desktop.signals()).findLast(({ type }) => type === 'hello')).toMatchObject({
      viewport: { width: 1280, height: 720 },
    });
  });

  it('shows statistics of the stream', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site);
    await desktop.connect();
    await desktop.say({ type: 'stream', encoder: 'x264enc', codec: 'h264' });
    await desktop.page.getByRole('button', { name: /^Menu/ }).click();
    await desktop.page.getByRole('button', { name: 'Statistics' }).click();
    const statistics = desktop.page.getByRole('region', { name: 'Statistics' });
    await eventually(() => statistics.textContent()).toMatch(/Frames[1-9]\d* fps.*CodecVP8Encoderx264enc/);
  });

  it('has a name for everything that can be used', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site);
    await desktop.connect();
    await desktop.say(people(aWelcome.viewer, ['viewer-2']));
    await desktop.page.getByText('bob@example.org asks for control.').waitFor();
    await pressMenuShortcut(desktop);
    const tree = await desktop.page.locator('body').ariaSnapshot();
    expect(tree).toContain('dialog "Session menu"');
    expect(tree).not.toMatch(/- (?:button|textbox|radio)\b(?!\s*")/);
  });

  it('leaves, and says how to come back', async () => {
    await using desktop = await LoopbackDesktop.open(browser, site);
    await desktop.connect();
    await pressMenuShortcut(desktop);
    await desktop.page.getByRole('button', { name: 'Leave', exact: true }).click();
    await desktop.page.getByRole('heading', { name: 'You have left' }).waitFor();
    await desktop.page.getByRole('button', { name: 'Come back' }).click();
    await desktop.streaming();
  });
});
