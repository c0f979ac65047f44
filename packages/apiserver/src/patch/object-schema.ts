import type { Resource } from '../resource/resource.ts';
import type { Schema } from '../schema/schema.ts';

const text: Schema = { type: 'string' };
const count: Schema = { type: 'integer' };
const textMap: Schema = { type: 'object', additionalProperties: text };

const ownerReference: Schema = {
  type: 'object',
  'x-kubernetes-map-type': 'atomic',
  properties: {
    apiVersion: text,
    kind: text,
    name: text,
    uid: text,
    controller: { type: 'boolean' },
    blockOwnerDeletion: { type: 'boolean' },
  },
};

/** `metav1.ObjectMeta`, which custom resources do not describe and cannot change. */
const objectMeta: Schema = {
  type: 'object',
  properties: {
    name: text,
    generateName: text,
    namespace: text,
    selfLink: text,
    uid: text,
    resourceVersion: text,
    generation: count,
    creationTimestamp: text,
    deletionTimestamp: text,
    deletionGracePeriodSeconds: count,
    labels: textMap,
    annotations: textMap,
    ownerReferences: {
      type: 'array',
      items: ownerReference,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['uid'],
      'x-kubernetes-patch-strategy': 'merge',
      'x-kubernetes-patch-merge-key': 'uid',
    },
    finalizers: {
      type: 'array',
      items: text,
      'x-kubernetes-list-type': 'set',
      'x-kubernetes-patch-strategy': 'merge',
    },
    managedFields: { type: 'array', items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  },
};

const schemas = new WeakMap<Schema, Schema>();

/** The schema of a kind with the fields that every object has, whether its own schema describes them or not. */
export function objectSchema({ schema }: Pick<Resource, 'schema'>): Schema {
  const known = schemas.get(schema);
  if (known !== undefined) return known;
  const complete = {
    ...schema,
    properties: { ...schema.properties, apiVersion: text, kind: text, metadata: objectMeta },
  };
  schemas.set(schema, complete);
  return complete;
}
