import { builtinResources, createKubeClient } from '@vdi/kube';
import { createDrivenClock, type DrivenClock, testRuntime } from '@vdi/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from './change.ts';
import { createReflector, type Reflector } from './reflector.ts';
import { type ListFault, ScriptedServer, type WatchFault } from './testing/scripted-server.ts';

type Step =
  | { readonly type: 'put' | 'remove'; readonly name: string }
  | { readonly type: 'compact' | 'moveOn' }
  | { readonly type: 'wait'; readonly milliseconds: number };

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant('put' as const), name }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('remove' as const), name }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('compact' as const, 'moveOn' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant('wait' as const), milliseconds: fc.constantFrom(0, 1, 900, 40_000) }),
  },
);
const listFault: fc.Arbitrary<ListFault> = fc.oneof(
  fc.record({ type: fc.constant('status' as const), code: fc.constantFrom(429 as const, 500 as const, 503 as const) }),
  fc.record({ type: fc.constantFrom('refused' as const, 'expiredPage' as const) }),
  fc.record({ type: fc.constant('stale' as const), revisions: fc.integer({ min: 1, max: 5 }) }),
);
const after = fc.nat(4);
const mendableWatchFault: fc.Arbitrary<WatchFault> = fc.oneof(
  fc.record({
    type: fc.constant('status' as const),
    code: fc.constantFrom(410 as const, 429 as const, 500 as const, 503 as const),
  }),
  fc.record({ type: fc.constant('refused' as const) }),
  fc.record({
    type: fc.constantFrom(...(['end', 'cutInLine', 'endInLine', 'garbage', 'expire', 'silence'] as const)),
    after,
  }),
  fc.record({ type: fc.constant('replay' as const), revisions: fc.integer({ min: 1, max: 8 }) }),
);
/** Faults in which the server breaks its promise, so that only another list can show what is true. */
const lyingWatchFault: fc.Arbitrary<WatchFault> = fc.oneof(
  mendableWatchFault,
  fc.record({ type: fc.constant('swap' as const) }),
  fc.record({ type: fc.constant('lose' as const), at: after }),
);

interface Script {
  readonly steps: readonly Step[];
  readonly listFaults: readonly ListFault[];
  readonly watchFaults: readonly WatchFault[];
}

const scriptOf = (watchFault: fc.Arbitrary<WatchFault>): fc.Arbitrary<Script> =>
  fc.record({
    steps: fc.array(step, { maxLength: 30 }),
    listFaults: fc.array(listFault, { maxLength: 3 }),
    watchFaults: fc.array(watchFault, { maxLength: 6 }),
  });

/** Checks every change as it comes against what the changes before it said. */
class Witness {
  readonly told: string[] = [];
  readonly #present = new Map<string, { uid: string; version: number }>();
  readonly #deletedUids = new Set<string>();
  readonly violations: string[] = [];

  note(change: Change<{ metadata: { name?: string; uid?: string; resourceVersion?: string } }>): void {
    const { name = '', uid = '', resourceVersion = '' } = change.object.metadata;
    const known = this.#present.get(name);
    const version = Number(resourceVersion);
    this.told.push(`${change.type} ${name} ${uid}`);
    switch (change.type) {
      case 'added':
        if (known !== undefined) this.violations.push(`${name} was added twice without a deletion`);
        if (this.#deletedUids.has(uid)) this.violations.push(`${name} (${uid}) rose from the dead`);
        break;
      case 'updated':
        if (known?.uid !== uid) this.violations.push(`${name} changed its UID by an update`);
        if (known !== undefined && version <= known.version) this.violations.push(`${name} went back in time`);
        break;
      case 'deleted':
        if (known?.uid !== uid) this.violations.push(`${name} was deleted without being there`);
        this.#deletedUids.add(uid);
        this.#present.delete(name);
        return;
    }
    this.#present.set(name, { uid, version });
  }

  /** What listeners believe is there: it must be what the cache holds. */
  state(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      [...this.#present].map(([name, { uid, version }]) => [`${name} ${uid}`, String(version)]),
    );
  }
}

const cacheState = (reflector: Reflector): Readonly<Record<string, string>> =>
  Object.fromEntries(
    reflector.cache.all().map(({ metadata }) => [`${metadata.name} ${metadata.uid}`, metadata.resourceVersion ?? '']),
  );

const sameState = (first: Readonly<Record<string, string>>, second: Readonly<Record<string, string>>): boolean =>
  Object.keys(first).length === Object.keys(second).length &&
  Object.entries(first).every(([object, version]) => second[object] === version);

async function play({ steps, listFaults, watchFaults }: Script, patienceSeconds: number): Promise<void> {
  const clock = createDrivenClock();
  const server = new ScriptedServer(clock);
  server.listFaults.push(...listFaults);
  server.watchFaults.push(...watchFaults);
  const kube = createKubeClient({ fetch: server.fetch, baseUrl: 'http://scripted', clock });
  await using reflector = createReflector(testRuntime({ kube, clock }), { resource: builtinResources.configMaps });
  const witness = new Witness();
  reflector.onChange((change) => witness.note(change));
  reflector.start();
  for (const each of steps) await take(each, server, clock);
  for (let seconds = 0; seconds < patienceSeconds && !sameState(cacheState(reflector), server.state()); seconds += 5) {
    await clock.advance(5_000);
  }
  expect(cacheState(reflector)).toEqual(server.state());
  expect(witness.state()).toEqual(server.state());
  expect(witness.violations).toEqual([]);
  expect(reflector.cache.all().every((object) => Object.isFrozen(object.metadata))).toBe(true);
}

async function take(step: Step, server: ScriptedServer, clock: DrivenClock): Promise<void> {
  switch (step.type) {
    case 'put':
    case 'remove':
      return server[step.type](step.name);
    case 'compact':
    case 'moveOn':
      return server[step.type]();
    case 'wait':
      return await clock.advance(step.milliseconds);
  }
}

describe('a reflector of a server with every fault', () => {
  it('comes to hold the state of the server, and tells of every addition and deletion on the way', async () => {
    // Six faults, each after a watch of up to 150 s of silence and a pause of up to 60 s.
    await fc.assert(
      fc.asyncProperty(scriptOf(mendableWatchFault), (script) => play(script, 1500)),
      { numRuns: 300 },
    );
  });

  it('does so even if the server loses and reorders events, as soon as its list is due again', async () => {
    await fc.assert(
      fc.asyncProperty(scriptOf(lyingWatchFault), (script) => play(script, 5400)),
      { numRuns: 300 },
    );
  });
});
