import type { Resource } from '../resource/resource.ts';
import { emptyFieldSet, fieldSetNode, fieldSetOf, subtractFieldSets, type FieldSet } from './field-set.ts';
import { isObject, type JsonObject } from '../schema/json.ts';
import { fieldElement } from './path-element.ts';

const serverOwned = [
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'clusterName',
  'generation',
  'managedFields',
  'resourceVersion',
];

/** Fields that say which object this is, or that only the server writes: no manager ever owns them. */
const untracked = fieldSetOf([
  [fieldElement('apiVersion')],
  [fieldElement('kind')],
  [fieldElement('metadata')],
  ...serverOwned.map((name) => [fieldElement('metadata'), fieldElement(name)]),
]);

/** The set without the fields that nobody owns. */
export function trackedFields(set: FieldSet): FieldSet {
  return subtractFieldSets(set, untracked);
}

/**
 * The top-level fields that a write through this door leaves as they are, which is why the writer does not own them:
 * the status when there is a subresource for it, the spec for a write to that subresource, and of custom resources the
 * metadata as well.
 */
export function resetFields({ subresources, origin }: Resource, subresource: string | undefined): readonly string[] {
  if (subresource === 'status') return origin === 'custom' ? ['metadata', 'spec'] : ['spec'];
  return subresources.some(({ name }) => name === 'status') ? ['status'] : [];
}

/** The set without these top-level fields and all that they hold. */
export function withoutTopLevel(set: FieldSet, names: readonly string[]): FieldSet {
  if (names.length === 0) return set;
  const children = new Map(set.children);
  for (const name of names) children.delete(fieldElement(name));
  return fieldSetNode(false, children) ?? emptyFieldSet;
}

/** The configuration without what the write leaves as it is; what says which object is meant stays. */
export function withoutResetFields(applied: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    Object.entries(applied).flatMap(([name, value]) => {
      if (!names.includes(name)) return [[name, value]];
      return name === 'metadata' && isObject(value) ? [[name, identityOf(value)]] : [];
    }),
  );
}

const identity = ['name', 'namespace', 'uid', 'resourceVersion'];

function identityOf(metadata: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => identity.includes(name)));
}
