import { isDeepStrictEqual } from 'node:util';
import type { Reflector } from '@vdi/controller';
import { hasEnded, isNotFound, type KubeClient, type Pod, type Service, typedResources } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import { uidOf } from '../objects/pod.ts';
import { type ServiceEndpoints, serviceEndpoints } from './service-endpoints.ts';

export interface EndpointsOptions {
  readonly kube: KubeClient;
  readonly log: Logger;
  readonly services: Reflector<Service>;
  readonly pods: Reflector<Pod>;
}

/** Keeps Endpoints and EndpointSlices of Services with a selector true. They go with their Service. */
export function startEndpoints({ kube, log, services, pods }: EndpointsOptions): AsyncDisposable {
  const written = new Map<string, ServiceEndpoints>();
  let last: Promise<void> = Promise.resolve();
  let isQueued = false;
  const update = async (): Promise<void> => {
    isQueued = false;
    for (const service of services.cache.all()) {
      if (service.spec?.selector === undefined || service.metadata.deletionTimestamp !== undefined) continue;
      const wanted = serviceEndpoints(service, podsOf(service, pods.cache.all()));
      if (isDeepStrictEqual(written.get(uidOf(service)), wanted)) continue;
      await write(kube, wanted);
      written.set(uidOf(service), wanted);
    }
  };
  const look = (): void => {
    if (isQueued) return;
    isQueued = true;
    last = last.then(update).catch((error: unknown) => {
      // The Service or its namespace went away while we wrote.
      if (!isNotFound(error)) log.warn({ err: error }, 'Could not write endpoints');
    });
  };
  const stops = [
    pods.onChange(look),
    services.onChange(({ type, object }) => {
      if (type === 'deleted') written.delete(uidOf(object));
      look();
    }),
  ];
  look();
  return {
    async [Symbol.asyncDispose]() {
      for (const stop of stops) stop();
      await last;
    },
  };
}

function podsOf({ metadata, spec }: Service, pods: readonly Pod[]): readonly Pod[] {
  const selector = Object.entries(spec?.selector ?? {});
  return pods.filter(
    (pod) =>
      pod.metadata.namespace === metadata.namespace &&
      !hasEnded(pod) &&
      selector.length > 0 &&
      selector.every(([key, value]) => pod.metadata.labels?.[key] === value),
  );
}

async function write(kube: KubeClient, { endpoints, slice }: ServiceEndpoints): Promise<void> {
  const options = { fieldManager: 'vdi-node' };
  await kube.apply(typedResources.endpoints, endpoints, options);
  await kube.apply(typedResources.endpointSlices, slice, options);
}
