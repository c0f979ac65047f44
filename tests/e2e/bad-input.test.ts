import { readdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { apiVersion, type VDISession, vdiSession, type VDITemplate, type VDITemplateSpec, vdiTemplate } from '@vdi/api';
import { builtinResources, KubeError, resourceOf } from '@vdi/kube';
import { eventually, launchBrowser, type Standalone, startStandalone } from '@vdi/testing/desktops';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { latestImage } from '../../apps/solo/src/images/image-names.ts';

/**
 * What people do wrong, through kubectl's API and through the dashboard, in one running standalone mode: each mistake is
 * answered with what happened and what to do. `docs/troubleshooting.md` names these tests.
 */
const namespace = 'vdi-sessions';
const sessions = resourceOf<VDISession>(vdiSession);
const templates = resourceOf<VDITemplate>(vdiTemplate);
const alice = 'alice@example.com';

/** Templates that cannot work, each in its own way; none has a home. */
const brokenTemplates: Readonly<Record<string, Partial<VDITemplateSpec>>> = {
  unreachable: { image: 'localhost:1/none:1' },
  'without-desktop': { image: 'ghcr.io/selkies-project/selkies-gstreamer/gst-web:latest' },
  'without-command': { command: ['/no/such/program'] },
  'without-window': { command: ['/bin/sleep', '3600'], lifecycle: { startDeadline: '15s' } },
};

let standalone: Standalone;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [standalone, browser] = await Promise.all([startStandalone(), launchBrowser()]);
  page = await (await browser.newContext()).newPage();
  for (const [name, spec] of Object.entries(brokenTemplates)) await createTemplate(name, spec);
  // All at once: each test then waits for its own.
  await createSession('bad-missing', 'bob@example.com', 'missing');
  for (const template of Object.keys(brokenTemplates))
    await createSession(`bad-${template}`, 'bob@example.com', template);
  await createSession('alice-first', alice, 'terminal');
  await eventually(
    () => findSession('alice-first'),
    ({ status }) => status?.phase === 'Running',
    { withinMs: 60_000, what: 'The first session of Alice' },
  );
  writeFileSync(join(homeOf(), 'kept.txt'), 'kept');
  await createSession('alice-second', alice, 'ubuntu-desktop');
}, 900_000);

afterAll(async () => {
  await browser?.close();
  if (standalone === undefined) return;
  for (const { metadata } of await listSessions())
    await standalone.kube.delete(sessions, { namespace, name: metadata.name });
  await eventually(listSessions, (left) => left.length === 0, { withinMs: 60_000, what: 'The end of all sessions' });
  await standalone[Symbol.asyncDispose]();
}, 120_000);

describe('a session that cannot start says why', () => {
  it('when there is no such template, and makes nothing until there is', async () => {
    const message = await problemOf('bad-missing', 'Accepted', 'TemplateNotFound');
    expect(message).toMatch(/There is no VDITemplate "missing"\. Create it .* "kubectl get vdit" lists what there is/);
  });

  it('when its image cannot be pulled, without the steps and addresses in between', async () => {
    const message = await problemOf('bad-unreachable', 'DesktopReady', 'ImagePullFailed');
    expect(message).toBe(
      'The image of the template cannot be fetched: localhost:1/none:1: connection refused. Correct spec.image of the template, or its imagePullSecrets.',
    );
  });

  it('when its image is known to hold no desktop, and names one that does', async () => {
    const message = await problemOf('bad-without-desktop', 'Accepted', 'ImageHasNoDesktop');
    expect(message).toMatch(/holds no desktop: .* Use an image that does, such as \S+:\S+/);
    expect((await findSession('bad-without-desktop')).status?.phase).toBe('Failed');
  });

  it('when its command does not exist in the image', async () => {
    const message = await problemOf('bad-without-command', 'DesktopReady', 'CommandNotFound');
    expect(message).toMatch(/\/no\/such\/program.* Correct its spec\.command or its image\.$/);
  });

  it('when it opens no window before its start deadline', async () => {
    const message = await problemOf('bad-without-window', 'Ready', 'StartDeadlineExceeded');
    expect(message).toMatch(/not ready within the start deadline.*suspend and resume the session, or delete it/);
    expect((await findSession('bad-without-window')).status?.phase).toBe('Failed');
  });

  it('when another session has the home, which nothing touches meanwhile', async () => {
    const message = await problemOf('alice-second', 'HomeReady', 'HomeInUse');
    expect(message).toMatch(/Session "alice-first" has the home.*starts when that one is suspended or deleted/);
    expect(readdirSync(homeOf())).toContain('kept.txt');
    const { items } = await standalone.kube.list(builtinResources.pods, { namespace });
    expect(items.map(({ metadata }) => metadata.name)).not.toContain('alice-second-1');
  });

  it('and no mistake made a home for who made it', async () => {
    const { items } = await standalone.kube.list(builtinResources.persistentVolumeClaims, { namespace });
    expect(items).toHaveLength(1);
    expect(readdirSync(join(standalone.stateDirectory, 'homes'))).toHaveLength(1);
  });
});

describe('an object that is malformed is refused at once', () => {
  it.each([
    ['an amount', { resources: { memory: '4 Gi' } }, 'spec.resources.memory'],
    ['a duration', { timeout: 'eight hours' }, 'spec.timeout'],
    ['a user', { user: '' }, 'spec.user'],
  ])('by the API, for %s', async (_what, spec, field) => {
    const error = await createSession('malformed', alice, 'terminal', spec).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(KubeError);
    expect(error).toMatchObject({ status: 422, message: expect.stringContaining(field) as string });
  });
});

describe('somebody at the dashboard', () => {
  it('is told that the name or the password is wrong, not which', async () => {
    await page.goto(`${standalone.address}/login`);
    await signIn('not-the-password');
    expect(await page.getByRole('alert').innerText()).toBe(
      'The user name or the password is wrong. Check both and try again.',
    );
    await signIn(standalone.firstPassword(alice));
    await page.getByRole('heading', { name: 'Your desktops' }).waitFor();
  });

  it('sees what a desktop waits for', async () => {
    const card = page.getByRole('article').filter({ hasText: 'alice-second' });
    await card.getByText('Waiting', { exact: true }).waitFor();
    await card.getByText('Session "alice-first" has the home').waitFor();
  });

  it.each([
    ['{ template: "nothing" }', 'BAD_USER_INPUT', 'There is no template "nothing": choose one of firefox, '],
    [
      '{ template: "terminal", resources: { memory: "4 Gi" } }',
      'BAD_USER_INPUT',
      'spec.resources.memory: The quantity "4 Gi"',
    ],
    ['{ template: "terminal", timeout: "eight hours" }', 'BAD_USER_INPUT', 'spec.timeout: The duration "eight hours"'],
    ['{ template: "terminal", name: "alice-first" }', 'ALREADY_EXISTS', '"alice-first" already exists'],
    ['{ template: "terminal", namespace: "kube-system" }', 'BAD_USER_INPUT', 'choose one of vdi-sessions, vdi'],
    ['{ template: "terminal", user: "bob@example.com" }', 'FORBIDDEN', 'create sessions for yourself'],
  ])('has createVDISession(input: %s) refused with %s', async (input, code, words) => {
    const [error] = await askGraphql(`mutation { createVDISession(input: ${input}) { name } }`);
    expect([error?.extensions.code, error?.message]).toEqual([code, expect.stringContaining(words)]);
    // Which request to the cluster failed, and where, is nobody's business.
    expect(error?.message).not.toMatch(/\/apis\/|127\.0\.0\.1/);
  });

  it('is not shown the sessions of others', async () => {
    const [error] = await askGraphql('{ vdiSessions(user: "bob@example.com") { name } }');
    expect(error?.extensions.code).toBe('FORBIDDEN');
    await page.goto(`${standalone.address}/open/${namespace}/bad-missing`);
    await page.getByRole('heading', { name: 'This desktop is not yours' }).waitFor();
  });

  it('finds out at the address of a desktop that waits what it waits for', async () => {
    await page.goto(`${standalone.address}/open/${namespace}/alice-second`);
    await page.getByText('Session "alice-first" has the home').waitFor();
  });

  it('is led on by a link that has been used or is too old', async () => {
    const { status } = await findSession('alice-first');
    await page.goto(`${status?.url}/.vdi/enter?code=used-before`);
    await page.getByRole('heading', { name: 'This link does not work any more' }).waitFor();
    const again = await page.getByRole('link', { name: 'Open the desktop' }).getAttribute('href');
    expect(again).toBe(`${standalone.address}/open/${namespace}/alice-first`);
  });

  it('is told where to go after an address of no desktop', async () => {
    await page.goto(standalone.address.replace('localhost', 'nobody.localhost'));
    await page.getByRole('heading', { name: 'There is no desktop here' }).waitFor();
    await page.getByRole('link', { name: 'Go to the dashboard' }).waitFor();
  });
});

describe('a request from elsewhere', () => {
  it('by a page of another origin is refused by GraphQL', async () => {
    const headers = { origin: 'https://elsewhere.example', 'content-type': 'application/json' };
    const { status, text } = await ask('/graphql', { method: 'POST', headers, body: '{"query":"{ me { user } }"}' });
    expect([status, text]).toEqual([403, expect.stringContaining(`open the dashboard at ${standalone.address}`)]);
  });

  it('over plain http to this machine by another name gets a page that says where desktops are', async () => {
    const { port } = new URL(standalone.address);
    const { status, text } = await ask('/', { headers: { host: `192.0.2.7:${port}` } });
    expect([status, text]).toEqual([421, expect.stringMatching(/Not this address.*HTTPS.*href="http:\/\/localhost/s)]);
  });
});

async function createTemplate(name: string, spec: Partial<VDITemplateSpec>): Promise<void> {
  await standalone.kube.create(templates, {
    apiVersion,
    kind: 'VDITemplate',
    metadata: { name },
    spec: { image: latestImage('desktop'), persistence: { enabled: false }, ...spec },
  });
}

async function createSession(
  name: string,
  user: string,
  template: string,
  spec: Partial<VDISession['spec']> = {},
): Promise<void> {
  await standalone.kube.create(sessions, {
    apiVersion,
    kind: 'VDISession',
    metadata: { name, namespace },
    spec: { user, template, ...spec },
  });
}

const findSession = (name: string): Promise<VDISession> => standalone.kube.get(sessions, { namespace, name });
const listSessions = async (): Promise<readonly VDISession[]> =>
  (await standalone.kube.list(sessions, { namespace })).items;

/** The message of a condition, once it is false for this reason. */
async function problemOf(name: string, type: string, reason: string): Promise<string> {
  const conditionOf = ({ status }: VDISession) => status?.conditions?.find((condition) => condition.type === type);
  const session = await eventually(
    () => findSession(name),
    (found) => conditionOf(found)?.status === 'False' && conditionOf(found)?.reason === reason,
    { withinMs: 60_000, what: `${type}=${reason} of ${name}` },
  );
  return conditionOf(session)?.message ?? '';
}

/** The one home of this test, that of Alice. */
function homeOf(): string {
  const homes = join(standalone.stateDirectory, 'homes');
  return join(homes, readdirSync(homes)[0] ?? '');
}

async function signIn(secret: string): Promise<void> {
  await page.getByLabel('User name').fill(alice);
  await page.getByLabel('Password').fill(secret);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

interface GraphqlError {
  readonly message: string;
  readonly extensions: { readonly code: string };
}

/** The errors that the dashboard's own page gets. */
async function askGraphql(query: string): Promise<readonly GraphqlError[]> {
  const response = await page.request.post(`${standalone.address}/graphql`, {
    data: { query },
    headers: { origin: standalone.address },
  });
  return ((await response.json()) as { readonly errors?: readonly GraphqlError[] }).errors ?? [];
}

/** A request with any headers, which `fetch` would not let through. */
function ask(
  path: string,
  options: { readonly method?: string; readonly headers: Readonly<Record<string, string>>; readonly body?: string },
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(standalone.address);
    const headers = { host: `localhost:${port}`, ...options.headers };
    const asked = request({ host: '127.0.0.1', port, path, method: options.method ?? 'GET', headers });
    asked.once('error', reject);
    asked.once('response', (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asked.end(options.body);
  });
}
