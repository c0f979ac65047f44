import type { KubeObject, UntypedObject } from '@vdi/kube';
import { busyboxImage } from './busybox-image.ts';
import { namespace } from './test-node.ts';

/** A Pod as far as these tests look at it. */
export interface PodObject extends UntypedObject {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status?: {
    readonly phase: string;
    readonly reason?: string;
    readonly message?: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
    readonly containerStatuses?: readonly StatusObject[];
    readonly initContainerStatuses?: readonly StatusObject[];
  };
}

export interface StatusObject {
  readonly name: string;
  readonly ready: boolean;
  readonly started: boolean;
  readonly restartCount: number;
  readonly containerID?: string;
  readonly state: {
    readonly waiting?: { readonly reason: string; readonly message?: string };
    readonly running?: { readonly startedAt: string };
    readonly terminated?: { readonly exitCode: number; readonly reason: string };
  };
  readonly lastState?: { readonly terminated?: { readonly exitCode: number; readonly reason: string } };
}

/** What all containers of a session have. */
const hardened = {
  readOnlyRootFilesystem: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
} as const;

/** Ends at once when it is told to. */
export const untilStopped = 'trap "echo stopped; exit 0" TERM; while :; do sleep 0.05; done';

/** A hardened container that runs a shell script; by default it runs until it is stopped. */
export function aContainer(name: string, script: string = untilStopped, more: object = {}): object {
  return { name, image: busyboxImage, command: ['sh', '-c', script], securityContext: hardened, ...more };
}

/** A Pod of user 1000 with one container called `main`. */
export function aPod(
  name: string,
  spec: object = {},
  metadata: Pick<KubeObject['metadata'], 'labels' | 'annotations'> = {},
): PodObject {
  return {
    metadata: { name, namespace, ...metadata },
    spec: {
      containers: [aContainer('main')],
      securityContext: { runAsUser: 1000, runAsGroup: 1000, runAsNonRoot: true, fsGroup: 1000 },
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 5,
      ...spec,
    },
  };
}

/** The label that gives a Pod a network of its own. */
export const asSession = (name: string) => ({ labels: { 'vdi.kasm.io/session': name } });

export const isReady = ({ status }: PodObject): boolean =>
  status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') === true;

export function statusOf(pod: PodObject, container: string): StatusObject | undefined {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  return [...containerStatuses, ...initContainerStatuses].find(({ name }) => name === container);
}

export const waitsFor = (pod: PodObject, container: string): string | undefined =>
  statusOf(pod, container)?.state.waiting?.reason;
