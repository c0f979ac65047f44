import { formatQuantity } from '@vdi/api';
import type { Node } from '@vdi/kube';
import { timestamp } from '../clock.ts';
import type { Machine } from './machine.ts';

/** What is wrong with the node, if anything. */
interface NodeTrouble {
  /** Why the engine cannot be used. */
  readonly engine: string | undefined;
  readonly isDiskFull: boolean;
  /** Why containers might reach this machine; undefined when they cannot. */
  readonly openHost: string | undefined;
  /** Why limits of containers are ignored; undefined when they hold. */
  readonly ignoredLimits: string | undefined;
}

export interface NodeFacts {
  readonly name: string;
  readonly machine: Machine;
  /** `podman://4.3.1` */
  readonly runtimeVersion: string;
  readonly trouble: NodeTrouble;
  readonly now: Date;
}

const mostPods = 110;

/** The Node as its own status says it. Times of conditions that did not change are kept. */
export function nodeStatus(node: Node | undefined, facts: NodeFacts): object {
  const { machine, name, runtimeVersion, now } = facts;
  const resources = {
    cpu: formatQuantity(machine.cpu, 'cores'),
    memory: formatQuantity(machine.memory, 'bytes'),
    'ephemeral-storage': formatQuantity(machine.ephemeralStorage, 'bytes'),
    pods: String(mostPods),
    'nvidia.com/gpu': String(machine.gpus),
  };
  return {
    addresses: [
      { type: 'InternalIP', address: machine.hostIP },
      { type: 'Hostname', address: name },
    ],
    capacity: resources,
    allocatable: resources,
    conditions: conditionsOf(facts).map((condition) => {
      const before = node?.status?.conditions?.find(({ type }) => type === condition.type) as
        | { readonly status: string; readonly lastTransitionTime?: string }
        | undefined;
      const since = before?.status === condition.status ? before.lastTransitionTime : undefined;
      return { ...condition, lastHeartbeatTime: timestamp(now), lastTransitionTime: since ?? timestamp(now) };
    }),
    nodeInfo: {
      architecture: { x64: 'amd64' }[process.arch as string] ?? process.arch,
      operatingSystem: 'linux',
      osImage: 'Linux',
      kernelVersion: machine.kernel,
      containerRuntimeVersion: runtimeVersion,
      kubeletVersion: 'v1.36.0+vdi',
      kubeProxyVersion: '',
      bootID: '',
      machineID: '',
      systemUUID: '',
    },
  };
}

interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

function conditionsOf({ trouble }: NodeFacts): readonly Condition[] {
  const { engine, isDiskFull, openHost, ignoredLimits } = trouble;
  return [
    isDiskFull
      ? condition('DiskPressure', 'True', 'KubeletHasDiskPressure', 'less than 3 % of the disk is free; make room')
      : condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'the disk has room'),
    condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'memory is left to the kernel'),
    condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'processes are left to the kernel'),
    openHost === undefined
      ? condition('NetworkIsolated', 'True', 'Separated', 'sessions reach neither each other nor this machine')
      : condition(
          'NetworkIsolated',
          'False',
          'HostReachable',
          `containers may reach services of this machine: ${openHost}`,
        ),
    ignoredLimits === undefined
      ? condition('LimitsEnforced', 'True', 'Enforced', 'containers are held to their limits of processor and memory')
      : condition(
          'LimitsEnforced',
          'False',
          'LimitsIgnored',
          `containers may take all of this machine: ${ignoredLimits}. Run vdi as root, or with cgroups v2 that systemd delegates (Delegate= of user@.service)`,
        ),
    engine === undefined
      ? condition('Ready', 'True', 'KubeletReady', 'the container engine answers')
      : condition(
          'Ready',
          'False',
          'EngineUnreachable',
          `the container engine does not answer: ${engine}; see vdi doctor`,
        ),
  ];
}

function condition(type: string, status: 'True' | 'False', reason: string, message: string): Condition {
  return { type, status, reason, message };
}
