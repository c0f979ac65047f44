import type { VDISession } from '@vdi/api';
import { isNotFound, type KubeObject } from '@vdi/kube';
import { describe, expect, it } from 'vitest';
import { resources } from '../objects/resources.ts';
import { aSession } from '../testing/builders.ts';
import { Invariants } from '../testing/invariants.ts';
import { NetworkFaults } from '../testing/network-faults.ts';
import { SeededRandom } from '../testing/seeded-random.ts';
import { TestOperator } from '../testing/test-operator.ts';

/** Every life follows from its seed: `VDI_SEEDS=7,12` replays two, `VDI_SEEDS=1-500` looks for new ones. */
const seeds = seedsOf(process.env['VDI_SEEDS'] ?? '1-12');
const steps = 24;
const names = ['one', 'two', 'three'] as const;
const users = ['alice@example.com', 'bob@example.com'] as const;
const userOf = (name: (typeof names)[number]): string => (name === 'three' ? users[1] : users[0]);

type Step = (test: TestOperator, random: SeededRandom) => Promise<unknown>;

/** What people, administrators and nodes do, at moments that suit nobody. */
const happenings: readonly Step[] = [
  createOne,
  createOne,
  createOne,
  (test, random) => change(test, random, { suspended: true }),
  (test, random) => change(test, random, { suspended: false }),
  async (test, random) => await test.delete(random.oneOf(names)),
  async (test, random) => await loseOne(test, random),
  async (test) => void (test.node.script.stops = !test.node.script.stops),
  async (test) => void (test.node.script.becomesReady = !test.node.script.becomesReady),
  async (test, random) => await test.cluster.clock.advance(random.below(20_000)),
  async (test) => test.cluster.compact(),
];

async function createOne(test: TestOperator, random: SeededRandom): Promise<void> {
  const name = random.oneOf(names);
  await test.create(resources.sessions, aSession({ user: userOf(name) }, { name }));
}

async function change(test: TestOperator, random: SeededRandom, spec: Partial<VDISession['spec']>): Promise<void> {
  await test.change(random.oneOf(names), spec);
}

async function loseOne(test: TestOperator, random: SeededRandom): Promise<void> {
  const { items } = await test.kube.list<KubeObject>(resources.pods);
  if (items.length > 0) await test.node.lose(random.oneOf(items).metadata.name ?? '', 'Evicted');
}

/** What was meant for an object that is not there, or is there already, is no event in this life. */
async function tryStep(step: Step, test: TestOperator, random: SeededRandom): Promise<void> {
  try {
    await step(test, random);
  } catch (error) {
    if (!isNotFound(error) && !(error instanceof Error && error.message.includes('already exists'))) throw error;
  }
}

/** Time goes on while a process ends, because what it was about to do may wait by this clock. */
async function restarted(test: TestOperator): Promise<void> {
  const restarting = test.restart();
  await test.cluster.clock.advance(10_000);
  await restarting;
}

/** A life under faults, then their end. */
async function live(test: TestOperator, seed: number): Promise<Invariants> {
  const random = new SeededRandom(seed);
  const invariants = new Invariants(test.kube);
  const faults = new NetworkFaults(seed + 1_000_000, test.cluster.clock);
  test.disturb(faults, (write, init) => invariants.beforeWrite(write, init));
  // Its watches are to be late as well.
  await test.restart();
  for (let step = 0; step < steps; step += 1) {
    await tryStep(random.oneOf(happenings), test, random);
    await test.cluster.clock.advance(random.below(3_000));
    if (random.isLikely(0.6)) await test.node.step();
    if (test.isDead) await restarted(test);
    await invariants.look();
  }
  faults.heal();
  Object.assign(test.node.script, { stops: true, becomesReady: true });
  await rest(test);
  await invariants.look();
  return invariants;
}

/**
 * Longer than every back-off of theirs: then what does not happen never will. Time goes on meanwhile, because whoever waits for
 * news of a watch that broke off waits by this clock.
 */
async function rest(test: TestOperator): Promise<void> {
  for (const pauseMs of [...Array.from({ length: 40 }, () => 1_500), ...Array.from({ length: 15 }, () => 60_000)]) {
    await test.cluster.clock.advance(pauseMs);
    await test.node.step();
  }
}

/** O4: what follows from the wishes alone. Of a person's sessions that want the home, one has it and the others wait. */
function expectedPhases(sessions: readonly VDISession[]): unknown {
  const awake = sessions.filter(({ spec }) => spec.suspended !== true);
  return {
    suspended: sessions.filter(({ spec }) => spec.suspended === true).map(({ metadata }) => metadata.name),
    running: new Set(awake.map(({ spec }) => spec.user)).size,
    waiting: awake.length - new Set(awake.map(({ spec }) => spec.user)).size,
  };
}

function actualPhases(sessions: readonly VDISession[]): unknown {
  const inPhase = (phase: string): readonly VDISession[] => sessions.filter(({ status }) => status?.phase === phase);
  const waits = ({ status }: VDISession): boolean =>
    status?.conditions?.some(({ type, reason }) => type === 'HomeReady' && reason === 'HomeInUse') === true;
  return {
    suspended: inPhase('Suspended').map(({ metadata }) => metadata.name),
    running: inPhase('Running').length,
    waiting: inPhase('Creating').filter(waits).length,
  };
}

describe('lives under faults', () => {
  it.each(seeds)(
    'with seed %i leak nothing, lose no home, keep people apart, and end as if nothing had failed',
    async (seed) => {
      await using test = await TestOperator.start();
      const invariants = await live(test, seed);
      const { items: sessions } = await test.kube.list(resources.sessions);
      expect(actualPhases(sessions), test.writes.slice(-20).join('\n')).toEqual(expectedPhases(sessions));

      for (const { metadata } of sessions) await test.delete(metadata.name);
      await rest(test);
      await invariants.lookAtHomes();
      expect(invariants.broken).toEqual([]);
      // O1: of all that was made only homes are left.
      expect((await test.objects()).filter((name) => !name.startsWith('persistentvolumeclaims/home-'))).toEqual([]);
    },
    60_000,
  );
});

function seedsOf(text: string): readonly number[] {
  return text.split(',').flatMap((part) => {
    const [first = NaN, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
