/** `x-kubernetes-validations`: compiling rules, and checking objects against them. */
import { Environment, Optional } from '@marcbachmann/cel-js';
import type { ParseResult } from '@marcbachmann/cel-js';

import type { FieldError } from '../api-error.ts';
import { celExtensions } from './cel-extensions.ts';
import { CelTypes, celValue } from './cel-value.ts';
import { childPath, duplicate, forbidden, invalid, required } from './field-error.ts';
import { isObject, jsonEqual } from './json.ts';
import { correlatedItem } from './list-map.ts';
import type { Schema, ValidationRule } from './schema.ts';
import { schemaOf } from './shape.ts';

interface CompiledRule {
  readonly source: ValidationRule;
  readonly usesOldSelf: boolean;
  readonly holds: ParseResult;
  readonly message: ParseResult | undefined;
}

const OPTIONS = { enableOptionalTypes: true, homogeneousAggregateLiterals: false } as const;

/** Values are not declared, so that one environment evaluates the rules of all schemas; `ruleProblem` checks types before. */
const evaluation = celExtensions(new Environment(OPTIONS))
  .registerVariable('self', 'dyn')
  .registerVariable('oldSelf', 'dyn');

const compiled = new WeakMap<Schema, readonly CompiledRule[]>();

/** Why a rule cannot be used on a schema, or undefined. Finds misspelt fields and operands that do not fit. */
export function ruleProblem(rule: ValidationRule, schema: Schema): string | undefined {
  const environment = celExtensions(new Environment(OPTIONS));
  const type = new CelTypes(environment).typeOf(schema);
  environment
    .registerVariable('self', type)
    .registerVariable('oldSelf', rule.optionalOldSelf ? `optional<${type}>` : type);
  return (
    expressionProblem(environment, rule.rule, 'bool') ??
    (rule.messageExpression === undefined
      ? undefined
      : expressionProblem(environment, rule.messageExpression, 'string'))
  );
}

function expressionProblem(
  environment: Environment,
  expression: string,
  wanted: 'bool' | 'string',
): string | undefined {
  const { valid, type, error } = environment.check(expression);
  if (!valid) return `compilation failed: ${error?.summary ?? 'unknown error'} in ${JSON.stringify(expression)}`;
  if (type === wanted || type === 'dyn') return undefined;
  return `must evaluate to a ${wanted}, but ${JSON.stringify(expression)} is of type ${type}`;
}

/**
 * What the rules of a schema say about a value. Rules that name `oldSelf` run on updates only; others are not run again on
 * values that did not change.
 */
export function ruleErrors(schema: Schema, value: unknown, old: unknown, path: string): readonly FieldError[] {
  if (value === undefined || value === null || !hasRules(schema)) return [];
  const isUnchanged = old !== undefined && jsonEqual(value, old);
  const errors = rulesOf(schema)
    .filter((rule) => (rule.usesOldSelf ? old !== undefined || rule.source.optionalOldSelf === true : !isUnchanged))
    .flatMap((rule) => evaluate(rule, schema, { value, old }, path) ?? []);
  return [...errors, ...childRuleErrors(schema, value, old, path)];
}

function childRuleErrors(schema: Schema, value: unknown, old: unknown, path: string): readonly FieldError[] {
  const { items } = schema;
  if (Array.isArray(value)) {
    if (!items) return [];
    return value.flatMap((item, index) =>
      ruleErrors(items, item, correlatedItem(schema, item, old), `${path}[${index}]`),
    );
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const childSchema = schemaOf(schema, key);
    return childSchema
      ? ruleErrors(childSchema, child, isObject(old) ? old[key] : undefined, childPath(path, key))
      : [];
  });
}

const withRules = new WeakMap<Schema, boolean>();

/** Most parts of a schema have no rules; they need no walk. Schemas of custom resources have no cycles. */
function hasRules(schema: Schema): boolean {
  let known = withRules.get(schema);
  if (known === undefined) {
    const { additionalProperties, items, properties } = schema;
    known =
      (schema['x-kubernetes-validations']?.length ?? 0) > 0 ||
      (items !== undefined && hasRules(items)) ||
      (typeof additionalProperties === 'object' && hasRules(additionalProperties)) ||
      Object.entries(properties ?? {}).some(([name, child]) => name !== 'metadata' && hasRules(child));
    withRules.set(schema, known);
  }
  return known;
}

function rulesOf(schema: Schema): readonly CompiledRule[] {
  let rules = compiled.get(schema);
  if (!rules) {
    rules = (schema['x-kubernetes-validations'] ?? []).map((source) => ({
      source,
      usesOldSelf: /\boldSelf\b/.test(source.rule),
      holds: evaluation.parse(source.rule),
      message: source.messageExpression === undefined ? undefined : evaluation.parse(source.messageExpression),
    }));
    compiled.set(schema, rules);
  }
  return rules;
}

interface Judged {
  readonly value: unknown;
  readonly old: unknown;
}

function evaluate(rule: CompiledRule, schema: Schema, { value, old }: Judged, path: string): FieldError | undefined {
  const { source } = rule;
  const oldValue = old === undefined ? undefined : celValue(schema, old);
  const variables = {
    self: celValue(schema, value),
    oldSelf: source.optionalOldSelf
      ? old === undefined
        ? Optional.none()
        : Optional.of(oldValue)
      : (oldValue ?? null),
  };
  const field = path + (source.fieldPath ?? '');
  try {
    if (rule.holds(variables) === true) return undefined;
  } catch (error) {
    return invalid(
      field,
      shown(value),
      `rule ${JSON.stringify(source.rule)} could not be evaluated: ${reasonOf(error)}`,
    );
  }
  return ruleError(source, field.replace(/^\./, ''), value, messageOf(rule, variables));
}

function messageOf({ source, message }: CompiledRule, variables: Readonly<Record<string, unknown>>): string {
  const fallback = source.message ?? `failed rule: ${source.rule}`;
  if (!message) return fallback;
  try {
    const text: unknown = message(variables);
    return typeof text === 'string' && text.trim() !== '' ? text : fallback;
  } catch {
    // Kubernetes falls back to the message too when the expression for it fails.
    return fallback;
  }
}

function ruleError(rule: ValidationRule, field: string, value: unknown, message: string): FieldError {
  switch (rule.reason ?? 'FieldValueInvalid') {
    case 'FieldValueRequired':
      return required(field, message);
    case 'FieldValueForbidden':
      return forbidden(field, message);
    case 'FieldValueDuplicate':
      return { ...duplicate(field, shown(value)), message: `Duplicate value: ${message}` };
    default:
      return invalid(field, shown(value), message);
  }
}

/** Whole objects would drown the message; Kubernetes names their type instead. */
function shown(value: unknown): unknown {
  if (Array.isArray(value)) return 'array';
  return isObject(value) ? 'object' : value;
}

function reasonOf(error: unknown): string {
  const { summary } = error as { readonly summary?: string };
  return summary ?? (error instanceof Error ? error.message : String(error));
}
