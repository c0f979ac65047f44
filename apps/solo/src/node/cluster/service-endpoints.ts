import type { KubeObject, Pod, Service } from '@vdi/kube';
import { uidOf } from '../objects/pod.ts';

/** Both forms in which Kubernetes tells where a Service leads. */
export interface ServiceEndpoints {
  readonly endpoints: KubeObject & { readonly subsets: readonly object[] };
  readonly slice: KubeObject & {
    readonly addressType: 'IPv4';
    readonly ports: readonly Port[];
    readonly endpoints: readonly object[];
  };
}

interface Address {
  readonly ip: string;
  readonly nodeName: string | undefined;
  readonly targetRef: object;
  readonly isReady: boolean;
  readonly isTerminating: boolean;
}

/** What the objects of a Service must say, given the Pods that its selector means. */
export function serviceEndpoints(service: Service, pods: readonly Pod[]): ServiceEndpoints {
  const { name = '', namespace = '' } = service.metadata;
  const addresses = pods
    .flatMap((pod) => addressOf(pod, service.spec?.publishNotReadyAddresses === true))
    .sort((one, other) => (one.ip < other.ip ? -1 : 1));
  const ports = portsOf(service, pods[0]);
  const owner = {
    apiVersion: 'v1',
    kind: 'Service',
    name,
    uid: uidOf(service),
    controller: true,
    blockOwnerDeletion: true,
  };
  const metadata = { namespace, ownerReferences: [owner] };
  return {
    endpoints: { metadata: { ...metadata, name }, subsets: subsetsOf(addresses, ports) },
    slice: {
      metadata: {
        ...metadata,
        name: `${name}-vdi`,
        labels: { 'kubernetes.io/service-name': name, 'endpointslice.kubernetes.io/managed-by': 'vdi-node' },
      },
      addressType: 'IPv4',
      ports,
      endpoints: addresses.map(({ ip, nodeName, targetRef, isReady, isTerminating }) => ({
        addresses: [ip],
        conditions: { ready: isReady, serving: isReady, terminating: isTerminating },
        nodeName,
        targetRef,
      })),
    },
  };
}

function addressOf(pod: Pod, publishNotReady: boolean): readonly Address[] {
  const { podIP, conditions = [] } = pod.status ?? {};
  if (podIP === undefined) return [];
  const isTerminating = pod.metadata.deletionTimestamp !== undefined;
  const isReady = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  const { name = '', namespace = '' } = pod.metadata;
  return [
    {
      ip: podIP,
      nodeName: pod.spec.nodeName,
      targetRef: { kind: 'Pod', name, namespace, uid: uidOf(pod) },
      isReady: publishNotReady || (isReady && !isTerminating),
      isTerminating,
    },
  ];
}

interface Port {
  readonly name?: string;
  readonly port: number;
  readonly protocol: string;
}

/** A port by name is looked up in a Pod; before there is one it leads nowhere. */
function portsOf({ spec }: Service, pod: Pod | undefined): readonly Port[] {
  return (spec?.ports ?? []).flatMap(({ name, port, targetPort = port, protocol = 'TCP' }) => {
    const number = typeof targetPort === 'number' ? targetPort : namedPort(pod, targetPort);
    return number === undefined ? [] : [{ ...(name === undefined ? {} : { name }), port: number, protocol }];
  });
}

function namedPort(pod: Pod | undefined, name: string): number | undefined {
  const containers = [...(pod?.spec.initContainers ?? []), ...(pod?.spec.containers ?? [])];
  return containers.flatMap(({ ports = [] }) => ports).find((port) => port.name === name)?.containerPort;
}

function subsetsOf(addresses: readonly Address[], ports: readonly Port[]): readonly object[] {
  if (addresses.length === 0) return [];
  const listed = (isReady: boolean): readonly object[] =>
    addresses
      .filter((address) => address.isReady === isReady)
      .map(({ ip, nodeName, targetRef }) => ({ ip, nodeName, targetRef }));
  const ready = listed(true);
  const notReady = listed(false);
  return [
    {
      ...(ready.length === 0 ? {} : { addresses: ready }),
      ...(notReady.length === 0 ? {} : { notReadyAddresses: notReady }),
      ports,
    },
  ];
}
