import { builtinResources, createKubeClient, type Fetch, type UntypedObject } from '@vdi/kube';
import { startTestCluster, testRuntime } from '@vdi/testing';
import { describe, expect, it } from 'vitest';
import { byLabel, createNamespacedReflector, keyOf } from './index.ts';

const { configMaps } = builtinResources;
const aMap = (namespace: string, name: string, app = 'x'): UntypedObject => ({
  metadata: { name, namespace, labels: { app } },
});
const soon = { timeoutMs: 1_000 };

/** A cluster, a reflector of two of its namespaces, and the collections that were asked for. */
async function reflected() {
  const cluster = await startTestCluster();
  for (const name of ['one', 'two', 'other'])
    await cluster.kube.create(builtinResources.namespaces, { metadata: { name } });
  const asked = new Set<string>();
  const fetch: Fetch = async (url, init) => {
    asked.add(new URL(url).pathname);
    return await cluster.fetch(url, init);
  };
  const runtime = testRuntime({ ...cluster, kube: createKubeClient({ fetch, baseUrl: 'https://test' }) });
  const options = { resource: configMaps, namespaces: ['one', 'two', 'one'], indexes: { app: byLabel('app') } };
  return { cluster, asked, maps: createNamespacedReflector(runtime, options) };
}

describe('a reflector of some namespaces', () => {
  it('asks for nothing in others, and has one cache of all', async () => {
    const { cluster, asked, maps } = await reflected();
    await using _cluster = cluster;
    await using _maps = maps;
    for (const namespace of ['one', 'two', 'other']) await cluster.kube.create(configMaps, aMap(namespace, 'before'));
    maps.start();
    await maps.synced;
    expect([...asked].sort()).toEqual(['/api/v1/namespaces/one/configmaps', '/api/v1/namespaces/two/configmaps']);
    expect(maps.cache.all().map(keyOf).sort()).toEqual(['one/before', 'two/before']);
    expect(maps.cache.by('app', 'x').map(keyOf).sort()).toEqual(['one/before', 'two/before']);
    expect(maps.cache.size).toBe(2);
    expect(maps.cache.get('two/before')?.metadata.namespace).toBe('two');
    expect([maps.cache.get('other/before'), maps.cache.get('before')]).toEqual([undefined, undefined]);
  });

  it('tells of changes in each, to who listens from the start and later', async () => {
    const { cluster, maps } = await reflected();
    await using _cluster = cluster;
    await using _maps = maps;
    const seen: string[] = [];
    const stop = maps.onChange(({ type, object }) => seen.push(`${type} ${keyOf(object)}`));
    maps.start();
    await maps.synced;
    await cluster.kube.create(configMaps, aMap('one', 'a'));
    await cluster.kube.create(configMaps, aMap('two', 'b'));
    expect(await maps.until(() => seen.length === 2, soon)).toBe(true);
    stop();
    const later: string[] = [];
    maps.onChange(({ type, object }) => later.push(`${type} ${keyOf(object)}`));
    expect(later.sort()).toEqual(['added one/a', 'added two/b']);
    await cluster.kube.delete(configMaps, { namespace: 'two', name: 'b' });
    expect(await maps.until(() => maps.cache.size === 1, soon)).toBe(true);
    expect(later).toContain('deleted two/b');
    expect(seen).toHaveLength(2);
  });

  it('knows what it has seen of an object while another namespace is quiet', async () => {
    const { cluster, maps } = await reflected();
    await using _cluster = cluster;
    await using _maps = maps;
    maps.start();
    await maps.synced;
    const made = await cluster.kube.create(configMaps, aMap('one', 'a'));
    const version = made.metadata.resourceVersion ?? '';
    expect(await maps.until(() => maps.hasSeen(version, 'one/a'), soon)).toBe(true);
    // The other watch has nothing to tell before its next bookmark.
    expect([maps.hasSeen(version, 'two/a'), maps.hasSeen(version)]).toEqual([false, false]);
  });

  it('waits no longer than it is told, and not after it is stopped', async () => {
    const { cluster, maps } = await reflected();
    await using _cluster = cluster;
    await using _maps = maps;
    maps.start();
    await maps.synced;
    const waiting = maps.until(() => false, soon);
    await cluster.clock.advance(1_000);
    expect(await waiting).toBe(false);
    const stop = new AbortController();
    const aborted = maps.until(() => false, { ...soon, signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
  });
});
