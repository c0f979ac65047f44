import type { Pod } from '@vdi/kube';
import { describe, expect, it } from 'vitest';
import { aContainer, aPod, anEnd, aView } from './pod-builders.ts';
import { type ObservedContainer, type ObservedPod, podStatus } from './pod-status.ts';

const nothing: ObservedContainer = {
  latest: undefined,
  previous: undefined,
  isStarted: false,
  isReady: false,
  waiting: undefined,
};

const observed = (
  containers: Readonly<Record<string, Partial<ObservedContainer>>>,
  more: Partial<ObservedPod> = {},
): ObservedPod => ({
  now: new Date('2026-01-02T10:05:00Z'),
  startTime: new Date('2026-01-02T10:00:00Z'),
  hostIP: '192.0.2.1',
  podIP: '10.0.0.2',
  hasSandbox: true,
  isInitialized: true,
  end: undefined,
  of: (name) => ({ ...nothing, ...containers[name] }),
  ...more,
});

const conditionsOf = (pod: Pod, seen: ObservedPod): Readonly<Record<string, string>> =>
  Object.fromEntries((podStatus(pod, seen).conditions ?? []).map(({ type, status }) => [type, status]));

describe('the status of a Pod', () => {
  it('is Pending and waiting before anything has started', () => {
    const status = podStatus(aPod(), observed({}, { isInitialized: false, hasSandbox: false, podIP: undefined }));
    expect(status).toMatchObject({
      phase: 'Pending',
      containerStatuses: [{ state: { waiting: { reason: 'PodInitializing' } }, ready: false, restartCount: 0 }],
    });
    expect(status).not.toHaveProperty('podIP');
  });

  it('is Running and ready when all containers are', () => {
    const seen = observed({ main: { latest: aView(), isStarted: true, isReady: true } });
    expect(podStatus(aPod(), seen)).toMatchObject({ phase: 'Running', podIP: '10.0.0.2' });
    expect(conditionsOf(aPod(), seen)).toEqual({
      PodReadyToStartContainers: 'True',
      Initialized: 'True',
      Ready: 'True',
      ContainersReady: 'True',
    });
  });

  it('names the containers that are not ready', () => {
    const pod = aPod({ containers: [aContainer({ name: 'one' }), aContainer({ name: 'two' })] });
    const seen = observed({ one: { latest: aView(), isStarted: true, isReady: true }, two: { latest: aView() } });
    const ready = podStatus(pod, seen).conditions?.find(({ type }) => type === 'Ready');
    expect(ready).toMatchObject({ status: 'False', message: 'containers with unready status: [two]' });
  });

  it('tells in back-off how the container ended last', () => {
    const waiting = { reason: 'CrashLoopBackOff', message: 'back-off 10s' };
    const seen = observed({ main: { latest: anEnd(5, 137, { attempt: 3, wasOutOfMemory: true }), waiting } });
    expect(podStatus(aPod(), seen)).toMatchObject({
      phase: 'Running',
      containerStatuses: [
        {
          restartCount: 3,
          state: { waiting },
          lastState: { terminated: { exitCode: 137, signal: 9, reason: 'OOMKilled' } },
        },
      ],
    });
  });

  it('keeps the time of a condition that did not change, and conditions of others', () => {
    const before = [
      { type: 'Ready', status: 'True' as const, lastTransitionTime: '2026-01-02T10:01:00Z' },
      { type: 'ContainersReady', status: 'False' as const, lastTransitionTime: '2026-01-02T10:01:00Z' },
      { type: 'PodScheduled', status: 'True' as const, lastTransitionTime: '2026-01-02T10:00:00Z' },
    ];
    const pod = { ...aPod(), status: { conditions: before } };
    const { conditions = [] } = podStatus(pod, observed({ main: { latest: aView(), isStarted: true, isReady: true } }));
    const timeOf = (type: string): string | undefined =>
      conditions.find((one) => one.type === type)?.lastTransitionTime;
    expect(timeOf('Ready')).toBe('2026-01-02T10:01:00Z');
    expect(timeOf('ContainersReady')).toBe('2026-01-02T10:05:00Z');
    expect(timeOf('PodScheduled')).toBe('2026-01-02T10:00:00Z');
  });

  it('has ended when it was ended, with the reason', () => {
    const end = { phase: 'Failed' as const, reason: 'DeadlineExceeded', message: 'too long' };
    expect(podStatus(aPod(), observed({ main: { latest: anEnd(9, 0) } }, { end }))).toMatchObject(end);
  });

  it('calls an init container ready when it has ended well, and a sidecar when its probe passes', () => {
    const pod = aPod({
      initContainers: [aContainer({ name: 'once' }), aContainer({ name: 'side', restartPolicy: 'Always' })],
    });
    const seen = observed({ once: { latest: anEnd(1, 0) }, side: { latest: aView(), isStarted: true }, main: {} });
    const { initContainerStatuses = [] } = podStatus(pod, seen);
    expect(initContainerStatuses.map(({ ready, started }) => [ready, started])).toEqual([
      [true, false],
      [false, true],
    ]);
  });
});
