/** The columns of `kubectl get pods`. The STATUS column condenses phase, containers and reasons into one word. */
import type { KubernetesObject, PrinterColumn } from '../resource/resource.ts';
import { isObject, listAt, numberAt, objectAt, stringAt } from '../schema/json.ts';
import type { JsonObject } from '../schema/json.ts';
import { ageColumn, column, NONE, wideColumn } from './column.ts';
import { ageOf } from './duration.ts';

export const podColumns: readonly PrinterColumn[] = [
  column('Ready', (pod) => {
    const { ready, total } = summary(pod);
    return `${ready}/${total}`;
  }),
  column('Status', (pod) => podStatus(pod)),
  column('Restarts', (pod, now) => {
    const { restarts, lastRestart } = summary(pod);
    return restarts > 0 && lastRestart !== undefined ? `${restarts} (${ageOf(lastRestart, now)} ago)` : `${restarts}`;
  }),
  ageColumn,
  wideColumn(
    'IP',
    (pod) => stringAt(listAt(pod['status'], 'podIPs')[0], 'ip') ?? stringAt(pod['status'], 'podIP') ?? NONE,
  ),
  wideColumn('Node', (pod) => stringAt(pod['spec'], 'nodeName') ?? NONE),
  wideColumn('Nominated Node', (pod) => stringAt(pod['status'], 'nominatedNodeName') ?? NONE),
  wideColumn('Readiness Gates', (pod) => readinessGates(pod)),
];

/** The word that tells best what a Pod is doing: `Running`, `Init:0/1`, `CrashLoopBackOff`, `Terminating`. */
function podStatus(pod: KubernetesObject): string {
  const status = objectAt(pod, 'status');
  const initializing = initStatus(pod);
  const reason =
    initializing ?? containerStatus(pod) ?? stringAt(status, 'reason') ?? stringAt(status, 'phase') ?? 'Pending';
  if (pod.metadata.deletionTimestamp === undefined)
    return isGated(status) && reason === 'Pending' ? 'SchedulingGated' : reason;
  if (stringAt(status, 'reason') === 'NodeLost') return 'Unknown';
  const phase = stringAt(status, 'phase');
  return phase === 'Succeeded' || phase === 'Failed' ? reason : 'Terminating';
}

function isGated(status: JsonObject): boolean {
  return listAt(status, 'conditions').some(
    (condition) => condition['type'] === 'PodScheduled' && condition['reason'] === 'SchedulingGated',
  );
}

function isSidecar(container: JsonObject | undefined): boolean {
  return stringAt(container, 'restartPolicy') === 'Always';
}

/** Undefined once every init container has finished or, being a sidecar, has started. */
function initStatus(pod: KubernetesObject): string | undefined {
  const containers = listAt(pod['spec'], 'initContainers');
  const statuses = listAt(pod['status'], 'initContainerStatuses');
  for (const [index, container] of containers.entries()) {
    const status = statuses.find((candidate) => candidate['name'] === container['name']);
    if (!status) {
      if (statuses.length === 0) return undefined;
      return `Init:${index}/${containers.length}`;
    }
    const terminated = objectAt(status['state'], 'terminated');
    if (terminated['exitCode'] === 0) continue;
    if (isSidecar(container) && status['started'] === true) continue;
    if (isObject(objectAt(status, 'state')['terminated'])) return `Init:${exitReason(terminated)}`;
    const waiting = stringAt(objectAt(status['state'], 'waiting'), 'reason');
    return waiting !== undefined && waiting !== '' && waiting !== 'PodInitializing'
      ? `Init:${waiting}`
      : `Init:${index}/${containers.length}`;
  }
  return undefined;
}

function exitReason(terminated: JsonObject): string {
  const reason = stringAt(terminated, 'reason');
  if (reason) return reason;
  const signal = numberAt(terminated, 'signal') ?? 0;
  return signal !== 0 ? `Signal:${signal}` : `ExitCode:${numberAt(terminated, 'exitCode') ?? 0}`;
}

/** The first container in order that is not running says why; undefined when all are. */
function containerStatus(pod: KubernetesObject): string | undefined {
  const statuses = listAt(pod['status'], 'containerStatuses');
  let reason: string | undefined;
  let hasRunning = false;
  for (const status of statuses.toReversed()) {
    const state = objectAt(status, 'state');
    const waiting = stringAt(state['waiting'], 'reason');
    if (waiting) reason = waiting;
    else if (isObject(state['terminated'])) reason = exitReason(state['terminated']);
    else if (status['ready'] === true && isObject(state['running'])) hasRunning = true;
  }
  if (reason !== 'Completed' || !hasRunning) return reason;
  return hasReadyCondition(pod) ? 'Running' : 'NotReady';
}

function hasReadyCondition(pod: KubernetesObject): boolean {
  return listAt(pod['status'], 'conditions').some(({ type, status }) => type === 'Ready' && status === 'True');
}

interface Summary {
  readonly ready: number;
  readonly total: number;
  readonly restarts: number;
  readonly lastRestart: string | undefined;
}

/** Sidecars count like containers: they run as long as the Pod. */
function summary(pod: KubernetesObject): Summary {
  const sidecars = new Set(
    listAt(pod['spec'], 'initContainers')
      .filter(isSidecar)
      .map(({ name }) => name),
  );
  const initializing = initStatus(pod) !== undefined;
  const initStatuses = listAt(pod['status'], 'initContainerStatuses');
  const sidecarStatuses = initStatuses.filter(({ name }) => sidecars.has(name));
  const statuses = [...listAt(pod['status'], 'containerStatuses'), ...sidecarStatuses];
  const restarting = initializing ? initStatuses : statuses;
  const isReady = (status: JsonObject) => status['ready'] === true && isObject(objectAt(status, 'state')['running']);
  return {
    ready: statuses.filter(isReady).length,
    total: listAt(pod['spec'], 'containers').length + sidecars.size,
    restarts: restarting.reduce((sum, status) => sum + (numberAt(status, 'restartCount') ?? 0), 0),
    lastRestart: restarting
      .map((status) => stringAt(objectAt(status['lastState'], 'terminated'), 'finishedAt'))
      .filter((at) => at !== undefined)
      .sort()
      .at(-1),
  };
}

function readinessGates(pod: KubernetesObject): string {
  const gates = listAt(pod['spec'], 'readinessGates').map((gate) => stringAt(gate, 'conditionType'));
  if (gates.length === 0) return NONE;
  const conditions = listAt(pod['status'], 'conditions');
  const open = gates.filter((gate) => conditions.some(({ type, status }) => type === gate && status === 'True'));
  return `${open.length}/${gates.length}`;
}
