import { resourcePrefix } from '../registry/object-ref.ts';
import type { Registry } from '../registry/registry.ts';
import type { KubernetesObject } from '../resource/resource.ts';
import { type ObjectSelector, matchesObjectSelector } from '../selector/object-selector.ts';

interface Budget {
  readonly spec?: { readonly selector?: ObjectSelector };
  readonly status?: { readonly disruptionsAllowed?: number };
}

/** Why a PodDisruptionBudget does not let a Pod be evicted now. Nobody has counted for a budget without status: it allows none. */
export function disruptionRefusal({ log }: Registry, pod: KubernetesObject): string | undefined {
  const { phase } = (pod['status'] ?? {}) as { readonly phase?: string };
  if (phase === 'Pending' || phase === 'Succeeded' || phase === 'Failed') return undefined;
  const prefix = resourcePrefix({ group: 'policy', plural: 'poddisruptionbudgets' });
  for (const { object } of log.list(`${prefix}${pod.metadata.namespace ?? ''}/`).items) {
    const { spec, status } = object as Budget;
    if (spec?.selector === undefined || !matchesObjectSelector(spec.selector, pod.metadata.labels)) continue;
    if ((status?.disruptionsAllowed ?? 0) < 1) {
      return `The disruption budget ${object.metadata.name} does not allow a disruption now`;
    }
  }
  return undefined;
}
