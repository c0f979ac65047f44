import { type VDISession, vdiSession } from '@vdi/api';
import {
  builtinResources,
  createKubeClient,
  isAlreadyExists,
  isConflict,
  isNotFound,
  type KubeError,
  resourceOf,
} from '@vdi/kube';
import { describe, expect, it } from 'vitest';
import { startTestCluster } from './start-test-cluster.ts';

const { configMaps, namespaces, pods } = builtinResources;
const sessions = resourceOf<VDISession>(vdiSession);
const aConfigMap = (name: string, data: Record<string, string> = {}) => ({
  metadata: { name, namespace: 'vdi' },
  data,
});
const failure = async (attempt: Promise<unknown>): Promise<KubeError> =>
  await attempt.then(
    () => expect.fail('It should have failed'),
    (error: unknown) => error as KubeError,
  );

describe('a test cluster, through the client', () => {
  it('serves our kinds, says its version, and knows what it does not serve', async () => {
    await using cluster = await startTestCluster();
    expect(await cluster.kube.isServed(sessions)).toBe(true);
    expect(await cluster.kube.isServed({ ...sessions, group: 'example.com' })).toBe(false);
    expect((await cluster.kube.serverVersion()).major).toBe('1');
  });

  it('creates, reads, updates and deletes, and tells the failures apart', async () => {
    await using cluster = await startTestCluster();
    const { kube } = cluster;
    const created = await kube.create(configMaps, aConfigMap('a', { k: '1' }));
    expect(created.metadata.creationTimestamp).toBe('2026-01-02T10:00:00Z');
    expect(isAlreadyExists(await failure(kube.create(configMaps, aConfigMap('a'))))).toBe(true);
    const updated = await kube.update(configMaps, { ...created, data: { k: '2' } });
    expect(isConflict(await failure(kube.update(configMaps, created)))).toBe(true);
    const name = { namespace: 'vdi', name: 'a' };
    expect(isConflict(await failure(kube.delete(configMaps, name, { uid: 'another' })))).toBe(true);
    expect(
      isConflict(await failure(kube.delete(configMaps, name, { resourceVersion: created.metadata.resourceVersion }))),
    ).toBe(true);
    await kube.delete(configMaps, name, {
      uid: updated.metadata.uid,
      resourceVersion: updated.metadata.resourceVersion,
    });
    expect(isNotFound(await failure(kube.get(configMaps, name)))).toBe(true);
  });

  it('applies by force as one manager and conflicts without', async () => {
    await using cluster = await startTestCluster();
    const { kube, fetch } = cluster;
    const other = createKubeClient({ fetch, baseUrl: 'https://test-cluster', fieldManager: 'other' });
    await kube.apply(configMaps, aConfigMap('a', { k: '1' }));
    const conflict = await failure(other.apply(configMaps, aConfigMap('a', { k: '2' }), { force: false }));
    expect(isConflict(conflict)).toBe(true);
    expect(conflict.causes).toMatchObject([{ reason: 'FieldManagerConflict', field: '.data.k' }]);
    expect(await other.apply(configMaps, aConfigMap('a', { k: '2' }))).toMatchObject({ data: { k: '2' } });
  });

  it('writes status and nothing else with it, and patches in three ways', async () => {
    await using cluster = await startTestCluster();
    const { kube } = cluster;
    const name = { namespace: 'vdi', name: 's' };
    const written: VDISession = {
      apiVersion: 'vdi.kasm.io/v1alpha1',
      kind: 'VDISession',
      metadata: name,
      spec: { user: 'a@example.com', template: 't' },
    };
    await kube.create(sessions, written);
    await kube.applyStatus(sessions, { ...written, spec: { user: 'b', template: 'b' }, status: { phase: 'Running' } });
    await kube.patch(sessions, name, { type: 'merge', value: { spec: { timeout: '1h' } } });
    await kube.patch(sessions, name, { type: 'json', value: [{ op: 'add', path: '/spec/suspended', value: true }] });
    expect(await kube.get(sessions, name)).toMatchObject({
      metadata: { generation: 3 },
      spec: { user: 'a@example.com', timeout: '1h', suspended: true },
      status: { phase: 'Running' },
    });
    const pod = { metadata: { name: 'p', namespace: 'vdi' }, spec: { containers: [{ name: 'c', image: 'a:1' }] } };
    await kube.create(pods, pod);
    const value = { spec: { containers: [{ name: 'c', image: 'a:2' }] } };
    expect(await kube.patch(pods, { namespace: 'vdi', name: 'p' }, { type: 'strategic', value })).toMatchObject(value);
  });

  it('lists page by page, selects, and deletes collections', async () => {
    await using cluster = await startTestCluster();
    const { kube } = cluster;
    for (const name of ['a', 'b', 'c']) {
      await kube.create(configMaps, { metadata: { name, namespace: 'vdi', labels: { odd: String(name !== 'b') } } });
    }
    const names = async (options: object): Promise<unknown[]> =>
      (await kube.list(configMaps, options)).items.map(({ metadata }) => metadata.name);
    expect(await names({ pageSize: 2 })).toEqual(['a', 'b', 'c']);
    expect(await names({ namespace: 'vdi', labelSelector: 'odd=true' })).toEqual(['a', 'c']);
    expect(await names({ fieldSelector: 'metadata.name=b' })).toEqual(['b']);
    await kube.deleteCollection(configMaps, { namespace: 'vdi', labelSelector: 'odd=true' });
    expect(await names({})).toEqual(['b']);
  });

  it('watches from a list on', async () => {
    await using cluster = await startTestCluster();
    const { kube } = cluster;
    const { resourceVersion } = await kube.list(configMaps);
    const abort = new AbortController();
    const seen: string[] = [];
    const watching = (async () => {
      for await (const event of kube.watch(configMaps, { resourceVersion, signal: abort.signal })) {
        seen.push(`${event.type} ${'object' in event ? event.object.metadata.name : ''}`);
        if (event.type === 'DELETED') abort.abort(new Error('seen enough'));
      }
    })();
    await kube.create(configMaps, aConfigMap('a'));
    await kube.patch(configMaps, { namespace: 'vdi', name: 'a' }, { type: 'merge', value: { data: { k: '1' } } });
    await kube.delete(configMaps, { namespace: 'vdi', name: 'a' });
    await expect(watching).rejects.toThrow('seen enough');
    expect(seen).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']);
  });

  it('begins without state each time', async () => {
    {
      await using cluster = await startTestCluster();
      await cluster.kube.create(namespaces, { metadata: { name: 'mine' } });
    }
    await using cluster = await startTestCluster();
    expect(isNotFound(await failure(cluster.kube.get(namespaces, { name: 'mine' })))).toBe(true);
  });
});
