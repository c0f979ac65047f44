import type { Probe } from '@vdi/kube';
import { createDrivenClock, type DrivenClock } from '@vdi/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { ContainerProbes } from './container-probes.ts';
import type { ProbeKind } from './probe-schedule.ts';

let clock: DrivenClock;
let healthy: Record<ProbeKind, boolean>;
let asked: ProbeKind[];
let unhealthy: ProbeKind[];
let failures: number;

beforeEach(() => {
  clock = createDrivenClock();
  healthy = { startup: false, liveness: true, readiness: false };
  asked = [];
  unhealthy = [];
  failures = 0;
});

const exec = { exec: { command: ['test'] } };

async function probe(probes: Partial<Record<ProbeKind, Probe>>, adopted = false): Promise<ContainerProbes> {
  const started = new ContainerProbes({
    clock,
    probes,
    startedAt: clock.now(),
    wasStarted: adopted,
    wasReady: adopted,
    run: async (_, kind) => {
      asked.push(kind);
      return { ok: healthy[kind], message: 'no' };
    },
    onChange: () => undefined,
    onFailure: () => (failures += 1),
    onUnhealthy: (kind) => unhealthy.push(kind),
  });
  started.start();
  // The first try is under way; its answer comes before time goes on.
  await clock.advance(0);
  return started;
}

describe('probes', () => {
  it('ask at once and then ten times a second until the container answers', async () => {
    using probes = await probe({ startup: { ...exec, periodSeconds: 10, failureThreshold: 3 } });
    await clock.advance(450);
    expect(asked.length).toBe(5);
    healthy.startup = true;
    await clock.advance(100);
    expect(probes.isStarted).toBe(true);
    const { length } = asked;
    await clock.advance(60_000);
    expect(asked.length).toBe(length);
  });

  it('count failures once per period, so that asking often makes nobody fail sooner', async () => {
    using _probes = await probe({ startup: { ...exec, periodSeconds: 2, failureThreshold: 3 } });
    await clock.advance(5_900);
    expect({ unhealthy, failures }).toEqual({ unhealthy: [], failures: 2 });
    await clock.advance(200);
    expect({ unhealthy, failures }).toEqual({ unhealthy: ['startup'], failures: 3 });
    const { length } = asked;
    await clock.advance(60_000);
    expect(asked.length).toBe(length);
  });

  it('of readiness and liveness wait for startup', async () => {
    using probes = await probe({ startup: exec, readiness: exec, liveness: exec });
    await clock.advance(1_000);
    expect(new Set(asked)).toEqual(new Set(['startup']));
    healthy.startup = true;
    healthy.readiness = true;
    await clock.advance(200);
    expect(new Set(asked)).toEqual(new Set(['startup', 'readiness', 'liveness']));
    expect(probes.isReady).toBe(true);
  });

  it('take readiness away after so many failures in a row, and give it back after so many successes', async () => {
    healthy.readiness = true;
    using probes = await probe({ readiness: { ...exec, periodSeconds: 1, failureThreshold: 2, successThreshold: 2 } });
    await clock.advance(150);
    expect(probes.isReady).toBe(true);
    healthy.readiness = false;
    await clock.advance(1_000);
    expect(probes.isReady).toBe(true);
    await clock.advance(1_000);
    expect(probes.isReady).toBe(false);
    healthy.readiness = true;
    await clock.advance(200);
    expect(probes.isReady).toBe(true);
  });

  it('wait for the initial delay', async () => {
    using _probes = await probe({ liveness: { ...exec, initialDelaySeconds: 5, periodSeconds: 1 } });
    await clock.advance(4_900);
    expect(asked).toEqual([]);
    await clock.advance(200);
    expect(asked).toEqual(['liveness']);
  });

  it('trust what was found before a restart of the node', async () => {
    using probes = await probe({ startup: exec, readiness: exec }, true);
    expect(probes.isReady).toBe(true);
  });
});
