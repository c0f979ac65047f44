import { builtinSchema } from '../schema/builtin-schemas.ts';
import { listAt, objectAt, stringAt } from '../schema/json.ts';
import type { JsonObject } from '../schema/json.ts';
import type { Schema } from '../schema/schema.ts';
import { customColumns } from './custom-columns.ts';
import type { KubernetesObject, Resource, Subresource, Verb } from './resource.ts';

const VERBS: readonly Verb[] = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const SUBRESOURCE_VERBS: readonly Verb[] = ['get', 'patch', 'update'];

/**
 * The resources that a CustomResourceDefinition asks for: one per served version, newest first, in the order in which clients
 * should prefer them. The definition must have passed admission.
 */
export function customResources(definition: KubernetesObject): readonly Resource[] {
  return listAt(definition['spec'], 'versions')
    .filter((version) => version['served'] === true)
    .map((version) => versionedResource(definition, version))
    .toSorted((left, right) => compareVersions(right.version, left.version));
}

function versionedResource(definition: KubernetesObject, version: JsonObject): Resource {
  const spec = objectAt(definition, 'spec');
  const names = objectAt(spec, 'names');
  const kind = stringAt(names, 'kind') ?? '';
  return {
    group: stringAt(spec, 'group') ?? '',
    version: stringAt(version, 'name') ?? '',
    kind,
    listKind: stringAt(names, 'listKind') ?? `${kind}List`,
    plural: stringAt(names, 'plural') ?? '',
    singular: stringAt(names, 'singular') ?? kind.toLowerCase(),
    shortNames: stringsAt(names, 'shortNames'),
    categories: stringsAt(names, 'categories'),
    namespaced: spec['scope'] === 'Namespaced',
    isStorageVersion: version['storage'] === true,
    verbs: VERBS,
    subresources: subresourcesOf(kind, objectAt(version, 'subresources')),
    schema: resourceSchema(objectAt(objectAt(version, 'schema'), 'openAPIV3Schema')),
    columns: customColumns(listAt(version, 'additionalPrinterColumns')),
    selectableFields: listAt(version, 'selectableFields').map((field) =>
      (stringAt(field, 'jsonPath') ?? '').replace(/^\./, ''),
    ),
    origin: 'custom',
  };
}

/** What a definition may say of metadata (the length or pattern of names) is added to what metadata always is. */
function resourceSchema(schema: Schema): Schema {
  const metadata = builtinSchema('meta.v1.ObjectMeta');
  const narrowed = schema.properties?.['metadata'];
  return {
    ...schema,
    type: 'object',
    properties: {
      ...schema.properties,
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: narrowed?.properties ? { ...metadata, allOf: [narrowed] } : metadata,
    },
  };
}

function subresourcesOf(kind: string, subresources: JsonObject): readonly Subresource[] {
  const served: Subresource[] = [];
  if (subresources['status'] !== undefined) served.push({ name: 'status', kind, verbs: SUBRESOURCE_VERBS });
  if (subresources['scale'] === undefined) return served;
  const scale = objectAt(subresources, 'scale');
  const labelSelectorPath = stringAt(scale, 'labelSelectorPath');
  served.push({
    name: 'scale',
    kind: 'Scale',
    group: 'autoscaling',
    version: 'v1',
    verbs: SUBRESOURCE_VERBS,
    scale: {
      specReplicasPath: stringAt(scale, 'specReplicasPath') ?? '',
      statusReplicasPath: stringAt(scale, 'statusReplicasPath') ?? '',
      ...(labelSelectorPath !== undefined && { labelSelectorPath }),
    },
  });
  return served;
}

function stringsAt(object: JsonObject, key: string): readonly string[] {
  const list = object[key];
  return Array.isArray(list) ? list.map(String) : [];
}

const KUBERNETES_VERSION = /^v(\d+)(?:(alpha|beta)(\d+))?$/;
const STABILITY: Readonly<Record<string, number>> = { alpha: 1, beta: 2, '': 3 };

/** `v10 > v2 > v1 > v1beta2 > v1beta1 > v1alpha1 > foo`: how clients choose among the versions of a group. */
export function compareVersions(left: string, right: string): number {
  const a = KUBERNETES_VERSION.exec(left);
  const b = KUBERNETES_VERSION.exec(right);
  if (!a || !b) return a ? 1 : b ? -1 : right.localeCompare(left);
  const rank = (match: RegExpExecArray) => [STABILITY[match[2] ?? ''] ?? 0, Number(match[1]), Number(match[3] ?? 0)];
  const [ranksA, ranksB] = [rank(a), rank(b)];
  const index = ranksA.findIndex((value, position) => value !== ranksB[position]);
  return index === -1 ? 0 : (ranksA[index] ?? 0) - (ranksB[index] ?? 0);
}
