import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configMap, namespace, pod, session, template } from './manifests.ts';
import { type KubectlOptions, type SoloProcess, startSoloProcess } from './solo-process.ts';

let solo: SoloProcess;
beforeAll(async () => {
  solo = await startSoloProcess();
  await solo.kubectlOk(['apply', '-f', '-'], { stdin: `${namespace('write')}\n---\n${template('xfce')}` });
});
afterAll(() => solo[Symbol.asyncDispose]());

const kubectl = (...args: string[]): Promise<string> => solo.kubectlOk([...args, '-n', 'write']);
const given = (stdin: string, ...args: string[]): Promise<string> => solo.kubectlOk([...args, '-f', '-'], { stdin });
const failing = async (args: string[], options?: KubectlOptions): Promise<string> => {
  const { code, stderr } = await solo.kubectl(args, options);
  expect(code).not.toBe(0);
  return stderr;
};
const dataOf = async (name: string): Promise<unknown> =>
  (JSON.parse(await kubectl('get', 'configmap', name, '-o', 'json')) as { data?: unknown }).data;

describe('kubectl create', () => {
  it('makes objects, from files and from arguments', async () => {
    expect(await given(session('created', 'write'), 'create')).toBe('vdisession.vdi.kasm.io/created created\n');
    expect(await kubectl('create', 'secret', 'generic', 's', '--from-literal=k=v')).toBe('secret/s created\n');
    expect(await kubectl('get', 'secret', 's', '-o', 'jsonpath={.data.k}')).toBe('dg==');
  });

  it.each([
    ['namespace', 'typed'],
    ['configmap', 'typed', '--from-literal=k=v'],
    ['serviceaccount', 'typed'],
    ['service', 'clusterip', 'typed', '--tcp=80:http'],
    ['ingress', 'typed', '--rule=a.example.com/b=typed:80'],
    ['quota', 'typed', '--hard=pods=1,requests.memory=1Gi'],
    ['role', 'typed', '--verb=get', '--resource=pods'],
    ['rolebinding', 'typed', '--role=typed', '--user=alice'],
    ['poddisruptionbudget', 'typed', '--selector=a=b', '--min-available=50%'],
    ['priorityclass', 'typed', '--value=0'],
    ['deployment', 'typed', '--image=example.com/a:1', '--replicas=0'],
    ['job', 'typed', '--image=example.com/a:1'],
  ])('makes a %s from arguments, which kubectl sends in protobuf', async (...args) => {
    expect(await kubectl('create', ...args)).toMatch(/typed created\n$/);
  });

  it('keeps what the arguments said', async () => {
    const at = (path: string, ...what: string[]): Promise<string> =>
      kubectl('get', ...what, '-o', `jsonpath={${path}}`);
    expect(await at('.spec.ports[0].targetPort', 'service', 'typed')).toBe('http');
    expect(await at('.spec.hard', 'quota', 'typed')).toBe('{"pods":"1","requests.memory":"1Gi"}');
    expect(await at('.spec.minAvailable', 'pdb', 'typed')).toBe('50%');
    expect(await at('.value', 'priorityclass', 'typed')).toBe('0');
    expect(await at('.spec.replicas', 'deployment', 'typed')).toBe('0');
  });

  it('refuses to make one twice', async () => {
    await given(configMap('twice', 'write', {}), 'create');
    expect(await failing(['create', '-f', '-'], { stdin: configMap('twice', 'write', {}) })).toContain('AlreadyExists');
  });

  it('runs a pod', async () => {
    expect(await kubectl('run', 'ran', '--image=example.com/a:1')).toBe('pod/ran created\n');
    expect(await kubectl('get', 'pod', 'ran', '-o', 'jsonpath={.spec.containers[0].image}')).toBe('example.com/a:1');
  });
});

describe('kubectl apply on the client side', () => {
  it('creates, changes, leaves alone, and removes what was taken out', async () => {
    expect(await given(configMap('merge', 'write', { a: '1', b: '2' }), 'apply')).toBe('configmap/merge created\n');
    await kubectl('patch', 'configmap', 'merge', '--type=merge', '-p', '{"data":{"others":"kept"}}');
    expect(await given(configMap('merge', 'write', { a: '1', c: '3' }), 'apply')).toBe('configmap/merge configured\n');
    expect(await dataOf('merge')).toEqual({ a: '1', c: '3', others: 'kept' });
    expect(await given(configMap('merge', 'write', { a: '1', c: '3' }), 'apply')).toBe('configmap/merge unchanged\n');
  });

  it('merges the lists of built-in kinds by their keys', async () => {
    await given(pod('merged', 'write'), 'apply');
    const changed = pod('merged', 'write').replace('example.com/main:1', 'example.com/main:2');
    expect(await given(changed, 'apply')).toBe('pod/merged configured\n');
    expect(await kubectl('get', 'pod', 'merged', '-o', 'jsonpath={.spec.containers[*].image}')).toBe(
      'example.com/main:2',
    );
  });

  it('removes a field of a custom resource', async () => {
    await given(session('fields', 'write', '  timeout: 8h'), 'apply');
    expect(await kubectl('get', 'vdi', 'fields', '-o', 'jsonpath={.spec.timeout}')).toBe('8h');
    await given(session('fields', 'write'), 'apply');
    expect(await kubectl('get', 'vdi', 'fields', '-o', 'jsonpath={.spec.timeout}')).toBe('');
  });

  it('prunes what left the set', async () => {
    const labelled = (name: string): string =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: write, labels: {set: pruned}}\n`;
    const args = ['apply', '--prune', '-l', 'set=pruned', '--prune-allowlist=core/v1/ConfigMap', '-n', 'write'];
    await given(`${labelled('stays')}---\n${labelled('goes')}`, ...args);
    expect(await given(labelled('stays'), ...args)).toContain('configmap/goes pruned');
    expect(await kubectl('get', 'configmaps', '-l', 'set=pruned', '-o', 'name')).toBe('configmap/stays\n');
  });
});

describe('kubectl apply on the server side', () => {
  it('owns what it applies, and shares an object with others', async () => {
    await given(configMap('ssa', 'write', { a: '1' }), 'apply', '--server-side', '--field-manager=one');
    await given(configMap('ssa', 'write', { b: '2' }), 'apply', '--server-side', '--field-manager=two');
    expect(await dataOf('ssa')).toEqual({ a: '1', b: '2' });
    await given(configMap('ssa', 'write', {}), 'apply', '--server-side', '--field-manager=two');
    expect(await dataOf('ssa')).toEqual({ a: '1' });
  });

  it('names the other manager on a conflict, and takes over only by force', async () => {
    await given(configMap('fought', 'write', { a: '1' }), 'apply', '--server-side', '--field-manager=one');
    const args = ['apply', '--server-side', '--field-manager=two', '-f', '-'];
    const stdin = configMap('fought', 'write', { a: '2' });
    const error = await failing(args, { stdin });
    expect(error).toContain('conflict with "one": .data.a');
    expect(await dataOf('fought')).toEqual({ a: '1' });
    await solo.kubectlOk([...args, '--force-conflicts'], { stdin });
    expect(await dataOf('fought')).toEqual({ a: '2' });
  });

  it('takes over from client-side apply without a conflict', async () => {
    await given(configMap('moved', 'write', { a: '1' }), 'apply');
    await given(configMap('moved', 'write', { a: '2' }), 'apply', '--server-side');
    expect(await dataOf('moved')).toEqual({ a: '2' });
  });

  it('works on our kinds', async () => {
    const args = ['apply', '--server-side'];
    await given(session('ssa', 'write', '  timeout: 8h'), ...args);
    await given(session('ssa', 'write'), ...args);
    expect(await kubectl('get', 'vdi', 'ssa', '-o', 'jsonpath={.spec}')).not.toContain('timeout');
  });
});

describe('kubectl diff and --dry-run=server', () => {
  it('shows what an apply would change, and changes nothing', async () => {
    await given(configMap('diffed', 'write', { a: '1' }), 'apply');
    const stdin = configMap('diffed', 'write', { a: '2' });
    const diff = await solo.kubectl(['diff', '-f', '-'], { stdin });
    expect([diff.code, diff.stderr]).toEqual([1, '']);
    expect(diff.stdout).toMatch(/-\s+a: "1"\n\+\s+a: "2"/);
    expect(await given(stdin, 'apply', '--dry-run=server')).toBe('configmap/diffed configured (server dry run)\n');
    expect(await given(stdin, 'apply', '--server-side', '--dry-run=server', '--force-conflicts')).toContain(
      '(server dry run)',
    );
    expect(await dataOf('diffed')).toEqual({ a: '1' });
    const same = await solo.kubectl(['diff', '-f', '-'], { stdin: configMap('diffed', 'write', { a: '1' }) });
    expect([same.code, same.stdout]).toEqual([0, '']);
  });

  it('creates and deletes nothing', async () => {
    await given(configMap('unreal', 'write', {}), 'create', '--dry-run=server');
    expect(await failing(['get', 'configmap', 'unreal', '-n', 'write'])).toContain('NotFound');
    await given(configMap('real', 'write', {}), 'create');
    await kubectl('delete', 'configmap', 'real', '--dry-run=server');
    expect(await kubectl('get', 'configmap', 'real', '-o', 'name')).toBe('configmap/real\n');
  });
});

describe('kubectl changes objects', () => {
  it('by json, merge and strategic patch', async () => {
    await given(pod('patched', 'write'), 'create');
    await given(session('patched', 'write'), 'create');
    await kubectl(
      'patch',
      'vdi',
      'patched',
      '--type=json',
      '-p',
      '[{"op":"add","path":"/spec/suspended","value":true}]',
    );
    await kubectl('patch', 'vdi', 'patched', '--type=merge', '-p', '{"spec":{"timeout":"1h"}}');
    expect(JSON.parse(await kubectl('get', 'vdi', 'patched', '-o', 'jsonpath={.spec}'))).toMatchObject({
      suspended: true,
      timeout: '1h',
    });
    await kubectl(
      'patch',
      'pod',
      'patched',
      '-p',
      '{"spec":{"containers":[{"name":"main","image":"example.com/main:9"}]}}',
    );
    expect(await kubectl('get', 'pod', 'patched', '-o', 'jsonpath={.spec.containers[*].image}')).toBe(
      'example.com/main:9',
    );
    expect(await kubectl('get', 'pod', 'patched', '-o', 'jsonpath={.spec.containers[0].env[0].value}')).toBe('1');
  });

  it('says what a failed json patch expected', async () => {
    await given(configMap('tested', 'write', { a: '1' }), 'create');
    const patch = '[{"op":"test","path":"/data/a","value":"2"}]';
    expect(await failing(['patch', 'configmap', 'tested', '-n', 'write', '--type=json', '-p', patch])).toMatch(/test/i);
  });

  it('the status alone, without a new generation', async () => {
    await given(session('stated', 'write'), 'create');
    await kubectl(
      'patch',
      'vdi',
      'stated',
      '--subresource=status',
      '--type=merge',
      '-p',
      '{"status":{"phase":"Running"},"spec":{"timeout":"1h"}}',
    );
    const object = JSON.parse(await kubectl('get', 'vdi', 'stated', '-o', 'json')) as {
      spec: object;
      metadata: object;
      status: object;
    };
    expect(object.status).toEqual({ phase: 'Running' });
    expect(object.spec).not.toHaveProperty('timeout');
    expect(object.metadata).toMatchObject({ generation: 1 });
    await kubectl(
      'patch',
      'vdi',
      'stated',
      '--type=merge',
      '-p',
      '{"status":{"phase":"Failed"},"spec":{"timeout":"1h"}}',
    );
    expect(await kubectl('get', 'vdi', 'stated', '-o', 'jsonpath={.status.phase} {.metadata.generation}')).toBe(
      'Running 2',
    );
  });

  it('their labels and annotations', async () => {
    await given(configMap('marked', 'write', {}), 'create');
    await kubectl('label', 'configmap', 'marked', 'tier=gold');
    await kubectl('annotate', 'configmap', 'marked', 'note=hello');
    expect(await failing(['label', 'configmap', 'marked', '-n', 'write', 'tier=tin'])).toContain('--overwrite');
    await kubectl('label', 'configmap', 'marked', 'tier=tin', '--overwrite');
    expect(
      await kubectl(
        'get',
        'configmap',
        'marked',
        '-o',
        'jsonpath={.metadata.labels.tier} {.metadata.annotations.note}',
      ),
    ).toBe('tin hello');
    await kubectl('label', 'configmap', 'marked', 'tier-');
    expect(await kubectl('get', 'configmap', 'marked', '-o', 'jsonpath={.metadata.labels}')).toBe('');
  });

  it('in an editor', async () => {
    await given(session('edited', 'write'), 'create');
    const editor = join(solo.stateDirectory, 'editor.sh');
    writeFileSync(editor, '#!/bin/sh\nexec sed -i "s/template: xfce/template: xfce\\n  timeout: 2h/" "$1"\n', {
      mode: 0o755,
    });
    const edited = await solo.kubectlOk(['edit', 'vdi', 'edited', '-n', 'write'], { env: { EDITOR: editor } });
    expect(edited).toBe('vdisession.vdi.kasm.io/edited edited\n');
    expect(await kubectl('get', 'vdi', 'edited', '-o', 'jsonpath={.spec.timeout}')).toBe('2h');
  });

  it('by replacing them, unless somebody else was faster', async () => {
    await given(configMap('replaced', 'write', { a: '1' }), 'create');
    const read = await kubectl('get', 'configmap', 'replaced', '-o', 'json');
    await given(configMap('replaced', 'write', { a: '2' }), 'replace');
    expect(await dataOf('replaced')).toEqual({ a: '2' });
    expect(await failing(['replace', '-f', '-'], { stdin: read })).toContain('Conflict');
  });
});

describe('kubectl delete', () => {
  const owned = async (name: string): Promise<void> => {
    await given(configMap(`${name}-owner`, 'write', {}), 'create');
    const uid = await kubectl('get', 'configmap', `${name}-owner`, '-o', 'jsonpath={.metadata.uid}');
    const ownerReferences = [
      { apiVersion: 'v1', kind: 'ConfigMap', name: `${name}-owner`, uid, blockOwnerDeletion: true },
    ];
    const child = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: `${name}-child`, namespace: 'write', ownerReferences },
    };
    await given(JSON.stringify(child), 'create');
  };
  const exists = async (...what: string[]): Promise<boolean> =>
    (await solo.kubectl(['get', ...what, '-n', 'write'])).code === 0;

  it('waits until the object is gone', async () => {
    await given(session('gone', 'write'), 'create');
    expect(await kubectl('delete', 'vdi', 'gone', '--wait')).toContain('"gone" deleted');
    expect(await exists('vdi', 'gone')).toBe(false);
  });

  it('takes dependents along in the background', async () => {
    await owned('background');
    await kubectl('delete', 'configmap', 'background-owner');
    await kubectl('wait', '--for=delete', 'secret/background-child', '--timeout=25s');
    expect(await exists('secret', 'background-child')).toBe(false);
  });

  it('takes dependents along before the owner when asked for foreground', async () => {
    await owned('foreground');
    await kubectl('delete', 'configmap', 'foreground-owner', '--cascade=foreground', '--timeout=25s');
    expect([await exists('configmap', 'foreground-owner'), await exists('secret', 'foreground-child')]).toEqual([
      false,
      false,
    ]);
  });

  it('leaves orphans when asked for, without their owner’s name', async () => {
    await owned('orphan');
    await kubectl('delete', 'configmap', 'orphan-owner', '--cascade=orphan', '--timeout=25s');
    expect(await kubectl('get', 'secret', 'orphan-child', '-o', 'jsonpath={.metadata.ownerReferences}')).toBe('');
  });

  it('keeps what a finalizer holds until it lets go', async () => {
    await given(session('held', 'write'), 'create');
    await kubectl('patch', 'vdi', 'held', '--type=merge', '-p', '{"metadata":{"finalizers":["example.com/hold"]}}');
    await kubectl('delete', 'vdi', 'held', '--wait=false');
    expect(await kubectl('get', 'vdi', 'held', '-o', 'jsonpath={.metadata.deletionTimestamp}')).not.toBe('');
    await kubectl('patch', 'vdi', 'held', '--type=json', '-p', '[{"op":"remove","path":"/metadata/finalizers"}]');
    await kubectl('wait', '--for=delete', 'vdi/held', '--timeout=25s');
  });

  it('deletes what a selector chooses, and all of a namespace with it', async () => {
    await given(namespace('doomed'), 'create');
    await given(configMap('inside', 'doomed', {}), 'create');
    await given(session('inside', 'doomed'), 'create');
    await solo.kubectlOk(['label', 'configmap', 'inside', '-n', 'doomed', 'x=y']);
    await solo.kubectlOk(['delete', 'configmap', '-n', 'doomed', '-l', 'x=y']);
    await solo.kubectlOk(['delete', 'namespace', 'doomed', '--timeout=25s']);
    expect(await failing(['get', 'vdi', 'inside', '-n', 'doomed'])).toContain('NotFound');
    expect(await failing(['get', 'namespace', 'doomed'])).toContain('NotFound');
  });
});

describe('kubectl waits and watches', () => {
  it('for a value, for a condition and for an end', async () => {
    await given(session('awaited', 'write'), 'create');
    const forPhase = await solo.startKubectl([
      'wait',
      'vdi/awaited',
      '-n',
      'write',
      '--for=jsonpath={.status.phase}=Running',
    ]);
    const forReady = await solo.startKubectl(['wait', 'vdi/awaited', '-n', 'write', '--for=condition=Ready']);
    const forEnd = await solo.startKubectl(['wait', 'vdi/awaited', '-n', 'write', '--for=delete']);
    const now = new Date().toISOString();
    const ready = { type: 'Ready', status: 'True', reason: 'DesktopReady', message: 'ok', lastTransitionTime: now };
    const status = JSON.stringify({ status: { phase: 'Running', conditions: [ready] } });
    await kubectl('patch', 'vdi', 'awaited', '--subresource=status', '--type=merge', '-p', status);
    expect(await forPhase.output).toContain('condition met');
    expect(await forReady.output).toContain('condition met');
    await kubectl('delete', 'vdi', 'awaited', '--wait=false');
    expect(await forEnd.output).toContain('condition met');
  });

  it('and times out with a clear error', async () => {
    await given(session('never', 'write'), 'create');
    expect(await failing(['wait', 'vdi/never', '-n', 'write', '--for=condition=Ready', '--timeout=1s'])).toContain(
      'timed out',
    );
  });

  it('sees objects come, change and go, in order', async () => {
    const one = (a: string): string =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'w', namespace: 'write', labels: { watched: 'yes' } },
        data: { a },
      });
    const watching = await solo.startKubectl([
      'get',
      'configmaps',
      '-n',
      'write',
      '-l',
      'watched=yes',
      '-w',
      '--output-watch-events',
      '-o',
      'jsonpath={.type} {.object.metadata.name} {.object.data.a}{"\\n"}',
    ]);
    try {
      await given(one('1'), 'apply');
      await given(one('2'), 'apply');
      await kubectl('delete', 'configmap', 'w');
      await expect.poll(watching.printed).toBe('ADDED w 1\nMODIFIED w 2\nDELETED w 2\n');
    } finally {
      await watching.stop();
    }
  });
});
