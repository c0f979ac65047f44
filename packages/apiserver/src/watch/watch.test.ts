import { describe, expect, it } from 'vitest';
import { createMemoryLog } from '../storage/memory-log.ts';
import { aConfigMap, aWidget, aWidgetDefinition, paths, startTestServer } from '../testing/api-client.ts';

const { configMaps } = paths;

describe('a watch', () => {
  it('begins with what is there, then tells each change once and in order', async () => {
    await using test = startTestServer();
    const { client } = test;
    await client.post(configMaps, aConfigMap('a'));
    await using watch = await client.watch(`${configMaps}?watch=1`);
    await client.post(configMaps, aConfigMap('b'));
    await client.patch(`${configMaps}/a`, 'merge-patch+json', { data: { k: 'v' } });
    await client.delete(`${configMaps}/b`);
    expect(await watch.take(4)).toEqual(['ADDED a', 'ADDED b', 'MODIFIED a', 'DELETED b']);
  });

  it('goes on from a resource version', async () => {
    await using test = startTestServer();
    const { client } = test;
    const { body } = await client.post(configMaps, aConfigMap('a'));
    await client.post(configMaps, aConfigMap('b'));
    await using watch = await client.watch(`${configMaps}?watch=1&resourceVersion=${body.metadata.resourceVersion}`);
    await client.post(configMaps, aConfigMap('c'));
    expect(await watch.take(2)).toEqual(['ADDED b', 'ADDED c']);
  });

  it('sees objects enter and leave its selection', async () => {
    await using test = startTestServer();
    const { client } = test;
    await using watch = await client.watch(`${configMaps}?watch=1&labelSelector=on%3Dyes`);
    const label = (on: string) => client.patch(`${configMaps}/a`, 'merge-patch+json', { metadata: { labels: { on } } });
    await client.post(configMaps, aConfigMap('a', { data: { k: 'v' } }, { labels: { on: 'no' } }));
    await label('yes');
    const left = await label('no');
    await label('yes');
    await client.delete(`${configMaps}/a`);
    expect(await watch.take(1)).toEqual(['ADDED a']);
    const event = await watch.next();
    expect(event?.type).toBe('DELETED');
    // As it was when it was last selected, with the version of the change.
    expect(event?.object.metadata.labels).toEqual({ on: 'yes' });
    expect(event?.object.metadata.resourceVersion).toBe(left.body.metadata.resourceVersion);
    expect(await watch.take(2)).toEqual(['ADDED a', 'DELETED a']);
  });

  it('tells a deletion with the newest version', async () => {
    await using test = startTestServer();
    const { client } = test;
    const { body } = await client.post(configMaps, aConfigMap('a'));
    await using watch = await client.watch(`${configMaps}?watch=1&resourceVersion=${body.metadata.resourceVersion}`);
    await client.delete(`${configMaps}/a`);
    const event = await watch.next();
    expect(Number(event?.object.metadata.resourceVersion)).toBe(Number(body.metadata.resourceVersion) + 1);
  });

  it('sees its namespace, or all of them', async () => {
    await using test = startTestServer();
    const { client } = test;
    await using here = await client.watch(`${configMaps}?watch=1`);
    await using everywhere = await client.watch('/api/v1/configmaps?watch=1');
    await client.post('/api/v1/namespaces/kube-system/configmaps', aConfigMap('there'));
    await client.post(configMaps, aConfigMap('here'));
    expect(await here.take(1)).toEqual(['ADDED here']);
    expect(await everywhere.take(2)).toEqual(['ADDED there', 'ADDED here']);
  });

  it('ends the initial events with a marked bookmark if it was asked to send them', async () => {
    await using test = startTestServer();
    const { client } = test;
    const { body } = await client.post(configMaps, aConfigMap('a'));
    await using watch = await client.watch(
      `${configMaps}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
    );
    expect(await watch.take(1)).toEqual(['ADDED a']);
    expect(await watch.next()).toEqual({
      type: 'BOOKMARK',
      object: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: {
          resourceVersion: body.metadata.resourceVersion,
          annotations: { 'k8s.io/initial-events-end': 'true' },
        },
      },
    });
  });

  it('gets a bookmark a minute, of everything up to now, also if other collections change', async () => {
    const log = createMemoryLog();
    await using test = startTestServer({ log });
    const { client, clock } = test;
    await using watch = await client.watch(`/api/v1/secrets?watch=1&allowWatchBookmarks=true`);
    await client.post(configMaps, aConfigMap('a'));
    clock.advance(60_000);
    const event = await watch.next();
    expect(event).toMatchObject({ type: 'BOOKMARK', object: { metadata: { resourceVersion: String(log.revision) } } });
  });

  it('outlives compactions as long as it keeps up, however quiet its collection is', async () => {
    const log = createMemoryLog();
    await using test = startTestServer({ log });
    const { client } = test;
    await using watch = await client.watch(`/api/v1/secrets?watch=1`);
    await client.post(configMaps, aConfigMap('a'));
    log.compact(log.revision);
    await client.post('/api/v1/namespaces/default/secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
    });
    expect(await watch.take(1)).toEqual(['ADDED s']);
  });

  it('is refused with 410 if its start was compacted, and with 504 if it is yet to come', async () => {
    const log = createMemoryLog();
    await using test = startTestServer({ log });
    const { client } = test;
    await client.post(configMaps, aConfigMap('a'));
    log.compact(log.revision);
    const old = await client.get(`${configMaps}?watch=1&resourceVersion=2`);
    expect(old.body).toMatchObject({ kind: 'Status', code: 410, reason: 'Expired' });
    const future = await client.get(`${configMaps}?watch=1&resourceVersion=${log.revision + 9}`);
    expect(future.body).toMatchObject({ code: 504 });
  });

  it('that is read too slowly is told 410 and ended, and nothing is buffered for it', async () => {
    const log = createMemoryLog();
    await using test = startTestServer({ log });
    const { client } = test;
    await using watch = await client.watch(`${configMaps}?watch=1&resourceVersion=${log.revision}`);
    // Nobody reads meanwhile; what fits into the stream is all that is kept.
    for (let index = 0; index < 5; index += 1) await client.post(configMaps, aConfigMap(`c${index}`));
    log.compact(log.revision);
    const seen: string[] = [];
    for (let event = await watch.next(); event !== undefined; event = await watch.next()) {
      seen.push(event.type === 'ERROR' ? `ERROR ${String(event.object['code'])}` : event.type);
    }
    expect(seen.at(-1)).toBe('ERROR 410');
    expect(seen.length).toBeLessThan(6);
  });

  it('ends after timeoutSeconds', async () => {
    await using test = startTestServer();
    await using watch = await test.client.watch(`${configMaps}?watch=1&timeoutSeconds=5`);
    test.clock.advance(5000);
    expect(await watch.next()).toBeUndefined();
  });

  it('is forgotten when its client goes', async () => {
    await using test = startTestServer();
    const metrics = async () => String((await test.client.get('/metrics')).body['text']);
    {
      await using watch = await test.client.watch(`${configMaps}?watch=1`);
      expect(watch.status).toBe(200);
      expect(await metrics()).toContain('apiserver_registered_watchers 1');
    }
    expect(await metrics()).toContain('apiserver_registered_watchers 0');
    const abort = new AbortController();
    const url = `http://apiserver${configMaps}?watch=1`;
    await test.server.fetch(new Request(url, { signal: abort.signal }));
    abort.abort();
    expect(await metrics()).toContain('apiserver_registered_watchers 0');
  });

  it('shows Tables', async () => {
    await using test = startTestServer();
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    await using watch = await test.client.watch(`${configMaps}?watch=1`, { accept });
    await test.client.post(configMaps, aConfigMap('a'));
    expect((await watch.next())?.object).toMatchObject({ kind: 'Table', rows: [{ cells: ['a', 0, '0s'] }] });
  });

  it('of one object sees nothing else', async () => {
    await using test = startTestServer();
    await using watch = await test.client.watch(`${configMaps}/b?watch=1`);
    for (const name of ['a', 'b']) await test.client.post(configMaps, aConfigMap(name));
    expect(await watch.take(1)).toEqual(['ADDED b']);
  });

  it.each([
    ['sendInitialEvents=true', 422],
    ['resourceVersionMatch=NotOlderThan&resourceVersion=1', 422],
    ['continue=abc', 422],
  ])('refuses %s', async (query, status) => {
    await using test = startTestServer();
    expect((await test.client.get(`${configMaps}?watch=1&${query}`)).status).toBe(status);
  });

  it('of many gives all of them the same events in the same order, under concurrent writers', async () => {
    await using test = startTestServer();
    const { client } = test;
    await client.post(paths.definitions, aWidgetDefinition());
    const early = await client.watch(`${paths.widgets}?watch=1`);
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let round = 0; round < 10; round += 1) {
        await client.post(paths.widgets, aWidget(`w${writer}`));
        await client.patch(`${paths.widgets}/w${writer}`, 'merge-patch+json', { spec: { size: round + 2 } });
        await client.delete(`${paths.widgets}/w${writer}`);
      }
    });
    const late = await client.watch(`${paths.widgets}?watch=1&resourceVersion=2`);
    await Promise.all(writers);
    const read = async (watch: typeof early) => {
      const events: string[] = [];
      while (events.length < 240) {
        const event = await watch.next();
        if (event === undefined) break;
        events.push(`${event.object.metadata.resourceVersion} ${event.type} ${event.object.metadata.name}`);
      }
      return events;
    };
    const [first, second] = [await read(early), await read(late)];
    expect(second).toEqual(first);
    const revisions = first.map((event) => Number(event.split(' ')[0]));
    expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
    expect(new Set(revisions).size).toBe(240);
    await early[Symbol.asyncDispose]();
    await late[Symbol.asyncDispose]();
  });
});
