import { describe, expect, it } from 'vitest';
import type { PodLogsQuery } from './call.ts';
import { aPod, paths, startTestServer } from '../testing/api-client.ts';

const { pods } = paths;

describe('a Pod', () => {
  it('is Pending until its node says otherwise', async () => {
    await using test = startTestServer();
    const { body } = await test.client.post(pods, { ...aPod('p'), status: { phase: 'Running' } });
    expect(body['status']).toMatchObject({ phase: 'Pending', qosClass: 'BestEffort' });
  });

  it('goes at once if no node has it', async () => {
    await using test = startTestServer();
    await test.client.post(pods, aPod('p'));
    expect((await test.client.delete(`${pods}/p`)).body).toMatchObject({ kind: 'Pod' });
    expect((await test.client.get(`${pods}/p`)).status).toBe(404);
  });

  it('on a node is marked, and gone when its node deletes it without grace', async () => {
    await using test = startTestServer();
    const { client } = test;
    await client.post(pods, aPod('p', { nodeName: 'n', terminationGracePeriodSeconds: 7 }));
    const marked = await client.delete(`${pods}/p`);
    expect(marked.body.metadata).toMatchObject({
      deletionTimestamp: '2026-01-01T00:00:07Z',
      deletionGracePeriodSeconds: 7,
    });
    const longer = await client.delete(`${pods}/p`, { gracePeriodSeconds: 60 });
    expect(longer.body.metadata.deletionGracePeriodSeconds).toBe(7);
    const shorter = await client.delete(`${pods}/p?gracePeriodSeconds=2`);
    expect(shorter.body.metadata).toMatchObject({ deletionTimestamp: '2026-01-01T00:00:02Z' });
    await client.delete(`${pods}/p`, { gracePeriodSeconds: 0 });
    expect((await client.get(`${pods}/p`)).status).toBe(404);
  });

  it('is bound once', async () => {
    await using test = startTestServer();
    const { client } = test;
    await client.post(pods, aPod('p'));
    const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'p' }, target: { kind: 'Node', name: 'n' } };
    expect((await client.post(`${pods}/p/binding`, binding)).body).toMatchObject({ status: 'Success' });
    expect((await client.get(`${pods}/p`)).body).toMatchObject({
      spec: { nodeName: 'n' },
      status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'True' }] },
    });
    const again = await client.post(`${pods}/p/binding`, binding);
    expect(again.body).toMatchObject({ code: 409, reason: 'Conflict' });
    expect(again.body['message']).toContain('already assigned to node "n"');
  });

  it('is evicted unless a disruption budget forbids it', async () => {
    await using test = startTestServer();
    const { client } = test;
    const budgets = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';
    await client.post(pods, aPod('p', { nodeName: 'n' }, { labels: { app: 'web' } }));
    await client.patch(`${pods}/p/status`, 'merge-patch+json', { status: { phase: 'Running' } });
    await client.post(budgets, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'b' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
    });
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'p' } };
    const refused = await client.post(`${pods}/p/eviction`, eviction);
    expect(refused.body).toMatchObject({
      code: 429,
      reason: 'TooManyRequests',
      details: { causes: [{ reason: 'DisruptionBudget' }] },
    });
    await client.delete(`${budgets}/b`);
    expect((await client.post(`${pods}/p/eviction`, eviction)).status).toBe(201);
    expect((await client.get(`${pods}/p`)).body.metadata).toHaveProperty('deletionTimestamp');
  });

  it('has logs if somebody can tell them', async () => {
    const asked: PodLogsQuery[] = [];
    await using test = startTestServer({
      podLogs: async (query) => {
        asked.push(query);
        return new Response('hello\n');
      },
    });
    const { client } = test;
    const { body: pod } = await client.post(pods, aPod('p'));
    const { body } = await client.get(`${pods}/p/log?tailLines=5&follow=true&timestamps=true`);
    expect(body).toEqual({ text: 'hello\n' });
    expect(asked).toMatchObject([
      {
        namespace: 'default',
        name: 'p',
        uid: pod.metadata.uid,
        container: 'main',
        tailLines: 5,
        follow: true,
        timestamps: true,
        previous: false,
      },
    ]);
    expect((await client.get(`${pods}/p/log?container=x`)).status).toBe(400);
    expect((await client.get(`${pods}/p/log?tailLines=x`)).status).toBe(400);
    expect((await client.get(`${pods}/x/log`)).status).toBe(404);
    const containers = ['a', 'b'].map((name) => ({ name, image: 'i' }));
    await client.post(pods, aPod('two', { containers }));
    expect((await client.get(`${pods}/two/log`)).body['message']).toContain('choose one of: [a b]');
  });

  it('tells in discovery of nothing that it does not have', async () => {
    await using test = startTestServer({ podLogs: async () => new Response('') });
    const { body } = await test.client.get('/api/v1');
    const { resources } = body as unknown as { readonly resources: readonly { readonly name: string }[] };
    const names = resources.map(({ name }) => name).filter((name) => /^(pods|serviceaccounts)\//.test(name));
    expect(names).toEqual(['pods/binding', 'pods/eviction', 'pods/exec', 'pods/log', 'pods/status']);
  });

  it.each(['exec', 'attach', 'portforward', 'proxy', 'log', 'resize', 'ephemeralcontainers'])(
    'answers 501 to %s where nobody claims it',
    async (subresource) => {
      await using test = startTestServer();
      await test.client.post(pods, aPod('p'));
      expect((await test.client.get(`${pods}/p/${subresource}`)).body).toMatchObject({
        kind: 'Status',
        code: 501,
        reason: 'NotImplemented',
      });
    },
  );
});
