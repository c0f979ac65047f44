import type { KubeClient } from '@vdi/kube';
import { resources } from './objects/resources.ts';
import type { PublicKeySet } from './session/desired/secret.ts';

/** The key of the ConfigMap under which the gateway publishes. */
const ticketKeysField = 'jwks.json';

/**
 * Reads the session door's public keys from the ConfigMap that the gateway writes. Read at each start of a desktop, so
 * that changed keys need no restart of anything. Throws when there is none yet: then no desktop could be opened anyway,
 * and the start is tried again.
 */
export function publishedTicketKeys(
  kube: KubeClient,
  configMap: { readonly namespace: string; readonly name: string },
): () => Promise<PublicKeySet> {
  return async () => {
    const { data } = await kube.get(resources.configMaps, configMap);
    const keys: unknown = JSON.parse(data?.[ticketKeysField] ?? 'null');
    if (isPublicKeySet(keys)) return keys;
    throw new Error(
      `ConfigMap ${configMap.namespace}/${configMap.name} holds no public keys in "${ticketKeysField}": the gateway writes them there at its start`,
    );
  };
}

/** A private key in it would be handed to every desktop. */
function isPublicKeySet(value: unknown): value is PublicKeySet {
  const keys = (value as { readonly keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys) || keys.length === 0) return false;
  if (keys.some((key: object) => 'd' in key)) {
    throw new Error(
      'The published ticket keys contain a private key; it must be replaced, because everybody may read it',
    );
  }
  return true;
}
