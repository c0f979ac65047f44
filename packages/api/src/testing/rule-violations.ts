import { Environment } from '@marcbachmann/cel-js';
import { isJsonObject, type Json, type JsonObject } from '../schema/json.ts';

/**
 * Evaluates the CEL rules of a schema over an object as an API server does: each rule where its field is present, rules
 * about `oldSelf` only at an update. Answers the messages of the broken ones. For tests; the server's own evaluation is
 * elsewhere.
 */
export function ruleViolations(schema: JsonObject, value: Json | undefined, old?: Json): readonly string[] {
  if (value === undefined) return [];
  return [
    ...rulesOf(schema)
      .filter(({ rule }) => old !== undefined || !rule.includes('oldSelf'))
      .filter(({ rule }) => !holds(rule, value, old))
      .map(({ message }) => message),
    ...fields(schema).flatMap(([name, child]) => ruleViolations(child, member(value, name), member(old, name))),
    ...(isJsonObject(schema['items']) && Array.isArray(value)
      ? (value as readonly Json[]).flatMap((item) => ruleViolations(schema['items'] as JsonObject, item))
      : []),
  ];
}

/** Every rule of a schema and of the schemas below it. */
export function allRules(schema: JsonObject): readonly TestedRule[] {
  const below = [
    ...fields(schema).map(([, child]) => child),
    ...(isJsonObject(schema['items']) ? [schema['items']] : []),
  ];
  return [...rulesOf(schema), ...below.flatMap(allRules)];
}

export interface TestedRule {
  readonly rule: string;
  readonly message: string;
}

export const environment = new Environment({ unlistedVariablesAreDyn: false })
  .registerVariable('self', 'dyn')
  .registerVariable('oldSelf', 'dyn');

function holds(rule: string, self: Json, oldSelf: Json | undefined): boolean {
  return environment.evaluate(rule, { self: celValue(self), oldSelf: celValue(oldSelf ?? null) }) === true;
}

/** CEL tells integers from doubles, JSON does not: whole numbers of a schema are integers. */
function celValue(value: Json): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (isJsonObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, celValue(field)]));
  return Array.isArray(value) ? value.map(celValue) : value;
}

function rulesOf(schema: JsonObject): readonly TestedRule[] {
  return (schema['x-kubernetes-validations'] ?? []) as unknown as readonly TestedRule[];
}

function fields(schema: JsonObject): readonly (readonly [string, JsonObject])[] {
  return isJsonObject(schema['properties']) ? (Object.entries(schema['properties']) as [string, JsonObject][]) : [];
}

function member(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) ? value[name] : undefined;
}
