import { builtinResources, createKubeClient, isConflict, isNotFound, type UntypedObject } from '@vdi/kube';
import { createLogger } from '@vdi/telemetry';
import { type Fate, startTestCluster, testRuntime, tracedFetch } from '@vdi/testing';
import { describe, expect, it } from 'vitest';
import { byOwnerUid, createReflector, createWriter, keyOf } from './index.ts';

const { configMaps, services } = builtinResources;
const inVdi = { namespace: 'vdi', name: 'a' };
const aMap = (data: Record<string, string>, metadata: object = {}): UntypedObject => ({
  metadata: { ...inVdi, ...metadata },
  data,
});
const ownedBy = (uid: string, name = 'owner') => ({
  ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name, uid, controller: true }],
});

/** A writer over a synced cache of ConfigMaps, whose requests are noted and can be lost. */
async function aWriter(fateOf?: (write: string, number: number) => Fate | Promise<Fate>) {
  const cluster = await startTestCluster();
  const { writes, fetch } = tracedFetch(cluster.fetch, fateOf);
  const lines: string[] = [];
  const logger = createLogger({ name: 'test', destination: { write: (line) => void lines.push(line) } });
  const runtime = testRuntime({
    kube: createKubeClient({ fetch, baseUrl: 'http://test' }),
    clock: cluster.clock,
    logger,
  });
  const maps = createReflector(runtime, { resource: configMaps, indexes: { owner: byOwnerUid } });
  const writer = createWriter(runtime, { fieldManager: 'test' });
  maps.start();
  await maps.synced;
  return {
    ...cluster,
    kube: cluster.kube,
    runtime,
    maps,
    writer,
    writes,
    lines,
    /** Waits until the cache shows an object that fulfils `condition`. */
    seen: (condition: () => boolean) => maps.until(condition, { timeoutMs: 1 }),
    async [Symbol.asyncDispose]() {
      await maps[Symbol.asyncDispose]();
      await cluster[Symbol.asyncDispose]();
    },
  };
}

describe('applying', () => {
  it('makes the object so, and makes no request when the same is applied again', async () => {
    await using test = await aWriter();
    const { writer, maps, writes } = test;
    const made = await writer.apply(maps, aMap({ k: '1' }));
    expect(made).toMatchObject({ data: { k: '1' }, metadata: { managedFields: [{ manager: 'test' }] } });
    await writer.caughtUp();
    expect(maps.cache.get('vdi/a')).toEqual(made);
    expect(await writer.apply(maps, aMap({ k: '1' }))).toBe(maps.cache.get('vdi/a'));
    expect(writes).toEqual(['PATCH configmaps/a']);
  });

  it('does not mistake the defaults of the server for a change', async () => {
    await using test = await aWriter();
    await using cache = createReflector(test.runtime, { resource: services });
    cache.start();
    await cache.synced;
    const service: UntypedObject = { metadata: inVdi, spec: { selector: { app: 'x' }, ports: [{ port: 80 }] } };
    const made = await test.writer.apply(cache, service);
    expect(made['spec']).toMatchObject({ ports: [{ protocol: 'TCP', targetPort: 80 }] });
    await test.writer.caughtUp();
    await test.writer.apply(cache, service);
    expect(test.writes).toEqual(['PATCH services/a']);
  });

  it('takes back a field that another changed, and leaves alone what is not ours', async () => {
    await using test = await aWriter();
    const { writer, maps, kube, writes } = test;
    await writer.apply(maps, aMap({ ours: '1' }));
    await kube.patch(configMaps, inVdi, { type: 'merge', value: { data: { theirs: '1' } } });
    await test.seen(() => JSON.stringify(maps.cache.get('vdi/a')?.['data']).includes('theirs'));
    await writer.apply(maps, aMap({ ours: '1' }));
    expect(writes).toHaveLength(1);
    await kube.patch(configMaps, inVdi, { type: 'merge', value: { data: { ours: 'spoilt' } } });
    await test.seen(() => JSON.stringify(maps.cache.get('vdi/a')?.['data']).includes('spoilt'));
    await writer.apply(maps, aMap({ ours: '1' }));
    expect(writes).toHaveLength(2);
    expect((await kube.get(configMaps, inVdi))['data']).toEqual({ ours: '1', theirs: '1' });
  });

  it('gives up a field that is no longer wanted', async () => {
    await using test = await aWriter();
    const { writer, maps, kube } = test;
    await writer.apply(maps, aMap({ a: '1', b: '2' }));
    await writer.caughtUp();
    await writer.apply(maps, aMap({ a: '1' }));
    expect((await kube.get(configMaps, inVdi))['data']).toEqual({ a: '1' });
  });

  it('applies again to another object of the same name', async () => {
    await using test = await aWriter();
    const { writer, maps, kube, writes } = test;
    const first = await writer.apply(maps, aMap({ k: '1' }));
    await kube.delete(configMaps, inVdi);
    const second = await kube.create(configMaps, aMap({ k: '1' }));
    await test.seen(() => maps.cache.get('vdi/a')?.metadata.uid === second.metadata.uid);
    await writer.apply(maps, aMap({ k: '1' }));
    expect(first.metadata.uid).not.toBe(second.metadata.uid);
    expect(writes).toHaveLength(2);
  });

  it('does not take over what belongs to another owner, such as a predecessor of the same name', async () => {
    await using test = await aWriter();
    const { writer, maps, kube } = test;
    await kube.create(configMaps, { ...aMap({}), metadata: { name: 'owner', namespace: 'vdi' } });
    const { uid = '' } = (await kube.get(configMaps, { namespace: 'vdi', name: 'owner' })).metadata;
    await kube.create(configMaps, aMap({}, ownedBy(uid)));
    await test.seen(() => maps.cache.get('vdi/a') !== undefined);
    const attempt = writer.apply(maps, aMap({}, ownedBy('new-uid')));
    await expect(attempt).rejects.toThrow(/belongs to ConfigMap owner .*, not to ConfigMap owner \(new-uid\)/);
    await expect(writer.createOnce(maps, aMap({}, ownedBy('new-uid')))).rejects.toThrow(/belongs to/);
  });

  it('writes status apart, spares the same again, and never to a successor', async () => {
    await using test = await aWriter();
    const { writer, runtime, kube, writes } = test;
    await using pods = createReflector(runtime, { resource: builtinResources.pods });
    pods.start();
    await pods.synced;
    const spec = { containers: [{ name: 'c', image: 'i' }] };
    const pod = await kube.create(builtinResources.pods, { metadata: inVdi, spec });
    const desired: UntypedObject = { metadata: pod.metadata, status: { phase: 'Running', message: 'up' } };
    expect((await writer.applyStatus(pods, desired))['status']).toMatchObject({ phase: 'Running' });
    await writer.caughtUp();
    await writer.applyStatus(pods, desired);
    expect(writes).toEqual(['PATCH a/status']);
    await kube.delete(builtinResources.pods, inVdi, { gracePeriodSeconds: 0 });
    await kube.create(builtinResources.pods, { metadata: inVdi, spec });
    const failure = await writer
      .applyStatus(pods, { ...desired, status: { phase: 'Failed' } })
      .then(undefined, (error: unknown) => error);
    expect(isConflict(failure)).toBe(true);
  });
});

describe('creating once', () => {
  it('never changes what is there, whether the cache knows it or not', async () => {
    await using test = await aWriter();
    const { writer, maps, kube, writes } = test;
    await kube.create(configMaps, aMap({ k: 'theirs' }));
    const existing = await writer.createOnce(maps, aMap({ k: 'ours' }));
    expect(existing['data']).toEqual({ k: 'theirs' });
    await test.seen(() => maps.cache.get('vdi/a') !== undefined);
    await writer.createOnce(maps, aMap({ k: 'ours' }));
    expect(writes.length).toBeLessThanOrEqual(1);
    const made = await writer.createOnce(maps, { ...aMap({ k: 'ours' }), metadata: { ...inVdi, name: 'b' } });
    expect(made['data']).toEqual({ k: 'ours' });
  });
});

describe('deleting', () => {
  it('waits until the cache has seen it', async () => {
    await using test = await aWriter();
    const { writer, maps } = test;
    const made = await writer.apply(maps, aMap({}));
    await writer.caughtUp();
    expect(await writer.delete(maps, made)).toBe('requested');
    await writer.caughtUp();
    expect(maps.cache.get('vdi/a')).toBeUndefined();
    expect(await writer.delete(maps, made)).toBe('gone');
  });

  it('spares a successor of the same name', async () => {
    await using test = await aWriter();
    const { writer, maps, kube } = test;
    const first = await kube.create(configMaps, aMap({}));
    await kube.delete(configMaps, inVdi);
    await kube.create(configMaps, aMap({}));
    expect(await writer.delete(maps, first)).toBe('gone');
    await expect(kube.get(configMaps, inVdi)).resolves.toBeDefined();
  });

  it('spares an object that changes between the look and the deletion, and says conflict', async () => {
    let meddle: () => Promise<unknown> = () => Promise.resolve();
    await using test = await aWriter(async (write): Promise<Fate> => {
      if (write.startsWith('DELETE')) await meddle();
      return 'delivered';
    });
    const { writer, maps, kube } = test;
    const made = await kube.create(configMaps, aMap({}));
    meddle = () => kube.patch(configMaps, inVdi, { type: 'merge', value: { data: { precious: '1' } } });
    const failure = await writer.delete(maps, made).then(undefined, (error: unknown) => error);
    expect(isConflict(failure)).toBe(true);
    await expect(kube.get(configMaps, inVdi)).resolves.toMatchObject({ data: { precious: '1' } });
  });

  it('does not ask twice, unless for less time, and leaves alone what the fresh look speaks for', async () => {
    await using test = await aWriter();
    const { writer, maps, kube, writes } = test;
    const made = await kube.create(configMaps, aMap({}, { finalizers: ['example.com/wait'] }));
    expect(await writer.delete(maps, made, { onlyIf: () => false })).toBe('kept');
    expect(writes).toEqual([]);
    expect(await writer.delete(maps, made)).toBe('requested');
    expect(await writer.delete(maps, made)).toBe('terminating');
    expect(writes).toHaveLength(1);
    await writer.caughtUp();
    expect(maps.cache.get('vdi/a')?.metadata.deletionTimestamp).toBeDefined();
  });

  it('prunes what is not to be kept, except what has another owner by now', async () => {
    await using test = await aWriter();
    const { writer, maps, kube } = test;
    const owner = await kube.create(configMaps, { metadata: { name: 'owner', namespace: 'vdi' } });
    const { uid = '' } = owner.metadata;
    const child = (name: string): UntypedObject => ({ metadata: { name, namespace: 'vdi', ...ownedBy(uid) } });
    for (const name of ['keep', 'prune', 'given-away']) await writer.apply(maps, child(name));
    await writer.caughtUp();
    const candidates = maps.cache.by('owner', uid);
    expect(candidates).toHaveLength(3);
    const value = { metadata: { ownerReferences: null } };
    await kube.patch(configMaps, { namespace: 'vdi', name: 'given-away' }, { type: 'merge', value });
    await writer.prune(maps, { candidates, keep: new Set([keyOf(child('keep'))]) });
    const left = (await kube.list(configMaps, { namespace: 'vdi' })).items.map(({ metadata }) => metadata.name);
    expect(left).toEqual(['given-away', 'keep', 'owner']);
  });
});

describe('a writer that may not write any more', () => {
  it('makes no request that changes anything, and says why', async () => {
    await using test = await aWriter();
    const { maps, kube, runtime, writes } = test;
    const made = await kube.create(configMaps, aMap({}));
    await test.seen(() => maps.cache.size === 1);
    let isLeader = true;
    const writer = createWriter(runtime, { fieldManager: 'test', mayWrite: () => isLeader });
    await writer.apply(maps, aMap({ k: '1' }));
    isLeader = false;
    const other = { metadata: { namespace: 'vdi', name: 'other' } };
    for (const attempt of [
      () => writer.apply(maps, aMap({ k: '2' })),
      () => writer.applyStatus(maps, { ...made, status: {} }),
      () => writer.createOnce(maps, other),
      () => writer.delete(maps, made),
    ]) {
      await expect(attempt()).rejects.toThrow('test may not write, because this process does not lead any more');
    }
    expect(writes).toEqual(['PATCH configmaps/a']);
  });
});

describe('waiting for the cache', () => {
  it('ends after a while if the watch hangs, and says so', async () => {
    await using test = await aWriter();
    const { writer, maps, clock, lines } = test;
    await maps[Symbol.asyncDispose]();
    await writer.apply(maps, aMap({ k: '1' }));
    let isOver = false;
    const waiting = writer.caughtUp().then(() => (isOver = true));
    await clock.advance(4_999);
    expect(isOver).toBe(false);
    await clock.advance(1);
    await waiting;
    expect(lines.join('')).toContain('Went on without having seen our own writes');
    await writer.caughtUp();
  });

  it('ends with the reason of the signal', async () => {
    await using test = await aWriter();
    const { writer, maps } = test;
    await maps[Symbol.asyncDispose]();
    await writer.apply(maps, aMap({ k: '1' }));
    const abort = new AbortController();
    const waiting = writer.caughtUp(abort.signal);
    abort.abort(new Error('lost the lease'));
    await expect(waiting).rejects.toThrow('lost the lease');
  });

  it('is not asked for by a write that failed', async () => {
    await using test = await aWriter(() => 'requestLost');
    const { writer, maps, kube } = test;
    await expect(writer.apply(maps, aMap({}))).rejects.toThrow('fetch failed');
    await writer.caughtUp();
    const missing = await kube.get(configMaps, inVdi).then(undefined, (error: unknown) => error);
    expect(isNotFound(missing)).toBe(true);
  });
});
