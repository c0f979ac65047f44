import { userKey, type VDISession, vdiSession, type VDIUser, vdiUser } from '@vdi/api';
import { systemClock } from '@vdi/controller';
import { builtinResources, resourceOf } from '@vdi/kube';
import { createLogger } from '@vdi/telemetry';
import { startTestCluster, type TestCluster } from '@vdi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog, SessionChange } from './catalog.ts';
import { startCatalog } from './start-catalog.ts';

const sessions = resourceOf<VDISession>(vdiSession);
const users = resourceOf<VDIUser>(vdiUser);
const generousMs = 10_000;

describe('the catalog', () => {
  let cluster: TestCluster;
  let catalog: Catalog;

  beforeEach(async () => {
    cluster = await startTestCluster();
    catalog = startCatalog({
      kube: cluster.kube,
      namespaces: ['vdi-sessions', 'vdi'],
      desktopsReachedBy: 'endpoint-annotation',
      clock: systemClock,
      log: createLogger({ name: 'test', level: 'silent' }),
    });
    await catalog.synced;
  });
  afterEach(async () => {
    await catalog[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
  });

  const create = (name: string, namespace = 'vdi-sessions'): Promise<VDISession> =>
    cluster.kube.create(sessions, {
      apiVersion: 'vdi.kasm.io/v1alpha1',
      kind: 'VDISession',
      metadata: { name, namespace },
      spec: { user: 'alice@example.com', template: 'ubuntu-desktop' },
    });
  const setStatus = ({ metadata }: VDISession, status: NonNullable<VDISession['status']>): Promise<VDISession> =>
    cluster.kube.patch(
      sessions,
      { name: metadata.name, namespace: metadata.namespace ?? '' },
      { type: 'merge', value: { status } },
      { subresource: 'status' },
    );
  const isIn = (name: string, namespace = 'vdi-sessions') => catalog.session(namespace, name) !== undefined;

  it('holds the sessions of its namespaces and of no other', async () => {
    await cluster.kube.apply(builtinResources.namespaces, { metadata: { name: 'elsewhere' } });
    await create('hidden', 'elsewhere');
    await create('one');
    await create('two', 'vdi');
    await expect(catalog.until(() => isIn('one') && isIn('two', 'vdi'), generousMs)).resolves.toBe(true);
    expect(catalog.sessions().map(({ metadata }) => metadata.name)).toEqual(['one', 'two']);
    expect(catalog.session('elsewhere', 'hidden')).toBeUndefined();
  });

  it('finds the session of a host name, and forgets it with the session', async () => {
    const session = await create('one');
    await setStatus(session, { host: 'alice' });
    expect(await catalog.until(() => catalog.sessionAtHost('alice') !== undefined, generousMs)).toBe(true);
    expect(catalog.sessionAtHost('alice')?.metadata.uid).toBe(session.metadata.uid);
    await cluster.kube.delete(sessions, { namespace: 'vdi-sessions', name: 'one' });
    expect(await catalog.until(() => catalog.sessionAtHost('alice') === undefined, generousMs)).toBe(true);
  });

  it('tells each change once and in order, also those of a time when the server was away', async () => {
    const told: string[] = [];
    const unsubscribe = catalog.subscribe(({ type, session }: SessionChange) =>
      told.push(`${type} ${session.metadata.name} ${session.status?.phase ?? ''}`.trimEnd()),
    );
    const session = await create('one');
    await catalog.until(() => isIn('one'), generousMs);
    await setStatus(session, { phase: 'Running' });
    await catalog.until(() => told.length === 2, generousMs);
    await cluster.kube.delete(sessions, { namespace: 'vdi-sessions', name: 'one' });
    await create('two');
    cluster.compact();
    expect(await catalog.until(() => isIn('two') && !isIn('one'), generousMs)).toBe(true);
    unsubscribe();
    await create('three');
    expect(await catalog.until(() => isIn('three'), generousMs)).toBe(true);
    expect(told).toEqual(['added one', 'updated one Running', 'deleted one Running', 'added two']);
  });

  it('goes on telling others when one listener throws', async () => {
    const told: string[] = [];
    catalog.subscribe(() => {
      throw new Error('a listener of bad manners');
    });
    catalog.subscribe(({ session }) => told.push(session.metadata.name));
    await create('one');
    expect(await catalog.until(() => told.length > 0, generousMs)).toBe(true);
  });

  it('gives up waiting for what does not happen', async () => {
    expect(await catalog.until(() => isIn('nobody'), 5)).toBe(false);
  });

  it('finds a user under every spelling of the name, and only if the record is theirs', async () => {
    const name = userKey('alice@example.com');
    const record = { apiVersion: 'vdi.kasm.io/v1alpha1', kind: 'VDIUser', metadata: { name } } as const;
    await cluster.kube.create(users, { ...record, spec: { user: 'alice@example.com' } });
    await cluster.kube.create(users, {
      ...record,
      metadata: { name: userKey('bob@example.com') },
      spec: { user: 'mallory@example.com' },
    });
    await create('tick');
    await expect.poll(() => catalog.users().length).toBe(2);
    expect(catalog.user('Alice@Example.com')?.spec.user).toBe('alice@example.com');
    expect(catalog.user('bob@example.com')).toBeUndefined();
  });

  describe('the endpoint of a Pod', () => {
    const createPod = (owner: VDISession, pod: string, annotations: Record<string, string> = {}): Promise<unknown> =>
      cluster.kube.create(builtinResources.pods, {
        metadata: {
          name: pod,
          namespace: 'vdi-sessions',
          labels: { 'app.kubernetes.io/name': 'vdi-session' },
          annotations,
          ownerReferences: [
            {
              apiVersion: owner.apiVersion,
              kind: owner.kind,
              name: owner.metadata.name,
              uid: owner.metadata.uid ?? '',
              controller: true,
            },
          ],
        },
        spec: { containers: [{ name: 'desktop', image: 'docker.io/library/debian:13' }] },
      });

    it('is what the node published, else the Service', async () => {
      const one = await setStatus(await create('one'), { podName: 'one-1' });
      const two = await setStatus(await create('two'), { podName: 'two-1' });
      await createPod(one, 'one-1', { 'vdi.kasm.io/endpoint': '127.0.0.1:40123' });
      await createPod(two, 'two-1');
      await expect(catalog.podEndpoint(one)).resolves.toBe('127.0.0.1:40123');
      await expect(catalog.podEndpoint(two)).resolves.toBe('two.vdi-sessions.svc:8080');
    });

    it('is the Service in a cluster, whatever somebody wrote on the Pod', async () => {
      const session = await setStatus(await create('one'), { podName: 'one-1' });
      await createPod(session, 'one-1', { 'vdi.kasm.io/endpoint': '127.0.0.1:40123' });
      await using inCluster = startCatalog({
        kube: cluster.kube,
        namespaces: ['vdi-sessions'],
        desktopsReachedBy: 'service',
        clock: systemClock,
        log: createLogger({ name: 'test', level: 'silent' }),
      });
      await inCluster.synced;
      await expect(inCluster.podEndpoint(session)).resolves.toBe('one.vdi-sessions.svc:8080');
    });

    it('is not known without a Pod, or when the Pod of that name belongs to another session', async () => {
      const earlier = await create('earlier');
      const session = await setStatus(await create('one'), { podName: 'one-1' });
      await expect(catalog.podEndpoint(earlier)).resolves.toBeUndefined();
      await expect(catalog.podEndpoint(session)).resolves.toBeUndefined();
      await createPod(earlier, 'one-1', { 'vdi.kasm.io/endpoint': '127.0.0.1:40123' });
      await expect(catalog.podEndpoint(session)).resolves.toBeUndefined();
    });
  });
});
