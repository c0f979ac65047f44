/**
 * The bridge from `kubectl apply` to `kubectl apply --server-side`, which Kubernetes builds for the manager `kubectl`
 * only: kubectl migrates managedFields after its first server-side apply, so that one must not conflict with what
 * client-side apply wrote before.
 */
import type { KubernetesObject } from '../resource/resource.ts';
import { isObject, type JsonObject } from '../schema/json.ts';
import type { Schema } from '../schema/schema.ts';
import { appliedFields } from './applied-fields.ts';
import { compareObjects } from './compare-objects.ts';
import { emptyFieldSet, subtractFieldSets, type FieldSet } from './field-set.ts';
import { ownField } from './json-value.ts';

const kubectl = 'kubectl';
const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** Fields that client-side apply set and that still have its value: kubectl may take them without force. */
export function takeableFields(schema: Schema, live: JsonObject, manager: string): FieldSet {
  const lastApplied = manager === kubectl ? lastAppliedOf(live) : undefined;
  if (lastApplied?.['apiVersion'] !== live['apiVersion'] || lastApplied === undefined) return emptyFieldSet;
  const { changed, removed } = compareObjects(schema, lastApplied, live);
  return subtractFieldSets(subtractFieldSets(appliedFields(schema, lastApplied), changed), removed);
}

function lastAppliedOf(live: JsonObject): JsonObject | undefined {
  const text = annotationsOf(live)[annotation];
  if (typeof text !== 'string' || text === '') return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    // Anyone may write the annotation. One that cannot be read allows nothing, and the conflict is reported.
    return undefined;
  }
}

function annotationsOf(object: JsonObject): JsonObject {
  const metadata = ownField(object, 'metadata');
  const annotations = isObject(metadata) ? metadata['annotations'] : undefined;
  return isObject(annotations) ? annotations : {};
}

/** Keeps the annotation, where there is one, at what was applied, so that kubectl can go back to client-side apply. */
export function withLastApplied(object: KubernetesObject, applied: JsonObject, manager: string): KubernetesObject {
  const { annotations } = object.metadata;
  const current = annotations?.[annotation];
  if (manager !== kubectl || current === undefined || current === '') return object;
  const text = `${JSON.stringify(sortFields(withoutAnnotation(applied)))}\n`;
  if (text === current) return object;
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [annotation]: text } } };
}

function withoutAnnotation(applied: JsonObject): JsonObject {
  const { [annotation]: dropped, ...annotations } = annotationsOf(applied);
  if (dropped === undefined) return applied;
  return { ...applied, metadata: { ...(applied['metadata'] as JsonObject), annotations } };
}

function sortFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortFields);
  if (!isObject(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sortFields(value[name])]));
}
