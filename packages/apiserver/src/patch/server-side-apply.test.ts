import { describe, expect, test } from 'vitest';
import { ApiError } from '../api-error.ts';
import type { KubernetesObject } from '../resource/resource.ts';
import type { JsonObject } from '../schema/json.ts';
import { aDesk, aWeb, deskLike, podLike } from './builders.ts';
import { serverSideApply, type ServerSideApply } from './server-side-apply.ts';
import { trackUpdate } from './track-update.ts';

const noon = new Date('2026-03-01T12:00:00.250Z');
const later = new Date('2026-03-01T13:00:00Z');

type Options = Partial<Pick<ServerSideApply, 'force' | 'subresource' | 'now' | 'resource'>>;

function apply(live: KubernetesObject | undefined, manager: string, applied: JsonObject, options: Options = {}) {
  const resource = applied['kind'] === 'Desk' ? deskLike : podLike;
  return serverSideApply({ resource, live, applied, manager, force: false, now: noon, ...options }).object;
}

function update(before: KubernetesObject | undefined, manager: string, after: KubernetesObject, subresource?: string) {
  const resource = after.kind === 'Desk' ? deskLike : podLike;
  return trackUpdate({ resource, before, after, manager, subresource, now: noon });
}

/** What each manager owns, as `manager operation` to FieldsV1. */
function owners(object: KubernetesObject): Record<string, unknown> {
  const entries = object.metadata.managedFields ?? [];
  return Object.fromEntries(entries.map((entry) => [`${entry.manager} ${entry.operation}`, entry.fieldsV1]));
}

function specOf(object: KubernetesObject): unknown {
  return object['spec'];
}

function refusal(act: () => unknown): ApiError {
  try {
    act();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the first apply', () => {
  test('creates the object and owns exactly the fields of the configuration', () => {
    const created = apply(
      undefined,
      'alice',
      aWeb({ replicas: 1, containers: [{ name: 'web', image: 'a' }] }, { labels: { app: 'x' } }),
    );
    expect(specOf(created)).toEqual({ replicas: 1, containers: [{ name: 'web', image: 'a' }] });
    expect(created.metadata.managedFields).toEqual([
      {
        manager: 'alice',
        operation: 'Apply',
        apiVersion: 'apps/v1',
        time: '2026-03-01T12:00:00Z',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:metadata': { 'f:labels': { 'f:app': {} } },
          'f:spec': {
            'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:image': {}, 'f:name': {} } },
            'f:replicas': {},
          },
        },
      },
    ]);
  });

  test('owns neither the name nor what only the server writes', () => {
    const created = apply(
      undefined,
      'alice',
      aWeb({}, { uid: 'u', generation: 3, resourceVersion: '7', creationTimestamp: noon.toISOString() }),
    );
    expect(owners(created)).toEqual({ 'alice Apply': { 'f:spec': {} } });
  });

  test('to an object that nobody tracked leaves what was there to before-first-apply', () => {
    const live = aWeb({ replicas: 1, nodeSelector: { disk: 'ssd' } });
    const applied = apply(live, 'alice', aWeb({ replicas: 1 }));
    expect(owners(applied)).toEqual({
      'alice Apply': { 'f:spec': { 'f:replicas': {} } },
      'before-first-apply Update': { 'f:spec': { '.': {}, 'f:nodeSelector': {}, 'f:replicas': {} } },
    });
    expect(refusal(() => apply(live, 'alice', aWeb({ replicas: 2 }))).message).toBe(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using apps/v1: .spec.replicas',
    );
  });
});

describe('conflicts', () => {
  const live = update(
    undefined,
    'kubectl-client-side-apply',
    aWeb({ replicas: 1, containers: [{ name: 'web', image: 'a' }] }),
  );

  test('with one field of another manager are told as Kubernetes tells them', () => {
    const error = refusal(() => apply(live, 'alice', aWeb({ replicas: 3 })));
    expect([error.code, error.reason]).toEqual([409, 'Conflict']);
    expect(error.message).toBe(
      'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using apps/v1: .spec.replicas',
    );
    expect(error.causes).toEqual([
      {
        type: 'FieldManagerConflict',
        field: '.spec.replicas',
        message: 'conflict with "kubectl-client-side-apply" using apps/v1',
      },
    ]);
  });

  test('with several managers are grouped by manager', () => {
    const shared = apply(live, 'bob', aWeb({ replicas: 1 }));
    const error = refusal(() =>
      apply(shared, 'alice', aWeb({ replicas: 3, containers: [{ name: 'web', image: 'b' }] })),
    );
    expect(error.message).toBe(
      [
        'Apply failed with 3 conflicts: conflicts with "bob":',
        '- .spec.replicas',
        'conflicts with "kubectl-client-side-apply" using apps/v1:',
        '- .spec.containers[name="web"].image',
        '- .spec.replicas',
      ].join('\n'),
    );
    expect(error.causes).toHaveLength(3);
  });

  test('name the subresource through which the other manager wrote', () => {
    const withStatus = update(live, 'kubelet', { ...live, status: { phase: 'Running' } }, 'status');
    const applied = { ...aWeb({}), status: { phase: 'Failed' } };
    expect(refusal(() => apply(withStatus, 'alice', applied, { subresource: 'status' })).message).toBe(
      'Apply failed with 1 conflict: conflict with "kubelet" with subresource "status" using apps/v1: .status.phase',
    );
  });

  test('do not arise where both want the same value: they share the field', () => {
    const shared = apply(live, 'alice', aWeb({ replicas: 1 }));
    expect(owners(shared)).toMatchObject({
      'alice Apply': { 'f:spec': { 'f:replicas': {} } },
      'kubectl-client-side-apply Update': { 'f:spec': { 'f:replicas': {} } },
    });
  });

  test('are overruled by force, which takes the field from the others', () => {
    const forced = apply(live, 'alice', aWeb({ replicas: 3 }), { force: true });
    expect(specOf(forced)).toMatchObject({ replicas: 3 });
    expect(owners(forced)).toEqual({
      'alice Apply': { 'f:spec': { 'f:replicas': {} } },
      'kubectl-client-side-apply Update': {
        'f:spec': {
          '.': {},
          'f:containers': { '.': {}, 'k:{"name":"web"}': { '.': {}, 'f:image': {}, 'f:name': {} } },
        },
      },
    });
  });

  test('do not arise with oneself', () => {
    const first = apply(undefined, 'alice', aWeb({ replicas: 1 }));
    expect(specOf(apply(first, 'alice', aWeb({ replicas: 2 })))).toEqual({ replicas: 2 });
  });

  test('arise with what the same name wrote by an update', () => {
    const updated = update(undefined, 'alice', aWeb({ replicas: 1 }));
    expect(refusal(() => apply(updated, 'alice', aWeb({ replicas: 2 }))).code).toBe(409);
  });
});

describe('fields that a manager no longer applies', () => {
  test('are removed when nobody else owns them', () => {
    const first = apply(
      undefined,
      'alice',
      aWeb({ replicas: 1, containers: [{ name: 'web', image: 'a' }, { name: 'log' }] }),
    );
    expect(specOf(apply(first, 'alice', aWeb({ containers: [{ name: 'log' }] })))).toEqual({
      containers: [{ name: 'log' }],
    });
  });

  test('stay when another manager applies them too', () => {
    const first = apply(undefined, 'alice', aWeb({ replicas: 1, nodeSelector: { a: 'b' } }));
    const both = apply(first, 'bob', aWeb({ replicas: 1 }));
    const left = apply(both, 'alice', aWeb({ nodeSelector: { a: 'b' } }));
    expect(specOf(left)).toEqual({ replicas: 1, nodeSelector: { a: 'b' } });
    expect(owners(left)).toMatchObject({ 'bob Apply': { 'f:spec': { 'f:replicas': {} } } });
  });

  test('stay when an update set them to another value, which took them away', () => {
    const first = apply(undefined, 'alice', aWeb({ replicas: 1, nodeSelector: { a: 'b' } }));
    const scaled = update(first, 'hpa', { ...first, spec: { replicas: 5, nodeSelector: { a: 'b' } } });
    expect(specOf(apply(scaled, 'alice', aWeb({ nodeSelector: { a: 'b' } })))).toEqual({
      replicas: 5,
      nodeSelector: { a: 'b' },
    });
  });

  test('take the defaulted fields below them along', () => {
    const probe = { httpGet: { path: '/', port: 80 } };
    const first = apply(undefined, 'alice', aWeb({ containers: [{ name: 'web', livenessProbe: probe }] }));
    const defaulted = {
      ...first,
      spec: { containers: [{ name: 'web', livenessProbe: { ...probe, timeoutSeconds: 1 } }] },
    };
    expect(specOf(apply(defaulted, 'alice', aWeb({ containers: [{ name: 'web' }] })))).toEqual({
      containers: [{ name: 'web' }],
    });
  });

  test('leave siblings that nobody owns', () => {
    const first = apply(undefined, 'alice', aWeb({ containers: [{ name: 'web', image: 'a' }] }));
    const defaulted = { ...first, spec: { containers: [{ name: 'web', image: 'a', command: ['run'] }] } };
    const spec = specOf(apply(defaulted, 'alice', aWeb({ containers: [{ name: 'web' }] })));
    expect(spec).toEqual({ containers: [{ name: 'web', command: ['run'] }] });
  });

  test('leave the map when another manager owns a part of it', () => {
    const first = apply(undefined, 'alice', aWeb({}, { labels: { a: '1', b: '1' } }));
    const both = apply(first, 'bob', aWeb({}, { labels: { b: '1', c: '1' } }));
    expect(apply(both, 'alice', aWeb({})).metadata.labels).toEqual({ b: '1', c: '1' });
  });

  test('are all of them when the configuration is empty', () => {
    const first = apply(undefined, 'alice', aWeb({ replicas: 1 }, { labels: { a: '1' } }));
    const emptied = apply(first, 'alice', { apiVersion: 'apps/v1', kind: 'Web', metadata: { name: 'web' } });
    expect(emptied).toEqual({ apiVersion: 'apps/v1', kind: 'Web', metadata: { name: 'web', namespace: 'default' } });
  });

  test('of a map that stays named leave it empty', () => {
    const first = apply(undefined, 'alice', aDesk({ config: { a: 1 } }));
    expect(specOf(apply(first, 'alice', aDesk({ config: {} })))).toEqual({ config: {} });
  });
});

describe('lists', () => {
  test('by keys are merged item by item, and an item of its own is owned on its own', () => {
    const first = apply(undefined, 'alice', aWeb({ containers: [{ name: 'web', image: 'a' }] }));
    const both = apply(first, 'bob', aWeb({ containers: [{ name: 'log', image: 'b' }] }));
    expect(specOf(both)).toEqual({
      containers: [
        { name: 'web', image: 'a' },
        { name: 'log', image: 'b' },
      ],
    });
    expect(owners(both)['bob Apply']).toEqual({
      'f:spec': { 'f:containers': { 'k:{"name":"log"}': { '.': {}, 'f:image': {}, 'f:name': {} } } },
    });
  });

  test('know an item whose key is left to its default', () => {
    const live = apply(
      undefined,
      'alice',
      aWeb({ containers: [{ name: 'web', ports: [{ containerPort: 80, protocol: 'TCP', name: 'http' }] }] }),
    );
    const both = apply(live, 'bob', aWeb({ containers: [{ name: 'web', ports: [{ containerPort: 80 }] }] }));
    expect(specOf(both)).toEqual(specOf(live));
    expect(JSON.stringify(owners(both)['bob Apply'])).toContain('k:{\\"containerPort\\":80,\\"protocol\\":\\"TCP\\"}');
    const udp = apply(
      both,
      'bob',
      aWeb({ containers: [{ name: 'web', ports: [{ containerPort: 80, protocol: 'UDP' }] }] }),
    );
    expect(specOf(udp)).toMatchObject({
      containers: [{ ports: [{ protocol: 'TCP', name: 'http' }, { protocol: 'UDP' }] }],
    });
  });

  test('that are sets are united, and each value has its owners', () => {
    const first = apply(undefined, 'alice', aDesk({ tags: ['a', 'b'] }));
    const both = apply(first, 'bob', aDesk({ tags: ['b', 'c'] }));
    expect(specOf(both)).toEqual({ tags: ['a', 'b', 'c'] });
    expect(specOf(apply(both, 'alice', aDesk({ tags: [] })))).toEqual({ tags: ['b', 'c'] });
  });

  test('that are atomic are replaced as a whole and conflict as a whole', () => {
    const first = apply(undefined, 'alice', aWeb({ tolerations: [{ key: 'a' }], nodeSelector: { a: '1' } }));
    const applied = aWeb({ tolerations: [{ key: 'b' }], nodeSelector: { b: '1' } });
    expect(refusal(() => apply(first, 'bob', applied)).causes.map(({ field }) => field)).toEqual([
      '.spec.nodeSelector',
      '.spec.tolerations',
    ]);
    expect(specOf(apply(first, 'bob', applied, { force: true }))).toEqual({
      tolerations: [{ key: 'b' }],
      nodeSelector: { b: '1' },
    });
  });

  test.each<[string, string[], string[], string[]]>([
    ['follow the order of the configuration', ['a', 'b'], ['b', 'a'], ['b', 'a']],
    ['append what is new', ['a'], ['b'], ['a', 'b']],
    [
      'keep the live ones before what they stood before',
      ['x', 'a', 'y', 'b'],
      ['a', 'n', 'b'],
      ['x', 'a', 'y', 'n', 'b'],
    ],
    ['keep live ones in front when the order turns round', ['c', 'x', 'b'], ['b', 'c'], ['x', 'b', 'c']],
  ])('of items %s', (_sentence, live, applied, expected) => {
    const names = (list: readonly string[]) => aDesk({ tags: list });
    expect(specOf(apply(apply(undefined, 'alice', names(live)), 'bob', names(applied)))).toEqual({ tags: expected });
  });
});

describe('parts without a schema', () => {
  test('are owned field by field where they are maps, and as a whole where they are lists', () => {
    const created = apply(undefined, 'alice', aDesk({ config: { map: { a: 1 }, list: [1, { b: 2 }] } }));
    expect(owners(created)['alice Apply']).toEqual({
      'f:spec': { 'f:config': { 'f:list': {}, 'f:map': { '.': {}, 'f:a': {} } } },
    });
  });

  test('may become another kind of value', () => {
    const created = apply(undefined, 'alice', aDesk({ config: { a: { b: 1 } } }));
    const changed = apply(created, 'alice', aDesk({ config: { a: [1] } }));
    expect(specOf(changed)).toEqual({ config: { a: [1] } });
    expect(
      refusal(() => apply(created, 'bob', aDesk({ config: { a: 'text' } }))).causes.map(({ field }) => field),
    ).toEqual(['.spec.config.a']);
  });
});

describe('null', () => {
  test('counts as absent where the schema does not allow it', () => {
    const created = apply(undefined, 'alice', aWeb({ replicas: null }, { creationTimestamp: null }));
    expect(specOf(created)).toEqual({});
    expect(owners(created)).toEqual({ 'alice Apply': { 'f:spec': {} } });
  });

  test('is a value that is owned where the schema allows it', () => {
    const created = apply(undefined, 'alice', aDesk({ note: null }));
    expect(specOf(created)).toEqual({ note: null });
    expect(refusal(() => apply(created, 'bob', aDesk({ note: 'x' }))).message).toContain(
      'conflict with "alice": .spec.note',
    );
  });
});

describe('an apply that changes nothing', () => {
  test('gives back the live object itself', () => {
    const live = apply(undefined, 'alice', aWeb({ replicas: 1, containers: [{ name: 'web' }] }));
    expect(apply(live, 'alice', aWeb({ replicas: 1, containers: [{ name: 'web' }] }), { now: later })).toBe(live);
  });

  test('keeps the time of the entry when only another field changed since', () => {
    const live = apply(undefined, 'alice', aWeb({ replicas: 1 }));
    const grown = apply(live, 'bob', aWeb({ nodeSelector: { a: 'b' } }), { now: later });
    expect(grown.metadata.managedFields?.map(({ time }) => time)).toEqual([
      '2026-03-01T12:00:00Z',
      '2026-03-01T13:00:00Z',
    ]);
    expect(apply(grown, 'alice', aWeb({ replicas: 1 }), { now: new Date('2027-01-01T00:00:00Z') })).toBe(grown);
  });
});

describe('subresources', () => {
  test('keep their own entries, and the object itself does not take its status from a configuration', () => {
    const live = apply(undefined, 'alice', { ...aDesk({ size: 1 }), status: { phase: 'Ready' } });
    expect(live['status']).toBeUndefined();
    const applied = { ...aDesk({ size: 9 }, { labels: { a: '1' } }), status: { phase: 'Ready' } };
    const reported = apply(live, 'alice', applied, { subresource: 'status' });
    expect([specOf(reported), reported['status']]).toEqual([{ size: 1 }, { phase: 'Ready' }]);
    expect(reported.metadata.labels).toBeUndefined();
    expect(reported.metadata.managedFields?.map(({ subresource, fieldsV1 }) => [subresource, fieldsV1])).toEqual([
      [undefined, { 'f:spec': { 'f:size': {} } }],
      ['status', { 'f:status': { 'f:phase': {} } }],
    ]);
    expect(apply(reported, 'alice', aDesk({ size: 1 }))).toBe(reported);
  });
});

describe('a configuration is refused', () => {
  const refused: [string, JsonObject, string][] = [
    ['with managedFields', aWeb({}, { managedFields: [] }), 'metadata.managedFields must be nil'],
    ['of another version', { ...aWeb({}), apiVersion: 'apps/v2' }, 'invalid object type: apps/v2, Kind=Web'],
    [
      'with a field that the schema does not have',
      aWeb({ repliques: 1 }),
      '(default/web; apps/v1, Kind=Web): .spec.repliques: field not declared in schema',
    ],
    [
      'with an item without its key',
      aWeb({ containers: [{ image: 'a' }] }),
      '.spec.containers: element 0: associative list with keys has an element that omits all key fields ["name"]',
    ],
    [
      'with an item twice',
      aWeb({ containers: [{ name: 'a' }, { name: 'a' }] }),
      '.spec.containers: duplicate entries for key [name="a"]',
    ],
    ['with a value twice in a set', aDesk({ tags: ['a', 'a'] }), '.spec.tags: duplicate entries for key [="a"]'],
    ['with a map in a set', aDesk({ tags: [{}] }), "associative list without keys has an element that's a map type"],
    ['with a map in place of a list', aWeb({ containers: {} }), '.spec.containers: expected list, got map'],
    ['with a text in place of a map', aWeb({ strategy: 'Recreate' }), '.spec.strategy: expected map, got string'],
  ];
  test.each(refused)('%s', (_sentence, applied, message) => {
    const error = refusal(() => apply(undefined, 'alice', applied));
    expect(error.code).toBe(400);
    expect(error.message).toContain(message);
  });

  test('without a manager', () => {
    const error = refusal(() => apply(undefined, '', aWeb({})));
    expect([error.code, error.causes[0]?.field]).toEqual([422, 'fieldManager']);
  });
});

describe('schemas that changed since', () => {
  test('give the whole of a field that became atomic to whoever owned a part of it', () => {
    const live = apply(undefined, 'alice', aDesk({ tags: ['a'] }));
    const spec = deskLike.schema.properties?.['spec'];
    const schema = {
      ...deskLike.schema,
      properties: { spec: { ...spec, properties: { tags: { type: 'array' as const } } } },
    };
    const resource = { ...deskLike, schema };
    expect(refusal(() => apply(live, 'bob', aDesk({ tags: ['b'] }), { resource })).message).toContain('.spec.tags');
  });
});

describe('kubectl going from client-side to server-side apply', () => {
  const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
  const configuration = aWeb({ replicas: 1, containers: [{ name: 'web', image: 'a' }] });
  const annotated = aWeb(configuration['spec'] as JsonObject, {
    annotations: { [annotation]: JSON.stringify(configuration) },
  });
  const live = update(undefined, 'kubectl-client-side-apply', annotated);
  const next = aWeb({ replicas: 2, containers: [{ name: 'web', image: 'a' }] });

  test('may take what it set before, and the annotation follows', () => {
    const applied = apply(live, 'kubectl', next);
    expect(specOf(applied)).toMatchObject({ replicas: 2 });
    expect(JSON.parse(applied.metadata.annotations?.[annotation] ?? '')).toEqual(next);
    expect(apply(applied, 'kubectl', next, { now: later })).toBe(applied);
  });

  test('may not take what another manager changed since', () => {
    const scaled = update(live, 'hpa', { ...live, spec: { ...(live['spec'] as JsonObject), replicas: 7 } });
    expect(refusal(() => apply(scaled, 'kubectl', next)).message).toContain(
      'conflict with "hpa" using apps/v1: .spec.replicas',
    );
  });

  test('is a privilege of kubectl', () => {
    expect(refusal(() => apply(live, 'helm', next)).code).toBe(409);
  });

  test('takes nothing by an annotation that cannot be read', () => {
    const broken = { ...live, metadata: { ...live.metadata, annotations: { [annotation]: '{' } } };
    expect(refusal(() => apply(broken, 'kubectl', next)).code).toBe(409);
  });
});
