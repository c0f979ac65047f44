import { join } from 'node:path';
import { parseQuantity } from '@vdi/api';
import type { Container, Pod, SecurityContext, VolumeMount } from '@vdi/kube';
import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import type { Engine } from '../engine/engine.ts';
import { ConfigError } from './config-error.ts';
import { containerUser, effectiveSecurity } from './container-user.ts';
import { engineLabels, podLabels } from './container-labels.ts';
import { expandVariables } from './expand-variables.ts';
import { stopOrder } from './stop-order.ts';

/** What is decided about a container elsewhere. */
export interface ContainerInputs {
  readonly owner: string;
  readonly sandboxId: string;
  /** Image ID, so that a tag that moves between pull and start changes nothing. */
  readonly imageId: string;
  /** `USER` of the image; empty for root. */
  readonly imageUser: string;
  readonly env: Readonly<Record<string, string>>;
  /** Folders on this machine by volume name. */
  readonly volumeFolders: Readonly<Record<string, string>>;
  readonly attempt: number;
  readonly backOffSeconds: number;
  readonly flavour: Engine['flavour'];
}

/** Podman gives read-only containers these as writable folders, which Kubernetes and Docker do not. */
const writableFoldersOfPodman = ['/run', '/tmp', '/var/tmp'] as const;
const cpuPeriodMicroseconds = 100_000;
const leastCpuQuotaMicroseconds = 1_000;

/** What the engine is told in order to create one container of a Pod. */
export function containerOptions(pod: Pod, container: Container, inputs: ContainerInputs): ContainerCreateOptions {
  const security = effectiveSecurity(pod, container);
  const user = containerUser(security, inputs.imageUser);
  const expand = (text: string): string => expandVariables(text, inputs.env);
  return {
    name: containerName(pod, container.name, inputs.attempt),
    Image: inputs.imageId,
    ...(container.command === undefined ? {} : { Entrypoint: container.command.map(expand) }),
    ...commandOf(container, expand),
    ...(container.workingDir === undefined ? {} : { WorkingDir: container.workingDir }),
    ...(user === undefined ? {} : { User: user }),
    // Docker takes it from the sandbox by itself, and refuses to be told.
    ...(inputs.flavour === 'podman' ? { Hostname: hostnameOf(pod) } : {}),
    Env: Object.entries({ HOSTNAME: hostnameOf(pod), ...inputs.env }).map(([name, value]) => `${name}=${value}`),
    Labels: {
      ...podLabels(pod, inputs.owner),
      [engineLabels.container]: container.name,
      [engineLabels.stopTurn]: String(stopOrder(pod).findIndex((names) => names.includes(container.name))),
      [engineLabels.attempt]: String(inputs.attempt),
      [engineLabels.backOffSeconds]: String(inputs.backOffSeconds),
    },
    OpenStdin: container.stdin ?? false,
    Tty: container.tty ?? false,
    ...(container.lifecycle?.stopSignal === undefined ? {} : { StopSignal: container.lifecycle.stopSignal }),
    HostConfig: {
      ...namespaces(inputs.sandboxId),
      ...limitsOf(container),
      ...gpusOf(container, inputs.flavour),
      ...privileges(security),
      ...mountsOf(container, security, inputs),
      GroupAdd: groupsOf(pod),
      RestartPolicy: { Name: 'no' },
      Init: false,
    },
  };
}

/** What the Pod calls itself; host names have at most 63 characters. */
export const hostnameOf = ({ spec, metadata }: Pod): string => (spec.hostname ?? metadata.name ?? 'pod').slice(0, 63);

/** Unique in the engine, and readable in `podman ps`. */
export function containerName({ metadata }: Pod, container: string, attempt: number): string {
  return `vdi_${container}_${metadata.name}_${metadata.namespace}_${metadata.uid?.slice(0, 8)}_${attempt}`;
}

/** A `command` without `args` also drops the arguments of the image. */
function commandOf(
  { command, args }: Container,
  expand: (text: string) => string,
): Pick<ContainerCreateOptions, 'Cmd'> | object {
  if (args !== undefined) return { Cmd: args.map(expand) };
  return command === undefined ? {} : { Cmd: [] };
}

/** Network, IPC and host name are the Pod's; processes and mounts each container's own. */
function namespaces(sandboxId: string): HostConfig {
  return { NetworkMode: `container:${sandboxId}`, IpcMode: `container:${sandboxId}` };
}

function limitsOf({ resources = {} }: Container): HostConfig {
  const { cpu, memory } = resources.limits ?? {};
  const requestedCpu = resources.requests?.['cpu'] ?? cpu;
  return {
    ...(requestedCpu === undefined ? {} : { CpuShares: Math.max(2, Math.round(parseQuantity(requestedCpu) * 1024)) }),
    ...(cpu === undefined || parseQuantity(cpu) === 0
      ? {}
      : {
          CpuPeriod: cpuPeriodMicroseconds,
          CpuQuota: Math.max(leastCpuQuotaMicroseconds, Math.round(parseQuantity(cpu) * cpuPeriodMicroseconds)),
        }),
    // The same again for swap: what is limited to 1 GiB must not take another from the disk.
    ...(memory === undefined || parseQuantity(memory) === 0
      ? {}
      : { Memory: Math.round(parseQuantity(memory)), MemorySwap: Math.round(parseQuantity(memory)) }),
  };
}

/** Both ways need NVIDIA's container toolkit: Docker has it as a driver, Podman reads its CDI description (nvidia-ctk). */
function gpusOf({ resources = {} }: Container, flavour: Engine['flavour']): HostConfig {
  const count = parseQuantity(resources.limits?.['nvidia.com/gpu'] ?? 0);
  if (count === 0) return {};
  if (flavour === 'docker') return { DeviceRequests: [{ Driver: 'nvidia', Count: count, Capabilities: [['gpu']] }] };
  return { Devices: [{ PathOnHost: 'nvidia.com/gpu=all' }] };
}

function privileges(security: SecurityContext): HostConfig {
  const { capabilities = {}, privileged = false, allowPrivilegeEscalation, seccompProfile } = security;
  const isUnconfined = seccompProfile?.type === 'Unconfined';
  return {
    Privileged: privileged,
    CapDrop: [...(capabilities.drop ?? [])],
    CapAdd: [...(capabilities.add ?? [])],
    SecurityOpt: [
      ...(allowPrivilegeEscalation === false ? ['no-new-privileges'] : []),
      ...(isUnconfined ? ['seccomp=unconfined'] : []),
    ],
  };
}

function mountsOf({ volumeMounts = [] }: Container, security: SecurityContext, inputs: ContainerInputs): HostConfig {
  const isReadOnly = security.readOnlyRootFilesystem === true;
  const mounted = new Set(volumeMounts.map(({ mountPath }) => mountPath.replace(/(?<=.)\/+$/, '')));
  const closed = isReadOnly && inputs.flavour === 'podman' ? writableFoldersOfPodman : [];
  return {
    ReadonlyRootfs: isReadOnly,
    Binds: volumeMounts.map((mount) => bindOf(mount, inputs)),
    // Nothing else keeps Podman's Docker API from adding its own, writable for everybody.
    Tmpfs: Object.fromEntries(closed.filter((path) => !mounted.has(path)).map((path) => [path, 'ro,size=4k'])),
  };
}

function bindOf({ name, mountPath, readOnly, subPath, subPathExpr }: VolumeMount, inputs: ContainerInputs): string {
  const folder = inputs.volumeFolders[name];
  if (folder === undefined) throw new Error(`The volume "${name}" was not prepared`);
  const part = subPath ?? (subPathExpr === undefined ? '' : expandVariables(subPathExpr, inputs.env));
  if (part.split('/').includes('..')) throw new ConfigError(`subPath "${part}" must not contain ".."`);
  return `${join(folder, part)}:${mountPath}:${readOnly === true ? 'ro' : 'rw'}`;
}

function groupsOf({ spec }: Pod): string[] {
  const { fsGroup, supplementalGroups = [] } = spec.securityContext ?? {};
  return [...new Set([...(fsGroup === undefined ? [] : [fsGroup]), ...supplementalGroups])].map(String);
}
