/** Test builders: a kind like Pod and a kind like one of a CustomResourceDefinition, with objects of both. */
import type { KubernetesObject, Resource } from '../resource/resource.ts';
import type { JsonObject } from '../schema/json.ts';
import type { Schema } from '../schema/schema.ts';

const text: Schema = { type: 'string' };
const count: Schema = { type: 'integer' };
const object = (properties: Record<string, Schema>): Schema => ({ type: 'object', properties });
const listByKeys = (keys: readonly string[], items: Schema): Schema => ({
  type: 'array',
  items,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': keys,
  'x-kubernetes-patch-strategy': 'merge',
  'x-kubernetes-patch-merge-key': keys[0] ?? '',
});

const container = object({
  name: text,
  image: text,
  command: { type: 'array', items: text },
  env: listByKeys(['name'], object({ name: text, value: text })),
  ports: listByKeys(
    ['containerPort', 'protocol'],
    object({ containerPort: count, protocol: { type: 'string', default: 'TCP' }, name: text }),
  ),
  resources: object({ limits: { type: 'object', additionalProperties: { 'x-kubernetes-int-or-string': true } } }),
  livenessProbe: object({
    httpGet: object({ path: text, port: { 'x-kubernetes-int-or-string': true } }),
    timeoutSeconds: count,
  }),
});

const podSchema = object({
  spec: object({
    replicas: count,
    containers: listByKeys(['name'], container),
    tolerations: { type: 'array', items: object({ key: text, operator: text }) },
    nodeSelector: { type: 'object', additionalProperties: text, 'x-kubernetes-map-type': 'atomic' },
    strategy: {
      ...object({ type: text, rollingUpdate: object({ maxSurge: count }) }),
      'x-kubernetes-patch-strategy': 'retainKeys',
    },
    volumes: {
      ...listByKeys(
        ['name'],
        object({ name: text, emptyDir: object({ medium: text }), configMap: object({ name: text }) }),
      ),
      'x-kubernetes-patch-strategy': 'merge,retainKeys',
    },
  }),
  status: object({ phase: text, conditions: listByKeys(['type'], object({ type: text, status: text })) }),
});

const deskSchema = object({
  spec: object({
    size: count,
    note: { type: 'string', nullable: true },
    tags: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
    config: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    quotas: { type: 'object', additionalProperties: object({ soft: count, hard: count }) },
  }),
  status: object({ phase: text }),
});

function aResource(facts: Pick<Resource, 'group' | 'kind' | 'plural' | 'schema' | 'origin'>): Resource {
  return {
    ...facts,
    version: 'v1',
    isStorageVersion: true,
    listKind: `${facts.kind}List`,
    singular: facts.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    verbs: ['create', 'get', 'patch', 'update'],
    subresources: [{ name: 'status', kind: facts.kind, verbs: ['get', 'patch', 'update'] }],
    columns: [],
    selectableFields: [],
  };
}

/** Built in: closed, with patch strategies. */
export const podLike = aResource({ group: 'apps', kind: 'Web', plural: 'webs', schema: podSchema, origin: 'builtin' });

/** Custom: with a free part, a nullable field, a set and a map of objects. */
export const deskLike = aResource({
  group: 'example.org',
  kind: 'Desk',
  plural: 'desks',
  schema: deskSchema,
  origin: 'custom',
});

/** An object of the Pod-like kind, or a configuration for it. */
export function aWeb(spec: JsonObject, metadata: JsonObject = {}): KubernetesObject {
  return { apiVersion: 'apps/v1', kind: 'Web', metadata: { name: 'web', namespace: 'default', ...metadata }, spec };
}

/** An object of the custom kind, or a configuration for it. */
export function aDesk(spec: JsonObject, metadata: JsonObject = {}): KubernetesObject {
  return {
    apiVersion: 'example.org/v1',
    kind: 'Desk',
    metadata: { name: 'desk', namespace: 'default', ...metadata },
    spec,
  };
}
