import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configMap, session } from './manifests.ts';
import { type SoloProcess, startSoloProcess } from './solo-process.ts';

describe('kubectl with a list of objects', () => {
  let solo: SoloProcess;
  beforeAll(async () => {
    solo = await startSoloProcess();
    const yaml = [configMap('a', 'vdi', { one: '1' }), configMap('b', 'vdi', { two: '2' }), session('desk', 'vdi')];
    await solo.kubectlOk(['apply', '-f', '-'], { stdin: yaml.join('\n---\n') });
  });
  afterAll(() => solo[Symbol.asyncDispose]());

  it('takes what it gave: a copy of everything, applied anew', async () => {
    const copy = await solo.kubectlOk(['get', 'configmaps,vdisessions', '-n', 'vdi', '-o', 'yaml']);
    expect(copy).toMatch(/^kind: List$/m);
    const printed = await solo.kubectlOk(['apply', '--server-side', '--force-conflicts', '-f', '-'], {
      stdin: copy.replaceAll(/^ +(managedFields|resourceVersion|uid): .*\n/gm, ''),
    });
    expect(printed.trim().split('\n').toSorted()).toEqual([
      'configmap/a serverside-applied',
      'configmap/b serverside-applied',
      'vdisession.vdi.kasm.io/desk serverside-applied',
    ]);
  });

  it('names the item and the field that is wrong', async () => {
    const items = [
      JSON.parse(configMap('c', 'vdi', {})),
      { ...JSON.parse(configMap('d', 'vdi', {})), datta: {} },
    ] as const;
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    const { code, stderr } = await solo.kubectl(['create', '-f', '-'], { stdin: list });
    expect([code, stderr]).toEqual([1, expect.stringContaining('unknown field "datta"')]);
    expect(await solo.kubectlOk(['get', 'configmap', 'c', '-n', 'vdi', '-o', 'name'])).toBe('configmap/c\n');
  });
});
