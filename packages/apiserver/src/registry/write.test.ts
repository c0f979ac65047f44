import { describe, expect, it } from 'vitest';
import { aConfigMap, aPod, aWidget, aWidgetDefinition, paths, startTestServer } from '../testing/api-client.ts';

const { configMaps, definitions, namespaces, widgets } = paths;

describe('creating', () => {
  it('completes generateName with the chosen suffix', async () => {
    await using test = startTestServer({ identifiers: { uid: () => 'uid-1', suffix: () => 'bcdfg' } });
    const { body } = await test.client.post(configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { generateName: 'job-' },
    });
    expect(body.metadata).toMatchObject({ name: 'job-bcdfg', generateName: 'job-', uid: 'uid-1' });
  });

  it('refuses what is there already', async () => {
    await using test = startTestServer();
    await test.client.post(configMaps, aConfigMap('a'));
    const again = await test.client.post(configMaps, aConfigMap('a'));
    expect(again.body).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: 'configmaps "a" already exists',
      details: { name: 'a', kind: 'configmaps' },
    });
  });

  it.each([
    ['a name that is not a DNS subdomain', aConfigMap('No_Good'), 422, 'metadata.name'],
    ['no name', aConfigMap(''), 422, 'metadata.name'],
    ['a bad label', aConfigMap('a', {}, { labels: { a: 'b c' } }), 422, 'metadata.labels'],
    ['a bad label key', aConfigMap('a', {}, { labels: { 'a/b/c': 'd' } }), 422, 'metadata.labels'],
    [
      'an owner without UID',
      aConfigMap('a', {}, { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p' }] }),
      422,
      'uid',
    ],
    ['a resource version', aConfigMap('a', {}, { resourceVersion: '7' }), 400, 'resourceVersion should not be set'],
    ['another namespace', aConfigMap('a', {}, { namespace: 'kube-system' }), 400, 'does not match the namespace'],
    ['another kind', { ...aConfigMap('a'), kind: 'Secret' }, 400, 'does not match the expected kind'],
    ['another version', { ...aConfigMap('a'), apiVersion: 'v2' }, 400, 'does not match the expected API version'],
  ])('refuses %s', async (_name, object, status, told) => {
    await using test = startTestServer();
    const { body } = await test.client.post(configMaps, object);
    expect(body).toMatchObject({ kind: 'Status', code: status });
    expect(String(body['message'])).toContain(told);
    expect((await test.client.get(configMaps)).body['items']).toEqual([]);
  });

  it('refuses a namespace that does not exist', async () => {
    await using test = startTestServer();
    const { body } = await test.client.post('/api/v1/namespaces/nowhere/configmaps', aConfigMap('a'));
    expect(body).toMatchObject({ code: 404, message: 'namespaces "nowhere" not found', details: { name: 'nowhere' } });
  });

  it('reports unknown and duplicate fields as fieldValidation asks', async () => {
    await using test = startTestServer();
    const { client } = test;
    const body = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"bogus":1,"data":{"k":"1","k":"2"}}';
    const send = (fieldValidation: string) =>
      client.post(`${configMaps}?dryRun=All&fieldValidation=${fieldValidation}`, body as unknown as object);
    const strict = await send('Strict');
    expect(strict.body).toMatchObject({ code: 400, reason: 'BadRequest' });
    expect(strict.body['message']).toContain('strict decoding error: duplicate field "data.k", unknown field "bogus"');
    const warned = await send('Warn');
    expect(warned.status).toBe(201);
    expect(warned.warnings).toBe(String.raw`299 - "duplicate field \"data.k\"", 299 - "unknown field \"bogus\""`);
    expect(warned.body).toMatchObject({ data: { k: '2' } });
    expect((await send('Ignore')).warnings).toBeNull();
  });

  it('stores nothing in a dry run, but finds the same mistakes', async () => {
    await using test = startTestServer();
    const { client } = test;
    const dry = await client.post(`${configMaps}?dryRun=All`, aConfigMap('a'));
    expect(dry.status).toBe(201);
    expect((await client.get(`${configMaps}/a`)).status).toBe(404);
    expect((await client.post(`${configMaps}?dryRun=All`, aConfigMap('A'))).status).toBe(422);
    expect((await client.post(`${configMaps}?dryRun=Some`, aConfigMap('a'))).status).toBe(400);
  });

  it('merges stringData into the data of a Secret', async () => {
    await using test = startTestServer();
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { a: 'b' } };
    const { body } = await test.client.post('/api/v1/namespaces/default/secrets', secret);
    expect(body).toMatchObject({ type: 'Opaque', data: { a: 'Yg==' } });
    expect(body['stringData']).toBeUndefined();
  });
});

describe('updating', () => {
  it('refuses to overwrite a version that the writer has not seen, in the words that clients expect', async () => {
    await using test = startTestServer();
    const { client } = test;
    const created = await client.post(configMaps, aConfigMap('a'));
    const { resourceVersion } = created.body.metadata;
    const first = await client.put(`${configMaps}/a`, aConfigMap('a', { data: { by: 'one' } }, { resourceVersion }));
    expect(first.status).toBe(200);
    const second = await client.put(`${configMaps}/a`, aConfigMap('a', { data: { by: 'two' } }, { resourceVersion }));
    expect(second.body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    });
    expect((await client.get(`${configMaps}/a`)).body['data']).toEqual({ by: 'one' });
  });

  it('writes nothing if nothing changes', async () => {
    await using test = startTestServer();
    const { client, clock } = test;
    const created = await client.post(configMaps, aConfigMap('a', { data: { k: 'v' } }));
    clock.advance(5000);
    const again = await client.put(`${configMaps}/a`, created.body);
    expect(again.body).toEqual(created.body);
  });

  it('keeps what the server owns of the metadata', async () => {
    await using test = startTestServer();
    const { client } = test;
    const created = await client.post(configMaps, aConfigMap('a'));
    const forged = {
      creationTimestamp: '2000-01-01T00:00:00Z',
      generation: 7,
      deletionTimestamp: '2000-01-01T00:00:00Z',
    };
    const { body } = await client.put(`${configMaps}/a`, aConfigMap('a', { data: { k: 'v' } }, forged));
    const { uid, creationTimestamp } = created.body.metadata;
    expect(body.metadata).toMatchObject({ uid, creationTimestamp });
    expect(body.metadata).not.toHaveProperty('deletionTimestamp');
    expect(body.metadata).not.toHaveProperty('generation');
    const other = await client.put(`${configMaps}/a`, aConfigMap('a', {}, { uid: 'another' }));
    expect(other.body).toMatchObject({ code: 409, reason: 'Conflict' });
  });

  it('requires custom resources to say which version they replace', async () => {
    await using test = startTestServer();
    const { client } = test;
    await client.post(definitions, aWidgetDefinition());
    await client.post(widgets, aWidget('w'));
    const { body } = await client.put(`${widgets}/w`, aWidget('w', { size: 2 }));
    expect(body).toMatchObject({ code: 422, details: { causes: [{ field: 'metadata.resourceVersion' }] } });
  });

  it('lets writers of spec and of status change only theirs, and counts generations of spec', async () => {
    await using test = startTestServer();
    const { client } = test;
    await client.post(definitions, aWidgetDefinition());
    const created = await client.post(widgets, { ...aWidget('w'), status: { phase: 'Forged' } });
    expect(created.body['status']).toBeUndefined();
    expect(created.body.metadata.generation).toBe(1);

    const withStatus = { ...created.body, spec: { size: 9 }, status: { phase: 'Ready' } };
    const status = await client.put(`${widgets}/w/status`, withStatus);
    expect(status.body).toMatchObject({ spec: { size: 1 }, status: { phase: 'Ready' }, metadata: { generation: 1 } });

    const spec = await client.put(`${widgets}/w`, { ...status.body, spec: { size: 2 }, status: { phase: 'Forged' } });
    expect(spec.body).toMatchObject({
      spec: { size: 2, colour: 'red' },
      status: { phase: 'Ready' },
      metadata: { generation: 2 },
    });

    const labels = await client.patch(`${widgets}/w`, 'merge-patch+json', { metadata: { labels: { a: 'b' } } });
    expect(labels.body.metadata.generation).toBe(2);
  });

  it('scales whatever says where its replicas are', async () => {
    await using test = startTestServer();
    const { client } = test;
    const deployments = '/apis/apps/v1/namespaces/default/deployments';
    const labels = { app: 'web' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    const spec = { replicas: 2, selector: { matchLabels: labels }, template };
    await client.post(deployments, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec });
    const scale = await client.get(`${deployments}/d/scale`);
    expect(scale.body).toMatchObject({ kind: 'Scale', spec: { replicas: 2 }, status: { selector: 'app=web' } });
    await client.patch(`${deployments}/d/scale`, 'merge-patch+json', { spec: { replicas: 5 } });
    expect((await client.get(`${deployments}/d`)).body).toMatchObject({
      spec: { replicas: 5 },
      metadata: { generation: 2 },
    });
    expect((await client.put(`${deployments}/d/scale`, { ...scale.body, spec: { replicas: 1 } })).status).toBe(409);
    const negative = await client.patch(`${deployments}/d/scale`, 'merge-patch+json', { spec: { replicas: -1 } });
    expect(negative.status).toBe(400);
  });

  it('keeps immutable ConfigMaps as they are', async () => {
    await using test = startTestServer();
    const { client } = test;
    await client.post(configMaps, aConfigMap('a', { immutable: true, data: { k: 'v' } }));
    const { body } = await client.put(`${configMaps}/a`, aConfigMap('a', { data: { k: 'w' } }));
    expect(body).toMatchObject({ code: 422, details: { causes: [{ field: 'immutable' }, { field: 'data' }] } });
  });

  it('lets of a Pod only the image change', async () => {
    await using test = startTestServer();
    const { client } = test;
    await client.post(paths.pods, aPod('p'));
    const image = [{ op: 'replace', path: '/spec/containers/0/image', value: 'other' }];
    expect((await client.patch(`${paths.pods}/p`, 'json-patch+json', image)).status).toBe(200);
    const name = [{ op: 'replace', path: '/spec/containers/0/name', value: 'other' }];
    expect((await client.patch(`${paths.pods}/p`, 'json-patch+json', name)).body).toMatchObject({ code: 422 });
  });
});

describe('patching', () => {
  it('speaks JSON patch, merge patch, and for built-in kinds strategic merge patch', async () => {
    await using test = startTestServer();
    const { client } = test;
    await client.post(definitions, aWidgetDefinition());
    await client.post(widgets, aWidget('w'));
    const json = await client.patch(`${widgets}/w`, 'json-patch+json', [
      { op: 'replace', path: '/spec/size', value: 4 },
    ]);
    expect(json.body['spec']).toMatchObject({ size: 4 });
    const merge = await client.patch(`${widgets}/w`, 'merge-patch+json', { spec: { colour: null, size: 5 } });
    expect(merge.body['spec']).toEqual({ size: 5, colour: 'red' });
    const strategic = await client.patch(`${widgets}/w`, 'strategic-merge-patch+json', { spec: { size: 6 } });
    expect(strategic.body).toMatchObject({ code: 415, reason: 'UnsupportedMediaType' });
    await client.post(paths.pods, aPod('p'));
    const containers = [{ name: 'main', image: 'other' }];
    const pod = await client.patch(`${paths.pods}/p`, 'strategic-merge-patch+json', { spec: { containers } });
    expect(pod.body['spec']).toMatchObject({ containers: [{ name: 'main', image: 'other' }] });
  });

  it('creates by server-side apply, and tells conflicts by manager', async () => {
    await using test = startTestServer();
    const { client } = test;
    await client.post(definitions, aWidgetDefinition());
    const apply = (manager: string, size: number, more = '') =>
      client.patch(`${widgets}/w?fieldManager=${manager}${more}`, 'apply-patch+yaml', aWidget('w', { size }));
    expect((await apply('one', 1)).status).toBe(201);
    const same = await apply('one', 1);
    expect(same.status).toBe(200);
    const conflict = await apply('two', 2);
    expect(conflict.body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      details: { causes: [{ reason: 'FieldManagerConflict', field: '.spec.size' }] },
    });
    const forced = await apply('two', 2, '&force=true');
    expect(forced.body['spec']).toMatchObject({ size: 2 });
    expect(same.body.metadata.resourceVersion).not.toBe(forced.body.metadata.resourceVersion);
    expect((await client.patch(`${widgets}/w`, 'apply-patch+yaml', aWidget('w'))).status).toBe(422);
  });

  it('refuses an apply of another name than that of the path', async () => {
    await using test = startTestServer();
    const { body } = await test.client.patch(`${configMaps}/a?fieldManager=me`, 'apply-patch+yaml', aConfigMap('b'));
    expect(body).toMatchObject({ code: 400, reason: 'BadRequest' });
    expect((await test.client.get(configMaps)).body['items']).toEqual([]);
  });

  it('takes YAML in an apply', async () => {
    await using test = startTestServer();
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  k: v\n';
    const { status, body } = await test.client.patch(`${configMaps}/a?fieldManager=me`, 'apply-patch+yaml', yaml);
    expect(status).toBe(201);
    expect(body['data']).toEqual({ k: 'v' });
  });

  it('applies status without touching spec', async () => {
    await using test = startTestServer();
    const { client } = test;
    await client.post(definitions, aWidgetDefinition());
    await client.post(widgets, aWidget('w'));
    const { apiVersion, kind } = aWidget('w') as { apiVersion: string; kind: string };
    const status = { apiVersion, kind, metadata: { name: 'w' }, status: { phase: 'Ready' } };
    const { body } = await client.patch(`${widgets}/w/status?fieldManager=me`, 'apply-patch+yaml', status);
    expect(body).toMatchObject({ spec: { size: 1 }, status: { phase: 'Ready' } });
    expect(body.metadata.managedFields).toEqual(
      expect.arrayContaining([expect.objectContaining({ manager: 'me', subresource: 'status', operation: 'Apply' })]),
    );
    const missing = await client.patch(`${widgets}/x/status?fieldManager=me`, 'apply-patch+yaml', {
      ...status,
      metadata: { name: 'x' },
    });
    expect(missing.status).toBe(404);
  });
});

describe('deleting', () => {
  it('checks the preconditions', async () => {
    await using test = startTestServer();
    const { client } = test;
    const { body } = await client.post(configMaps, aConfigMap('a'));
    const { uid, resourceVersion } = body.metadata;
    const wrongUid = await client.delete(`${configMaps}/a`, { preconditions: { uid: 'other' } });
    expect(wrongUid.body).toMatchObject({ code: 409, reason: 'Conflict' });
    const wrongVersion = await client.delete(`${configMaps}/a`, { preconditions: { resourceVersion: '1' } });
    expect(wrongVersion.body).toMatchObject({ code: 409, reason: 'Conflict' });
    const right = await client.delete(`${configMaps}/a`, { preconditions: { uid, resourceVersion } });
    expect(right.status).toBe(200);
  });

  it('marks an object with finalizers, and removes it when the last finalizer goes', async () => {
    await using test = startTestServer();
    const { client } = test;
    await client.post(definitions, aWidgetDefinition());
    await client.post(widgets, aWidget('w', {}, { finalizers: ['example.com/a', 'example.com/b'] }));
    const marked = await client.delete(`${widgets}/w`);
    expect(marked.body.metadata).toMatchObject({ deletionTimestamp: '2026-01-01T00:00:00Z', generation: 2 });
    const again = await client.delete(`${widgets}/w`);
    expect(again.body.metadata.resourceVersion).toBe(marked.body.metadata.resourceVersion);
    const setFinalizers = (finalizers: readonly string[]) =>
      client.patch(`${widgets}/w`, 'merge-patch+json', { metadata: { finalizers } });
    expect((await setFinalizers(['example.com/a', 'example.com/new'])).body).toMatchObject({ code: 422 });
    expect((await setFinalizers(['example.com/b'])).status).toBe(200);
    expect((await client.get(`${widgets}/w`)).status).toBe(200);
    await setFinalizers([]);
    expect((await client.get(`${widgets}/w`)).status).toBe(404);
  });

  it('deletes a collection, as far as it is selected', async () => {
    await using test = startTestServer();
    const { client } = test;
    for (const name of ['a', 'b']) await client.post(configMaps, aConfigMap(name, {}, { labels: { name } }));
    const { body } = await client.delete(`${configMaps}?labelSelector=name%3Da`);
    expect(body).toMatchObject({ kind: 'ConfigMapList', items: [{ metadata: { name: 'a' } }] });
    expect((await client.get(configMaps)).body['items']).toMatchObject([{ metadata: { name: 'b' } }]);
    expect((await client.delete('/api/v1/configmaps')).status).toBe(405);
  });

  it('deletes nothing in a dry run', async () => {
    await using test = startTestServer();
    const { client } = test;
    await client.post(configMaps, aConfigMap('a'));
    expect((await client.delete(`${configMaps}/a`, { dryRun: ['All'] })).status).toBe(200);
    expect((await client.delete(`${configMaps}/a?dryRun=All`)).status).toBe(200);
    expect((await client.get(`${configMaps}/a`)).status).toBe(200);
  });

  it('keeps the system namespaces', async () => {
    await using test = startTestServer();
    expect((await test.client.delete(`${namespaces}/default`)).body).toMatchObject({ code: 403, reason: 'Forbidden' });
  });
});
