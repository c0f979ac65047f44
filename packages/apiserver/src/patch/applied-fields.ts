import type { Schema } from '../schema/schema.ts';
import { emptyFieldSet, fieldSetNode, memberNode, type FieldSet } from './field-set.ts';
import { isObject, type JsonObject } from '../schema/json.ts';
import { fieldElement, type PathElement } from './path-element.ts';
import {
  fieldSchema,
  fieldsOf,
  isDeclaredField,
  itemSchema,
  itemsOf,
  storedItemElement,
  structureOf,
} from './structure.ts';

/**
 * The fields that a configuration names: its leaves, the items of its lists, and the entries of its free maps.
 * A declared field that holds others is no member itself, so that several managers can fill it; an empty map or an
 * explicit null is one, or nobody would own it.
 */
export function appliedFields(schema: Schema, applied: JsonObject): FieldSet {
  return nodeOf(schema, applied, false) ?? emptyFieldSet;
}

function nodeOf(schema: Schema | undefined, value: unknown, isMember: boolean): FieldSet | undefined {
  if (value === null) return memberNode;
  const structure = structureOf(schema, value);
  if (structure === 'leaf') return memberNode;
  const children =
    structure === 'map' ? mapChildren(schema, fieldsOf(value)) : listChildren(schema as Schema, itemsOf(value));
  return fieldSetNode(isMember, children);
}

function mapChildren(schema: Schema | undefined, map: JsonObject): Map<PathElement, FieldSet> {
  const children = new Map<PathElement, FieldSet>();
  for (const [name, value] of Object.entries(map)) {
    if (value === undefined) continue;
    const isEmptyMap = isObject(value) && Object.keys(value).length === 0;
    const node = nodeOf(fieldSchema(schema, name), value, isEmptyMap || !isDeclaredField(schema, name));
    if (node !== undefined) children.set(fieldElement(name), node);
  }
  return children;
}

function listChildren(schema: Schema, items: readonly unknown[]): Map<PathElement, FieldSet> {
  const children = new Map<PathElement, FieldSet>();
  for (const item of items) {
    const node = nodeOf(itemSchema(schema), item, true);
    if (node !== undefined) children.set(storedItemElement(schema, item), node);
  }
  return children;
}
