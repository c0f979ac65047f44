import type { Pod, Volume } from '@vdi/kube';
import { allContainers } from '../objects/pod.ts';

/** Why this node does not run a Pod at all. */
export interface Refusal {
  readonly reason: string;
  readonly message: string;
}

const volumeKinds = ['emptyDir', 'configMap', 'secret', 'downwardAPI', 'projected', 'persistentVolumeClaim'] as const;

/** The label by which an administrator opens a namespace (https://kubernetes.io/docs/concepts/security/pod-security-admission/). */
const enforceLabel = 'pod-security.kubernetes.io/enforce';

/** The first reason against running the Pod here, or undefined. It will never run, whatever happens later. */
export function refusalOf(pod: Pod, namespaceLabels: Readonly<Record<string, string>>): Refusal | undefined {
  const { spec } = pod;
  if (spec.hostNetwork === true || spec.hostPID === true || spec.hostIPC === true) {
    return refused('it asks for a namespace of the host (hostNetwork, hostPID, hostIPC); leave these out');
  }
  if (spec.shareProcessNamespace === true) {
    return refused('shareProcessNamespace is not offered: containers here never see each other’s processes');
  }
  if (spec.securityContext?.sysctls?.length)
    return refused('sysctls are not offered; leave out securityContext.sysctls');
  return volumeRefusal(spec.volumes ?? []) ?? containerRefusal(pod, namespaceLabels);
}

function volumeRefusal(volumes: readonly Volume[]): Refusal | undefined {
  for (const volume of volumes) {
    const kinds = Object.keys(volume).filter((key) => key !== 'name');
    const unknown = kinds.find((kind) => !(volumeKinds as readonly string[]).includes(kind));
    if (unknown === 'hostPath') {
      return refused(
        `volume "${volume.name}" is a hostPath, which would open this machine; use a persistentVolumeClaim`,
      );
    }
    if (unknown !== undefined) {
      return refused(`volume "${volume.name}" is of the kind ${unknown}; this node has ${volumeKinds.join(', ')}`);
    }
    const token = volume.projected?.sources?.find((source) => source.serviceAccountToken ?? source.clusterTrustBundle);
    if (token !== undefined) {
      return refused(
        `volume "${volume.name}" asks for a service-account token; set automountServiceAccountToken: false`,
      );
    }
  }
  return undefined;
}

function containerRefusal(pod: Pod, namespaceLabels: Readonly<Record<string, string>>): Refusal | undefined {
  for (const { name, securityContext, volumeMounts = [] } of allContainers(pod)) {
    if (securityContext?.privileged === true && namespaceLabels[enforceLabel] !== 'privileged') {
      return refused(
        `container "${name}" is privileged; an administrator can allow that in a namespace of its own: ` +
          `kubectl label namespace ${pod.metadata.namespace} ${enforceLabel}=privileged`,
      );
    }
    if (securityContext?.seccompProfile?.type === 'Localhost') {
      return refused(`container "${name}" names a seccomp profile of the host; use RuntimeDefault or Unconfined`);
    }
    const subPath = volumeMounts.find((mount) => (mount.subPath ?? mount.subPathExpr) && isWritable(pod, mount.name));
    if (subPath !== undefined) {
      // A symbolic link in a volume that a container writes to would lead out of it: CVE-2017-1002101, CVE-2021-25741.
      return refused(
        `container "${name}" mounts volume "${subPath.name}" with a subPath; mount the whole volume instead`,
      );
    }
  }
  return undefined;
}

/** Can a container write into the volume? What is made of API objects is written by the node alone. */
function isWritable({ spec }: Pod, name: string): boolean {
  const volume = spec.volumes?.find((candidate) => candidate.name === name);
  return volume?.emptyDir !== undefined || volume?.persistentVolumeClaim !== undefined;
}

const refused = (why: string): Refusal => ({ reason: 'NodeRefused', message: `The node refused the Pod: ${why}.` });
