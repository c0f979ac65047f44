import type { FieldError } from '../api-error.ts';
import { timestamp } from '../clock.ts';
import { customResources } from '../resource/custom-resources.ts';
import type { KubernetesObject } from '../resource/resource.ts';
import type { Registry } from '../registry/registry.ts';
import type { Strategy } from './strategy.ts';

/** Stays on a definition until its objects are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

interface Names {
  readonly plural?: string;
  readonly singular?: string;
  readonly kind?: string;
  readonly listKind?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

interface DefinitionSpec {
  readonly group?: string;
  readonly names?: Names;
  readonly versions?: readonly { readonly name?: string; readonly storage?: boolean }[];
}

interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
}

/**
 * Upstream sets the status a moment after the write, from controllers; here the same write does, so that a definition is
 * served when it has been answered.
 */
export const customResourceDefinitionStrategy: Strategy = {
  requiresResourceVersion: true,
  prepareCreate: (definition, registry) => withStatus(withDefaults(definition), undefined, registry),
  prepareUpdate: (definition, live, registry) => withStatus(withDefaults(definition), live, registry),
  prepareDelete: (definition, registry) => ({
    ...withCondition(definition, registry, {
      type: 'Terminating',
      status: 'True',
      reason: 'InstanceDeletionPending',
      message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
    }),
    metadata: {
      ...definition.metadata,
      finalizers: [...new Set([...(definition.metadata.finalizers ?? []), cleanupFinalizer])],
    },
  }),
  validate: (definition, live) => {
    // What could not be served must fail here, not when it has been stored.
    customResources(definition);
    return live === undefined ? [] : immutableNames(definition, live);
  },
};

function withDefaults(definition: KubernetesObject): KubernetesObject {
  const spec = (definition['spec'] ?? {}) as DefinitionSpec;
  const names = spec.names ?? {};
  const { kind } = names;
  if (typeof kind !== 'string') return definition;
  return {
    ...definition,
    spec: {
      conversion: { strategy: 'None' },
      ...spec,
      names: { singular: kind.toLowerCase(), listKind: `${kind}List`, ...names },
    },
  };
}

function withStatus(definition: KubernetesObject, live: KubernetesObject | undefined, registry: Registry) {
  const { names, versions } = (definition['spec'] ?? {}) as DefinitionSpec;
  const before = (live?.['status'] ?? {}) as { readonly storedVersions?: readonly string[] };
  const storage = Array.isArray(versions) ? versions.find((version) => version?.storage === true)?.name : undefined;
  const storedVersions = [...new Set([...(before.storedVersions ?? []), ...(storage === undefined ? [] : [storage])])];
  const clash = clashOf(definition, registry);
  const withNames = withCondition(
    { ...definition, status: { ...before, acceptedNames: clash === undefined ? names : {}, storedVersions } },
    registry,
    clash === undefined
      ? { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
      : { type: 'NamesAccepted', status: 'False', reason: 'NameConflict', message: clash },
  );
  return withCondition(
    withNames,
    registry,
    clash === undefined
      ? {
          type: 'Established',
          status: 'True',
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
        }
      : { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' },
  );
}

/** Two kinds of one group must not share a name that a person or a path could use. */
function clashOf(definition: KubernetesObject, registry: Registry): string | undefined {
  const { group, ...spec } = (definition['spec'] ?? {}) as DefinitionSpec;
  // Null as well as absent: types are checked later.
  const names = spec.names ?? {};
  const others = registry.catalog.all.filter((other) => other.group === group && other.plural !== names.plural);
  const wanted = [names.plural, names.singular, ...(Array.isArray(names.shortNames) ? names.shortNames : [])];
  for (const other of others) {
    const taken = [other.plural, other.singular, ...other.shortNames];
    const name = wanted.find((name) => name !== undefined && taken.includes(name));
    if (name !== undefined) return `"${name}" is already in use by ${other.plural}.${other.group}`;
    const kind = [names.kind, names.listKind].find((kind) => kind === other.kind || kind === other.listKind);
    if (kind !== undefined) return `"${kind}" is already in use by ${other.plural}.${other.group}`;
  }
  return undefined;
}

/** `lastTransitionTime` moves only when the status of the condition does. */
function withCondition(
  definition: KubernetesObject,
  registry: Registry,
  condition: Omit<Condition, 'lastTransitionTime'>,
): KubernetesObject {
  const status = (definition['status'] ?? {}) as { readonly conditions?: readonly Condition[] };
  const before = status.conditions?.find(({ type }) => type === condition.type);
  const lastTransitionTime =
    before?.status === condition.status ? before.lastTransitionTime : timestamp(registry.clock.now());
  const others = (status.conditions ?? []).filter(({ type }) => type !== condition.type);
  return { ...definition, status: { ...status, conditions: [...others, { ...condition, lastTransitionTime }] } };
}

function immutableNames(definition: KubernetesObject, live: KubernetesObject): FieldError[] {
  const after = definition['spec'] as DefinitionSpec & { readonly scope?: string };
  const before = live['spec'] as DefinitionSpec & { readonly scope?: string };
  const fields = [
    ['spec.group', after.group, before.group],
    ['spec.scope', after.scope, before.scope],
    ['spec.names.plural', after.names?.plural, before.names?.plural],
    ['spec.names.kind', after.names?.kind, before.names?.kind],
  ] as const;
  return fields
    .filter(([, now, then]) => now !== then)
    .map(([field, now]) => ({
      type: 'FieldValueInvalid',
      field,
      message: `Invalid value: ${JSON.stringify(now)}: field is immutable`,
    }));
}
