import { builtinSchema } from '../schema/builtin-schemas.ts';
import { builtinColumns } from '../table/builtin-columns.ts';
import { BUILTIN_KINDS } from './builtin-kinds.ts';
import type { BuiltinKind } from './builtin-kinds.ts';
import type { Resource, Subresource, Verb } from './resource.ts';

const ALL_VERBS: readonly Verb[] = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

let resources: readonly Resource[] | undefined;

/** The Kubernetes kinds that this server stores. Schemas are read from disk when first looked at. */
export function builtinResources(): readonly Resource[] {
  resources ??= Object.entries(BUILTIN_KINDS).flatMap(([groupVersion, kinds]) =>
    Object.entries(kinds).map(([kind, definition]) => resourceOf(groupVersion, kind, definition)),
  );
  return resources;
}

function resourceOf(groupVersion: string, kind: string, definition: BuiltinKind): Resource {
  const slash = groupVersion.indexOf('/');
  const group = slash === -1 ? '' : groupVersion.slice(0, slash);
  const version = groupVersion.slice(slash + 1);
  const schemaName = `${group === '' ? 'core' : group.replace(/\..*$/, '')}.${version}.${kind}`;
  return {
    group,
    version,
    kind,
    listKind: `${kind}List`,
    plural: definition.plural ?? `${kind.toLowerCase()}s`,
    singular: kind.toLowerCase(),
    shortNames: definition.shortNames ?? [],
    categories: definition.categories ?? [],
    namespaced: definition.clusterScoped !== true,
    isStorageVersion: true,
    verbs: definition.verbs ?? ALL_VERBS,
    subresources: (definition.subresources ?? []).map((name) => subresourceOf(name, kind)),
    get schema() {
      return builtinSchema(schemaName);
    },
    columns: builtinColumns(kind),
    selectableFields: definition.selectableFields ?? [],
    origin: 'builtin',
  };
}

function subresourceOf(name: string, kind: string): Subresource {
  switch (name) {
    case 'status':
    case 'finalize':
    case 'approval':
      return { name, kind, verbs: name === 'finalize' ? ['update'] : ['get', 'patch', 'update'] };
    case 'scale':
      return { ...SCALE, name };
    case 'binding':
      return { name, kind: 'Binding', group: '', version: 'v1', verbs: ['create'] };
    case 'eviction':
      return { name, kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] };
    case 'exec':
      return { name, kind: 'PodExecOptions', verbs: ['create', 'get'] };
    case 'log':
      return { name, kind: 'Pod', verbs: ['get'] };
    default:
      throw new Error(`The built-in subresource ${name} of ${kind} has no definition`);
  }
}

const SCALE: Subresource = {
  name: 'scale',
  kind: 'Scale',
  group: 'autoscaling',
  version: 'v1',
  verbs: ['get', 'patch', 'update'],
  scale: {
    specReplicasPath: '.spec.replicas',
    statusReplicasPath: '.status.replicas',
    labelSelectorPath: '.spec.selector',
  },
};
