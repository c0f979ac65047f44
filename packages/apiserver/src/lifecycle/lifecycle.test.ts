import { describe, expect, it } from 'vitest';
import { aConfigMap, aPod, aWidget, aWidgetDefinition, paths, startTestServer } from '../testing/api-client.ts';

const { definitions, namespaces, widgets } = paths;
const aNamespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

describe('a namespace', () => {
  it('is active, and labelled with its name', async () => {
    await using test = startTestServer();
    const { body } = await test.client.post(namespaces, aNamespace('team'));
    expect(body).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': 'team' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
    expect((await test.client.post(namespaces, aNamespace('a.b'))).status).toBe(422);
  });

  it('goes after all that is in it, and takes nothing new meanwhile', async () => {
    await using test = startTestServer();
    const { client } = test;
    await client.post(namespaces, aNamespace('team'));
    await client.post(definitions, aWidgetDefinition());
    const inTeam = (path: string) => path.replace('/default/', '/team/');
    await client.post(inTeam(paths.configMaps), aConfigMap('a'));
    await client.post(inTeam(paths.pods), aPod('p', { nodeName: 'n' }));
    await client.post(inTeam(widgets), aWidget('w', {}, { finalizers: ['example.com/wait'] }));
    const deleted = await client.delete(`${namespaces}/team`);
    expect(deleted.body).toMatchObject({ status: { phase: 'Terminating' } });
    await client.gone(inTeam(paths.configMaps), 'a');
    const refused = await client.post(inTeam(paths.configMaps), aConfigMap('b'));
    expect(refused.body).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      details: { causes: [{ reason: 'NamespaceTerminating', field: 'metadata.namespace' }] },
    });
    expect((await client.get(`${namespaces}/team`)).status).toBe(200);
    // the node has stopped it
    await client.delete(`${inTeam(paths.pods)}/p`, { gracePeriodSeconds: 0 });
    await client.patch(`${inTeam(widgets)}/w`, 'merge-patch+json', { metadata: { finalizers: [] } });
    await client.gone(namespaces, 'team');
  });
});

describe('a CustomResourceDefinition', () => {
  it('is served, with its documents, as soon as it is answered', async () => {
    await using test = startTestServer();
    const { client } = test;
    const { body } = await client.post(definitions, aWidgetDefinition());
    expect(body['status']).toMatchObject({
      acceptedNames: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      storedVersions: ['v1'],
      conditions: [
        { type: 'NamesAccepted', status: 'True' },
        { type: 'Established', status: 'True' },
      ],
    });
    expect((await client.get(widgets)).body).toMatchObject({ kind: 'WidgetList', items: [] });
    expect((await client.get('/apis/example.com')).body).toMatchObject({ preferredVersion: { version: 'v1' } });
    expect((await client.get('/apis/example.com/v1')).body['resources']).toMatchObject([
      { name: 'widgets' },
      { name: 'widgets/status' },
    ]);
    const openApi = await client.get('/openapi/v3/apis/example.com/v1');
    expect(JSON.stringify(openApi.body)).toContain('colour');
  });

  it('changes what is valid when it changes', async () => {
    await using test = startTestServer();
    const { client } = test;
    await client.post(definitions, aWidgetDefinition());
    expect((await client.post(widgets, aWidget('small', { size: 0 }))).status).toBe(422);
    const path = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/size/minimum';
    const changed = await client.patch(`${definitions}/widgets.example.com`, 'json-patch+json', [
      { op: 'replace', path, value: 0 },
    ]);
    expect(changed.body.metadata.generation).toBe(2);
    expect((await client.post(widgets, aWidget('small', { size: 0 }))).status).toBe(201);
  });

  it('is refused if it is not valid, or if its names do not fit', async () => {
    await using test = startTestServer();
    const { client } = test;
    const wrongName = { ...aWidgetDefinition(), metadata: { name: 'gadgets.example.com' } };
    expect((await client.post(definitions, wrongName)).body).toMatchObject({ code: 422, reason: 'Invalid' });
    expect((await client.post(definitions, { ...aWidgetDefinition(), spec: {} })).status).toBe(422);
    await client.post(definitions, aWidgetDefinition());
    const patch = { spec: { scope: 'Cluster' } };
    const scope = await client.patch(`${definitions}/widgets.example.com`, 'merge-patch+json', patch);
    expect(scope.body).toMatchObject({ code: 422, details: { causes: [{ field: 'spec.scope' }] } });
  });

  it('is not established, nor served, if another has its kind', async () => {
    await using test = startTestServer();
    const { client } = test;
    await client.post(definitions, aWidgetDefinition());
    const twin = {
      ...aWidgetDefinition({ names: { plural: 'gadgets', singular: 'gadget', kind: 'Widget' } }),
      metadata: { name: 'gadgets.example.com' },
    };
    const { body } = await client.post(definitions, twin);
    expect(body['status']).toMatchObject({
      conditions: [
        { type: 'NamesAccepted', status: 'False', reason: 'NameConflict' },
        { type: 'Established', status: 'False' },
      ],
    });
    expect((await client.get('/apis/example.com/v1/gadgets')).status).toBe(404);
    expect((await client.get(widgets)).status).toBe(200);
  });

  it('deletes its objects before it goes, and takes no new ones meanwhile', async () => {
    await using test = startTestServer();
    const { client } = test;
    await client.post(definitions, aWidgetDefinition());
    await client.post(widgets, aWidget('w', {}, { finalizers: ['example.com/wait'] }));
    await client.post('/apis/example.com/v1/namespaces/kube-system/widgets', aWidget('other'));
    const deleted = await client.delete(`${definitions}/widgets.example.com`);
    expect(deleted.body.metadata.finalizers).toEqual(['customresourcecleanup.apiextensions.k8s.io']);
    await client.gone('/apis/example.com/v1/namespaces/kube-system/widgets', 'other');
    expect((await client.post(widgets, aWidget('late'))).body).toMatchObject({ code: 405, reason: 'MethodNotAllowed' });
    await client.patch(`${widgets}/w`, 'merge-patch+json', { metadata: { finalizers: [] } });
    await client.gone(definitions, 'widgets.example.com');
    expect((await client.get(widgets)).status).toBe(404);
  });

  it('ends the watches of its objects when it changes or goes, after what there is to tell', async () => {
    await using test = startTestServer();
    const { client } = test;
    await client.post(definitions, aWidgetDefinition());
    await client.post(widgets, aWidget('w'));
    await using watch = await client.watch(`${widgets}?watch=1`);
    await client.delete(`${definitions}/widgets.example.com`);
    await client.gone(definitions, 'widgets.example.com');
    expect(await watch.take(2)).toEqual(['ADDED w', 'DELETED w']);
    expect(await watch.next()).toBeUndefined();
  });

  it('defaults and prunes what was stored under an earlier schema', async () => {
    await using test = startTestServer();
    const { client } = test;
    await client.post(definitions, aWidgetDefinition());
    await client.post(widgets, aWidget('w', { size: 3, colour: 'blue' }));
    const path = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties';
    await client.patch(`${definitions}/widgets.example.com`, 'json-patch+json', [
      { op: 'remove', path: `${path}/colour` },
      { op: 'add', path: `${path}/shape`, value: { type: 'string', default: 'round' } },
    ]);
    expect((await client.get(`${widgets}/w`)).body['spec']).toEqual({ size: 3, shape: 'round' });
  });

  it('serves each of its versions', async () => {
    await using test = startTestServer();
    const { client } = test;
    const { spec } = aWidgetDefinition() as { spec: { versions: readonly [{ name: string; storage: boolean }] } };
    const [v1] = spec.versions;
    await client.post(
      definitions,
      aWidgetDefinition({
        versions: [
          { ...v1, storage: false },
          { ...v1, name: 'v2' },
        ],
      }),
    );
    await client.post(widgets, aWidget('w'));
    const other = widgets.replace('/v1/', '/v2/');
    expect((await client.get(`${other}/w`)).body).toMatchObject({ apiVersion: 'example.com/v2', spec: { size: 1 } });
    await client.patch(`${other}/w`, 'merge-patch+json', { spec: { size: 2 } });
    expect((await client.get(`${widgets}/w`)).body).toMatchObject({ apiVersion: 'example.com/v1', spec: { size: 2 } });
  });
});
