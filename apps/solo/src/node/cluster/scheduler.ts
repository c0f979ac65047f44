import type { Clock, EventRecorder, Reflector } from '@vdi/controller';
import { hasEnded, isConflict, isNotFound, type KubeClient, type Node, type Pod, typedResources } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import { timestamp } from '../clock.ts';
import { podKey, uidOf } from '../objects/pod.ts';
import { schedulePod } from './schedule-pod.ts';

export interface SchedulerOptions {
  readonly kube: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly recorder: EventRecorder;
  readonly pods: Reflector<Pod>;
  readonly nodes: Reflector<Node>;
}

const ourName = 'default-scheduler';

/** Binds Pods that no node has yet. Those that fit nowhere are tried again whenever a Pod or node changes. */
export function startScheduler(options: SchedulerOptions): AsyncDisposable {
  const { pods, nodes, log } = options;
  /** Bound by us, but not yet seen so: what they take must be counted all the same. */
  const assumed = new Map<string, string>();
  let last: Promise<void> = Promise.resolve();
  let isQueued = false;
  let isOver = false;
  const look = (): void => {
    if (isQueued || isOver) return;
    isQueued = true;
    last = last
      .then(async () => {
        isQueued = false;
        await scheduleAll(options, assumed);
      })
      .catch((error: unknown) => log.warn({ err: error }, 'Could not schedule'));
  };
  const stopPods = pods.onChange(({ type, object }) => {
    if (type === 'deleted') assumed.delete(uidOf(object));
    look();
  });
  const stopNodes = nodes.onChange(look);
  look();
  return {
    async [Symbol.asyncDispose]() {
      isOver = true;
      stopPods();
      stopNodes();
      await last;
    },
  };
}

async function scheduleAll(options: SchedulerOptions, assumed: Map<string, string>): Promise<void> {
  const all = options.pods.cache.all();
  for (const pod of all) if (pod.spec.nodeName !== undefined) assumed.delete(uidOf(pod));
  for (const pod of all.filter((candidate) => waits(candidate) && !assumed.has(uidOf(candidate)))) {
    const placed = all.map((other) => withNode(other, assumed.get(uidOf(other))));
    const placement = schedulePod(pod, options.nodes.cache.all(), placed);
    if ('node' in placement) {
      assumed.set(uidOf(pod), placement.node);
      await bind(options, pod, placement.node).catch((error: unknown) => {
        assumed.delete(uidOf(pod));
        if (!isConflict(error) && !isNotFound(error)) throw error;
      });
    } else {
      await tellUnschedulable(options, pod, placement.message);
    }
  }
}

function waits(pod: Pod): boolean {
  const { spec, metadata } = pod;
  return (
    (spec.nodeName ?? '') === '' &&
    (spec.schedulerName ?? ourName) === ourName &&
    (spec.schedulingGates ?? []).length === 0 &&
    metadata.deletionTimestamp === undefined &&
    !hasEnded(pod)
  );
}

const withNode = (pod: Pod, nodeName: string | undefined): Pod =>
  nodeName === undefined ? pod : { ...pod, spec: { ...pod.spec, nodeName } };

async function bind({ kube, recorder }: SchedulerOptions, pod: Pod, node: string): Promise<void> {
  const { name = '', namespace = '' } = pod.metadata;
  const binding = {
    metadata: { name, namespace, uid: uidOf(pod) },
    target: { apiVersion: 'v1', kind: 'Node', name: node },
  };
  await kube.create(bindings, binding, { subresource: 'binding' });
  const message = `Successfully assigned ${podKey(pod)} to ${node}`;
  recorder.record(pod, { type: 'Normal', reason: 'Scheduled', message });
}

/** A Binding is written to `pods/<name>/binding`. */
const bindings = { group: '', version: 'v1', plural: 'pods', kind: 'Binding', namespaced: true };

async function tellUnschedulable(
  { kube, clock, recorder }: SchedulerOptions,
  pod: Pod,
  message: string,
): Promise<void> {
  const before = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (before?.status === 'False' && before.message === message) return;
  const { name = '', namespace = '' } = pod.metadata;
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    message,
    lastTransitionTime: before?.status === 'False' ? before.lastTransitionTime : timestamp(clock.now()),
  };
  const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
  const value = { metadata: { uid: uidOf(pod) }, status: { conditions: [...others, condition] } };
  recorder.record(pod, { type: 'Warning', reason: 'FailedScheduling', message });
  await kube.patch(typedResources.pods, { namespace, name }, { type: 'merge', value }, { subresource: 'status' });
}
