import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configMap, namespace, pod, session, template } from './manifests.ts';
import { type SoloProcess, startSoloProcess } from './solo-process.ts';

let solo: SoloProcess;
beforeAll(async () => {
  solo = await startSoloProcess();
  const stdin = [
    namespace('read'),
    template('xfce'),
    session('alice', 'read', '  resources: {memory: 4Gi, cpu: 2}'),
    pod('web', 'read'),
  ].join('\n---\n');
  await solo.kubectlOk(['apply', '-f', '-'], { stdin });
});
afterAll(() => solo[Symbol.asyncDispose]());

const kubectl = (...args: string[]): Promise<string> => solo.kubectlOk(args);

describe('kubectl looks around', () => {
  it('version knows the server', async () => {
    const { serverVersion } = JSON.parse(await kubectl('version', '-o', 'json')) as {
      serverVersion: { gitVersion: string };
    };
    expect(serverVersion.gitVersion).toMatch(/^v1\.\d+/);
  });

  it('version warns of no skew between client and server', async () => {
    const { stderr } = await solo.kubectl(['version']);
    expect(stderr).toBe('');
  });

  it('api-versions lists Kubernetes’ groups and ours', async () => {
    const versions = (await kubectl('api-versions')).trim().split('\n');
    expect(versions).toEqual(expect.arrayContaining(['v1', 'apiextensions.k8s.io/v1', 'vdi.kasm.io/v1alpha1']));
  });

  it('api-resources shows short names, scope and verbs', async () => {
    const ours = await kubectl('api-resources', '--api-group=vdi.kasm.io', '--no-headers', '-o', 'wide');
    const rows = ours
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/));
    expect(rows.map((row) => row.slice(0, 5))).toEqual(
      expect.arrayContaining([
        ['vdisessions', 'vdi', 'vdi.kasm.io/v1alpha1', 'true', 'VDISession'],
        ['vditemplates', 'vdit', 'vdi.kasm.io/v1alpha1', 'false', 'VDITemplate'],
      ]),
    );
    expect(rows[0]?.[5]?.split(',')).toEqual(
      expect.arrayContaining(['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']),
    );
  });

  it('cluster-info and get --raw reach the server', async () => {
    expect(await kubectl('cluster-info')).toContain('127.0.0.1');
    expect(await kubectl('get', '--raw', '/healthz')).toBe('ok');
    expect(await kubectl('get', '--raw', '/readyz')).toBe('ok');
  });

  it('auth can-i and auth whoami know the administrator', async () => {
    expect(await kubectl('auth', 'can-i', 'delete', 'pods', '-n', 'read')).toBe('yes\n');
    expect(await kubectl('auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}')).toBe('admin');
  });
});

describe('kubectl get prints', () => {
  it('our columns', async () => {
    const [header, row] = (await kubectl('get', 'vdi', '-n', 'read')).trim().split('\n');
    expect(header?.split(/\s{2,}/)).toEqual(['NAME', 'USER', 'TEMPLATE', 'PHASE', 'URL', 'AGE']);
    expect(row).toMatch(/^alice\s+alice@example\.com\s+xfce\s+(?:\d+m)?\d+s$/);
  });

  it('the columns of pods, and more of them wide', async () => {
    const [header] = (await kubectl('get', 'pods', '-n', 'read')).split('\n');
    const [wide] = (await kubectl('get', 'pods', '-n', 'read', '-o', 'wide')).split('\n');
    expect(header?.split(/\s+/)).toEqual(['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE']);
    expect(wide).toMatch(/IP\s+NODE\s+NOMINATED NODE\s+READINESS GATES/);
  });

  it('objects of all namespaces with theirs', async () => {
    const rows = await kubectl('get', 'vdisessions', '--all-namespaces');
    expect(rows).toMatch(/^NAMESPACE\s+NAME/);
    expect(rows).toMatch(/^read\s+alice/m);
  });

  it('yaml and json', async () => {
    expect(await kubectl('get', 'vdisession', 'alice', '-n', 'read', '-o', 'yaml')).toContain(
      '  user: alice@example.com',
    );
    const object = JSON.parse(await kubectl('get', 'vdi/alice', '-n', 'read', '-o', 'json')) as {
      apiVersion: string;
      kind: string;
      metadata: { uid: string; generation: number; managedFields?: unknown };
    };
    expect(object).toMatchObject({
      apiVersion: 'vdi.kasm.io/v1alpha1',
      kind: 'VDISession',
      metadata: { generation: 1 },
    });
    expect(object.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(object.metadata.managedFields).toBeUndefined();
  });

  it('a list as one List', async () => {
    const list = JSON.parse(await kubectl('get', 'vdi,pods', '-n', 'read', '-o', 'json')) as {
      kind: string;
      items: { kind: string }[];
    };
    expect(list.kind).toBe('List');
    expect(list.items.map(({ kind }) => kind).toSorted()).toEqual(['Pod', 'VDISession']);
  });

  it.each([
    ['jsonpath={.spec.resources.cpu}', '2'],
    ['name', 'vdisession.vdi.kasm.io/alice\n'],
    ['custom-columns=N:.metadata.name,M:.spec.resources.memory', 'N       M\nalice   4Gi\n'],
    ['go-template={{.spec.user}}', 'alice@example.com'],
  ])('-o %s', async (output, expected) => {
    expect(await kubectl('get', 'vdi', 'alice', '-n', 'read', '-o', output)).toBe(expected);
  });

  it('managed fields on request', async () => {
    expect(await kubectl('get', 'vdi', 'alice', '-n', 'read', '-o', 'yaml', '--show-managed-fields')).toContain(
      'f:spec:',
    );
  });

  it('only what selectors choose', async () => {
    const names = (...selector: string[]): Promise<string> =>
      kubectl('get', 'pods', '-n', 'read', '-o', 'name', ...selector);
    expect(await names('-l', 'app=web')).toBe('pod/web\n');
    expect(await names('-l', 'app in (api,db)')).toBe('');
    expect(await names('-l', '!app')).toBe('');
    expect(await names('--field-selector', 'metadata.name=web')).toBe('pod/web\n');
    expect(await names('--field-selector', 'metadata.name!=web')).toBe('');
    expect(
      await kubectl('get', 'vdi', '-n', 'read', '-o', 'name', '--field-selector', 'spec.user=alice@example.com'),
    ).toContain('alice');
  });

  it('in pages', async () => {
    for (const name of ['a', 'b', 'c'])
      await solo.kubectlOk(['create', '-f', '-'], { stdin: configMap(name, 'vdi', {}) });
    expect(await kubectl('get', 'configmaps', '-n', 'vdi', '-o', 'name', '--chunk-size=2')).toContain('configmap/c');
  });

  it('labels as columns, sorted', async () => {
    expect(await kubectl('get', 'pods', '-n', 'read', '-L', 'app', '--sort-by=.metadata.name')).toMatch(
      /APP\nweb .*web\n/,
    );
  });
});

describe('kubectl describes', () => {
  it('a pod', async () => {
    const text = await kubectl('describe', 'pod', 'web', '-n', 'read');
    for (const part of ['Name:', 'Containers:', 'example.com/main:1', 'Limits:', '500m', 'QoS Class:'])
      expect(text).toContain(part);
  });

  it('a session and a template', async () => {
    expect(await kubectl('describe', 'vdisession', 'alice', '-n', 'read')).toMatch(/User:\s+alice@example\.com/);
    expect(await kubectl('describe', 'vditemplate', 'xfce')).toMatch(/Display Name:\s+A desktop/);
  });

  it('a namespace', async () => {
    expect(await kubectl('describe', 'namespace', 'read')).toMatch(/Status:\s+Active/);
  });
});

describe('kubectl explains', () => {
  it('our kinds with the words of their schema', async () => {
    const text = await kubectl('explain', 'vdisession.spec.user');
    expect(text).toMatch(/GROUP:\s+vdi\.kasm\.io/);
    expect(text).toMatch(/FIELD: user <string>/);
    expect(text).toMatch(/e-mail\s+address/);
  });

  it('our kinds with everything below', async () => {
    expect(await kubectl('explain', 'vditemplate.spec', '--recursive')).toMatch(/defaultMemory\s+<.+>/);
  });

  it('kinds of Kubernetes', async () => {
    expect(await kubectl('explain', 'pod.spec.containers')).toMatch(/FIELD: containers <\[\]Container>/);
    expect(await kubectl('explain', 'customresourcedefinition')).toMatch(/KIND:\s+CustomResourceDefinition/);
  });

  it('and says when a field does not exist', async () => {
    const { code, stderr } = await solo.kubectl(['explain', 'vdisession.spec.nothing']);
    expect(code).not.toBe(0);
    expect(stderr).toContain('field "nothing" does not exist');
  });
});
