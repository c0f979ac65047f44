import { builtinResources, createKubeClient } from '@vdi/kube';
import { type Fate, startTestCluster, type TestCluster, testRuntime, tracedFetch } from '@vdi/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReflector, LeadershipLost, type ManagerOptions, startManager } from './index.ts';
import { secretPerEntry } from './testing/secret-per-entry.ts';

const { configMaps, secrets } = builtinResources;
const inVdi = { namespace: 'vdi', name: 'm' };
const election = (identity: string) => ({ election: { namespace: 'vdi', name: 'operator', identity } });

/** One process of the sample controller, with its writes noted. */
function aProcess(
  cluster: TestCluster,
  options: Partial<ManagerOptions> = {},
  fateOf?: (write: string, number: number) => Fate | Promise<Fate>,
) {
  const { writes, fetch } = tracedFetch(cluster.fetch, fateOf);
  const kube = createKubeClient({ fetch, baseUrl: 'http://test' });
  const runtime = testRuntime({ kube, clock: cluster.clock });
  const parts = secretPerEntry(runtime);
  const reflectors = [parts.maps, parts.children];
  const manager = startManager(runtime, { reflectors, controllers: [parts.controller], ...options });
  return { ...parts, writes, manager };
}

const secretsOf = async ({ kube }: TestCluster): Promise<unknown> =>
  (await kube.list(secrets, { namespace: 'vdi' })).items.map(({ metadata, ...rest }) => [metadata.name, rest['data']]);

const setData = (cluster: TestCluster, data: Record<string, string | null>): Promise<unknown> =>
  cluster.kube.patch(configMaps, inVdi, { type: 'merge', value: { data } });

/** Lets time pass, a little at a time, until `condition` holds. */
async function driveUntil({ clock }: TestCluster, condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let passedMs = 0; passedMs < 120_000 && !(await condition()); passedMs += 200) await clock.advance(200);
  expect(await condition()).toBe(true);
}

const noted = async (cluster: TestCluster): Promise<string | undefined> =>
  (await cluster.kube.get(configMaps, inVdi)).metadata.annotations?.['example.com/secrets'];

describe('a manager', () => {
  it('runs a controller from the first object to the last', async () => {
    await using cluster = await startTestCluster();
    await using process = aProcess(cluster).manager;
    await process.running;
    await cluster.kube.create(configMaps, { metadata: inVdi, data: { a: '1', b: '2' } });
    await driveUntil(cluster, async () => (await noted(cluster)) === '2');
    expect(await secretsOf(cluster)).toEqual([
      ['a', { value: 'MQ==' }],
      ['b', { value: 'Mg==' }],
    ]);
    await setData(cluster, { a: null, b: '3' });
    await driveUntil(cluster, async () => (await noted(cluster)) === '1');
    expect(await secretsOf(cluster)).toEqual([['b', { value: 'Mw==' }]]);
    await cluster.kube.delete(secrets, { namespace: 'vdi', name: 'b' });
    await driveUntil(cluster, async () => JSON.stringify(await secretsOf(cluster)).includes('Mw=='));
  });

  it('writes nothing when there is nothing to do, however often it looks', async () => {
    await using cluster = await startTestCluster();
    const { manager, writes, controller } = aProcess(cluster);
    await using _stopped = manager;
    await manager.running;
    await cluster.kube.create(configMaps, { metadata: inVdi, data: { a: '1' } });
    await driveUntil(cluster, async () => (await noted(cluster)) === '1');
    await controller.whenIdle();
    const before = [...writes];
    for (let look = 0; look < 5; look += 1) {
      controller.enqueue('vdi/m');
      await controller.whenIdle();
    }
    expect(writes).toEqual(before);
    expect(before).toEqual(['PATCH secrets/a', 'PATCH configmaps/m']);
  });

  it('starts controllers only after all caches are whole', async () => {
    await using cluster = await startTestCluster();
    await cluster.kube.create(configMaps, { metadata: inVdi, data: { a: '1' } });
    await cluster.stop();
    const { manager, controller, writes } = aProcess(cluster);
    await using _stopped = manager;
    await cluster.clock.advance(10_000);
    await controller.whenIdle();
    expect([manager.isLeader, writes]).toEqual([false, []]);
    cluster.start();
    await driveUntil(cluster, () => manager.isLeader);
    await manager.running;
  });

  it('lets only the leader write; when it is lost, it aborts, says so, and another goes on', async () => {
    await using cluster = await startTestCluster();
    const first = aProcess(cluster, election('first'));
    await first.manager.running;
    const second = aProcess(cluster, election('second'));
    await cluster.kube.create(configMaps, { metadata: inVdi, data: { a: '1' } });
    await driveUntil(cluster, async () => (await noted(cluster)) === '1');
    expect([first.manager.isLeader, second.manager.isLeader, second.writes]).toEqual([true, false, []]);
    // Somebody takes the Lease away.
    const lease = { namespace: 'vdi', name: 'operator' };
    const spec = { holderIdentity: 'second' };
    await cluster.kube.patch(builtinResources.leases, lease, { type: 'merge', value: { spec } });
    await driveUntil(cluster, () => second.manager.isLeader);
    expect(await first.manager.lost).toBeInstanceOf(LeadershipLost);
    const before = first.writes.length;
    await setData(cluster, { b: '2' });
    await driveUntil(cluster, async () => (await noted(cluster)) === '2');
    expect(first.writes).toHaveLength(before);
    await first.manager[Symbol.asyncDispose]();
    await second.manager[Symbol.asyncDispose]();
  });

  it('leaves nothing behind when it is stopped, however far it had come', async () => {
    await using cluster = await startTestCluster();
    const idle = cluster.clock.pending;
    await cluster.stop();
    const early = aProcess(cluster, election('early')).manager;
    await cluster.clock.advance(1_000);
    await early[Symbol.asyncDispose]();
    await expect(early.running).rejects.toThrow('was stopped');
    cluster.start();
    const late = aProcess(cluster, election('late')).manager;
    await late.running;
    await late[Symbol.asyncDispose]();
    await driveUntil(cluster, () => cluster.clock.pending <= idle);
  });
});

describe('a controller that dies at any write', () => {
  /** Creates, changes and prunes children; the same in every run. */
  async function workload(cluster: TestCluster): Promise<void> {
    await cluster.kube.create(configMaps, { metadata: inVdi, data: { a: '1', b: '2' } });
    await driveUntil(cluster, async () => (await noted(cluster)) === '2');
    await setData(cluster, { a: null, b: '3', c: '4', d: '5' });
    await driveUntil(cluster, async () => (await noted(cluster)) === '3');
  }

  /** Counts the Secrets that were made and deleted from now on. */
  function countSecrets({ kube, clock }: TestCluster) {
    const reflector = createReflector(testRuntime({ kube, clock }), { resource: secrets });
    const seen = { made: 0, deleted: 0 };
    reflector.onChange(({ type }) => {
      if (type === 'added') seen.made += 1;
      if (type === 'deleted') seen.deleted += 1;
    });
    reflector.start();
    return Object.assign(seen, { [Symbol.asyncDispose]: () => reflector[Symbol.asyncDispose]() });
  }

  it('leaves what its successor brings to the same end, with as many objects made and deleted', async () => {
    await using reference = await startTestCluster();
    const undisturbed = aProcess(reference);
    await using _stopped = undisturbed.manager;
    await workload(reference);
    const expected = await secretsOf(reference);
    const crash = fc.record({
      at: fc.integer({ min: 0, max: undisturbed.writes.length - 1 }),
      fate: fc.constantFrom<Fate>('requestLost', 'answerLost'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(crash, { minLength: 1, maxLength: 3 }), async (crashes) => {
        await using cluster = await startTestCluster();
        await using seen = countSecrets(cluster);
        const processes: ReturnType<typeof aProcess>[] = [];
        const left = [...crashes];
        const begin = (): void => {
          const crash = left.shift();
          const process = aProcess(cluster, {}, (_write, number) => {
            if (number !== crash?.at) return 'delivered';
            // The process dies here, whatever it would have done next, and another one begins.
            void process.manager[Symbol.asyncDispose]().then(begin);
            return crash.fate;
          });
          processes.push(process);
        };
        begin();
        await workload(cluster);
        await driveUntil(cluster, async () => JSON.stringify(await secretsOf(cluster)) === JSON.stringify(expected));
        await driveUntil(cluster, () => seen.deleted === 1);
        expect(seen.made).toBe(4);
        for (const { manager } of processes) await manager[Symbol.asyncDispose]();
      }),
      { numRuns: 30 },
    );
  });
});
