import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { vdiSession } from '@vdi/api';
import { builtinResources, isNotFound, type KubeClient, resourceOf } from '@vdi/kube';
import {
  eventually,
  launchBrowser,
  type Picture,
  pictureOf,
  type Standalone,
  startStandalone,
} from '@vdi/testing/desktops';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

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
let name = '';

beforeAll(async () => {
  standalone = await startStandalone();
  browser = await launchBrowser();
  dashboard = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
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

it('starts a desktop at the press of Launch', async () => {
  await dashboard.getByRole('button', { name: 'Launch Desktop', exact: true }).click();
  await dashboard.getByText('Running', { exact: true }).first().waitFor();
  const [session, ...others] = (await standalone.kube.list(sessions, { namespace })).items;
  expect(others).toEqual([]);
  name = session?.metadata.name ?? '';
  expect(session?.status?.phase).toBe('Running');
});

it('streams the real desktop: text typed in the browser becomes a file in the home', async () => {
  const viewer = await openDesktop();
  await typeIntoTerminal(viewer, 'echo typed-in-the-browser > proof.txt');
  await eventually(
    async () => homeFile('proof.txt'),
    (content) => content === 'typed-in-the-browser\n',
    {
      withinMs: 20_000,
      what: 'The file in the home',
    },
  );
  await viewer.close();
});

it('keeps streaming after the process that started it was killed and started again', async () => {
  const before = await podUid(standalone.kube);
  const viewer = await openDesktop();
  await standalone.stop('SIGKILL');
  await standalone.start();
  await eventually(
    () => pictureOf(viewer),
    ({ colours }) => colours > 20,
    { withinMs: 60_000, what: 'The picture after the restart' },
  );
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

/** Through the dashboard's door into a page of its own, until it shows a lit desktop. */
async function openDesktop(): Promise<Page> {
  const page = await dashboard.context().newPage();
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.goto(`${standalone.address}/open/${namespace}/${name}`);
  await eventually(
    () => pictureOf(page),
    ({ colours, width }) => width > 0 && colours > 20,
    {
      withinMs: 30_000,
      what: 'A picture of the desktop',
    },
  );
  return page;
}

/** The second launcher of the panel is the terminal; the panel lies along the bottom edge. The shell then gets the line. */
async function typeIntoTerminal(viewer: Page, line: string): Promise<void> {
  const { width, height } = viewer.viewportSize() ?? { width: 0, height: 0 };
  expect(width).toBeGreaterThan(168);
  await untilWindow(viewer, () => viewer.mouse.click(168, height - 18));
  await viewer.keyboard.type(line, { delay: 20 });
  await viewer.keyboard.press('Enter');
}

/** Acts, and waits until the picture has become another and rests: a window opened and is drawn. */
async function untilWindow(viewer: Page, act: () => Promise<void>): Promise<void> {
  const before = await restingPicture(viewer, () => true);
  await act();
  await restingPicture(viewer, ({ colours, fingerprint }) => colours > 0 && fingerprint !== before.fingerprint);
}

/** The first picture that `isWanted` and has not changed for a second. */
async function restingPicture(viewer: Page, isWanted: (picture: Picture) => boolean): Promise<Picture> {
  let last: Picture | undefined;
  let since = Date.now();
  return await eventually(
    async () => {
      const now = await pictureOf(viewer);
      if (now.fingerprint !== last?.fingerprint) since = Date.now();
      last = now;
      return now;
    },
    (now) => isWanted(now) && Date.now() - since > 1_000,
    { withinMs: 20_000, what: 'A picture that rests' },
  );
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
