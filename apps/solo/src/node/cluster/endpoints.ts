import { isDeepStrictEqual } from 'node:util';
import { isNotFound, type KubeClient } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import type { ObjectCache } from '../objects/object-cache.ts';
import { isTerminal, type Pod, uidOf } from '../objects/pod.ts';
import { resources, type Service } from '../objects/resources.ts';
import { type ServiceEndpoints, serviceEndpoints } from './service-endpoints.ts';

export interface EndpointsOptions {
  readonly kube: KubeClient;
  readonly log: Logger;
  readonly services: ObjectCache<Service>;
  readonly pods: ObjectCache<Pod>;
}

/** Keeps Endpoints and EndpointSlices of Services with a selector true. They go with their Service. */
export function startEndpoints({ kube, log, services, pods }: EndpointsOptions): AsyncDisposable {
  const written = new Map<string, ServiceEndpoints>();
  let last: Promise<void> = Promise.resolve();
  let isQueued = false;
  const update = async (): Promise<void> => {
    isQueued = false;
    for (const service of services.list()) {
      if (service.spec?.selector === undefined || service.metadata.deletionTimestamp !== undefined) continue;
      const wanted = serviceEndpoints(service, podsOf(service, pods.list()));
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
    services.onChange((service, change) => {
      if (change === 'gone') written.delete(uidOf(service));
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
      !isTerminal(pod) &&
      selector.length > 0 &&
      selector.every(([key, value]) => pod.metadata.labels?.[key] === value),
  );
}

async function write(kube: KubeClient, { endpoints, slice }: ServiceEndpoints): Promise<void> {
  const options = { fieldManager: 'vdi-node' };
  await kube.apply(resources.endpoints, endpoints, options);
  await kube.apply(resources.endpointSlices, slice, options);
}
