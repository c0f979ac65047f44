import type { KubernetesObject, Resource } from '../resource/resource.ts';
import { strategyOf } from '../strategy/strategies.ts';

/** What an object has to wait for before a deletion removes it. */
export function remainingFinalizers(resource: Resource, object: KubernetesObject): readonly string[] {
  return [...(object.metadata.finalizers ?? []), ...(strategyOf(resource).finalizers?.(object) ?? [])];
}
