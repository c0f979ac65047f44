import { apiVersionOf } from '../catalog/catalog.ts';
import type { KubernetesObject, Resource } from '../resource/resource.ts';
import { shape } from '../schema/shape.ts';
import { coreEvent, presentedEvent } from './event-conversion.ts';

const cache = new WeakMap<Resource, WeakMap<KubernetesObject, KubernetesObject>>();

/**
 * A stored object as a client of this version of its resource sees it: what a definition has learned or dropped since is
 * defaulted and pruned. Cached: the same objects are read many times.
 */
export function presented(resource: Resource, stored: KubernetesObject): KubernetesObject {
  let known = cache.get(resource);
  if (known === undefined) cache.set(resource, (known = new WeakMap()));
  let result = known.get(stored);
  if (result === undefined) known.set(stored, (result = convert(resource, stored)));
  return result;
}

/** The inverse: what to store of an object that a client of this version wrote. */
export function storable(resource: Resource, object: KubernetesObject): KubernetesObject {
  return resource.group === 'events.k8s.io' && resource.plural === 'events' ? coreEvent(object) : object;
}

function convert(resource: Resource, stored: KubernetesObject): KubernetesObject {
  if (resource.group === 'events.k8s.io' && resource.plural === 'events') return presentedEvent(stored);
  const apiVersion = apiVersionOf(resource);
  const converted = stored.apiVersion === apiVersion ? stored : { ...stored, apiVersion };
  return resource.origin === 'custom' ? (shape(resource.schema, converted, '', []) as KubernetesObject) : converted;
}
