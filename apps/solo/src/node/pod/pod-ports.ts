import { createHash } from 'node:crypto';
import { annotations } from '@vdi/api';
import type { Container, ContainerPort, Handler, Pod } from '@vdi/kube';
import { allContainers } from '../objects/pod.ts';

/** The UDP port that carries media, if the Pod asks for one. */
export function mediaPortOf(pod: Pod): number | undefined {
  const text = pod.metadata.annotations?.[annotations.mediaPort];
  const port = Number(text);
  return text !== undefined && Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

/** The port by which the gateway reaches a Pod. */
export function httpPortOf(pod: Pod): number | undefined {
  const ports = allContainers(pod).flatMap(({ ports = [] }) => ports.filter(isTcp));
  return ports.find(({ name }) => name === 'http')?.containerPort;
}

/**
 * The TCP ports to publish on the loopback address: the one named `http`, and, where containers' own addresses cannot
 * be reached, whatever else a probe or a hook dials.
 */
export function tcpPortsToPublish(pod: Pod, hasReachableAddress: boolean): readonly number[] {
  const http = httpPortOf(pod);
  const others = hasReachableAddress ? [] : allContainers(pod).flatMap(dialledPorts);
  return [...new Set([...(http === undefined ? [] : [http]), ...others])];
}

/** The number behind a port that a probe or hook gives by number or name. */
export function resolvePort(container: Container, port: number | string): number {
  if (typeof port === 'number') return port;
  const named = container.ports?.find(({ name }) => name === port)?.containerPort;
  if (named === undefined) throw new Error(`container "${container.name}" has no port named "${port}"`);
  return named;
}

/** The media ports to try for a Pod, always the same for the same Pod: a firewall's log stays readable. */
export function mediaPortCandidates(
  uid: string,
  range: { readonly first: number; readonly last: number },
): readonly number[] {
  const size = range.last - range.first + 1;
  const start = createHash('sha256').update(uid).digest().readUInt32BE(0) % size;
  return Array.from({ length: Math.min(size, 64) }, (_, step) => range.first + ((start + step) % size));
}

const isTcp = ({ protocol }: ContainerPort): boolean => (protocol ?? 'TCP') === 'TCP';

function dialledPorts(container: Container): readonly number[] {
  const { startupProbe, livenessProbe, readinessProbe, lifecycle } = container;
  const handlers: readonly (Handler | undefined)[] = [
    startupProbe,
    livenessProbe,
    readinessProbe,
    lifecycle?.postStart,
    lifecycle?.preStop,
  ];
  return handlers.flatMap((handler) => {
    const port = handler?.httpGet?.port ?? handler?.tcpSocket?.port;
    return port === undefined ? [] : [resolvePort(container, port)];
  });
}
