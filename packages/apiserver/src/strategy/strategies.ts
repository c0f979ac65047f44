import { labelName, pathSegmentName } from '../registry/names.ts';
import type { Resource } from '../resource/resource.ts';
import { customResourceDefinitionStrategy } from './custom-resource-definition.ts';
import { immutableData } from './immutable-data.ts';
import { namespaceStrategy } from './namespace.ts';
import { podStrategy } from './pod.ts';
import { secretStrategy } from './secret.ts';
import type { Strategy } from './strategy.ts';

const customResource: Strategy = { countsGenerations: true, requiresResourceVersion: true };

const withStatusPhase = (phase: string): Strategy => ({
  prepareCreate: (object) => ({ ...object, status: { phase } }),
  keepsStatusOnCreate: true,
  returnsDeletedObject: true,
});

/** By `group/plural`; built-in resources that are not here follow the common rules. */
const builtin: Readonly<Record<string, Strategy>> = {
  '/namespaces': namespaceStrategy,
  '/nodes': { keepsStatusOnCreate: true },
  '/pods': podStrategy,
  '/configmaps': { validate: immutableData },
  '/secrets': secretStrategy,
  '/services': { nameRule: labelName, returnsDeletedObject: true },
  '/persistentvolumeclaims': withStatusPhase('Pending'),
  '/persistentvolumes': withStatusPhase('Pending'),
  '/serviceaccounts': { returnsDeletedObject: true },
  'apiextensions.k8s.io/customresourcedefinitions': customResourceDefinitionStrategy,
  'coordination.k8s.io/leases': { countsGenerations: false },
  'rbac.authorization.k8s.io/roles': { nameRule: pathSegmentName, countsGenerations: false },
  'rbac.authorization.k8s.io/rolebindings': { nameRule: pathSegmentName, countsGenerations: false },
  'rbac.authorization.k8s.io/clusterroles': { nameRule: pathSegmentName, countsGenerations: false },
  'rbac.authorization.k8s.io/clusterrolebindings': { nameRule: pathSegmentName, countsGenerations: false },
};

/** Kinds outside the core group that have a spec count its generations, as upstream. */
export function strategyOf(resource: Resource): Strategy {
  if (resource.origin === 'custom') return customResource;
  const hasSpec = resource.schema.properties?.['spec'] !== undefined;
  return {
    countsGenerations: resource.group !== '' && hasSpec,
    ...builtin[`${resource.group}/${resource.plural}`],
  };
}
