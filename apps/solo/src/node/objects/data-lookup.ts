import type { DataLookup } from '../pod/container-env.ts';
import type { ObjectCache } from './object-cache.ts';
import type { DataObject } from './resources.ts';

/** Looks up ConfigMaps and Secrets by `namespace/name`. */
export function dataLookup(caches: {
  readonly configMaps: Pick<ObjectCache<DataObject>, 'get'>;
  readonly secrets: Pick<ObjectCache<DataObject>, 'get'>;
}): DataLookup {
  return {
    configMap: (key) => {
      const object = find(caches.configMaps, key);
      return object && { ...decoded(object.data, 'utf8'), ...decoded(object.binaryData, 'base64') };
    },
    secret: (key) => {
      const object = find(caches.secrets, key);
      return object && decoded(object.data, 'base64');
    },
  };
}

function find(cache: Pick<ObjectCache<DataObject>, 'get'>, key: string): DataObject | undefined {
  const [namespace = '', name = ''] = key.split('/');
  return cache.get(namespace, name);
}

function decoded(
  data: Readonly<Record<string, string>> = {},
  encoding: 'utf8' | 'base64',
): Readonly<Record<string, Buffer>> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, encoding)]));
}
