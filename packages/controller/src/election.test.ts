import { builtinResources, createKubeClient, type Fetch } from '@vdi/kube';
import { createDrivenClock, startTestCluster, type TestCluster, testRuntime } from '@vdi/testing';
import { describe, expect, it } from 'vitest';
import { type Election, LeadershipLost, startElection } from './index.ts';

const lease = { namespace: 'vdi', name: 'operator' };

/** A candidate whose network can be cut, with the cluster's clock or one of its own. */
function aCandidate(cluster: TestCluster, identity: string, clock = cluster.clock) {
  const network = { isCut: false };
  const fetch: Fetch = (url, init) =>
    network.isCut ? Promise.reject(new TypeError('fetch failed')) : cluster.fetch(url, init);
  const kube = createKubeClient({ fetch, baseUrl: 'http://test' });
  const runtime = testRuntime({ kube, clock, random: () => 0 });
  return { network, runtime, election: startElection(runtime, { ...lease, identity }) };
}

/** Drives time in small steps, as requests take their time between timers. */
async function drive(cluster: TestCluster, seconds: number, each: () => void = () => undefined): Promise<void> {
  for (let tick = 0; tick < seconds * 4; tick += 1) {
    for (let turn = 0; turn < 5; turn += 1) await cluster.clock.advance(50);
    each();
  }
}

const holder = async ({ kube }: TestCluster): Promise<unknown> =>
  ((await kube.get(builtinResources.leases, lease))['spec'] as { holderIdentity?: string }).holderIdentity;

const leaders = (...elections: readonly Election[]): number => elections.filter(({ isLeader }) => isLeader).length;

describe('an election', () => {
  it('has one winner, who keeps the Lease as long as it renews it', async () => {
    await using cluster = await startTestCluster();
    const { election: first, runtime } = aCandidate(cluster, 'first');
    await first.acquired;
    const { election: second } = aCandidate(cluster, 'second');
    await drive(cluster, 120);
    expect([first.isLeader, second.isLeader, await holder(cluster)]).toEqual([true, false, 'first']);
    expect(await runtime.metrics.text()).toContain('leader_election_master_status{name="operator"} 1');
    await second[Symbol.asyncDispose]();
    await first[Symbol.asyncDispose]();
  });

  it('hands over at once when the leader stops in order', async () => {
    await using cluster = await startTestCluster();
    const { election: first } = aCandidate(cluster, 'first');
    await first.acquired;
    await using second = aCandidate(cluster, 'second').election;
    await drive(cluster, 1);
    await first[Symbol.asyncDispose]();
    expect([first.isLeader, await holder(cluster)]).toEqual([false, '']);
    await drive(cluster, 3);
    expect([second.isLeader, await holder(cluster)]).toEqual([true, 'second']);
  });

  it('makes a leader without network stop before another one starts, and never has two', async () => {
    await using cluster = await startTestCluster();
    const { election: first, network } = aCandidate(cluster, 'first');
    await first.acquired;
    await using second = aCandidate(cluster, 'second').election;
    await drive(cluster, 5);
    network.isCut = true;
    const startedAtMs = cluster.clock.monotonicMs();
    let lostAfterMs = 0;
    let wonAfterMs = 0;
    await drive(cluster, 20, () => {
      const passedMs = cluster.clock.monotonicMs() - startedAtMs;
      if (lostAfterMs === 0 && !first.isLeader) lostAfterMs = passedMs;
      if (wonAfterMs === 0 && second.isLeader) wonAfterMs = passedMs;
      expect(leaders(first, second)).toBeLessThanOrEqual(1);
    });
    expect(lostAfterMs).toBeGreaterThan(7_000);
    expect(lostAfterMs).toBeLessThanOrEqual(10_250);
    expect(wonAfterMs).toBeGreaterThan(lostAfterMs);
    expect(wonAfterMs).toBeLessThanOrEqual(17_500);
    expect(first.signal.reason).toBeInstanceOf(LeadershipLost);
    network.isCut = false;
    await drive(cluster, 10);
    expect([first.isLeader, await holder(cluster)]).toEqual([false, 'second']);
  });

  it('is decided by no wall clock, however wrong', async () => {
    await using cluster = await startTestCluster();
    const { election: first } = aCandidate(cluster, 'first');
    await first.acquired;
    await using second = aCandidate(cluster, 'second').election;
    const hour = 3_600_000;
    for (const jump of [hour, -2 * hour, 24 * 365 * 10 * hour, -24 * 365 * 20 * hour]) {
      cluster.clock.jump(jump);
      await drive(cluster, 20);
      expect([first.isLeader, second.isLeader]).toEqual([true, false]);
    }
    await first[Symbol.asyncDispose]();
  });

  it('makes a leader that was frozen know by the clock alone that it leads no more', async () => {
    await using cluster = await startTestCluster();
    const asleep = { forMs: 0 };
    const clock = { ...createDrivenClock(), monotonicMs: () => cluster.clock.monotonicMs() + asleep.forMs };
    const { election } = aCandidate(cluster, 'first', clock);
    await election.acquired;
    asleep.forMs = 9_999;
    expect(election.isLeader).toBe(true);
    asleep.forMs = 30_000;
    expect([election.isLeader, election.signal.aborted]).toEqual([false, false]);
    await election[Symbol.asyncDispose]();
    expect(await holder(cluster)).toBe('first');
  });

  it('has one winner when many claim a Lease that does not exist', async () => {
    await using cluster = await startTestCluster();
    const elections = Array.from({ length: 5 }, (_, number) => aCandidate(cluster, `candidate-${number}`).election);
    await Promise.any(elections.map(({ acquired }) => acquired));
    await drive(cluster, 30);
    expect(leaders(...elections)).toBe(1);
    for (const election of elections) await election[Symbol.asyncDispose]();
  });

  it('has one winner when two claim a Lease that ran out at the same time', async () => {
    await using cluster = await startTestCluster();
    const { election: first, network } = aCandidate(cluster, 'first');
    await first.acquired;
    const claims: (() => void)[] = [];
    const fetch: Fetch = async (url, init) => {
      if (init.method === 'PUT' && claims.length < 2) await new Promise<void>((resolve) => claims.push(resolve));
      return await cluster.fetch(url, init);
    };
    const kube = createKubeClient({ fetch, baseUrl: 'http://test' });
    const runtime = testRuntime({ ...cluster, kube, random: () => 0 });
    const others = ['second', 'third'].map((identity) => startElection(runtime, { ...lease, identity }));
    await drive(cluster, 5);
    network.isCut = true;
    await drive(cluster, 18);
    expect(claims).toHaveLength(2);
    for (const proceed of claims) proceed();
    await drive(cluster, 1, () => expect(leaders(first, ...others)).toBeLessThanOrEqual(1));
    expect(leaders(...others)).toBe(1);
    for (const election of [first, ...others]) await election[Symbol.asyncDispose]();
  });

  it('counts the time of a leader from before its request, however late the answer', async () => {
    await using cluster = await startTestCluster();
    let answerLateByMs = 0;
    const fetch: Fetch = async (url, init) => {
      const response = await cluster.fetch(url, init);
      if (init.method === 'PUT') await new Promise<void>((resolve) => cluster.clock.after(answerLateByMs, resolve));
      return response;
    };
    const kube = createKubeClient({ fetch, baseUrl: 'http://test' });
    const election = startElection(testRuntime({ ...cluster, kube }), { ...lease, identity: 'slow' });
    await election.acquired;
    answerLateByMs = 4_500;
    // Asks after 2 s and is answered after 6.5 s; asks again after 8.5 s and is not answered when the first has run out.
    await drive(cluster, 11.5);
    expect(election.isLeader).toBe(true);
    await drive(cluster, 1);
    expect([election.isLeader, election.signal.reason instanceof LeadershipLost]).toEqual([false, true]);
    await cluster.clock.advance(60_000);
    await election[Symbol.asyncDispose]();
  });

  it('keeps a leader although one request is never answered', async () => {
    await using cluster = await startTestCluster();
    let isDeaf = false;
    const fetch: Fetch = (url, init) => {
      if (!isDeaf) return cluster.fetch(url, init);
      isDeaf = false;
      return new Promise((_resolve, reject) => {
        init.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
      });
    };
    const kube = createKubeClient({ fetch, baseUrl: 'http://test' });
    await using election = startElection(testRuntime({ ...cluster, kube }), { ...lease, identity: 'patient' });
    await election.acquired;
    isDeaf = true;
    await drive(cluster, 30, () => expect(election.isLeader).toBe(true));
    expect(isDeaf).toBe(false);
  });

  it('refuses times with which two could lead at once', async () => {
    await using cluster = await startTestCluster();
    const options = { ...lease, identity: 'x', renewDeadlineSeconds: 20 };
    expect(() => startElection(testRuntime(cluster), options)).toThrow(/two could lead at once; it got 15, 20 and 2/);
  });
});
