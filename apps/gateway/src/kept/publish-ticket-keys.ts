import { fieldManagers } from '@vdi/api';
import type { Clock } from '@vdi/controller';
import type { TicketKeys } from '@vdi/identity';
import { builtinResources, type KubeClient, type KubeObject, type KubeResource } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

const configMaps = builtinResources.configMaps as KubeResource<ConfigMap>;
/** The field that the operator reads at each start of a desktop. */
const field = 'jwks.json';
/** How soon one that somebody changed or deleted is as it should be. */
const periodMs = 60_000;
const retryMs = 2_000;

export interface TicketKeyPublication extends Disposable {
  /** Resolves when the keys are there for the first time. */
  readonly published: Promise<void>;
}

/**
 * Keeps the public halves of the ticket keys in a ConfigMap for the operator, which hands them to desktops. Applied again
 * and again: an apply of what is there already changes nothing.
 */
export function publishTicketKeys(options: {
  readonly kube: KubeClient;
  readonly configMap: { readonly namespace: string; readonly name: string };
  readonly jwks: TicketKeys['jwks'];
  readonly clock: Clock;
  readonly log: Logger;
}): TicketKeyPublication {
  const { kube, configMap, clock, log } = options;
  const published = Promise.withResolvers<void>();
  const stopped = new AbortController();
  let cancel = (): void => undefined;
  const publish = async (): Promise<void> => {
    let waitMs = periodMs;
    try {
      const data = { [field]: publicText(options.jwks) };
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: configMap, data };
      await kube.apply(configMaps, object, { fieldManager: fieldManagers.gateway, signal: stopped.signal });
      published.resolve();
    } catch (error) {
      if (stopped.signal.aborted) return;
      log.error({ err: error, configMap: `${configMap.namespace}/${configMap.name}` }, 'Could not publish ticket keys');
      waitMs = retryMs;
    }
    if (!stopped.signal.aborted) cancel = clock.after(waitMs, () => void publish());
  };
  void publish();
  return {
    published: published.promise,
    [Symbol.dispose]() {
      stopped.abort(new Error('The gateway stops'));
      cancel();
    },
  };
}

/** Everybody in the cluster may read it, so nothing private may be in it, whatever was handed in. */
function publicText({ keys }: TicketKeys['jwks']): string {
  const isPrivate = keys.some((key) => 'd' in key || 'k' in key);
  if (isPrivate) throw new TypeError('A private key was about to be published');
  return JSON.stringify({ keys });
}
