import { builtinResources, createKubeClient, type KubeObject, type UntypedObject } from '@vdi/kube';
import { createLogger } from '@vdi/telemetry';
import { startTestCluster, type TestCluster, testRuntime } from '@vdi/testing';
import { describe, expect, it } from 'vitest';
import { createEventRecorder, type ObjectEvent } from './index.ts';

const aSession: KubeObject = {
  apiVersion: 'vdi.kasm.io/v1alpha1',
  kind: 'VDISession',
  metadata: { name: 'alice', namespace: 'vdi', uid: 'u1', resourceVersion: '5' },
};
const started: ObjectEvent = { type: 'Normal', reason: 'Started', message: 'The desktop is up.' };

const eventsOf = async ({ kube }: TestCluster): Promise<readonly UntypedObject[]> =>
  (await kube.list(builtinResources.events)).items;

describe('an event recorder', () => {
  it('writes an event that kubectl finds by its object', async () => {
    await using cluster = await startTestCluster();
    await using recorder = createEventRecorder(testRuntime(cluster), { component: 'vdi-operator' });
    recorder.record(aSession, started);
    await recorder.flush();
    expect(await eventsOf(cluster)).toMatchObject([
      {
        metadata: { namespace: 'vdi' },
        involvedObject: { kind: 'VDISession', name: 'alice', namespace: 'vdi', uid: 'u1' },
        ...started,
        source: { component: 'vdi-operator' },
        count: 1,
        firstTimestamp: '2026-01-02T10:00:00Z',
      },
    ]);
  });

  it('counts the same event instead of repeating it, and tells others apart', async () => {
    await using cluster = await startTestCluster();
    await using recorder = createEventRecorder(testRuntime(cluster), { component: 'test' });
    recorder.record(aSession, started);
    await cluster.clock.advance(60_000);
    recorder.record(aSession, started);
    recorder.record(aSession, { ...started, message: 'Again.' });
    recorder.record({ ...aSession, metadata: { ...aSession.metadata, uid: 'u2' } }, started);
    await recorder.flush();
    const told = (await eventsOf(cluster)).map(({ message, count, lastTimestamp }) => [message, count, lastTimestamp]);
    expect(told).toHaveLength(3);
    expect(told).toContainEqual([started.message, 2, '2026-01-02T10:01:00Z']);
    expect(told).toContainEqual(['Again.', 1, '2026-01-02T10:01:00Z']);
  });

  it('tells anew what the server has forgotten, or what was long ago', async () => {
    await using cluster = await startTestCluster();
    await using recorder = createEventRecorder(testRuntime(cluster), { component: 'test' });
    recorder.record(aSession, started);
    await recorder.flush();
    await cluster.kube.deleteCollection(builtinResources.events, { namespace: 'vdi' });
    await cluster.clock.advance(1_000);
    recorder.record(aSession, started);
    await recorder.flush();
    expect(await eventsOf(cluster)).toMatchObject([{ count: 1 }]);
    await cluster.clock.advance(600_000);
    recorder.record(aSession, started);
    await recorder.flush();
    expect(await eventsOf(cluster)).toMatchObject([{ count: 1 }, { count: 1 }]);
  });

  it('puts the events of a cluster-scoped object into the namespace that upstream uses', async () => {
    await using cluster = await startTestCluster();
    await using recorder = createEventRecorder(testRuntime(cluster), { component: 'test' });
    recorder.record({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', uid: 'u' } }, started);
    await recorder.flush();
    expect(await eventsOf(cluster)).toMatchObject([{ metadata: { namespace: 'default' } }]);
  });

  it('lets an object tell 25 things at once, then one every five minutes', async () => {
    await using cluster = await startTestCluster();
    await using recorder = createEventRecorder(testRuntime(cluster), { component: 'test' });
    const tell = (number: number) => recorder.record(aSession, { ...started, message: `Thing ${number}.` });
    for (let number = 0; number < 40; number += 1) tell(number);
    await recorder.flush();
    expect(await eventsOf(cluster)).toHaveLength(25);
    await cluster.clock.advance(300_000);
    for (const number of [50, 51]) tell(number);
    await recorder.flush();
    expect(await eventsOf(cluster)).toHaveLength(26);
  });

  it('never fails those who tell: what cannot be written is logged', async () => {
    await using cluster = await startTestCluster();
    const lines: string[] = [];
    const logger = createLogger({ name: 'test', destination: { write: (line) => void lines.push(line) } });
    const kube = createKubeClient({ fetch: () => Promise.reject(new TypeError('fetch failed')), baseUrl: 'http://x' });
    await using recorder = createEventRecorder(testRuntime({ ...cluster, kube, logger }), { component: 'test' });
    recorder.record(aSession, started);
    await recorder.flush();
    expect(lines.join('')).toContain('Failed to write an event');
  });
});
