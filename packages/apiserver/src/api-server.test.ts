import { describe, expect, it } from 'vitest';
import { aConfigMap, aWidget, aWidgetDefinition, clientOf, paths, startTestServer } from './testing/api-client.ts';
import { createApiServer } from './api-server.ts';
import { createLogger } from '@vdi/telemetry';
import { createMemoryLog } from './storage/memory-log.ts';

describe('the API server', () => {
  it('creates, gets, lists, watches and deletes a ConfigMap', async () => {
    await using test = startTestServer();
    const { client } = test;
    await using watch = await client.watch(`${paths.configMaps}?watch=true`);
    const created = await client.post(paths.configMaps, aConfigMap('a', { data: { k: 'v' } }));
    expect(created.status).toBe(201);
    expect(created.body.metadata).toMatchObject({
      name: 'a',
      namespace: 'default',
      creationTimestamp: '2026-01-01T00:00:00Z',
    });
    expect((await client.get(`${paths.configMaps}/a`)).body).toEqual(created.body);
    const list = await client.get('/api/v1/configmaps');
    expect(list.body).toMatchObject({ kind: 'ConfigMapList', items: [{ metadata: { name: 'a' } }] });
    const deleted = await client.delete(`${paths.configMaps}/a`);
    expect(deleted.body).toMatchObject({ status: 'Success', details: { name: 'a', kind: 'configmaps' } });
    expect(await watch.take(2)).toEqual(['ADDED a', 'DELETED a']);
    expect((await client.get(`${paths.configMaps}/a`)).body).toMatchObject({
      kind: 'Status',
      code: 404,
      reason: 'NotFound',
      message: 'configmaps "a" not found',
      details: { name: 'a', kind: 'configmaps' },
    });
  });

  it('goes on with the objects, definitions and unfinished deletions of an earlier server on the same log', async () => {
    const log = createMemoryLog();
    {
      await using test = startTestServer({ log });
      await test.client.post(paths.definitions, aWidgetDefinition());
      await test.client.post(paths.widgets, aWidget('w'));
      await test.client.post(paths.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } });
      await test.client.post('/api/v1/namespaces/team/configmaps', aConfigMap('a'));
      await test.client.delete(`${paths.namespaces}/team`);
    }
    await using test = startTestServer({ log });
    expect((await test.client.get(`${paths.widgets}/w`)).body['spec']).toEqual({ size: 1, colour: 'red' });
    await test.client.gone(paths.namespaces, 'team');
    expect((await test.client.get('/api/v1/configmaps')).body['items']).toEqual([]);
  });

  it('answers 401 to strangers, but tells them that it is well', async () => {
    const logger = createLogger({ name: 'test', level: 'silent' });
    await using server = createApiServer({ log: createMemoryLog(), logger, authenticate: () => undefined });
    const client = clientOf(server);
    expect((await client.get(paths.configMaps)).body).toMatchObject({ code: 401, reason: 'Unauthorized' });
    expect((await client.get('/openapi/v3')).status).toBe(401);
    expect((await client.get('/livez')).body).toEqual({ text: 'ok' });
    expect((await client.get('/version')).body).toMatchObject({ major: '1' });
  });

  it('ends its watches when it is disposed', async () => {
    const test = startTestServer();
    await using watch = await test.client.watch(`${paths.configMaps}?watch=true`);
    await test.server[Symbol.asyncDispose]();
    expect(await watch.next()).toBeUndefined();
  });
});
