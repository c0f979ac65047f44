import { describe, expect, test } from 'vitest';
import type { KubernetesObject, ManagedFieldsEntry } from '../resource/resource.ts';
import { aDesk, aWeb, deskLike, podLike } from './builders.ts';
import { serverSideApply } from './server-side-apply.ts';
import { trackUpdate } from './track-update.ts';

const noon = new Date('2026-03-01T12:00:00.900Z');
const later = new Date('2026-03-01T13:00:00Z');

function write(
  before: KubernetesObject | undefined,
  manager: string,
  after: KubernetesObject,
  now = noon,
  subresource?: string,
) {
  const resource = after.kind === 'Desk' ? deskLike : podLike;
  return trackUpdate({ resource, before, after, manager, subresource, now });
}

/** The object as a client sends it that got it from the server. */
function changed(object: KubernetesObject, fields: Partial<KubernetesObject>): KubernetesObject {
  return { ...object, ...fields };
}

function entriesOf(object: KubernetesObject): readonly ManagedFieldsEntry[] {
  return object.metadata.managedFields ?? [];
}

function fieldsOf(object: KubernetesObject, manager: string): unknown {
  return entriesOf(object).find((entry) => entry.manager === manager)?.fieldsV1;
}

describe('a create', () => {
  test('gives all that the object has to its creator, maps and items included', () => {
    const created = write(
      undefined,
      'kubectl-create',
      aWeb({ containers: [{ name: 'web' }], nodeSelector: { a: 'b' } }, { labels: { a: '1' } }),
    );
    expect(entriesOf(created)).toEqual([
      {
        manager: 'kubectl-create',
        operation: 'Update',
        apiVersion: 'apps/v1',
        time: '2026-03-01T12:00:00Z',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
          'f:spec': {
            '.': {},
            'f:containers': { '.': {}, 'k:{"name":"web"}': { '.': {}, 'f:name': {} } },
            'f:nodeSelector': {},
          },
        },
      },
    ]);
  });

  test('does not count what the server writes', () => {
    const created = write(undefined, 'a', {
      ...aWeb({}, { uid: 'u', resourceVersion: '1', generation: 1 }),
      spec: undefined,
    });
    expect(entriesOf(created)).toEqual([]);
  });
});

describe('an update', () => {
  const created = write(undefined, 'creator', aWeb({ replicas: 1, containers: [{ name: 'web', image: 'a' }] }));

  test('takes what it changes from its owner', () => {
    const scaled = write(
      created,
      'hpa',
      changed(created, { spec: { replicas: 5, containers: [{ name: 'web', image: 'a' }] } }),
      later,
    );
    expect(fieldsOf(scaled, 'hpa')).toEqual({ 'f:spec': { 'f:replicas': {} } });
    expect(JSON.stringify(fieldsOf(scaled, 'creator'))).not.toContain('replicas');
    expect(entriesOf(scaled).map(({ manager, time }) => [manager, time])).toEqual([
      ['creator', '2026-03-01T12:00:00Z'],
      ['hpa', '2026-03-01T13:00:00Z'],
    ]);
  });

  test('adds to what the manager has, and gives its entry the time of the change', () => {
    const first = write(created, 'hpa', changed(created, { spec: { ...Object(created['spec']), replicas: 2 } }));
    const second = write(
      first,
      'hpa',
      changed(first, { spec: { ...Object(first['spec']), nodeSelector: { a: 'b' } } }),
      later,
    );
    expect(fieldsOf(second, 'hpa')).toEqual({ 'f:spec': { 'f:nodeSelector': {}, 'f:replicas': {} } });
    expect(entriesOf(second).at(-1)?.time).toBe('2026-03-01T13:00:00Z');
  });

  test('that removes a field takes it from everyone and gives it to nobody', () => {
    const shrunk = write(
      created,
      'editor',
      changed(created, { spec: { containers: [{ name: 'web', image: 'a' }] } }),
      later,
    );
    expect(entriesOf(shrunk).map(({ manager }) => manager)).toEqual(['creator']);
    expect(JSON.stringify(fieldsOf(shrunk, 'creator'))).not.toContain('replicas');
    expect(entriesOf(shrunk)[0]?.time).toBe('2026-03-01T12:00:00Z');
  });

  test('that removes an item leaves nothing of it to anyone', () => {
    const emptied = write(created, 'editor', changed(created, { spec: { replicas: 1, containers: [] } }), later);
    expect(entriesOf(emptied).map(({ manager, fieldsV1 }) => [manager, fieldsV1])).toEqual([
      ['creator', { 'f:spec': { '.': {}, 'f:containers': {}, 'f:replicas': {} } }],
    ]);
  });

  test('that changes nothing leaves the entries as they are', () => {
    expect(write(created, 'other', changed(created, {}), later)).toEqual(created);
  });

  test('from a client that knows no managedFields does not erase them', () => {
    const { managedFields: _dropped, ...metadata } = created.metadata;
    expect(write(created, 'old', changed(created, { metadata }), later)).toEqual(created);
  });

  test('takes fields from appliers as well, who get a conflict the next time', () => {
    const applied = serverSideApply({
      resource: podLike,
      live: undefined,
      applied: aWeb({ replicas: 1 }),
      manager: 'alice',
      force: false,
      now: noon,
    }).object;
    const scaled = write(applied, 'hpa', changed(applied, { spec: { replicas: 2 } }));
    expect(entriesOf(scaled).map(({ manager, operation, fieldsV1 }) => [manager, operation, fieldsV1])).toEqual([
      ['hpa', 'Update', { 'f:spec': { 'f:replicas': {} } }],
    ]);
    const again = () =>
      serverSideApply({
        resource: podLike,
        live: scaled,
        applied: aWeb({ replicas: 1 }),
        manager: 'alice',
        force: false,
        now: noon,
      });
    expect(again).toThrow('Apply failed with 1 conflict: conflict with "hpa" using apps/v1: .spec.replicas');
  });

  test('without a manager is by unknown', () => {
    expect(entriesOf(write(undefined, '', aWeb({ replicas: 1 })))[0]?.manager).toBe('unknown');
  });
});

describe('managedFields in the update itself', () => {
  const created = write(undefined, 'kubectl-client-side-apply', aWeb({ replicas: 1 }));

  test('are taken as given, so that kubectl can turn client-side into server-side apply', () => {
    const migrated = entriesOf(created).map((entry) => ({ ...entry, manager: 'kubectl', operation: 'Apply' as const }));
    const after = write(
      created,
      'kubectl',
      changed(created, { metadata: { ...created.metadata, managedFields: migrated } }),
      later,
    );
    expect(entriesOf(after)).toEqual(migrated);
    const { object } = serverSideApply({
      resource: podLike,
      live: after,
      applied: aWeb({ replicas: 2 }),
      manager: 'kubectl',
      force: false,
      now: later,
    });
    expect(object['spec']).toEqual({ replicas: 2 });
  });

  test.each([[[]], [[{}]]])('of %j stop the tracking until the next apply', (entries) => {
    const managedFields = entries as unknown as readonly ManagedFieldsEntry[];
    const reset = write(created, 'a', changed(created, { metadata: { ...created.metadata, managedFields } }), later);
    expect(reset.metadata).not.toHaveProperty('managedFields');
    expect(entriesOf(write(reset, 'a', changed(reset, { spec: { replicas: 9 } }), later))).toEqual([]);
  });

  test.each([
    [{ operation: 'Patch' }, 'operation must be Apply or Update'],
    [{ apiVersion: '' }, 'apiVersion must not be empty'],
    [{ fieldsType: 'FieldsV2' }, 'fieldsType must be FieldsV1'],
    [{ fieldsV1: { spec: {} } }, 'path element "spec" has no colon after its type'],
  ])('with %j are refused', (broken, why) => {
    const managedFields = entriesOf(created).map((entry) => ({ ...entry, ...broken })) as readonly ManagedFieldsEntry[];
    const act = () => write(created, 'a', changed(created, { metadata: { ...created.metadata, managedFields } }));
    expect(act).toThrow(`metadata.managedFields[0] cannot be read: ${why}`);
  });

  test('are not taken from a write to a subresource', () => {
    const sent = changed(created, {
      status: { phase: 'Running' },
      metadata: { ...created.metadata, managedFields: [] },
    });
    expect(
      entriesOf(write(created, 'kubelet', sent, noon, 'status')).map(({ manager, subresource }) => [
        manager,
        subresource,
      ]),
    ).toEqual([
      ['kubectl-client-side-apply', undefined],
      ['kubelet', 'status'],
    ]);
  });
});

describe('a write to the status', () => {
  test('owns only the status, and one to the object never does', () => {
    const created = write(undefined, 'alice', changed(aDesk({ size: 1 }), { status: { phase: 'New' } }));
    expect(fieldsOf(created, 'alice')).toEqual({ 'f:spec': { '.': {}, 'f:size': {} } });
    const reported = write(
      created,
      'controller',
      changed(created, { spec: { size: 2 }, status: { phase: 'Ready' } }),
      noon,
      'status',
    );
    expect(fieldsOf(reported, 'controller')).toEqual({ 'f:status': { 'f:phase': {} } });
    expect(fieldsOf(reported, 'alice')).toEqual(fieldsOf(created, 'alice'));
  });
});

describe('many updaters', () => {
  test('are bounded to ten entries: the oldest become ancient-changes', () => {
    let object = write(undefined, 'creator', aDesk({ quotas: {} }));
    for (let index = 0; index < 14; index++) {
      const quotas = Object.fromEntries(Array.from({ length: index + 1 }, (_, at) => [`q${at}`, { soft: at }]));
      object = write(
        object,
        `updater-${index}`,
        changed(object, { spec: { quotas } }),
        new Date(noon.getTime() + (index + 1) * 1000),
      );
    }
    const entries = entriesOf(object);
    expect(entries).toHaveLength(10);
    expect(entries[0]).toMatchObject({ manager: 'ancient-changes', time: '2026-03-01T12:00:05Z' });
    const quotas = (entries[0]?.fieldsV1['f:spec'] as Record<string, object> | undefined)?.['f:quotas'];
    expect(Object.keys(quotas ?? {})).toEqual(['.', 'f:q0', 'f:q1', 'f:q2', 'f:q3', 'f:q4']);
  });
});
