import { objectAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { KindRules } from './kind-rules.ts';
import { completePodSpec, podSpecErrors } from './pod-spec.ts';

/** Which fields of a running Pod may change is decided where Pods are stored. */
export const podRules: KindRules = {
  complete: (pod) => ({ ...pod, spec: completePod(objectAt(pod, 'spec')) }),
  validate: (pod) => podSpecErrors(objectAt(pod, 'spec'), 'spec'),
};

/** Templates do not get these defaults, Pods do. */
function completePod(spec: JsonObject): JsonObject {
  const completed = completePodSpec(spec);
  const account = completed['serviceAccountName'] ?? completed['serviceAccount'] ?? 'default';
  return {
    enableServiceLinks: true,
    ...completed,
    serviceAccountName: account,
    serviceAccount: account,
    ...Object.fromEntries(
      ['initContainers', 'containers']
        .filter((field) => Array.isArray(completed[field]))
        .map((field) => [field, (completed[field] as JsonObject[]).map(requestWhatIsLimited)]),
    ),
  };
}

/** A container that says only how much it may use at most also asks for that much. */
function requestWhatIsLimited(container: JsonObject): JsonObject {
  const resources = objectAt(container, 'resources');
  if (resources['limits'] === undefined) return container;
  return {
    ...container,
    resources: { ...resources, requests: { ...objectAt(resources, 'limits'), ...objectAt(resources, 'requests') } },
  };
}
