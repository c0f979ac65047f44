import { existsSync } from 'node:fs';
import { call, eventually, launchBrowser, type Picture, pictureOf } from '@vdi/testing/desktops';
import type { Secret } from '@vdi/kube';
import type { Page } from 'playwright-core';
import { domainOf } from './chart-release.ts';
import type { ClusterSettings } from './cluster-settings.ts';
import type { Kubectl } from './kubectl.ts';
import { browserBehind, chromiumPath, startPublicFront } from './public-front.ts';

/** A browser at the dashboard, signed in. */
export interface SignedIn extends AsyncDisposable {
  openSession(name: string): Promise<OpenedSession>;
}

interface OpenedSession {
  /** What the desktop's video shows; undefined when none came, for example because this machine does not reach Pods by UDP. */
  readonly picture: Picture | undefined;
  /** Whether the agent and the page spoke with each other through the door. */
  readonly isSignalled: boolean;
  /** What the door and the agent answer for `/readyz/desktop`. */
  readonly readiness: number;
}

/** How long media gets to come by one of its ways. */
const mediaPatienceMs = 60_000;

/** Why nobody can sign in from here, or undefined. */
export function noBrowserBecause({ isInstalled, dashboard }: ClusterSettings): string | undefined {
  if (!existsSync(chromiumPath())) return `there is no Chromium at ${chromiumPath()}; CHROMIUM names another place`;
  if (isInstalled && dashboard === undefined) {
    return 'VDI_CLUSTER_DASHBOARD and VDI_CLUSTER_PASSWORD do not say where and how somebody signs in';
  }
  return undefined;
}

/** Signs in with the password of the first start, through a port that is forwarded to the gateway, or where the settings say. */
export async function signInAtDashboard(kubectl: Kubectl, settings: ClusterSettings): Promise<SignedIn> {
  await using owned = new AsyncDisposableStack();
  const { address, password, browser } = await openWay(kubectl, settings, owned);
  const page = await (
    await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1280, height: 800 } })
  ).newPage();
  await page.goto(`${address}/login`);
  await page.getByLabel('User name').fill(settings.user);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Your desktops' }).waitFor();
  const kept = owned.move();
  return {
    async openSession(name) {
      const viewer = await page.context().newPage();
      await viewer.setViewportSize({ width: 1280, height: 720 });
      return await lookAt(viewer, `${address}/open/${settings.sessionNamespace}/${name}`);
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function openWay(kubectl: Kubectl, settings: ClusterSettings, owned: AsyncDisposableStack) {
  if (settings.dashboard !== undefined) {
    return { ...settings.dashboard, browser: owned.use(await launchBrowser()) };
  }
  const forwarded = owned.use(await kubectl.forward(settings.systemNamespace, 'service/vdi-gateway', 8080));
  const front = owned.use(await startPublicFront(forwarded.port));
  const domain = domainOf(settings);
  return {
    address: `https://${domain}`,
    password: await firstPassword(kubectl, settings),
    browser: owned.use(await browserBehind(front, domain)),
  };
}

async function firstPassword(kubectl: Kubectl, { systemNamespace, user }: ClusterSettings): Promise<string> {
  const { data } = await kubectl.get<Secret>(['secret', 'vdi-first-passwords', '-n', systemNamespace]);
  const lines = Buffer.from(data?.['first-passwords.txt'] ?? '', 'base64').toString('utf8');
  const line = lines.split('\n').find((each) => each.split(/\s+/)[0] === user);
  const password = line?.split(/\s+/)[1];
  if (password === undefined) throw new Error(`The Secret vdi-first-passwords has no line for ${user}`);
  return password;
}

async function lookAt(page: Page, url: string): Promise<OpenedSession> {
  let framesFromAgent = 0;
  const said: string[] = [];
  using _witness = call({ name: `page of ${url}`, testify: () => said.join('\n') });
  page.on('console', (message) => said.push(message.text()));
  page.on('websocket', (socket) => socket.on('framereceived', () => (framesFromAgent += 1)));
  await page.goto(url);
  await eventually(
    () => framesFromAgent,
    (frames) => frames > 0,
    { withinMs: mediaPatienceMs, what: 'A word of the agent' },
  );
  // As text, because these files are compiled for Node, which has no document.
  const readiness = Number(await page.evaluate(`fetch('/readyz/desktop').then(({ status }) => status)`));
  const picture = await eventually(
    () => pictureOf(page),
    ({ colours, width }) => width > 0 && colours > 20,
    { withinMs: mediaPatienceMs },
    // Whether that is a fault, the caller decides.
  ).catch(() => undefined);
  await page.close();
  return { picture, isSignalled: framesFromAgent > 0, readiness };
}
