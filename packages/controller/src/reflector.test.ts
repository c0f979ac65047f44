import { builtinResources, createKubeClient, type Fetch, type UntypedObject } from '@vdi/kube';
import { createLogger } from '@vdi/telemetry';
import { createDrivenClock, startTestCluster, type TestCluster, testRuntime } from '@vdi/testing';
import { describe, expect, it } from 'vitest';
import { byLabel, byOwnerUid, createReflector, type Reflector } from './index.ts';
import { ScriptedServer } from './testing/scripted-server.ts';

const { configMaps } = builtinResources;
const aMap = (name: string, labels: Record<string, string> = {}): UntypedObject => ({
  metadata: { name, namespace: 'vdi', labels },
});
const nameIn = (name: string) => ({ namespace: 'vdi', name });

const names = (reflector: Reflector): readonly string[] =>
  reflector.cache
    .all()
    .map(({ metadata }) => metadata.name ?? '')
    .toSorted((first, second) => first.localeCompare(second));

/** Moves time on until `condition` holds; a minute is longer than any pause of a reflector. */
async function driveUntil({ clock }: Pick<TestCluster, 'clock'>, condition: () => boolean): Promise<void> {
  for (let passedMs = 0; passedMs < 60_000 && !condition(); passedMs += 100) await clock.advance(100);
  expect(condition()).toBe(true);
}

/** A reflector of ConfigMaps over a server that has the faults of a script. */
function scripted(script: Partial<Pick<ScriptedServer, 'listFaults' | 'watchFaults'>> = {}) {
  const clock = createDrivenClock();
  const server = new ScriptedServer(clock);
  server.listFaults.push(...(script.listFaults ?? []));
  server.watchFaults.push(...(script.watchFaults ?? []));
  const kube = createKubeClient({ fetch: server.fetch, baseUrl: 'http://scripted', clock });
  const lines: string[] = [];
  const logger = createLogger({ name: 'test', destination: { write: (line) => void lines.push(line) } });
  const runtime = testRuntime({ kube, clock, logger });
  const reflector = createReflector(runtime, { resource: configMaps });
  return { clock, server, reflector, lines, runtime };
}

describe('a reflector of the embedded API', () => {
  it('follows what happens, under the names of its indexes', async () => {
    await using cluster = await startTestCluster();
    const { kube } = cluster;
    await kube.create(configMaps, aMap('before', { app: 'x' }));
    const indexes = { app: byLabel('app'), owner: byOwnerUid };
    await using maps = createReflector(testRuntime(cluster), { resource: configMaps, indexes });
    maps.start();
    await maps.synced;
    const app = (value: string) => maps.cache.by('app', value).map(({ metadata }) => metadata.name);
    expect(app('x')).toEqual(['before']);
    await kube.create(configMaps, aMap('after', { app: 'x' }));
    const moved = await kube.patch(configMaps, nameIn('before'), {
      type: 'merge',
      value: { metadata: { labels: { app: 'y' } } },
    });
    await maps.until(() => maps.hasSeen(moved.metadata.resourceVersion ?? ''), { timeoutMs: 1 });
    expect([app('x'), app('y'), app('z')]).toEqual([['after'], ['before'], []]);
    expect(maps.cache.by('owner', 'nobody')).toEqual([]);
    await kube.delete(configMaps, nameIn('after'));
    await maps.until(() => maps.cache.size === 1, { timeoutMs: 1 });
    expect(app('x')).toEqual([]);
  });

  it('holds only what its selection means, and takes an object that leaves it for deleted', async () => {
    await using cluster = await startTestCluster();
    const { kube } = cluster;
    await kube.create(configMaps, aMap('in', { app: 'x' }));
    await kube.create(configMaps, aMap('out', { app: 'y' }));
    const selection = { namespace: 'vdi', labelSelector: 'app=x' };
    await using maps = createReflector(testRuntime(cluster), { resource: configMaps, selection });
    const seen: string[] = [];
    maps.onChange(({ type, object }) => void seen.push(`${type} ${object.metadata.name}`));
    maps.start();
    await maps.synced;
    const relabel = (name: string, app: string) =>
      kube.patch(configMaps, nameIn(name), { type: 'merge', value: { metadata: { labels: { app } } } });
    await relabel('in', 'y');
    await relabel('in', 'x');
    await relabel('out', 'x');
    await maps.until(() => maps.cache.size === 2, { timeoutMs: 1 });
    expect(seen).toEqual(['added in', 'deleted in', 'added in', 'added out']);
  });

  it('misses nothing when the server restarts, even if its history is compacted meanwhile', async () => {
    await using cluster = await startTestCluster();
    const { kube } = cluster;
    for (const name of ['deleted', 'recreated', 'kept']) await kube.create(configMaps, aMap(name));
    await using maps = createReflector(testRuntime(cluster), { resource: configMaps });
    const seen: string[] = [];
    maps.start();
    await maps.synced;
    maps.onChange(({ type, object }) => void seen.push(`${type} ${object.metadata.name}`));
    expect(seen.splice(0)).toEqual(['added deleted', 'added kept', 'added recreated']);
    // The reflector is cut off, and does not see this server again before everything has happened.
    await cluster.stop();
    cluster.start();
    await kube.delete(configMaps, nameIn('deleted'));
    await kube.delete(configMaps, nameIn('recreated'));
    await kube.create(configMaps, aMap('recreated'));
    await kube.create(configMaps, aMap('new'));
    await kube.create(configMaps, aMap('came-and-went'));
    await kube.delete(configMaps, nameIn('came-and-went'));
    cluster.compact();
    await driveUntil(cluster, () => maps.cache.get('vdi/new') !== undefined);
    expect(names(maps)).toEqual(['kept', 'new', 'recreated']);
    expect(seen.slice(0, 4).toSorted()).toEqual([
      'added new',
      'added recreated',
      'deleted deleted',
      'deleted recreated',
    ]);
    expect(seen.indexOf('deleted recreated')).toBeLessThan(seen.indexOf('added recreated'));
    await kube.delete(configMaps, nameIn('kept'));
    await driveUntil(cluster, () => maps.cache.size === 2);
  });

  it('survives hours of quiet, through the ends of its watches', async () => {
    await using cluster = await startTestCluster();
    await using maps = createReflector(testRuntime(cluster), { resource: configMaps });
    maps.start();
    await maps.synced;
    await cluster.clock.advance(3 * 3_600_000);
    await cluster.kube.create(configMaps, aMap('late'));
    await driveUntil(cluster, () => maps.cache.size === 1);
  });

  it('keeps trying while nobody answers, and syncs when somebody does', async () => {
    await using cluster = await startTestCluster();
    await cluster.kube.create(configMaps, aMap('a'));
    await cluster.stop();
    await using maps = createReflector(testRuntime(cluster), { resource: configMaps });
    maps.start();
    await cluster.clock.advance(600_000);
    expect(maps.cache.size).toBe(0);
    cluster.start();
    await driveUntil(cluster, () => maps.cache.size === 1);
    await maps.synced;
  });
});

describe('a reflector', () => {
  it('comes back within 30 s of a server that was away for long, and does not hammer it meanwhile', async () => {
    const refused = Array.from({ length: 40 }, () => ({ type: 'refused' as const }));
    const { clock, server, reflector } = scripted({ listFaults: refused });
    await using _stopped = reflector;
    server.put('a');
    reflector.start();
    await clock.advance(300_000);
    // With a random number of ½: 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, then 15 s each.
    expect(server.requests.length).toBeGreaterThan(20);
    expect(server.requests.length).toBeLessThan(30);
    server.listFaults.length = 0;
    await clock.advance(30_000);
    expect(reflector.cache.size).toBe(1);
  });

  it('waits as long as a busy server asks it to', async () => {
    const { clock, server, runtime } = scripted();
    const fetch: Fetch = async (url, init) =>
      server.requests.length === 0
        ? (void server.requests.push('list'), new Response('busy', { status: 429, headers: { 'retry-after': '20' } }))
        : await server.fetch(url, init);
    const kube = createKubeClient({ fetch, baseUrl: 'http://scripted', clock });
    await using reflector = createReflector({ ...runtime, kube }, { resource: configMaps });
    reflector.start();
    await clock.advance(19_000);
    expect(server.requests).toEqual(['list']);
    await clock.advance(1_000);
    expect(server.requests).toEqual(['list', 'list', 'watch']);
  });

  it('does not ask in a hot loop when watches end at once', async () => {
    const ends = Array.from({ length: 200 }, () => ({ type: 'end' as const, after: 0 }));
    const { clock, server, reflector } = scripted({ watchFaults: ends });
    await using _stopped = reflector;
    reflector.start();
    for (let passedMs = 0; passedMs < 60_000; passedMs += 100) await clock.advance(100);
    expect(server.requests.length).toBeGreaterThan(5);
    expect(server.requests.length).toBeLessThan(20);
  });

  it('goes on from where it was after an error, without listing again', async () => {
    const { clock, server, reflector } = scripted({ watchFaults: [{ type: 'cutInLine', after: 1 }] });
    await using _stopped = reflector;
    reflector.start();
    await reflector.synced;
    server.put('a');
    server.put('b');
    await driveUntil({ clock }, () => reflector.cache.size === 2);
    expect(server.requests).toEqual(['list', 'watch', 'watch']);
  });

  it('does not slow down for failures between which something was told', async () => {
    const cuts = Array.from({ length: 12 }, () => ({ type: 'endInLine' as const, after: 1 }));
    const { clock, server, reflector } = scripted({ watchFaults: cuts });
    await using _stopped = reflector;
    reflector.start();
    await reflector.synced;
    for (let number = 1; number <= 12; number += 1) {
      server.put(`object-${number}`);
      // Half of the first pause, with a random number of ½.
      await clock.advance(400);
      await clock.advance(100);
    }
    expect(reflector.cache.size).toBe(12);
    expect(server.requests.filter((request) => request === 'list')).toHaveLength(1);
  });

  it('tells those who wait as soon as it has seen what they wait for, and tells the others that it took too long', async () => {
    const { clock, server, reflector } = scripted();
    await using _stopped = reflector;
    reflector.start();
    await reflector.synced;
    const met = reflector.until(() => reflector.hasSeen('2'), { timeoutMs: 10_000 });
    const missed = reflector.until(() => reflector.hasSeen('3'), { timeoutMs: 10_000 });
    await clock.advance(5_000);
    server.put('a');
    expect(reflector.hasSeen('2')).toBe(false);
    expect(await met).toBe(true);
    expect(clock.monotonicMs()).toBe(5_000);
    await clock.advance(5_000);
    expect(await missed).toBe(false);
  });

  it('lists again when going on fails three times, whatever the reason', async () => {
    const failures = Array.from({ length: 3 }, () => ({ type: 'status' as const, code: 500 as const }));
    const { clock, server, reflector } = scripted({ watchFaults: failures });
    await using _stopped = reflector;
    reflector.start();
    await clock.advance(60_000);
    expect(server.requests).toEqual(['list', 'watch', 'watch', 'watch', 'list', 'watch']);
  });

  it('notices a connection that died without a word', async () => {
    const { clock, server, reflector } = scripted({ watchFaults: [{ type: 'silence', after: 0 }] });
    await using _stopped = reflector;
    reflector.start();
    await reflector.synced;
    await clock.advance(100);
    server.put('a');
    await clock.advance(149_000);
    expect(reflector.cache.size).toBe(0);
    await clock.advance(2_000);
    expect(reflector.cache.size).toBe(1);
  });

  it('refuses a list from the past, and asks again', async () => {
    const stale = { type: 'stale' as const, revisions: 2 };
    const { clock, server, reflector, lines } = scripted({ watchFaults: [{ type: 'expire', after: 1 }] });
    await using _stopped = reflector;
    for (const name of ['a', 'b']) server.put(name);
    reflector.start();
    await reflector.synced;
    await clock.advance(0);
    const sizes = new Set<number>();
    reflector.onChange(() => void sizes.add(reflector.cache.size));
    server.listFaults.push(stale, stale);
    server.put('c');
    await clock.advance(60_000);
    expect(server.listFaults).toEqual([]);
    expect(server.requests.filter((request) => request === 'list').length).toBeGreaterThan(3);
    expect([...sizes]).toEqual([2, 3]);
    expect(lines.join('')).toContain('older than 4, which was seen');
  });

  it('yields to a server that was set back for good, and says so', async () => {
    const { clock, server, reflector, lines } = scripted();
    await using _stopped = reflector;
    for (const name of ['a', 'b', 'c']) server.put(name);
    reflector.start();
    await reflector.synced;
    expect(reflector.cache.size).toBe(3);
    server.setBack(2);
    await clock.advance(300_000);
    expect(names(reflector)).toEqual(['a']);
    expect(lines.filter((line) => line.includes('Accepted an older state'))).toHaveLength(1);
    server.put('d');
    await clock.advance(0);
    expect(names(reflector)).toEqual(['a', 'd']);
  });

  it('lets no listener keep others, or the cache, from what happened', async () => {
    const { clock, server, reflector, lines, runtime } = scripted();
    await using _stopped = reflector;
    const seen: string[] = [];
    reflector.onChange(() => {
      throw new Error('a bug in a listener');
    });
    reflector.onChange(({ type, object }) => void seen.push(`${type} ${object.metadata.name}`));
    reflector.start();
    await reflector.synced;
    server.put('a');
    await driveUntil({ clock }, () => reflector.cache.size === 1);
    expect(seen).toEqual(['added a']);
    expect(lines.join('')).toContain('a bug in a listener');
    expect(await runtime.metrics.text()).toContain('reflector_handler_errors_total{name="configmaps"} 1');
  });

  it('tells a late listener first of what is there, and nobody after he has left', async () => {
    const { clock, server, reflector } = scripted();
    await using _stopped = reflector;
    server.put('a');
    reflector.start();
    await reflector.synced;
    const seen: string[] = [];
    const stop = reflector.onChange(({ type, object }) => void seen.push(`${type} ${object.metadata.name}`));
    expect(seen).toEqual(['added a']);
    stop();
    server.put('b');
    await driveUntil({ clock }, () => reflector.cache.size === 2);
    expect(seen).toEqual(['added a']);
  });

  it('hands out objects that nobody can change', async () => {
    const { server, reflector } = scripted();
    await using _stopped = reflector;
    server.put('a');
    reflector.start();
    await reflector.synced;
    const object = reflector.cache.get('ns/a') as { metadata: { name: string } };
    expect(() => (object.metadata.name = 'b')).toThrow(TypeError);
  });

  it('says that it never synced when it is stopped before, and asks nothing after', async () => {
    const { clock, server, reflector } = scripted({ listFaults: [{ type: 'refused' }] });
    reflector.start();
    await clock.advance(0);
    await reflector[Symbol.asyncDispose]();
    await expect(reflector.synced).rejects.toThrow('The reflector of configmaps was stopped');
    await clock.advance(60_000);
    expect(server.requests).toEqual(['list']);
    expect(clock.pending).toBe(0);
  });
});
