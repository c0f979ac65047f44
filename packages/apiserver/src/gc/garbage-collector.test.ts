import { describe, expect, it } from 'vitest';
import {
  aConfigMap,
  aPod,
  aWidget,
  aWidgetDefinition,
  type Client,
  paths,
  startTestServer,
} from '../testing/api-client.ts';

const { configMaps } = paths;

interface Owner {
  readonly name: string;
  readonly uid: string;
  readonly blocks?: boolean;
}

async function create(
  client: Client,
  name: string,
  owners: readonly Owner[] = [],
  metadata: object = {},
): Promise<Owner> {
  const ownerReferences = owners.map(({ name, uid, blocks = false }) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name,
    uid,
    blockOwnerDeletion: blocks,
  }));
  const { body } = await client.post(configMaps, aConfigMap(name, {}, { ownerReferences, ...metadata }));
  return { name, uid: body.metadata.uid ?? '' };
}

const status = async (client: Client, name: string) => (await client.get(`${configMaps}/${name}`)).status;

describe('the garbage collector', () => {
  it('deletes dependents in the background, and theirs', async () => {
    await using test = startTestServer();
    const { client } = test;
    const owner = await create(client, 'owner');
    const child = await create(client, 'child', [owner]);
    await create(client, 'grandchild', [child]);
    await create(client, 'stranger');
    await client.delete(`${configMaps}/owner`);
    expect(await status(client, 'owner')).toBe(404);
    await client.gone(configMaps, 'grandchild');
    expect(await status(client, 'child')).toBe(404);
    expect(await status(client, 'stranger')).toBe(200);
  });

  it('lets a dependent with a second valid owner live, and forgets the first', async () => {
    await using test = startTestServer();
    const { client } = test;
    const [one, two] = [await create(client, 'one'), await create(client, 'two')];
    await create(client, 'both', [one, two]);
    await create(client, 'only', [one]);
    await using watch = await client.watch(`${configMaps}?watch=1&fieldSelector=metadata.name%3Dboth`);
    await client.delete(`${configMaps}/one`);
    await client.gone(configMaps, 'only');
    expect(await watch.take(2)).toEqual(['ADDED both', 'MODIFIED both']);
    const { body } = await client.get(`${configMaps}/both`);
    expect(body.metadata.ownerReferences).toMatchObject([{ uid: two.uid }]);
    await client.delete(`${configMaps}/two`);
    await client.gone(configMaps, 'both');
  });

  it('matches owners by UID: one of the same name is another', async () => {
    await using test = startTestServer();
    const { client } = test;
    await create(client, 'owner');
    await create(client, 'child', [{ name: 'owner', uid: 'the-uid-of-an-earlier-owner' }]);
    await client.gone(configMaps, 'child');
    expect(await status(client, 'owner')).toBe(200);
  });

  it('leaves alone what is owned by a kind that it does not know', async () => {
    await using test = startTestServer();
    const { client } = test;
    const ownerReferences = [{ apiVersion: 'unknown.example.com/v1', kind: 'Unknown', name: 'x', uid: 'x' }];
    await client.post(configMaps, aConfigMap('kept', {}, { ownerReferences }));
    const owner = await create(client, 'owner');
    await create(client, 'child', [owner]);
    await client.delete(`${configMaps}/owner`);
    await client.gone(configMaps, 'child');
    expect(await status(client, 'kept')).toBe(200);
  });

  it('in the foreground deletes blocking dependents before their owner', async () => {
    await using test = startTestServer();
    const { client } = test;
    const owner = await create(client, 'owner');
    await create(client, 'slow', [{ ...owner, blocks: true }], { finalizers: ['example.com/wait'] });
    await create(client, 'quick', [owner]);
    const deleted = await client.delete(`${configMaps}/owner`, { propagationPolicy: 'Foreground' });
    expect(deleted.body.metadata.finalizers).toEqual(['foregroundDeletion']);
    await client.gone(configMaps, 'quick');
    expect((await client.get(`${configMaps}/slow`)).body.metadata).toHaveProperty('deletionTimestamp');
    expect(await status(client, 'owner')).toBe(200);
    await client.patch(`${configMaps}/slow`, 'merge-patch+json', { metadata: { finalizers: null } });
    await client.gone(configMaps, 'owner');
  });

  it('in the foreground takes grandchildren before children', async () => {
    await using test = startTestServer();
    const { client } = test;
    const owner = await create(client, 'owner');
    const child = await create(client, 'child', [{ ...owner, blocks: true }]);
    await create(client, 'grandchild', [{ ...child, blocks: true }]);
    await using watch = await client.watch(`${configMaps}?watch=1`);
    await client.delete(`${configMaps}/owner?propagationPolicy=Foreground`);
    await client.gone(configMaps, 'owner');
    const seen = await watch.take(8);
    expect(seen.filter((event) => event.startsWith('DELETED'))).toEqual([
      'DELETED grandchild',
      'DELETED child',
      'DELETED owner',
    ]);
  });

  it('is not held up by objects that own each other', async () => {
    await using test = startTestServer();
    const { client } = test;
    const a = await create(client, 'a');
    const b = await create(client, 'b', [{ ...a, blocks: true }]);
    const ownerReferences = [
      { apiVersion: 'v1', kind: 'ConfigMap', ...b, blocks: undefined, blockOwnerDeletion: true },
    ];
    await client.patch(`${configMaps}/a`, 'merge-patch+json', { metadata: { ownerReferences } });
    await client.delete(`${configMaps}/a`, { propagationPolicy: 'Foreground' });
    await client.gone(configMaps, 'a');
    await client.gone(configMaps, 'b');
  });

  it('makes orphans of dependents if asked to', async () => {
    await using test = startTestServer();
    const { client } = test;
    const owner = await create(client, 'owner');
    await create(client, 'child', [owner]);
    await client.delete(`${configMaps}/owner`, { propagationPolicy: 'Orphan' });
    await client.gone(configMaps, 'owner');
    const { body } = await client.get(`${configMaps}/child`);
    expect(body.metadata).not.toHaveProperty('ownerReferences');
  });

  it('lets cluster-scoped owners own in any namespace, and namespaced ones in theirs', async () => {
    await using test = startTestServer();
    const { client } = test;
    const cluster = (await client.post('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } }))
      .body;
    const node = { apiVersion: 'v1', kind: 'Node', name: 'n', uid: cluster.metadata.uid };
    await client.post(configMaps, aConfigMap('of-node', {}, { ownerReferences: [node] }));
    const elsewhere = await create(client, 'elsewhere');
    const foreign = { apiVersion: 'v1', kind: 'ConfigMap', name: 'elsewhere', uid: elsewhere.uid };
    const there = '/api/v1/namespaces/kube-system/configmaps';
    await client.post(there, aConfigMap('foreign', {}, { ownerReferences: [foreign] }));
    await client.gone(there, 'foreign');
    expect(await status(client, 'of-node')).toBe(200);
    await client.delete('/api/v1/nodes/n');
    await client.gone(configMaps, 'of-node');
  });

  it('collects across kinds: a custom resource owns a running Pod, which stops gracefully', async () => {
    await using test = startTestServer();
    const { client } = test;
    await client.post(paths.definitions, aWidgetDefinition());
    const { body } = await client.post(paths.widgets, aWidget('w'));
    const owner = { apiVersion: 'example.com/v1', kind: 'Widget', name: 'w', uid: body.metadata.uid };
    await client.post(paths.pods, aPod('p', { nodeName: 'n' }, { ownerReferences: [owner] }));
    await using watch = await client.watch(`${paths.pods}?watch=1`);
    await client.delete(`${paths.widgets}/w`);
    expect(await watch.take(2)).toEqual(['ADDED p', 'MODIFIED p']);
    const pod = await client.get(`${paths.pods}/p`);
    expect(pod.body.metadata.deletionGracePeriodSeconds).toBe(30);
  });
});
