import { describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteLog } from '../storage/sqlite-log.ts';
import { aConfigMap, paths, startTestServer } from '../testing/api-client.ts';

const { configMaps } = paths;

describe('HTTP', () => {
  it.each([
    ['/nowhere', 404],
    ['/api/v2', 404],
    ['/apis/none.example.com/v1', 404],
    ['/apis/none.example.com', 404],
    ['/api/v1/nonsense', 404],
    ['/api/v1/namespaces/default/nodes', 404],
    ['/api/v1/configmaps/a', 404],
    [`${configMaps}/a/status`, 404],
    ['/openapi/v3/apis/none.example.com/v1', 404],
    ['/api/v1/namespaces/%zz/configmaps', 400],
  ])('GET %s is a Status of %i', async (path, code) => {
    await using test = startTestServer();
    const { status, body } = await test.client.get(path);
    expect(status).toBe(code);
    expect(body).toMatchObject({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code });
  });

  it.each([
    ['PUT', configMaps],
    ['PATCH', configMaps],
    ['POST', `${configMaps}/a`],
    ['POST', '/api/v1/configmaps'],
    ['POST', '/version'],
    ['DELETE', paths.namespaces],
  ])('%s %s is 405', async (method, path) => {
    await using test = startTestServer();
    const response = await test.server.fetch(new Request(`http://apiserver${path}`, { method }));
    expect(response.status).toBe(405);
    expect(await response.json()).toMatchObject({ kind: 'Status', reason: 'MethodNotAllowed' });
  });

  it('speaks JSON to whoever takes JSON too, and says so to others', async () => {
    await using test = startTestServer();
    const { client } = test;
    const get = (accept: string) => client.get(configMaps, { accept });
    expect((await get('application/vnd.kubernetes.protobuf,application/json')).body['kind']).toBe('ConfigMapList');
    expect((await get('*/*')).status).toBe(200);
    expect((await get('application/json;as=Table;v=v9;g=meta.k8s.io,application/json')).body['kind']).toBe(
      'ConfigMapList',
    );
    expect((await get('application/vnd.kubernetes.protobuf')).body).toMatchObject({
      code: 406,
      reason: 'NotAcceptable',
    });
    expect((await get('application/cbor')).status).toBe(406);
    const cbor = await client.post(configMaps, aConfigMap('a'), { 'content-type': 'application/cbor' });
    expect(cbor.body).toMatchObject({ code: 415, reason: 'UnsupportedMediaType' });
  });

  it('reads at most 3 MiB', async () => {
    await using test = startTestServer();
    const { body } = await test.client.post(configMaps, aConfigMap('a', { data: { k: 'x'.repeat(3 * 1024 * 1024) } }));
    expect(body).toMatchObject({ code: 413, reason: 'RequestEntityTooLarge' });
  });

  it.each(['', '{', '[]', 'null', '"text"'])('refuses the body %j', async (text) => {
    await using test = startTestServer();
    const { body } = await test.client.post(configMaps, text as unknown as object);
    expect(body).toMatchObject({ code: 400, reason: 'BadRequest' });
  });

  it('says that the storage is full', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'apiserver-full-'));
    using log = openSqliteLog(join(folder, 'log.db'), { maxBytes: 256 * 1024 });
    await using test = startTestServer({ log });
    const { client } = test;
    const fill = (name: string, bytes: number) =>
      client.post(configMaps, aConfigMap(name, { data: { k: 'x'.repeat(bytes) } }));
    expect((await fill('a', 1000)).status).toBe(201);
    const { body } = await fill('b', 300_000);
    expect(body).toMatchObject({ code: 507, reason: 'InsufficientStorage' });
    expect(body['message']).toContain('No space is left');
    expect((await client.get('/readyz')).status).toBe(500);
    expect((await client.get('/livez')).status).toBe(200);
    expect((await client.get(configMaps)).body['items']).toMatchObject([{ metadata: { name: 'a' } }]);
    expect((await fill('c', 1000)).status).toBe(201);
    expect((await client.get('/readyz')).status).toBe(200);
    rmSync(folder, { recursive: true });
  });

  it('tells its health, its version and what it serves', async () => {
    await using test = startTestServer();
    const { client } = test;
    expect((await client.get('/healthz')).body).toEqual({ text: 'ok' });
    expect((await client.get('/readyz?verbose')).body['text']).toContain('readyz check passed');
    expect((await client.get('/api')).body).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    expect((await client.get('/apis')).body).toMatchObject({ kind: 'APIGroupList' });
    expect((await client.get('/api/v1')).body).toMatchObject({ kind: 'APIResourceList', groupVersion: 'v1' });
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    expect((await client.get('/apis', { accept })).body).toMatchObject({ kind: 'APIGroupDiscoveryList' });
    expect((await client.get('/openapi/v3')).body).toHaveProperty('paths');
    expect((await client.get('/openapi/v2')).body).toHaveProperty('definitions');
    await client.get(`${configMaps}/none`);
    expect((await client.get('/metrics')).body['text']).toContain('apiserver_request_total{verb="get"');
  });

  it('answers reviews without storing them', async () => {
    await using test = startTestServer({
      authenticate: (request) =>
        request.headers.get('authorization') === 'Bearer wrong' ? undefined : { name: 'me', groups: ['team'] },
    });
    const { client } = test;
    const review = (group: string, kind: string, spec: object = {}) =>
      client.post(`/apis/${group}/v1/${kind.toLowerCase()}s`, { apiVersion: `${group}/v1`, kind, spec });
    const self = await review('authentication.k8s.io', 'SelfSubjectReview');
    expect(self.body['status']).toEqual({ userInfo: { username: 'me', groups: ['team'] } });
    const access = await review('authorization.k8s.io', 'SelfSubjectAccessReview', {
      resourceAttributes: { verb: 'get' },
    });
    expect(access.body).toMatchObject({ status: { allowed: true } });
    const rules = await review('authorization.k8s.io', 'SelfSubjectRulesReview', { namespace: 'default' });
    expect(rules.body).toMatchObject({ status: { resourceRules: [{ verbs: ['*'] }] } });
    const token = await review('authentication.k8s.io', 'TokenReview', { token: 'right' });
    expect(token.body).toMatchObject({ status: { authenticated: true, user: { username: 'me' } } });
    const wrong = await review('authentication.k8s.io', 'TokenReview', { token: 'wrong' });
    expect(wrong.body).toMatchObject({ status: { authenticated: false } });
    expect((await client.get('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews')).status).toBe(405);
  });
});
