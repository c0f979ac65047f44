import type { Container, Pod } from '@vdi/kube';
import type { ContainerCreateOptions } from 'dockerode';
import { allContainers } from '../objects/pod.ts';
import { containerEnv } from '../pod/container-env.ts';
import { containerOptions } from '../pod/container-options.ts';
import { checkNonRoot, effectiveSecurity } from '../pod/container-user.ts';
import { mediaPortOf } from '../pod/pod-ports.ts';
import type { LocalImage } from './image-store.ts';
import type { NodeContext } from './node-context.ts';
import { registryLogins } from './registry-logins.ts';
import { mediaAddresses, type Sandbox } from './sandbox.ts';

/** Which start of a container is being prepared. */
export interface Attempt {
  readonly attempt: number;
  readonly backOffSeconds: number;
}

/** The facts of the downward API. */
const factsOf = (context: NodeContext, podIP: string | undefined) => ({
  nodeName: context.nodeName,
  hostIP: context.hostIP,
  podIP,
  capacity: context.capacity,
});

/** Has the image or pulls it, telling about it in events. Throws `ImageError`. */
export async function ensureImage(pod: Pod, container: Container, context: NodeContext): Promise<LocalImage> {
  const note = (reason: string, message: string): void =>
    context.recorder.record(pod, {
      type: 'Normal',
      reason,
      message,
      fieldPath: `spec.containers{${container.name}}`,
    });
  const { image } = container;
  const found = await context.images.ensure(container, registryLogins(pod, context.data), () =>
    note('Pulling', `Pulling image "${image}"`),
  );
  note(
    'Pulled',
    found.pulledInMs === undefined
      ? `Container image "${image}" already present on machine`
      : `Successfully pulled image "${image}" in ${found.pulledInMs}ms`,
  );
  return found;
}

/** Everything the engine must know of a container. Throws `ConfigError`. */
export function optionsFor(
  pod: Pod,
  container: Container,
  context: NodeContext,
  made: {
    readonly image: LocalImage;
    readonly sandbox: Sandbox;
    readonly volumeFolders: Readonly<Record<string, string>>;
    readonly attempt: Attempt;
  },
): ContainerCreateOptions {
  const { image, sandbox, volumeFolders, attempt } = made;
  checkNonRoot(effectiveSecurity(pod, container), image.user);
  const namespace = pod.metadata.namespace ?? '';
  const env = containerEnv(container, {
    pod,
    facts: factsOf(context, sandbox.podIP),
    configMap: (name) => context.data.configMap(`${namespace}/${name}`),
    secret: (name) => context.data.secret(`${namespace}/${name}`),
  });
  const addresses = carriesMedia(pod, container) ? mediaAddresses(pod, sandbox, context) : undefined;
  return containerOptions(pod, container, {
    ...attempt,
    owner: context.owner,
    sandboxId: sandbox.id,
    imageId: image.id,
    imageUser: image.user,
    env: addresses === undefined ? env : { VDI_MEDIA_ADDRESSES: addresses, ...env },
    volumeFolders,
    flavour: context.engine.flavour,
  });
}

/** The container that declares the media port is told where it is reached; if none declares it, all are. */
function carriesMedia(pod: Pod, container: Container): boolean {
  const port = mediaPortOf(pod);
  if (port === undefined) return false;
  const declares = ({ ports = [] }: Container): boolean => ports.some(({ containerPort }) => containerPort === port);
  return declares(container) || !allContainers(pod).some(declares);
}
