import { eventually } from '@vdi/testing/desktops';
import type { Pod } from '@vdi/kube';
import type { ClusterSettings } from './cluster-settings.ts';
import type { Kubectl } from './kubectl.ts';

const names = ['control', 'display', 'desktop'] as const;

/** How an image of ours is called in this cluster. */
export function imageReference({ images }: ClusterSettings, name: (typeof names)[number]): string {
  return `${images.registry}/vdi-operator/${name}:${images.tag}`;
}

/**
 * What stands against running our images, a sentence each: found out by running them, because nodes list only some of the
 * images that they have.
 */
export async function imageLacks(kubectl: Kubectl, settings: ClusterSettings): Promise<readonly string[]> {
  const { systemNamespace: namespace, images } = settings;
  const name = 'image-check';
  // A new namespace gets its service account a moment later, and takes no Pod before.
  const account = async () => await kubectl.try(['get', 'serviceaccount', 'default', '-n', namespace]);
  await eventually(account, ({ status }) => status === 0, { withinMs: 60_000, what: 'The default service account' });
  const security = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
  await kubectl.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      containers: names.map((image) => ({
        name: image,
        image: imageReference(settings, image),
        imagePullPolicy: images.pullPolicy,
        command: ['/bin/sh', '-c', 'exit 0'],
        securityContext: security,
      })),
    },
  });
  const look = async () => await kubectl.get<Pod>(['pod', name, '-n', namespace]);
  // Pulling 1.5 GB over a slow line takes its time.
  const pod = await eventually(look, (seen) => isDecided(seen), { withinMs: 900_000, what: 'The check of the images' });
  const lacks = (pod.status?.containerStatuses ?? []).flatMap(({ name: container, image, state }) => {
    const { waiting, terminated } = state ?? {};
    if (waiting?.reason !== undefined && refusals.has(waiting.reason)) {
      return `The image ${image} of ${container} cannot be had (${waiting.reason}: ${waiting.message ?? ''}): load it into every node (make image-archives; docs/image-archives.md), or push it and set VDI_CLUSTER_REGISTRY and VDI_CLUSTER_TAG.`;
    }
    if (terminated !== undefined && terminated.exitCode !== 0) {
      return `The image ${image} of ${container} does not run (${terminated.reason ?? terminated.exitCode}): is it for another processor architecture than the node's?`;
    }
    return [];
  });
  await kubectl.run(['delete', 'pod', name, '-n', namespace, '--grace-period=0', '--wait=false']);
  return lacks;
}

const refusals = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CreateContainerError',
]);

function isDecided({ status }: Pod): boolean {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return true;
  return (status?.containerStatuses ?? []).some(({ state }) => refusals.has(state?.waiting?.reason ?? ''));
}
