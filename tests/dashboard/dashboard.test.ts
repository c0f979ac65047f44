import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  createModelling,
  createQuota,
  createSession,
  createTemplates,
  deleteSessions,
  findSession,
  listSessions,
  namespace,
  setStatus,
  templates,
  timelineOf,
} from './dashboard-objects.ts';
import { DashboardPage, launchChromium } from './dashboard-page.ts';
import { type DashboardSite, type Person, startDashboardSite } from './dashboard-site.ts';

/** The built page in Chromium, over the gateway's GraphQL and an API server; the test writes what an operator would. */
const alice: Person = { user: 'alice@example.com', displayName: 'Alice', roles: ['user'] };
const admin: Person = { user: 'root@example.com', displayName: 'Root', roles: ['user', 'admin'] };
const wholeStart = timelineOf(
  [
    ['Accepted', 0],
    ['HomeReady', 45],
    ['Scheduled', 120],
    ['ImagePulled', 140],
    ['DisplayReady', 640],
    ['DesktopReady', 1210],
    ['Ready', 1230],
  ],
  60_000,
);

let site: DashboardSite;
let browser: Browser;
const kube = () => site.cluster.kube;

beforeAll(async () => {
  [site, browser] = await Promise.all([startDashboardSite(), launchChromium()]);
  await createTemplates(kube());
  await createQuota(kube(), alice.user);
  site.signedIn = alice;
});
afterEach(async () => {
  site.signedIn = alice;
  await deleteSessions(kube());
});
afterAll(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
});

describe('a stranger', () => {
  it('is shown the way in, which leads back to the address that was asked for', async () => {
    site.signedIn = undefined;
    await using shown = await DashboardPage.open(browser, site, { path: '/sessions/vdi-sessions/alice-1' });
    const link = shown.page.getByRole('link', { name: 'Sign in' });
    expect(await link.getAttribute('href')).toBe('/login?returnTo=%2Fsessions%2Fvdi-sessions%2Falice-1');
    expect(await shown.accessibilityProblems()).toEqual([]);
  });
});

describe('somebody who is signed in', () => {
  it('launches with one press, which opens the desktop in a tab, watches the start and gets a link for later', async () => {
    site.signedIn = alice;
    await using shown = await DashboardPage.open(browser, site);
    await shown.page.getByText('No desktop is running').waitFor();
    const [desktop] = await Promise.all([
      shown.page.waitForEvent('popup'),
      shown.page.getByRole('button', { name: 'Launch Desktop', exact: true }).click(),
    ]);
    await shown.page.waitForURL(/\/sessions\/vdi-sessions\/alice-/);
    await desktop.waitForURL(`**/open/${namespace}/alice-*`);
    const [created] = await listSessions(kube());
    expect(new URL(desktop.url()).pathname).toBe(`/open/${namespace}/${created?.metadata.name}`);
    expect(await desktop.evaluate('opener')).toBeNull();
    expect(created?.spec).toEqual({ user: alice.user, template: 'ubuntu-desktop' });

    const name = created?.metadata.name ?? '';
    const start = shown.page.getByRole('region', { name: 'Start' });
    await setStatus(kube(), name, { phase: 'Creating', timeline: wholeStart.slice(0, 3) });
    await start.locator('[aria-current=step]', { hasText: 'Image present' }).waitFor();
    await setStatus(kube(), name, { phase: 'Running', timeline: wholeStart });
    await start.getByText('1.23 s').waitFor();
    const open = shown.page.getByRole('link', { name: 'Open Desktop in a new tab' });
    expect(await open.getAttribute('href')).toBe(`/open/${namespace}/${name}`);
    expect([shown.complaints, shown.strangers]).toEqual([[], []]);
  });

  it('launches with what was chosen, and with nothing that was not', async () => {
    await using shown = await DashboardPage.open(browser, site);
    await shown.page.getByRole('button', { name: 'Launch Modelling with options' }).click();
    const dialog = shown.page.getByRole('dialog', { name: 'Launch Modelling' });
    await dialog.getByLabel('Name').fill('Bridge');
    await dialog.getByLabel('Memory').selectOption('16Gi');
    expect(await shown.accessibilityProblems()).toEqual([]);
    await dialog.getByRole('button', { name: 'Launch' }).click();
    await shown.heading('Bridge').waitFor();
    const [created] = await listSessions(kube());
    expect(created?.spec).toEqual({
      user: alice.user,
      template: 'modelling',
      displayName: 'Bridge',
      resources: { memory: '16Gi' },
    });
  });

  it('finds a template by words and by tag', async () => {
    await using shown = await DashboardPage.open(browser, site);
    await shown.card('Modelling').waitFor();
    await shown.page.getByRole('searchbox', { name: 'Search the catalogue' }).fill('card graphics');
    await shown.card('Firefox').waitFor({ state: 'detached' });
    expect(await shown.card('Modelling').count()).toBe(1);
    await shown.page.getByRole('button', { name: 'browser' }).click();
    await shown.page.getByText('Nothing matches').waitFor();
  });

  it('suspends, resumes, extends and ends a desktop', async () => {
    const spec = { user: alice.user, template: 'ubuntu-desktop', displayName: 'Lab' };
    const startTime = new Date(Date.now() - 3_600_000);
    const expiresAt = new Date(startTime.getTime() + 4 * 3_600_000);
    await createSession(kube(), 'alice-lab', spec, {
      phase: 'Running',
      startTime: startTime.toISOString(),
      expiresAt: expiresAt.toISOString(),
    });
    await using shown = await DashboardPage.open(browser, site);
    await shown.choose('Lab', 'Extend by two hours');
    await expect.poll(async () => (await findSession(kube(), 'alice-lab'))?.spec.timeout).toBe('6h');
    await shown.choose('Lab', 'Suspend');
    await expect.poll(async () => (await findSession(kube(), 'alice-lab'))?.spec.suspended).toBe(true);
    await setStatus(kube(), 'alice-lab', { phase: 'Suspended' });
    await shown.page.getByRole('button', { name: 'Resume Lab' }).click();
    await expect.poll(async () => (await findSession(kube(), 'alice-lab'))?.spec.suspended ?? false).toBe(false);
    await shown.choose('Lab', /End desktop/);
    const dialog = shown.page.getByRole('dialog', { name: 'End “Lab”?' });
    await dialog.getByText('Your home stays').waitFor();
    expect(await shown.accessibilityProblems()).toEqual([]);
    await dialog.getByRole('button', { name: 'End desktop' }).click();
    await shown.page.getByText('No desktop is running').waitFor();
    expect(await listSessions(kube())).toEqual([]);
  });

  it('is told by the gateway why something is refused, and sees nobody else’s desktop', async () => {
    await createSession(kube(), 'bob-1', { user: 'bob@example.com', template: 'terminal' }, { phase: 'Running' });
    await createSession(kube(), 'alice-1', { user: alice.user, template: 'terminal', displayName: 'Mine' });
    await using shown = await DashboardPage.open(browser, site);
    await shown.card('Mine').waitFor();
    expect(await shown.page.getByText('bob-1').count()).toBe(0);
    await shown.go('/admin/sessions');
    await shown.page.getByText('That did not work').waitFor();
    expect(await shown.page.getByText('bob-1').count()).toBe(0);
  });

  it('is told when the page falls behind, and catches up by itself', async () => {
    await createSession(kube(), 'alice-1', { user: alice.user, template: 'terminal', displayName: 'First' });
    await using shown = await DashboardPage.open(browser, site);
    await shown.card('First').waitFor();
    site.disconnect();
    await shown.page.getByText('The gateway is not answering').waitFor();
    await createSession(kube(), 'alice-2', { user: alice.user, template: 'terminal', displayName: 'Second' });
    site.connect();
    await shown.card('Second').waitFor();
    await shown.page.getByText('The gateway is not answering').waitFor({ state: 'detached' });
  });

  it('is led back to the sign-in, with the place kept, when the sign-in ends', async () => {
    await createSession(kube(), 'alice-1', { user: alice.user, template: 'terminal', displayName: 'First' });
    await using shown = await DashboardPage.open(browser, site, { path: '/sessions/vdi-sessions/alice-1' });
    await shown.heading('First').waitFor();
    site.signedIn = undefined;
    site.endSignIns();
    await shown.heading('You are signed out').waitFor();
    const back = shown.page.getByRole('link', { name: 'Sign in' });
    expect(await back.getAttribute('href')).toBe('/login?returnTo=%2Fsessions%2Fvdi-sessions%2Falice-1');
    expect(await shown.accessibilityProblems()).toEqual([]);
  });

  it('is led back to the sign-in by a gateway that forgot it while it was away', async () => {
    await using shown = await DashboardPage.open(browser, site);
    await shown.page.getByText('No desktop is running').waitFor();
    site.disconnect();
    site.signedIn = undefined;
    await shown.heading('You are signed out').waitFor();
    site.connect();
  });

  it('finds a refused launch taken back, with the reason', async () => {
    await using shown = await DashboardPage.open(browser, site);
    await shown.page.getByText('No desktop is running').waitFor();
    await kube().delete(templates, { name: 'modelling' });
    await shown.page.getByRole('button', { name: 'Launch Modelling', exact: true }).click();
    await shown.page.getByText('Modelling was not started').waitFor();
    await shown.page.getByText('There is no template "modelling": choose one of').waitFor();
    await shown.page.getByText('No desktop is running').waitFor();
    expect([new URL(shown.page.url()).pathname, await listSessions(kube())]).toEqual(['/', []]);
    await createModelling(kube());
  });

  it('opens the desktop in the same tab where browsers hold others back', async () => {
    await using shown = await DashboardPage.open(browser, site);
    await shown.page.evaluate('window.open = () => null');
    await shown.page.getByRole('button', { name: 'Launch Terminal', exact: true }).click();
    await shown.page.getByText('It opens here as soon as it is ready').waitFor();
    const [created] = await expect
      .poll(() => listSessions(kube()))
      .toHaveLength(1)
      .then(() => listSessions(kube()));
    const name = created?.metadata.name ?? '';
    await setStatus(kube(), name, { phase: 'Running', timeline: wholeStart });
    await shown.page.waitForURL(`**/open/${namespace}/${name}`);
    // The way back finds the page at rest: it does not open the desktop again.
    await shown.page.goBack();
    await shown.page.getByRole('link', { name: 'Open Terminal in a new tab' }).waitFor();
    expect(await shown.page.evaluate('history.state.opensWhenReady ?? false')).toBe(false);
  });

  it('needs no mouse: skips to the content, opens menus and dialogs, and is led back where it was', async () => {
    await createSession(
      kube(),
      'alice-1',
      { user: alice.user, template: 'terminal', displayName: 'Lab' },
      { phase: 'Running' },
    );
    await using shown = await DashboardPage.open(browser, site);
    const { keyboard } = shown.page;
    const focused = async (): Promise<string> =>
      String(
        await shown.page.evaluate(
          'document.activeElement.getAttribute("aria-label") ?? document.activeElement.innerText',
        ),
      );
    const more = shown.page.getByRole('button', { name: 'More for Lab' });
    await more.waitFor();
    await keyboard.press('Tab');
    expect(await focused()).toBe('Skip to content');
    await keyboard.press('Enter');
    await keyboard.press('Tab');
    expect(await focused()).toBe('Lab');
    await keyboard.press('Tab');
    expect(await focused()).toBe('Open Lab in a new tab');
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await expect.poll(focused).toBe('Suspend');
    await keyboard.press('Escape');
    await expect.poll(focused).toBe('More for Lab');
    await keyboard.press('Enter');
    await expect.poll(focused).toBe('Suspend');
    await keyboard.press('ArrowUp');
    await expect.poll(focused).toBe('End desktop…');
    await keyboard.press('Enter');
    await expect.poll(focused).toBe('Keep it');
    await keyboard.press('Escape');
    await shown.page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('More for Lab');
    // Enter on the name leads to the page of the desktop, and the focus with it.
    await shown.page.getByRole('link', { name: 'Lab', exact: true }).press('Enter');
    await shown.heading('Lab').waitFor();
    await expect.poll(() => shown.page.evaluate('document.activeElement.id')).toBe('content');
    expect(await shown.page.title()).toBe('Lab · Desktops');
  });

  it('keeps the colours that were chosen', async () => {
    await using shown = await DashboardPage.open(browser, site, { colorScheme: 'light' });
    await shown.page.getByRole('button', { name: 'Use dark colours' }).click();
    await shown.go('/');
    await shown.page.getByRole('button', { name: 'Use light colours' }).waitFor();
  });
});

describe('every page', () => {
  const views = (['light', 'dark'] as const).flatMap((colorScheme) =>
    [1280, 360].map((width) => ({ colorScheme, width })),
  );

  it.each(views)('can be used by everybody, in $colorScheme at $width px', async ({ colorScheme, width }) => {
    site.signedIn = admin;
    const user = admin.user;
    await createSession(
      kube(),
      'run',
      { user, template: 'terminal', displayName: 'Lab' },
      {
        phase: 'Running',
        viewers: 2,
        timeline: wholeStart,
      },
    );
    await createSession(
      kube(),
      'wait',
      { user, template: 'modelling' },
      { phase: 'Creating', timeline: wholeStart.slice(0, 2) },
    );
    await createSession(kube(), 'rest', { user, template: 'terminal', suspended: true }, { phase: 'Suspended' });
    await createSession(
      kube(),
      'fail',
      { user, template: 'firefox' },
      { phase: 'Failed', message: 'The home is gone' },
    );
    await using shown = await DashboardPage.open(browser, site, { colorScheme, viewport: { width, height: 800 } });
    await shown.page.getByRole('button', { name: 'More for Lab' }).click();
    await shown.page.getByRole('menuitem', { name: 'Suspend' }).waitFor();
    const found = [await shown.accessibilityProblems(), await shown.overflowPixels()];
    for (const path of [
      '/sessions/vdi-sessions/run',
      '/sessions/vdi-sessions/wait',
      '/sessions/vdi-sessions/none',
      '/admin/sessions',
      '/nowhere',
    ]) {
      await shown.go(path);
      await shown.page.locator('main h1, main p').first().waitFor();
      await shown.page.locator('[aria-busy=true]').waitFor({ state: 'detached' });
      found.push(await shown.accessibilityProblems(), await shown.overflowPixels());
    }
    expect(found).toEqual([[], 0, [], 0, [], 0, [], 0, [], 0, [], 0]);
    expect([shown.complaints, shown.strangers]).toEqual([[], []]);
  });
});
