import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../resource/resource.ts';
import { isObject, type JsonObject } from '../schema/json.ts';
import { aDesk, aWeb, deskLike, podLike } from './builders.ts';
import { appliedFields } from './applied-fields.ts';
import { comparable } from './comparable.ts';
import { compareObjects } from './compare-objects.ts';
import { parseFieldSet, printFieldSet, subtractFieldSets, unionFieldSets } from './field-set.ts';
import { objectSchema } from './object-schema.ts';
import { serverSideApply } from './server-side-apply.ts';
import { trackUpdate } from './track-update.ts';

const now = new Date('2026-03-01T12:00:00Z');

function apply(
  live: KubernetesObject | undefined,
  manager: string,
  applied: JsonObject,
  force = true,
): KubernetesObject {
  const resource = applied['kind'] === 'Desk' ? deskLike : podLike;
  return serverSideApply({ resource, live, applied, manager, force, now }).object;
}

const optional = { requiredKeys: [] };
const word = fc.constantFrom('a', 'b', 'c');
const json = fc.jsonValue({ maxDepth: 2 });

const container = fc.record(
  {
    name: word,
    image: word,
    command: fc.array(word, { maxLength: 2 }),
    env: fc.uniqueArray(fc.record({ name: word, value: word }, { requiredKeys: ['name'] }), {
      selector: ({ name }) => name,
      maxLength: 3,
    }),
    ports: fc.uniqueArray(
      fc.record(
        { containerPort: fc.constantFrom(80, 443), protocol: fc.constantFrom('TCP', 'UDP'), name: word },
        { requiredKeys: ['containerPort'] },
      ),
      { selector: ({ containerPort, protocol }) => `${containerPort}/${protocol ?? 'TCP'}`, maxLength: 3 },
    ),
  },
  { requiredKeys: ['name'] },
);

/** Any configuration of the Pod-like kind. */
const anyWeb = fc
  .record(
    {
      replicas: fc.integer({ min: 0, max: 3 }),
      containers: fc.uniqueArray(container, { selector: ({ name }) => name, maxLength: 3 }),
      tolerations: fc.array(fc.record({ key: word }), { maxLength: 2 }),
      nodeSelector: fc.dictionary(word, word, { maxKeys: 2 }),
    },
    optional,
  )
  .chain((spec) => fc.dictionary(word, word, { maxKeys: 3 }).map((labels) => aWeb(spec, { labels })));

/** Any configuration of the custom kind, with free JSON inside. */
const anyDesk = fc
  .record(
    {
      size: fc.integer({ min: 0, max: 3 }),
      note: fc.option(word),
      tags: fc.uniqueArray(word, { maxLength: 3 }),
      config: fc.dictionary(word, json, { maxKeys: 3 }),
      quotas: fc.dictionary(word, fc.record({ soft: fc.nat(3), hard: fc.nat(3) }, optional), { maxKeys: 2 }),
    },
    optional,
  )
  .map((spec) => aDesk(spec));

/** A live object that several managers wrote in any order, and one more configuration of the same kind. */
const histories = fc.constantFrom(anyWeb, anyDesk).chain((configuration) =>
  fc.record({
    writes: fc.array(
      fc.record({ manager: fc.constantFrom('alice', 'bob', 'carol'), isApply: fc.boolean(), configuration }),
      { maxLength: 4 },
    ),
    last: configuration,
  }),
);

type History = typeof histories extends fc.Arbitrary<infer Value> ? Value : never;

function liveOf({ writes }: History): KubernetesObject | undefined {
  let live: KubernetesObject | undefined;
  for (const { manager, isApply, configuration } of writes) {
    const resource = configuration.kind === 'Desk' ? deskLike : podLike;
    if (isApply) live = apply(live, manager, configuration);
    else live = trackUpdate({ resource, before: live, after: configuration, manager, now });
  }
  return live;
}

/** True when the object has every leaf of the configuration; items of lists are matched by what names them. */
function holds(actual: unknown, applied: unknown): boolean {
  if (isObject(applied) && isObject(actual)) {
    return Object.entries(applied).every(([name, value]) => value === undefined || holds(actual[name], value));
  }
  if (!Array.isArray(applied) || !Array.isArray(actual)) return JSON.stringify(actual) === JSON.stringify(applied);
  return applied.every((item) => actual.some((candidate) => isSameItem(candidate, item) && holds(candidate, item)));
}

function isSameItem(left: unknown, right: unknown): boolean {
  if (!isObject(left) || !isObject(right)) return JSON.stringify(left) === JSON.stringify(right);
  if ('containerPort' in right) {
    return (
      left['containerPort'] === right['containerPort'] && (left['protocol'] ?? 'TCP') === (right['protocol'] ?? 'TCP')
    );
  }
  return left['name'] === right['name'];
}

/** Lists in an order of their own: two managers may append in either order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(sorted).sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, sorted(field)]));
}

describe('server-side apply', () => {
  test('changes nothing when it is repeated', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const once = apply(liveOf(history), 'alice', history.last);
        expect(apply(once, 'alice', history.last)).toBe(once);
      }),
    );
  });

  test('gives every leaf of the configuration its value', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { metadata, ...rest } = apply(liveOf(history), 'alice', history.last);
        expect(holds({ ...rest, metadata }, withoutHollows(history.last))).toBe(true);
      }),
    );
  });

  test('leaves no manager with a field that the object does not have', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const object = apply(liveOf(history), 'alice', history.last);
        const schema = objectSchema(object.kind === 'Desk' ? deskLike : podLike);
        const nothing = { apiVersion: '', kind: '', metadata: {} };
        const present = unionFieldSets(
          compareObjects(schema, nothing, comparable(object)).changed,
          appliedFields(schema, comparable(object)),
        );
        for (const { fieldsV1 } of object.metadata.managedFields ?? []) {
          expect(printFieldSet(subtractFieldSets(parseFieldSet(fieldsV1), present))).toEqual({});
        }
      }),
    );
  });

  test('never takes a field without force from a manager who has another value for it', () => {
    fc.assert(
      fc.property(histories, fc.constantFrom('alice', 'dora'), (history, manager) => {
        const live = liveOf(history);
        try {
          const after = apply(live, manager, history.last, false);
          // Not refused: then the same with force does the same.
          expect(apply(live, manager, history.last, true)).toEqual(after);
        } catch (error) {
          expect(error).toMatchObject({ code: 409, reason: 'Conflict' });
          expect((error as { causes: readonly unknown[] }).causes.length).toBeGreaterThan(0);
        }
      }),
    );
  });
});

/** Empty and null parts of a free map say nothing of what others put there. */
function withoutHollows(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]) => (field === null ? [] : [[name, withoutHollows(field)]])),
  );
}

/** Configurations whose values follow from their paths: managers can share a field but never disagree. */
const agreeing = fc
  .record(
    {
      labels: fc.uniqueArray(word, { minLength: 1 }),
      tags: fc.uniqueArray(word, { minLength: 1 }),
      quotas: fc.uniqueArray(word, { minLength: 1 }),
      config: fc.uniqueArray(word, { minLength: 1 }),
      hasSize: fc.constant(true),
    },
    optional,
  )
  .map(({ labels, tags, quotas, config, hasSize }) => ({
    ...(labels && { labels: Object.fromEntries(labels.map((name) => [name, `label ${name}`])) }),
    ...(tags && { tags }),
    ...(quotas && { quotas: Object.fromEntries(quotas.map((name) => [name, { soft: 1 }])) }),
    ...(config && { config: { free: Object.fromEntries(config.map((name) => [name, [name]])) } }),
    ...(hasSize && { size: 1 }),
  }));

type Agreeing = typeof agreeing extends fc.Arbitrary<infer Value> ? Value : never;

function deskOf({ labels, ...spec }: Agreeing): KubernetesObject {
  return { ...aDesk(spec, labels ? { labels } : {}), ...(Object.keys(spec).length === 0 ? { spec: undefined } : {}) };
}

function union(left: unknown, right: unknown): unknown {
  if (Array.isArray(left) && Array.isArray(right)) return [...new Set<unknown>([...left, ...right])];
  if (!isObject(left) || !isObject(right)) return right ?? left;
  return Object.fromEntries(
    [...Object.keys(left), ...Object.keys(right)].map((name) => [name, union(left[name], right[name])]),
  );
}

describe('managers who agree', () => {
  test('leave an object that is the union of their last configurations: a field goes when its last owner drops it', () => {
    const turns = fc.array(fc.tuple(fc.constantFrom('alice', 'bob', 'carol'), agreeing), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(turns, (history) => {
        let live: KubernetesObject | undefined;
        const configurations = new Map<string, Agreeing>();
        for (const [manager, configuration] of history) {
          live = apply(live, manager, deskOf(configuration), false);
          configurations.set(manager, configuration);
        }
        const expected = [...configurations.values()].reduce<unknown>((all, one) => union(all, one), {});
        const { labels } = live?.metadata ?? {};
        const found = { ...(labels && { labels }), ...(live?.['spec'] as JsonObject | undefined) };
        expect(sorted(found)).toEqual(sorted(expected));
      }),
    );
  });

  test('may apply in either order', () => {
    fc.assert(
      fc.property(agreeing, agreeing, (one, other) => {
        const there = apply(apply(undefined, 'alice', deskOf(one), false), 'bob', deskOf(other), false);
        const back = apply(apply(undefined, 'bob', deskOf(other), false), 'alice', deskOf(one), false);
        expect(sorted(back)).toEqual(sorted(there));
      }),
    );
  });
});

describe('managers of disjoint fields', () => {
  test('may apply in either order, over any object', () => {
    const renamed = (configuration: KubernetesObject, prefix: string): KubernetesObject => {
      const { containers = [] } = configuration['spec'] as { containers?: readonly { readonly name: string }[] };
      const labels = Object.entries(configuration.metadata.labels ?? {}).map(
        ([name, value]) => [prefix + name, value] as const,
      );
      return aWeb(
        { containers: containers.map((item) => ({ ...item, name: prefix + item.name })) },
        { labels: Object.fromEntries(labels) },
      );
    };
    fc.assert(
      fc.property(anyWeb, anyWeb, (one, other) => {
        const live = apply(undefined, 'carol', aWeb({ replicas: 1 }));
        const [alice, bob] = [renamed(one, 'alice-'), renamed(other, 'bob-')];
        const there = apply(apply(live, 'alice', alice, false), 'bob', bob, false);
        const back = apply(apply(live, 'bob', bob, false), 'alice', alice, false);
        expect(sorted(back)).toEqual(sorted(there));
      }),
    );
  });
});
