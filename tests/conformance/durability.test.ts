import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configMap, session, template } from './manifests.ts';
import { type SoloProcess, startSoloProcess } from './solo-process.ts';

let solo: SoloProcess;
beforeAll(async () => {
  solo = await startSoloProcess();
  await solo.kubectlOk(['apply', '-f', '-'], { stdin: `${template('xfce')}\n---\n${session('alice', 'vdi')}` });
});
afterAll(() => solo[Symbol.asyncDispose]());

const identity = (): Promise<string> =>
  solo.kubectlOk([
    'get',
    'vdi',
    'alice',
    '-n',
    'vdi',
    '-o',
    'jsonpath={.metadata.uid} {.metadata.resourceVersion} {.spec.user}',
  ]);

describe('the state of standalone mode', () => {
  it('survives an orderly restart', async () => {
    const before = await identity();
    await solo.stop('SIGTERM');
    await solo.start();
    expect(await identity()).toBe(before);
  });

  it('has every change that was answered, after kill -9 in the middle of writing', async () => {
    const answered: string[] = [];
    const write = async (): Promise<void> => {
      for (;;) {
        const name = `entry-${answered.length}`;
        const { code } = await solo.kubectl(['create', '-f', '-'], { stdin: configMap(name, 'vdi', { name }) });
        if (code !== 0) return;
        answered.push(name);
        if (answered.length === 5) killed = solo.stop('SIGKILL');
      }
    };
    let killed: Promise<void> = Promise.resolve();
    await write();
    await killed;
    expect(answered.length).toBeGreaterThanOrEqual(5);
    await solo.start();
    const names = (await solo.kubectlOk(['get', 'configmaps', '-n', 'vdi', '-o', 'name'])).trim().split('\n');
    expect(names).toEqual(expect.arrayContaining(answered.map((name) => `configmap/${name}`)));
  });

  it('goes on with higher revisions, so that no watcher sees time run backwards', async () => {
    const revision = async (): Promise<number> =>
      Number(
        (
          JSON.parse(await solo.kubectlOk(['get', '--raw', '/api/v1/namespaces'])) as {
            metadata: { resourceVersion: string };
          }
        ).metadata.resourceVersion,
      );
    const before = await revision();
    await solo.stop('SIGKILL');
    await solo.start();
    await solo.kubectlOk(['annotate', 'vdi', 'alice', '-n', 'vdi', 'restarted=yes', '--overwrite']);
    expect(await revision()).toBeGreaterThan(before);
  });

  it('is closed to everybody else on the machine', () => {
    expect(statSync(solo.stateDirectory).mode & 0o777).toBe(0o700);
    for (const name of ['admin-token', 'kubeconfig', 'ca.key', 'server.key']) {
      expect(statSync(join(solo.stateDirectory, name)).mode & 0o777).toBe(0o600);
    }
  });

  it('keeps its token and its authority, so that a copied kubeconfig goes on working', async () => {
    const before = [
      readFileSync(join(solo.stateDirectory, 'admin-token'), 'utf8'),
      readFileSync(join(solo.stateDirectory, 'ca.crt'), 'utf8'),
    ];
    await solo.stop('SIGTERM');
    await solo.start();
    const after = [
      readFileSync(join(solo.stateDirectory, 'admin-token'), 'utf8'),
      readFileSync(join(solo.stateDirectory, 'ca.crt'), 'utf8'),
    ];
    expect(after).toEqual(before);
  });
});
