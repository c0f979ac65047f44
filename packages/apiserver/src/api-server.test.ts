import { describe, expect, it } from 'vitest';
import { startTestServer } from './testing/api-client.ts';

const configMap = (name: string, fields: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  ...fields,
});

const widgets = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget', shortNames: ['wd'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: { size: { type: 'integer', minimum: 1 }, colour: { type: 'string', default: 'red' } },
              },
              status: { type: 'object', properties: { phase: { type: 'string' } } },
            },
          },
        },
      },
    ],
  },
};

const configMaps = '/api/v1/namespaces/default/configmaps';
const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const widgetPath = '/apis/example.com/v1/namespaces/default/widgets';

describe('the API server', () => {
  it('creates, gets, lists, watches and deletes a ConfigMap', async () => {
    await using test = startTestServer();
    const { client } = test;
    await using watch = await client.watch(`${configMaps}?watch=true`);
    const created = await client.post(configMaps, configMap('a', { data: { k: 'v' } }));
    expect(created.status).toBe(201);
    expect(created.body.metadata).toMatchObject({
      name: 'a',
      namespace: 'default',
      creationTimestamp: '2026-01-01T00:00:00Z',
    });
    expect((await client.get(`${configMaps}/a`)).body).toEqual(created.body);
    const list = await client.get('/api/v1/configmaps');
    expect(list.body).toMatchObject({ kind: 'ConfigMapList', items: [{ metadata: { name: 'a' } }] });
    const deleted = await client.delete(`${configMaps}/a`);
    expect(deleted.body).toMatchObject({ status: 'Success', details: { name: 'a', kind: 'configmaps' } });
    expect(await watch.take(2)).toEqual(['ADDED a', 'DELETED a']);
    expect((await client.get(`${configMaps}/a`)).body).toMatchObject({
      kind: 'Status',
      code: 404,
      reason: 'NotFound',
      message: 'configmaps "a" not found',
      details: { name: 'a', kind: 'configmaps' },
    });
  });

  it('serves a custom resource as soon as its definition is answered', async () => {
    await using test = startTestServer();
    const { client } = test;
    const definition = await client.post(crds, widgets);
    expect(definition.status).toBe(201);
    expect(definition.body['status']).toMatchObject({
      conditions: [
        { type: 'NamesAccepted', status: 'True' },
        { type: 'Established', status: 'True' },
      ],
      storedVersions: ['v1'],
    });
    const widget = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' }, spec: { size: 1 } };
    const created = await client.post(widgetPath, { ...widget, status: { phase: 'Lies' } });
    expect(created.body).toMatchObject({ spec: { size: 1, colour: 'red' }, metadata: { generation: 1 } });
    expect(created.body['status']).toBeUndefined();
    const invalid = await client.post(widgetPath, { ...widget, metadata: { name: 'x' }, spec: { size: 0 } });
    expect(invalid.body).toMatchObject({ code: 422, reason: 'Invalid', details: { causes: [{ field: 'spec.size' }] } });
  });
});
