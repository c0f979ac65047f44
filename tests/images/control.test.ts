import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiVersion, crdManifests, type VDISession, vdiSession, type VDITemplate, vdiTemplate } from '@vdi/api';
import { builtinResources, type KubeObject, resourceOf, typedResources } from '@vdi/kube';
import {
  checkoutDirectory,
  type ImageEngine,
  openImageEngine,
  openStateDirectory,
  writeImageArchives,
  type WrittenArchive,
} from '@vdi/solo';
import { createLogger } from '@vdi/telemetry';
import { eventually, testCacheHome } from '@vdi/testing/desktops';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allOf, type ChartObject, workloads } from '../chart/chart-object.ts';
import { render } from '../chart/helm.ts';
import { browserBehind, startPublicFront } from '../cluster/public-front.ts';
import { type GuardedApi, startGuardedApi } from './control/guarded-api.ts';
import { runDeployment, type RunningDeployment } from './control/run-deployment.ts';
import { runIn } from './run-in.ts';

const namespace = 'vdi-system';
const sessionNamespace = 'vdi-sessions';
const domain = 'vdi.example.com';
const objects = render({ domain, localAccounts: { enabled: true }, route: { kind: 'none' } });
const sessions = resourceOf<VDISession>(vdiSession);
const templates = resourceOf<VDITemplate>(vdiTemplate);
const { claims, configMaps, leases, networkPolicies, pods, secrets, services } = typedResources;

let folder: string;
let engine: ImageEngine;
let archive: WrittenArchive;
let api: GuardedApi;
let gateway: RunningDeployment;
let operator: RunningDeployment;

const writeArchive = async (): Promise<WrittenArchive> => {
  const [written] = await writeImageArchives({
    checkout: checkoutDirectory,
    cacheDirectory: join(testCacheHome, 'vdi'),
    names: ['control'],
    outputDirectory: folder,
    log: createLogger({ name: 'test', level: 'silent' }),
    signal: AbortSignal.timeout(500_000),
  });
  return written ?? expect.unreachable('No archive was written');
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vdi-control-'));
  const state = openStateDirectory(join(checkoutDirectory, '.cache', 'images'));
  engine = await openImageEngine(state, 'auto', createLogger({ name: 'test', level: 'warn' }));
  archive = await writeArchive();
  await load(archive.path);
  api = await startGuardedApi(objects, { folder, namespace });
  await install(api);
});

afterAll(async () => {
  await operator?.[Symbol.asyncDispose]();
  await gateway?.[Symbol.asyncDispose]();
  await api?.[Symbol.asyncDispose]();
  await engine?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

describe('the archive of the control image', () => {
  it('gives an engine the image that the chart asks for', async () => {
    const images = workloads(objects).flatMap(({ spec }) => spec.template.spec.containers.map(({ image }) => image));
    for (const image of images) {
      const { Config, Size } = await engine.docker.getImage(image).inspect();
      expect(Config.User).toBe('1000:1000');
      expect(Size).toBeLessThan(200e6);
    }
    expect(new Set(images)).toEqual(new Set(archive.tags.slice(0, 1)));
  });
});

describe('the gateway in a container, with the rights that the chart gives it', () => {
  it('becomes ready when its keys are published', async () => {
    gateway = await runDeployment(engine.docker, objects, {
      name: 'vdi-gateway',
      portVariables: { http: 'VDI_LISTEN_PORT', ops: 'VDI_OPS_PORT', verify: 'VDI_VERIFY_PORT' },
      serviceAccountFolder: api.mountFor('vdi-gateway'),
      apiPort: api.port,
    });
    await untilReady(gateway);
    const { data } = await api.kube.get(configMaps, { namespace, name: 'vdi-ticket-keys' });
    const { keys } = JSON.parse(data?.['jwks.json'] ?? '') as { readonly keys: readonly object[] };
    expect(keys).toEqual([expect.objectContaining({ kty: 'OKP', crv: 'Ed25519' })]);
    expect(keys.some((key) => 'd' in key)).toBe(false);
  });

  it('keeps keys and accounts in Secrets', async () => {
    const names = ['vdi-accounts', 'vdi-first-passwords', 'vdi-gateway-keys'];
    const found = await api.kube.list(secrets, { namespace });
    expect(
      found.items.map(({ metadata }) => metadata.name).toSorted((one = '', other = '') => one.localeCompare(other)),
    ).toEqual(names);
  });

  it('comes back with the same keys when it is started anew', async () => {
    const keys = async () => (await api.kube.get(secrets, { namespace, name: 'vdi-gateway-keys' })).data;
    const before = await keys();
    await gateway.container.restart({ t: 20 });
    await untilReady(gateway);
    expect(await keys()).toEqual(before);
  });
});

describe('the operator in a container, with the rights that the chart gives it', () => {
  it('is elected', async () => {
    operator = await runDeployment(engine.docker, objects, {
      name: 'vdi-operator',
      portVariables: { ops: 'VDI_LISTEN_PORT' },
      serviceAccountFolder: api.mountFor('vdi-operator'),
      apiPort: api.port,
    });
    await untilReady(operator);
    const holder = async (): Promise<unknown> =>
      await api.kube.get(leases, { namespace, name: 'vdi-operator' }).then(
        ({ spec }) => (spec as { readonly holderIdentity?: string }).holderIdentity,
        () => undefined,
      );
    expect(await eventually(holder, (identity) => identity !== undefined)).toBe('vdi-operator-0');
  });

  it('makes a Pod and what belongs to it of a session', async () => {
    await api.kube.create(sessions, {
      apiVersion,
      kind: 'VDISession',
      metadata: { namespace: sessionNamespace, name: 'alice' },
      spec: { user: 'alice@example.com', template: 'ubuntu-desktop' },
    });
    const name = { namespace: sessionNamespace, name: 'alice' };
    const { status } = await eventually(
      () => api.kube.get(sessions, name),
      (session) => session.status?.podName !== undefined,
      { what: 'The Pod' },
    );
    expect(status).toMatchObject({ phase: 'Creating', url: `https://alice.${domain}` });
    const made = async () => (await api.kube.list(pods, { namespace: sessionNamespace })).items;
    const [pod] = await eventually(made, ({ length }) => length > 0, { what: 'The Pod itself' });
    expect(pod).toMatchObject({
      metadata: { name: status?.podName },
      spec: { initContainers: [{ image: expect.stringMatching(/^localhost\/vdi-operator\/display:/) }] },
    });
    for (const resource of [secrets, configMaps, services, networkPolicies]) {
      expect((await api.kube.get(resource, name)).metadata.labels).toMatchObject({ 'vdi.kasm.io/session': 'alice' });
    }
  });

  it('tidies up when the session is deleted, and leaves the home', async () => {
    const options = { namespace: sessionNamespace };
    await api.kube.delete(sessions, { ...options, name: 'alice' });
    const left = async (): Promise<readonly KubeObject[]> => (await api.kube.list(sessions, options)).items;
    await eventually(left, ({ length }) => length === 0, { what: 'The end of the session' });
    expect((await api.kube.list(secrets, options)).items).toEqual([]);
    expect((await api.kube.list(claims, options)).items).toHaveLength(1);
  });
});

describe('both', () => {
  it('let a person in with a first password, in a browser behind a proxy that ends TLS', async () => {
    const { data } = await api.kube.get(secrets, { namespace, name: 'vdi-first-passwords' });
    const lines = Buffer.from(data?.['first-passwords.txt'] ?? '', 'base64').toString();
    const password = /^alice@example\.com\s+(\S+)$/m.exec(lines)?.[1] ?? expect.unreachable(lines);
    await using front = await startPublicFront(gateway.ports['http'] ?? 0);
    await using browser = await browserBehind(front, domain);
    const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
    await page.goto(`https://${domain}/login`);
    await page.getByLabel('User name').fill('alice@example.com');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Your desktops' }).waitFor();
    await page.getByRole('button', { name: 'Launch Desktop', exact: true }).click();
    const made = async () => (await api.kube.list(sessions, { namespace: sessionNamespace })).items;
    const [session] = await eventually(made, (items) => items[0]?.status?.podName !== undefined, { what: 'A Pod' });
    expect(session?.spec).toMatchObject({ user: 'alice@example.com', template: 'ubuntu-desktop' });
  });

  it('cannot write to their file systems, and have neither capabilities nor a way to more rights', async () => {
    for (const { container } of [gateway, operator]) {
      const { output } = await runIn(
        container,
        'id -u; grep -E "^(CapEff|NoNewPrivs)" /proc/1/status; touch /opt/vdi/x /etc/x',
      );
      expect(output.split('\n').slice(0, 3)).toEqual(['1000', 'CapEff:\t0000000000000000', 'NoNewPrivs:\t1']);
      expect(output.match(/Read-only file system/g)).toHaveLength(2);
    }
  });

  it('never asked for what their roles do not allow', () => {
    expect(api.denied()).toEqual([]);
  });

  it('end in good order when they are told to', async () => {
    for (const { container } of [gateway, operator]) {
      await container.stop({ t: 20 });
      expect((await container.inspect()).State.ExitCode).toBe(0);
    }
  });
});

async function load(path: string): Promise<void> {
  const answer = await engine.docker.loadImage(createReadStream(path));
  await new Promise<void>((resolve, reject) => {
    engine.docker.modem.followProgress(answer, (error) => (error === null ? resolve() : reject(error)));
  });
}

/** What helm would, as far as an API without controllers needs it. */
async function install({ kube }: GuardedApi): Promise<void> {
  for (const manifest of crdManifests()) await kube.apply(builtinResources.customResourceDefinitions, manifest);
  await kube.apply(builtinResources.namespaces, { metadata: { name: namespace } });
  const kinds: Readonly<Record<string, (object: ChartObject) => Promise<unknown>>> = {
    Namespace: (object) => kube.apply(builtinResources.namespaces, object),
    StorageClass: (object) => kube.apply(builtinResources.storageClasses, object),
    VDITemplate: (object) => kube.apply(templates, object as unknown as VDITemplate),
  };
  for (const [kind, apply] of Object.entries(kinds)) {
    for (const object of allOf(objects, kind)) await apply(object);
  }
}

async function untilReady(deployment: RunningDeployment): Promise<void> {
  await eventually(
    () => deployment.readiness(),
    ({ status }) => status === 200,
    { what: 'Readiness' },
  );
}
