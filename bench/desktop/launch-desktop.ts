import type { Page } from 'playwright-core';
import type { BenchStand } from './bench-stand.ts';
import { followPictures } from './follow-pictures.ts';

const user = 'alice@example.com';
/** Longer, and something is broken: a picture comes within seconds even on a machine with much else to do. */
const pictureWithinMs = 60_000;

/** One launch as the browser saw it; moments are milliseconds since 1970 by this machine's clock. */
export interface Launch {
  /** The sign-in page was asked for. */
  readonly signInAskedAt: number;
  readonly clickedAt: number;
  /** The dashboard sent the mutation. */
  readonly askedAt: number;
  /** The desktop's tab left for the address of the new session. */
  readonly openedAt: number;
  /** The tab left for the viewer's page, after whatever it showed while the desktop started. */
  readonly navigatedAt: number;
  /** That page was parsed: its script runs. */
  readonly parsedAt: number;
  /** The first frame was decoded and presented. */
  readonly firstFrameAt: number;
  /** The first frame with more than a few colours: wallpaper and windows, not an empty screen. */
  readonly firstLitFrameAt: number;
}

export interface LaunchedDesktop extends AsyncDisposable {
  readonly launch: Launch;
  /** The viewer, with a live picture of 1280x720. */
  readonly viewer: Page;
}

/**
 * Signs in as a person does, in a browser that was never here before (no cookie, nothing cached), presses Launch and waits
 * for the desktop.
 */
export async function launchDesktop({ standalone, browser }: BenchStand): Promise<LaunchedDesktop> {
  await using opened = new AsyncDisposableStack();
  const context = opened.use(await browser.newContext({ viewport: { width: 1280, height: 720 } }));
  const pictures = await followPictures(context);
  const dashboard = await context.newPage();
  const signInAskedAt = Date.now();
  await signIn(dashboard, `${standalone.address}/login`, standalone.firstPassword(user));
  const launchButton = dashboard.getByRole('button', { name: 'Launch Desktop', exact: true });
  await launchButton.waitFor();
  // Nobody presses a button in the moment in which it appears: what the page still does then would count as the start.
  await dashboard.evaluate('new Promise((resolve) => requestIdleCallback(resolve, { timeout: 5000 }))');
  const [viewer] = await Promise.all([context.waitForEvent('page'), launchButton.click()]);
  const launch = await pictures.first(pictureWithinMs).catch(async (error: unknown) => {
    throw new Error(`No picture came; the tab shows: ${await textOf(viewer)}`, { cause: error });
  });
  const resources = opened.move();
  return {
    launch: { signInAskedAt, ...launch },
    viewer,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function signIn(page: Page, address: string, password: string): Promise<void> {
  await page.goto(address);
  await page.getByLabel('User name').fill(user);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function textOf(page: Page): Promise<string> {
  return await page
    .locator('body')
    .innerText({ timeout: 1_000 })
    .then(
      (text) => text.replaceAll(/\s+/g, ' ').slice(0, 300),
      () => '(nothing)',
    );
}
