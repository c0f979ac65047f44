import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vdiSession, vdiTemplate } from '@vdi/api';
import { builtinResources, createKubeClient, fetchFromKubeconfig, isNotFound, KubeError, resourceOf } from '@vdi/kube';
import { createLogger } from '@vdi/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Solo, type SoloOptions, startSolo } from './solo.ts';

let stateDirectory: string;
beforeEach(() => {
  stateDirectory = mkdtempSync(join(tmpdir(), 'vdi-solo-'));
});
afterEach(() => rmSync(stateDirectory, { recursive: true }));

const log = createLogger({ name: 'test', level: 'silent' });
const start = (options: Partial<SoloOptions> = {}): Promise<Solo> =>
  startSolo({ stateDirectory, port: 0, log, ...options });

describe('standalone mode', () => {
  it('serves our kinds and namespaces through its kubeconfig', async () => {
    await using solo = await start();
    await using connection = await fetchFromKubeconfig(solo.kubeconfigPath);
    const kube = createKubeClient(connection);
    expect(connection).toMatchObject({ baseUrl: solo.apiUrl, namespace: 'vdi-sessions' });
    expect(await kube.isServed(resourceOf(vdiSession))).toBe(true);
    expect(await kube.isServed(resourceOf(vdiTemplate))).toBe(true);
    const { items } = await kube.list(builtinResources.namespaces);
    expect(items.map(({ metadata }) => metadata.name)).toEqual(expect.arrayContaining(['vdi', 'vdi-sessions']));
  });

  it('streams a watch over HTTPS, and ends it when it stops', async () => {
    const solo = await start();
    await using connection = await fetchFromKubeconfig(solo.kubeconfigPath);
    const kube = createKubeClient(connection);
    const { resourceVersion } = await kube.list(builtinResources.configMaps);
    const watch = kube.watch(builtinResources.configMaps, { resourceVersion, namespace: 'vdi' });
    const first = watch.next();
    await solo.kube.create(builtinResources.configMaps, { metadata: { name: 'a', namespace: 'vdi' } });
    expect((await first).value).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'a' } } });
    const next = watch.next().catch((error: unknown) => error);
    await solo[Symbol.asyncDispose]();
    const ended = await next;
    expect(ended instanceof KubeError || (ended as IteratorResult<unknown>).done).toBe(true);
  });

  it('answers nobody without its token', async () => {
    await using solo = await start();
    writeFileSync(solo.kubeconfigPath, kubeconfigWithToken(solo.kubeconfigPath, 'A'.repeat(43)));
    await using connection = await fetchFromKubeconfig(solo.kubeconfigPath);
    await expect(createKubeClient(connection).list(builtinResources.namespaces)).rejects.toMatchObject({ status: 401 });
  });

  it('names its parts as they start, and frees everything when one of them fails', async () => {
    await using first = await start();
    const port = Number(new URL(first.url).port);
    const other = mkdtempSync(join(tmpdir(), 'vdi-solo-other-'));
    const steps: string[] = [];
    try {
      const options = { stateDirectory: other, port, progress: (step: string) => void steps.push(step) };
      await expect(start(options)).rejects.toMatchObject({ code: 'PortTaken' });
      expect(steps).toEqual([
        'Starting the Kubernetes API',
        'Starting the desktop kinds',
        'Starting the HTTPS listener',
        'Starting the web listener',
      ]);
      expect(readdirSync(other)).not.toContain('process.json');
      await using second = await start({ stateDirectory: other });
      expect(second.url).not.toBe(first.url);
    } finally {
      rmSync(other, { recursive: true });
    }
  });

  it('keeps what was written across a restart, and refuses a second start beside it', async () => {
    {
      await using solo = await start();
      await solo.kube.create(builtinResources.configMaps, { metadata: { name: 'kept', namespace: 'vdi' } });
      await expect(start()).rejects.toMatchObject({ code: 'StateDirectoryInUse' });
    }
    await using solo = await start();
    const kept = await solo.kube.get(builtinResources.configMaps, { namespace: 'vdi', name: 'kept' });
    expect(kept.metadata.name).toBe('kept');
    const missing = await solo.kube
      .get(builtinResources.configMaps, { namespace: 'vdi', name: 'x' })
      .catch((error: unknown) => error);
    expect(isNotFound(missing)).toBe(true);
  });
});

function kubeconfigWithToken(path: string, token: string): string {
  return readFileSync(path, 'utf8').replace(/token: .*/, `token: ${token}`);
}
