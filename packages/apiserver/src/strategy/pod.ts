import { isDeepStrictEqual } from 'node:util';
import type { FieldError } from '../api-error.ts';
import type { KubernetesObject } from '../resource/resource.ts';
import { listAt } from '../schema/json.ts';
import type { Strategy } from './strategy.ts';

interface PodSpec {
  readonly nodeName?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly containers?: readonly ResourceClaims[];
  readonly initContainers?: readonly ResourceClaims[];
  readonly [field: string]: unknown;
}

interface ResourceClaims {
  readonly image?: string;
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string | number>>;
    readonly limits?: Readonly<Record<string, string | number>>;
  };
}

export const podStrategy: Strategy = {
  keepsStatusOnCreate: true,
  countsGenerations: true,
  returnsDeletedObject: true,
  prepareCreate: (pod) => ({ ...pod, status: { phase: 'Pending', qosClass: qosClass(pod['spec']) } }),
  gracePeriodSeconds: graceOf,
  validate: (pod, live) => (live === undefined ? [] : specErrors(pod['spec'] as PodSpec, live['spec'] as PodSpec)),
};

/** A Pod that no node runs, or that has ended, has nothing to be told to stop. */
function graceOf(pod: KubernetesObject, asked: number | undefined): number {
  const { nodeName = '', terminationGracePeriodSeconds = 30 } = (pod['spec'] ?? {}) as PodSpec;
  const { phase } = (pod['status'] ?? {}) as { readonly phase?: string };
  if (nodeName === '' || phase === 'Succeeded' || phase === 'Failed') return 0;
  return Math.max(0, asked ?? terminationGracePeriodSeconds);
}

/** https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/. Asked before the types of the Pod have been checked. */
function qosClass(spec: unknown): 'BestEffort' | 'Burstable' | 'Guaranteed' {
  const claims = [...listAt(spec, 'containers'), ...listAt(spec, 'initContainers')].map(
    ({ resources }) => (resources ?? {}) as NonNullable<ResourceClaims['resources']>,
  );
  const counted = claims.flatMap(({ requests, limits }) => [
    ...Object.keys(requests ?? {}),
    ...Object.keys(limits ?? {}),
  ]);
  if (!counted.some((name) => name === 'cpu' || name === 'memory')) return 'BestEffort';
  const isGuaranteed = claims.every(({ requests, limits }) =>
    ['cpu', 'memory'].every(
      (name) =>
        limits?.[name] !== undefined &&
        (requests?.[name] === undefined || String(requests[name]) === String(limits[name])),
    ),
  );
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}

/** Of a running Pod only images, tolerations and deadlines may change; what it runs on is fixed once it is bound. */
function specErrors(spec: PodSpec, live: PodSpec): FieldError[] {
  if (isDeepStrictEqual(fixed(spec), fixed(live))) return [];
  return [
    {
      type: 'FieldValueForbidden',
      field: 'spec',
      message:
        'Forbidden: pod updates may not change fields other than `spec.containers[*].image`, ' +
        '`spec.initContainers[*].image`, `spec.activeDeadlineSeconds`, `spec.terminationGracePeriodSeconds`, ' +
        '`spec.tolerations` or `spec.schedulingGates`; delete the Pod and create it again',
    },
  ];
}

function fixed(spec: PodSpec): object {
  const {
    activeDeadlineSeconds: _1,
    terminationGracePeriodSeconds: _2,
    tolerations: _3,
    schedulingGates: _4,
    ...rest
  } = spec;
  const withoutImages = (containers: readonly ResourceClaims[] = []) =>
    containers.map(({ image: _image, ...container }) => container);
  return {
    ...rest,
    containers: withoutImages(spec.containers),
    initContainers: withoutImages(spec.initContainers),
  };
}
