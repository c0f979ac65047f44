import { describe, expect, it } from 'vitest';

import { builtinResources } from '../resource/builtin-resources.ts';
import type { KubernetesObject, Resource } from '../resource/resource.ts';
import { humanDuration } from './duration.ts';
import { toTable } from './table.ts';

const NOW = new Date('2026-11-21T09:00:00Z');
const CREATED = '2026-11-21T08:57:30Z';

function rowOf(object: KubernetesObject, maxPriority = 0) {
  const resource = builtinResources().find(
    ({ kind, group }) => kind === object.kind && (group === '' || object.apiVersion.startsWith(group)),
  ) as Resource;
  const table = toTable(resource, [object], { listMeta: {}, now: NOW, includeObject: 'None' });
  const shown = table.columnDefinitions.flatMap(({ name, priority }, index) =>
    priority <= maxPriority ? [[name.toUpperCase(), table.rows[0]?.cells[index]]] : [],
  );
  return Object.fromEntries(shown) as Record<string, unknown>;
}

const an = (
  apiVersion: string,
  kind: string,
  fields: Readonly<Record<string, unknown>>,
  metadata: Readonly<Record<string, unknown>> = {},
): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name: 'example', creationTimestamp: CREATED, ...metadata },
  ...fields,
});

describe('human durations', () => {
  const cases = [
    [0, '0s'],
    [45, '45s'],
    [119, '119s'],
    [120, '2m'],
    [312, '5m12s'],
    [10 * 60, '10m'],
    [179 * 60, '179m'],
    [3 * 3600 + 60, '3h1m'],
    [8 * 3600 + 60, '8h'],
    [47 * 3600, '47h'],
    [48 * 3600, '2d'],
    [53 * 3600, '2d5h'],
    [8 * 86_400, '8d'],
    [729 * 86_400, '729d'],
    [800 * 86_400, '2y70d'],
  ] as const;
  it.each(cases)('%d seconds are %s', (seconds, text) => {
    expect(humanDuration(seconds * 1000)).toBe(text);
  });
});

describe('the status of a Pod', () => {
  const running = { ready: true, started: true, restartCount: 0, state: { running: {} } };
  const waiting = (reason: string) => ({ ready: false, restartCount: 3, state: { waiting: { reason } } });
  const ended = (exitCode: number, reason?: string) => ({
    ready: false,
    restartCount: 0,
    state: { terminated: { exitCode, reason } },
  });
  const aPod = (
    status: Readonly<Record<string, unknown>>,
    spec: Readonly<Record<string, unknown>> = {},
    metadata = {},
  ) => an('v1', 'Pod', { spec: { containers: [{ name: 'main' }], ...spec }, status }, metadata);
  const main = (status: object) => ({ containerStatuses: [{ name: 'main', ...status }] });
  const twoInits = { initContainers: [{ name: 'a' }, { name: 'b' }] };
  const sidecar = { initContainers: [{ name: 'x', restartPolicy: 'Always' }] };

  const cases: readonly (readonly [what: string, pod: KubernetesObject, ready: string, status: string])[] = [
    ['waiting to be scheduled', aPod({ phase: 'Pending' }), '0/1', 'Pending'],
    ['being created', aPod({ phase: 'Pending', ...main(waiting('ContainerCreating')) }), '0/1', 'ContainerCreating'],
    ['running', aPod({ phase: 'Running', ...main(running) }), '1/1', 'Running'],
    ['crashing', aPod({ phase: 'Running', ...main(waiting('CrashLoopBackOff')) }), '0/1', 'CrashLoopBackOff'],
    ['done', aPod({ phase: 'Succeeded', ...main(ended(0, 'Completed')) }), '0/1', 'Completed'],
    ['failed', aPod({ phase: 'Failed', ...main(ended(3)) }), '0/1', 'ExitCode:3'],
    ['evicted', aPod({ phase: 'Failed', reason: 'Evicted' }), '0/1', 'Evicted'],
    [
      'initialising',
      aPod(
        {
          phase: 'Pending',
          initContainerStatuses: [
            { name: 'a', ...ended(0) },
            { name: 'b', ...running },
          ],
          ...main(waiting('PodInitializing')),
        },
        twoInits,
      ),
      '0/1',
      'Init:1/2',
    ],
    [
      'failing to initialise',
      aPod({ phase: 'Pending', initContainerStatuses: [{ name: 'a', ...waiting('CrashLoopBackOff') }] }, twoInits),
      '0/1',
      'Init:CrashLoopBackOff',
    ],
    [
      'failed in initialising',
      aPod({ phase: 'Pending', initContainerStatuses: [{ name: 'a', ...ended(1, 'Error') }] }, twoInits),
      '0/1',
      'Init:Error',
    ],
    [
      'running beside a sidecar',
      aPod({ phase: 'Running', initContainerStatuses: [{ name: 'x', ...running }], ...main(running) }, sidecar),
      '2/2',
      'Running',
    ],
    [
      'waiting for a sidecar',
      aPod(
        {
          phase: 'Pending',
          initContainerStatuses: [{ name: 'x', ...running, started: false, ready: false }],
          ...main(waiting('PodInitializing')),
        },
        sidecar,
      ),
      '0/2',
      'Init:0/1',
    ],
    ['going', aPod({ phase: 'Running', ...main(running) }, {}, { deletionTimestamp: CREATED }), '1/1', 'Terminating'],
  ];
  it.each(cases)('%s', (_what, pod, ready, status) => {
    expect(rowOf(pod)).toMatchObject({ NAME: 'example', READY: ready, STATUS: status, AGE: '2m30s' });
  });

  it('counts restarts and says when the last was', () => {
    const lastState = { terminated: { finishedAt: '2026-11-21T08:59:00Z' } };
    expect(rowOf(aPod({ phase: 'Running', ...main({ ...running, restartCount: 2, lastState }) }))).toMatchObject({
      RESTARTS: '2 (60s ago)',
    });
  });

  it('is wider when asked', () => {
    const pod = aPod({ phase: 'Running', podIPs: [{ ip: '10.0.0.1' }] }, { nodeName: 'solo' });
    expect(rowOf(pod, 1)).toMatchObject({ IP: '10.0.0.1', NODE: 'solo', 'NOMINATED NODE': '<none>' });
  });
});

describe('columns', () => {
  const cases: readonly (readonly [object: KubernetesObject, cells: Readonly<Record<string, unknown>>])[] = [
    [
      an('v1', 'Service', {
        spec: { type: 'NodePort', clusterIP: '10.0.0.1', ports: [{ port: 80, nodePort: 30_080, protocol: 'TCP' }] },
      }),
      { TYPE: 'NodePort', 'CLUSTER-IP': '10.0.0.1', 'EXTERNAL-IP': '<none>', 'PORT(S)': '80:30080/TCP' },
    ],
    [
      an('v1', 'Service', { spec: { type: 'LoadBalancer', ports: [] } }),
      { 'EXTERNAL-IP': '<pending>', 'PORT(S)': '<none>' },
    ],
    [
      an('v1', 'PersistentVolumeClaim', {
        spec: { storageClassName: 'homes' },
        status: { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } },
      }),
      { STATUS: 'Bound', CAPACITY: '1Gi', 'ACCESS MODES': 'RWO', STORAGECLASS: 'homes' },
    ],
    [an('v1', 'Namespace', { status: { phase: 'Active' } }), { STATUS: 'Active', AGE: '2m30s' }],
    [
      an(
        'v1',
        'Node',
        {
          spec: { unschedulable: true },
          status: { conditions: [{ type: 'Ready', status: 'True' }], nodeInfo: { kubeletVersion: 'v1' } },
        },
        { labels: { 'node-role.kubernetes.io/control-plane': '' } },
      ),
      { STATUS: 'Ready,SchedulingDisabled', ROLES: 'control-plane', VERSION: 'v1' },
    ],
    [an('v1', 'ConfigMap', { data: { a: '1' }, binaryData: { b: '' } }), { DATA: 2 }],
    [an('v1', 'Secret', { type: 'Opaque', data: { a: '' } }), { TYPE: 'Opaque', DATA: 1 }],
    [
      an('apps/v1', 'Deployment', {
        spec: { replicas: 3 },
        status: { readyReplicas: 2, updatedReplicas: 3, availableReplicas: 2 },
      }),
      { READY: '2/3', 'UP-TO-DATE': 3, AVAILABLE: 2 },
    ],
    [
      an('batch/v1', 'Job', { spec: { completions: 2 }, status: { succeeded: 1, startTime: CREATED } }),
      { STATUS: 'Running', COMPLETIONS: '1/2', DURATION: '2m30s' },
    ],
    [
      an('v1', 'Event', {
        type: 'Warning',
        reason: 'Failed',
        message: 'no image\n',
        involvedObject: { kind: 'Pod', name: 'a' },
        lastTimestamp: '2026-11-21T08:59:50Z',
      }),
      { 'LAST SEEN': '10s', TYPE: 'Warning', OBJECT: 'pod/a', MESSAGE: 'no image' },
    ],
    [
      an('networking.k8s.io/v1', 'Ingress', {
        spec: { ingressClassName: 'traefik', tls: [{}], rules: [{ host: 'a.example' }] },
      }),
      { CLASS: 'traefik', HOSTS: 'a.example', PORTS: '80, 443' },
    ],
    [
      an('networking.k8s.io/v1', 'NetworkPolicy', {
        spec: {
          podSelector: {
            matchLabels: { app: 'web' },
            matchExpressions: [{ key: 'tier', operator: 'In', values: ['a', 'b'] }],
          },
        },
      }),
      { 'POD-SELECTOR': 'app=web,tier in (a,b)' },
    ],
    [an('coordination.k8s.io/v1', 'Lease', { spec: { holderIdentity: 'me' } }), { HOLDER: 'me' }],
    [an('v1', 'LimitRange', {}), { 'CREATED AT': CREATED }],
    [an('apps/v1', 'ControllerRevision', {}), { NAME: 'example', AGE: '2m30s' }],
  ];
  it.each(cases)('of $kind', (object, cells) => {
    expect(rowOf(object)).toMatchObject(cells);
  });

  it('never fail on an empty object', () => {
    for (const resource of builtinResources()) {
      const empty = { apiVersion: 'v1', kind: resource.kind, metadata: { name: 'empty' } };
      const { columnDefinitions, rows } = toTable(resource, [empty], {
        listMeta: {},
        now: NOW,
        includeObject: 'Metadata',
      });
      expect(rows[0]?.cells).toHaveLength(columnDefinitions.length);
    }
  });
});
