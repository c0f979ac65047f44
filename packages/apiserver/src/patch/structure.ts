/**
 * How server-side apply looks at a value (KEP-555, "Topology"): as a leaf that has one owner, as a map whose fields are
 * owned one by one, or as a list whose items are. Where the schema says nothing the value itself decides: maps are
 * granular, lists and scalars are leaves.
 */
import type { Schema } from '../schema/schema.ts';
import { isObject, type JsonObject } from '../schema/json.ts';
import { ownField } from './json-value.ts';
import { fieldNameOf, keyElement, valueElement, type PathElement } from './path-element.ts';

export type Structure = 'leaf' | 'map' | 'list';

/** The structure of a value that is neither absent nor null. */
export function structureOf(schema: Schema | undefined, value: unknown): Structure {
  if (Array.isArray(value)) return isGranularList(schema) ? 'list' : 'leaf';
  if (isObject(value)) return schema?.['x-kubernetes-map-type'] === 'atomic' ? 'leaf' : 'map';
  return 'leaf';
}

/**
 * The structure that two values of one field have in common. Absent and null take the form of the other one.
 * `mixed` says that the field changed its form, which only an unknown schema allows.
 */
export function commonStructure(schema: Schema | undefined, left: unknown, right: unknown): Structure | 'mixed' {
  const leftStructure = left === undefined || left === null ? undefined : structureOf(schema, left);
  const rightStructure = right === undefined || right === null ? undefined : structureOf(schema, right);
  if (leftStructure !== undefined && rightStructure !== undefined && leftStructure !== rightStructure) return 'mixed';
  return leftStructure ?? rightStructure ?? 'leaf';
}

function isGranularList(schema: Schema | undefined): boolean {
  const listType = schema?.['x-kubernetes-list-type'];
  return listType === 'map' || listType === 'set';
}

/** True when whatever lies below the field has one owner, whichever value it has. */
export function isAtomic(schema: Schema | undefined): boolean {
  if (schema?.type === 'array') return !isGranularList(schema);
  return schema?.['x-kubernetes-map-type'] === 'atomic';
}

/** True when the schema names the field, rather than allowing any name. */
export function isDeclaredField(schema: Schema | undefined, name: string): boolean {
  return schema?.properties !== undefined && Object.hasOwn(schema.properties, name);
}

/** The schema of a field; undefined when nothing is known of it. */
export function fieldSchema(schema: Schema | undefined, name: string): Schema | undefined {
  if (schema === undefined) return undefined;
  if (isDeclaredField(schema, name)) return unwrapped(schema.properties?.[name]);
  return typeof schema.additionalProperties === 'object' ? unwrapped(schema.additionalProperties) : undefined;
}

/** The schema of the items of a list; undefined when nothing is known of them. */
export function itemSchema(schema: Schema | undefined): Schema | undefined {
  return unwrapped(schema?.items);
}

/** The schema of what a step of a field path leads to. */
export function elementSchema(schema: Schema | undefined, element: PathElement): Schema | undefined {
  const name = fieldNameOf(element);
  return name === undefined ? itemSchema(schema) : fieldSchema(schema, name);
}

/** OpenAPI v3 wraps a reference that has siblings, such as a default, into an `allOf` of one. */
function unwrapped(schema: Schema | undefined): Schema | undefined {
  const only = schema?.allOf?.length === 1 && schema.type === undefined ? schema.allOf[0] : undefined;
  return only ?? schema;
}

/**
 * The step to an item of a granular list. Keys that the item leaves out have their default value, as `protocol: TCP`.
 * @returns a reason, in Kubernetes' words, when the item cannot be told from its siblings.
 */
export function itemElement(schema: Schema, item: unknown): PathElement | { readonly problem: string } {
  return schema['x-kubernetes-list-type'] === 'set' ? setElement(item) : mapElement(schema, item);
}

function setElement(item: unknown): PathElement | { readonly problem: string } {
  if (typeof item !== 'object') return valueElement(item);
  if (item === null) return { problem: "associative list without keys has an element that's an explicit null" };
  if (Array.isArray(item)) return { problem: 'not supported: associative list with lists as elements' };
  return { problem: "associative list without keys has an element that's a map type" };
}

function mapElement(schema: Schema, item: unknown): PathElement | { readonly problem: string } {
  if (item === null) return { problem: 'associative list with keys may not have a null element' };
  if (!isObject(item)) return { problem: 'associative list with keys may not have non-map elements' };
  const names = schema['x-kubernetes-list-map-keys'] ?? [];
  const keys: [string, unknown][] = [];
  for (const name of names) {
    const value = ownField(item, name) ?? fieldSchema(itemSchema(schema), name)?.default;
    if (value !== undefined) keys.push([name, value]);
  }
  if (keys.length > 0) return keyElement(keys);
  return { problem: missingKeys(names) };
}

function missingKeys(names: readonly string[]): string {
  const quoted = names.map((name) => JSON.stringify(name)).join(' ');
  return `associative list with keys has an element that omits all key fields [${quoted}] (and doesn't have default values for any key fields)`;
}

/**
 * The items of a stored list by step. Stored objects were validated when they were written, yet the schema may have
 * changed since: an item that cannot be told apart is known by its value, and items may occur twice.
 */
export function groupItems(schema: Schema, items: readonly unknown[]): Map<PathElement, unknown[]> {
  const groups = new Map<PathElement, unknown[]>();
  for (const item of items) {
    const element = storedItemElement(schema, item);
    const group = groups.get(element);
    if (group === undefined) groups.set(element, [item]);
    else group.push(item);
  }
  return groups;
}

/** The step to an item of a stored list; see {@link groupItems}. */
export function storedItemElement(schema: Schema, item: unknown): PathElement {
  const element = itemElement(schema, item);
  return typeof element === 'string' ? element : valueElement(item);
}

/** The fields of a map, where null and absent have none. */
export function fieldsOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The items of a list, where null and absent have none. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
