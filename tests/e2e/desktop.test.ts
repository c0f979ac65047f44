import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { vdiSession } from '@vdi/api';
import { builtinResources, isNotFound, type KubeClient, resourceOf } from '@vdi/kube';
import { eventually, launchBrowser, pictureOf, type Standalone, startStandalone } from '@vdi/testing/desktops';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PageWitness } from '../page-witness.ts';

const namespace = 'vdi-sessions';
const sessions = resourceOf<{ apiVersion: string; kind: string; metadata: { name: string }; status?: SessionStatus }>(
  vdiSession,
);

interface SessionStatus {
  readonly phase?: string;
  readonly url?: string;
  readonly podName?: string;
}

let standalone: Standalone;
let browser: Browser;
let dashboard: Page;
/** The tab with the desktop. */
let viewer: Page;
let name = '';
/** From the left edge, in pixels. */
const launcherAt = 168;

beforeAll(async () => {
  standalone = await startStandalone();
  browser = await launchBrowser();
  dashboard = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  PageWitness.attend(dashboard);
}, 900_000);

afterAll(async () => {
  await browser?.close();
  await standalone?.[Symbol.asyncDispose]();
});

it('lets a person sign in with the password of the first start, and refuses a wrong one', async () => {
  await signIn('not-the-password');
  await dashboard.getByRole('alert').waitFor();
  await signIn(standalone.firstPassword('alice@example.com'));
  await dashboard.getByRole('heading', { name: 'Your desktops' }).waitFor();
});

it('starts a desktop in a tab of its own at the press of Launch', async () => {
  [viewer] = await Promise.all([
    dashboard.waitForEvent('popup'),
    dashboard.getByRole('button', { name: 'Launch Desktop', exact: true }).click(),
  ]);
  PageWitness.attend(viewer);
  await dashboard.getByText('Running', { exact: true }).first().waitFor({ timeout: 120_000 });
  const [session, ...others] = (await standalone.kube.list(sessions, { namespace })).items;
  expect(others).toEqual([]);
  name = session?.metadata.name ?? '';
  expect(session?.status?.phase).toBe('Running');
});

it('streams the real desktop: text typed in the browser becomes a file in the home', async () => {
  await untilLit();
  await openTerminal();
  await viewer.keyboard.type('echo typed-in-the-browser > proof.txt\n', { delay: 20 });
  await eventually(
    () => homeFile('proof.txt'),
    (content) => content === 'typed-in-the-browser\n',
    { withinMs: 60_000, what: 'The file in the home' },
  );
});

it('keeps streaming after the process that started it was killed and started again', async () => {
  const before = await podUid(standalone.kube);
  await standalone.stop('SIGKILL');
  await standalone.start();
  // The page keeps its last picture whatever happens; a key that arrives proves that it is connected.
  await typeUntilThere('after-the-restart');
  await viewer.locator('.phase-page').waitFor({ state: 'hidden' });
  expect(await podUid(standalone.kube)).toBe(before);
  await viewer.close();
});

it('suspends, resumes, and finds the file in the home again', async () => {
  await setSuspended(true);
  await untilPhase('Suspended');
  await eventually(
    () => standalone.containers(),
    (containers) => containers.length === 0,
    { withinMs: 60_000, what: 'The end of all containers' },
  );
  await setSuspended(false);
  await untilPhase('Running');
  expect(homeFile('proof.txt')).toBe('typed-in-the-browser\n');
});

it('leaves nothing but the home when the session is deleted', async () => {
  await standalone.kube.delete(sessions, { namespace, name });
  await eventually(
    () => standalone.kube.get(sessions, { namespace, name }).then(() => false, isNotFound),
    (isGone) => isGone,
    { withinMs: 60_000, what: 'The end of the session' },
  );
  expect(await standalone.containers()).toEqual([]);
  for (const resource of [builtinResources.pods, builtinResources.secrets, builtinResources.services]) {
    const { items } = await standalone.kube.list(resource, { namespace });
    expect(items.map((item) => item.metadata.name)).toEqual([]);
  }
  expect(homeFile('proof.txt')).toBe('typed-in-the-browser\n');
});

async function signIn(secret: string): Promise<void> {
  if (!dashboard.url().includes('/oidc/')) await dashboard.goto(`${standalone.address}/login`);
  await dashboard.getByLabel('User name').fill('alice@example.com');
  await dashboard.getByLabel('Password').fill(secret);
  await dashboard.getByRole('button', { name: 'Sign in' }).click();
}

/** The page shows a desktop on which something is drawn, of the size of the page. */
async function untilLit(): Promise<void> {
  await viewer.setViewportSize({ width: 1280, height: 720 });
  await eventually(
    () => pictureOf(viewer),
    ({ colours, width, height }) => width === 1280 && height === 720 && colours > 20,
    { withinMs: 60_000, what: 'A picture of the desktop' },
  );
}

/** The second launcher of the panel is the terminal; the panel lies along the bottom edge. */
async function openTerminal(): Promise<void> {
  const { width, height } = viewer.viewportSize() ?? { width: 0, height: 0 };
  expect(width).toBeGreaterThan(launcherAt);
  await eventually(
    () => brightestIn({ x: launcherAt - 8, y: height - 26, size: 16 }),
    (brightest) => brightest > 160,
    { withinMs: 60_000, what: 'The icon of the launcher' },
  );
  await viewer.mouse.click(launcherAt, height - 18);
  await eventually(
    () => brightestIn({ x: 300, y: 300, size: 16 }),
    (brightest) => brightest < 24,
    { withinMs: 60_000, what: 'The black of the terminal' },
  );
  // A window that is drawn is not always one that has the keyboard: the first key that arrives shows that.
  await typeUntilThere('takes-keys');
}

/** Makes an empty file in the home through the terminal; types again while the keys lead nowhere. */
async function typeUntilThere(file: string): Promise<void> {
  await eventually(
    async () => {
      await viewer.keyboard.type(`touch ${file}\n`, { delay: 20 });
      return homeFile(file);
    },
    (content) => content !== undefined,
    { withinMs: 60_000, what: `The file ${file} in the home` },
  );
}

/** The lightest pixel of a square of the picture, by its darkest channel: 255 where something white is. */
async function brightestIn({ x, y, size }: { x: number; y: number; size: number }): Promise<number> {
  return await viewer.evaluate<number>(`(() => {
    const canvas = new OffscreenCanvas(${size}, ${size});
    const context = canvas.getContext('2d');
    context.drawImage(document.querySelector('video'), ${x}, ${y}, ${size}, ${size}, 0, 0, ${size}, ${size});
    const { data } = context.getImageData(0, 0, ${size}, ${size});
    let brightest = 0;
    for (let at = 0; at < data.length; at += 4) brightest = Math.max(brightest, Math.min(data[at], data[at + 1], data[at + 2]));
    return brightest;
  })()`);
}

function homeFile(file: string): string | undefined {
  const homes = join(standalone.stateDirectory, 'homes');
  for (const home of readdirSync(homes)) {
    if (readdirSync(join(homes, home)).includes(file)) return readFileSync(join(homes, home, file), 'utf8');
  }
  return undefined;
}

async function podUid(kube: KubeClient): Promise<string | undefined> {
  const { status } = await kube.get(sessions, { namespace, name });
  return (await kube.get(builtinResources.pods, { namespace, name: status?.podName ?? '' })).metadata.uid;
}

async function setSuspended(suspended: boolean): Promise<void> {
  await standalone.kube.patch(sessions, { namespace, name }, { type: 'merge', value: { spec: { suspended } } });
}

async function untilPhase(phase: string): Promise<void> {
  await eventually(
    async () => (await standalone.kube.get(sessions, { namespace, name })).status?.phase,
    (now) => now === phase,
    { withinMs: 60_000, what: `The phase ${phase}` },
  );
}
