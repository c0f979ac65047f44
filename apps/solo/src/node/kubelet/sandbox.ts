import type { Pod } from '@vdi/kube';
import type { ContainerInspectInfo } from 'dockerode';
import { engineMessage, isMissing, isUnchanged } from '../engine/engine-error.ts';
import { uidOf } from '../objects/pod.ts';
import { containerName, hostnameOf } from '../pod/container-options.ts';
import { podLabels } from '../pod/container-labels.ts';
import { httpPortOf, mediaPortCandidates, mediaPortOf, tcpPortsToPublish } from '../pod/pod-ports.ts';
import { isUdpPortFree } from '../network/udp-port.ts';
import { ensurePodNetwork, networkNameOf } from '../network/pod-network.ts';
import type { NodeContext } from './node-context.ts';

/** The container that holds a Pod's namespaces, and how the Pod is reached. */
export interface Sandbox {
  readonly id: string;
  readonly isRunning: boolean;
  /** Undefined until it runs. */
  readonly podIP: string | undefined;
  /** Host ports by `<containerPort>/<protocol>`. */
  readonly published: Readonly<Record<string, number>>;
}

/** The port of this machine's loopback address that leads to the Pod's port named `http`. */
export function httpEndpoint(pod: Pod, sandbox: Sandbox): string | undefined {
  const port = httpPortOf(pod);
  const published = port === undefined ? undefined : sandbox.published[`${port}/tcp`];
  return published === undefined ? undefined : `127.0.0.1:${published}`;
}

/** What browsers are told as the address of the Pod's media; undefined for Pods without. */
export function mediaAddresses(pod: Pod, sandbox: Sandbox, context: NodeContext): string | undefined {
  const port = mediaPortOf(pod);
  const published = port === undefined ? undefined : sandbox.published[`${port}/udp`];
  return published === undefined
    ? undefined
    : context.media.announced.map((address) => `${address}:${published}`).join(',');
}

/** Makes a sandbox without starting it: containers can be made that join it while it starts. */
export async function createSandbox(pod: Pod, context: NodeContext): Promise<Sandbox> {
  await ensurePodNetwork(pod, context);
  const mediaPort = await chooseMediaPort(pod, context);
  const { docker } = context.engine;
  const options = {
    name: containerName(pod, 'pod', 0),
    Image: context.pauseImage,
    Hostname: hostnameOf(pod),
    Labels: { ...podLabels(pod, context.owner) },
    StopSignal: 'SIGKILL',
    ExposedPorts: {},
    HostConfig: {
      NetworkMode: networkNameOf(pod, context.owner),
      IpcMode: 'shareable',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      RestartPolicy: { Name: 'no' },
      ExtraHosts: (pod.spec.hostAliases ?? []).flatMap(({ ip, hostnames = [] }) =>
        hostnames.map((name) => `${name}:${ip}`),
      ),
      ...portBindings(pod, mediaPort, context),
    },
  };
  options.ExposedPorts = Object.fromEntries(Object.keys(options.HostConfig.PortBindings).map((port) => [port, {}]));
  const { id } = await docker.createContainer(options);
  return sandboxOf(await docker.getContainer(id).inspect());
}

/** Starts it, and returns it with its addresses. */
export async function startSandbox({ id }: Sandbox, { engine: { docker } }: NodeContext): Promise<Sandbox> {
  const container = docker.getContainer(id);
  try {
    await container.start();
  } catch (error) {
    if (!isUnchanged(error)) throw error;
  }
  return sandboxOf(await container.inspect());
}

/** Stops and removes it. Repeating it changes nothing. */
export async function removeSandbox(id: string, { engine: { docker }, log }: NodeContext): Promise<void> {
  try {
    await docker.getContainer(id).remove({ force: true, v: true });
  } catch (error) {
    if (isMissing(error)) return;
    log.warn({ container: id, reason: engineMessage(error) }, 'Could not remove a sandbox');
    throw error;
  }
}

/** Reads what the engine tells of a sandbox. */
export function sandboxOf(info: ContainerInspectInfo): Sandbox {
  const bindings = Object.entries(info.HostConfig.PortBindings as Record<string, readonly HostPort[] | null>);
  const actual = info.NetworkSettings.Ports as Readonly<Record<string, readonly HostPort[] | null>>;
  const networks = Object.values(info.NetworkSettings.Networks);
  return {
    id: info.Id,
    isRunning: info.State.Running,
    podIP: networks.map(({ IPAddress }) => IPAddress).find((address) => address !== '') ?? undefined,
    published: Object.fromEntries(
      bindings.flatMap(([port, asked]) => {
        const hostPort = Number(actual[port]?.[0]?.HostPort ?? asked?.[0]?.HostPort ?? 0);
        return hostPort === 0 ? [] : [[port, hostPort]];
      }),
    ),
  };
}

interface HostPort {
  readonly HostPort: string;
}

function portBindings(
  pod: Pod,
  mediaHostPort: number | undefined,
  { engine, media }: NodeContext,
): { readonly PortBindings: Readonly<Record<string, readonly { HostIp: string; HostPort: string }[]>> } {
  const tcp = tcpPortsToPublish(pod, !engine.isRootless).map((port) => [
    `${port}/tcp`,
    [{ HostIp: '127.0.0.1', HostPort: '' }],
  ]);
  const mediaPort = mediaPortOf(pod);
  const udp =
    mediaPort === undefined || mediaHostPort === undefined
      ? []
      : [[`${mediaPort}/udp`, [{ HostIp: media.bindAddress, HostPort: String(mediaHostPort) }]]];
  return { PortBindings: Object.fromEntries([...tcp, ...udp]) };
}

async function chooseMediaPort(pod: Pod, { media }: NodeContext): Promise<number | undefined> {
  if (mediaPortOf(pod) === undefined) return undefined;
  for (const port of mediaPortCandidates(uidOf(pod), media.ports)) {
    if (await isUdpPortFree(media.bindAddress, port)) return port;
  }
  throw new Error(`no UDP port is free on ${media.bindAddress} between ${media.ports.first} and ${media.ports.last}`);
}
