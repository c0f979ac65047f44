import { describe, expect, it } from 'vitest';
import { createMemoryLog } from '../storage/memory-log.ts';
import { aConfigMap, aPod, type Client, paths, startTestServer } from '../testing/api-client.ts';

const { configMaps } = paths;
const names = (body: object) =>
  (body as { items: readonly { metadata: { name: string } }[] }).items.map(({ metadata }) => metadata.name);

async function fill(client: Client, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await client.post(configMaps, aConfigMap(`c${index}`));
}

describe('a list', () => {
  it('comes in pages of one moment, whatever is written in between', async () => {
    await using test = startTestServer();
    const { client } = test;
    await fill(client, 5);
    const first = await client.get(`${configMaps}?limit=2`);
    expect(names(first.body)).toEqual(['c0', 'c1']);
    expect(first.body.metadata).toMatchObject({ remainingItemCount: 3 });
    await client.delete(`${configMaps}/c2`);
    await client.post(configMaps, aConfigMap('c9'));
    const next = (token: unknown) => client.get(`${configMaps}?limit=2&continue=${String(token)}`);
    const second = await next((first.body.metadata as Record<string, unknown>)['continue']);
    expect(names(second.body)).toEqual(['c2', 'c3']);
    const third = await next((second.body.metadata as Record<string, unknown>)['continue']);
    expect(names(third.body)).toEqual(['c4']);
    expect(third.body.metadata).toEqual({ resourceVersion: first.body.metadata.resourceVersion });
  });

  it('offers an inconsistent rest when the moment of its pages was compacted', async () => {
    const log = createMemoryLog();
    await using test = startTestServer({ log });
    const { client } = test;
    await fill(client, 3);
    const first = await client.get(`${configMaps}?limit=1`);
    await client.post(configMaps, aConfigMap('c9'));
    log.compact(log.revision);
    const token = String((first.body.metadata as Record<string, unknown>)['continue']);
    const expired = await client.get(`${configMaps}?limit=1&continue=${token}`);
    expect(expired.body).toMatchObject({ code: 410, reason: 'Expired' });
    const fresh = String((expired.body.metadata as Record<string, unknown>)['continue']);
    expect(names((await client.get(`${configMaps}?continue=${fresh}`)).body)).toEqual(['c1', 'c2', 'c9']);
  });

  it('does not count what a selector may leave out', async () => {
    await using test = startTestServer();
    await fill(test.client, 3);
    const { body } = await test.client.get(`${configMaps}?limit=1&labelSelector=!none`);
    expect(body.metadata).not.toHaveProperty('remainingItemCount');
    expect(body.metadata).toHaveProperty('continue');
  });

  it('is of the version that is asked for', async () => {
    const log = createMemoryLog();
    await using test = startTestServer({ log });
    const { client } = test;
    await fill(client, 2);
    const then = log.revision;
    await client.delete(`${configMaps}/c0`);
    const at = (query: string) => client.get(`${configMaps}?${query}`);
    expect(names((await at(`resourceVersion=${then}&resourceVersionMatch=Exact`)).body)).toEqual(['c0', 'c1']);
    expect(names((await at(`resourceVersion=${then}&resourceVersionMatch=NotOlderThan`)).body)).toEqual(['c1']);
    expect(names((await at('resourceVersion=0')).body)).toEqual(['c1']);
    const future = await at(`resourceVersion=${log.revision + 1}`);
    expect(future.body).toMatchObject({ code: 504, details: { causes: [{ reason: 'ResourceVersionTooLarge' }] } });
    log.compact(log.revision);
    expect((await at(`resourceVersion=${then}&resourceVersionMatch=Exact`)).body).toMatchObject({ code: 410 });
  });

  it.each([
    ['resourceVersionMatch=Exact', 422],
    ['resourceVersionMatch=Exact&resourceVersion=0', 422],
    ['resourceVersionMatch=Sometimes&resourceVersion=1', 422],
    ['resourceVersion=abc', 400],
    ['limit=-1', 400],
    ['continue=nonsense', 400],
    ['labelSelector=a%20b', 400],
    ['fieldSelector=data.k%3Dv', 400],
  ])('refuses %s', async (query, status) => {
    await using test = startTestServer();
    expect((await test.client.get(`${configMaps}?${query}`)).body).toMatchObject({ kind: 'Status', code: status });
  });

  it('refuses a page of another collection', async () => {
    await using test = startTestServer();
    await fill(test.client, 2);
    const { body } = await test.client.get(`${configMaps}?limit=1`);
    const token = String((body.metadata as Record<string, unknown>)['continue']);
    expect((await test.client.get(`/api/v1/secrets?continue=${token}`)).status).toBe(400);
  });

  it('selects by fields', async () => {
    await using test = startTestServer();
    const { client } = test;
    await client.post(paths.pods, aPod('a', { nodeName: 'n1' }));
    await client.post(paths.pods, aPod('b', { nodeName: 'n2' }));
    const select = async (selector: string) =>
      names((await client.get(`/api/v1/pods?fieldSelector=${encodeURIComponent(selector)}`)).body);
    expect(await select('spec.nodeName=n1')).toEqual(['a']);
    expect(await select('spec.nodeName!=n1')).toEqual(['b']);
    expect(await select('metadata.name=b,status.phase=Pending')).toEqual(['b']);
    expect(await select('metadata.namespace=other')).toEqual([]);
  });

  it('shows Tables and metadata alone to whoever asks for them', async () => {
    await using test = startTestServer();
    const { client } = test;
    await client.post(configMaps, aConfigMap('a', { data: { k: 'v' } }));
    const table = 'application/json;as=Table;v=v1;g=meta.k8s.io, application/json';
    const { body } = await client.get(configMaps, { accept: table });
    expect(body).toMatchObject({
      kind: 'Table',
      columnDefinitions: [{ name: 'Name' }, { name: 'Data' }, { name: 'Age' }],
    });
    expect(body['rows']).toMatchObject([{ cells: ['a', 1, '0s'], object: { kind: 'PartialObjectMetadata' } }]);
    const one = await client.get(`${configMaps}/a?includeObject=Object`, { accept: table });
    expect(one.body['rows']).toMatchObject([{ object: { kind: 'ConfigMap', data: { k: 'v' } } }]);
    const partial = { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' };
    const metadata = await client.get(configMaps, partial);
    expect(metadata.body).toMatchObject({ kind: 'PartialObjectMetadataList', items: [{ metadata: { name: 'a' } }] });
    expect(JSON.stringify(metadata.body)).not.toContain('"data"');
  });

  it('shows Events in both of their groups', async () => {
    await using test = startTestServer();
    const { client } = test;
    const involvedObject = { kind: 'Pod', name: 'p', namespace: 'default' };
    await client.post('/api/v1/namespaces/default/events', {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e1' },
      involvedObject,
      message: 'Pulled',
      count: 2,
    });
    await client.post('/apis/events.k8s.io/v1/namespaces/default/events', {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: 'e2' },
      regarding: involvedObject,
      note: 'Started',
      action: 'Start',
      reason: 'Started',
      type: 'Normal',
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'node',
      reportingInstance: 'node-1',
    });
    const core = await client.get('/api/v1/events?fieldSelector=involvedObject.name%3Dp');
    expect(core.body['items']).toMatchObject([
      { apiVersion: 'v1', message: 'Pulled', count: 2 },
      { apiVersion: 'v1', message: 'Started', involvedObject, reportingComponent: 'node' },
    ]);
    const events = await client.get('/apis/events.k8s.io/v1/events');
    expect(events.body['items']).toMatchObject([
      { apiVersion: 'events.k8s.io/v1', note: 'Pulled', deprecatedCount: 2 },
      { apiVersion: 'events.k8s.io/v1', note: 'Started', regarding: involvedObject },
    ]);
  });
});
