import type { Reflector } from '@vdi/controller';
import type { ConfigMap, Secret } from '@vdi/kube';
import type { DataLookup } from '../pod/container-env.ts';

/** Looks up ConfigMaps and Secrets by `namespace/name`. */
export function dataLookup(caches: {
  readonly configMaps: Pick<Reflector<ConfigMap>, 'cache'>;
  readonly secrets: Pick<Reflector<Secret>, 'cache'>;
}): DataLookup {
  return {
    configMap: (key) => {
      const object = caches.configMaps.cache.get(key);
      return object && { ...decoded(object.data, 'utf8'), ...decoded(object.binaryData, 'base64') };
    },
    secret: (key) => {
      const object = caches.secrets.cache.get(key);
      return object && decoded(object.data, 'base64');
    },
  };
}

function decoded(
  data: Readonly<Record<string, string>> = {},
  encoding: 'utf8' | 'base64',
): Readonly<Record<string, Buffer>> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, encoding)]));
}
