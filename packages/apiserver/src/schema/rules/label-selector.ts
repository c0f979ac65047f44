import type { FieldError } from '../../api-error.ts';
import { isLabelKey, isLabelValue } from '../../registry/names.ts';
import { forbidden, invalid, notSupported, required } from '../field-error.ts';
import { listAt, objectAt, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/** What is wrong with a `meta.v1.LabelSelector`. */
export function selectorErrors(selector: JsonObject, path: string): FieldError[] {
  const labels = Object.entries(objectAt(selector, 'matchLabels')).flatMap(([key, value]) => [
    ...(isLabelKey(key) ? [] : [invalid(`${path}.matchLabels`, key, 'must be a label key, such as example.com/name')]),
    ...(isLabelValue(String(value))
      ? []
      : [invalid(`${path}.matchLabels`, value, 'must be a label value of at most 63 characters')]),
  ]);
  return [
    ...labels,
    ...listAt(selector, 'matchExpressions').flatMap((item, index) =>
      expressionErrors(item, `${path}.matchExpressions[${index}]`),
    ),
  ];
}

function expressionErrors(expression: JsonObject, path: string): FieldError[] {
  const operator = stringAt(expression, 'operator') ?? '';
  const values = valuesOf(expression);
  if (!OPERATORS.includes(operator)) return [notSupported(`${path}.operator`, operator, OPERATORS)];
  const needsValues = operator === 'In' || operator === 'NotIn';
  if (needsValues && values.length === 0)
    return [required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
  if (!needsValues && values.length > 0)
    return [forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
  return [];
}

export function selectorMatches(selector: JsonObject, labels: JsonObject): boolean {
  return (
    Object.entries(objectAt(selector, 'matchLabels')).every(([key, value]) => labels[key] === value) &&
    listAt(selector, 'matchExpressions').every((expression) => expressionMatches(expression, labels))
  );
}

function expressionMatches(expression: JsonObject, labels: JsonObject): boolean {
  const value = stringAt(labels, stringAt(expression, 'key') ?? '');
  switch (stringAt(expression, 'operator') ?? '') {
    case 'In':
      return value !== undefined && valuesOf(expression).includes(value);
    case 'NotIn':
      return value === undefined || !valuesOf(expression).includes(value);
    case 'Exists':
      return value !== undefined;
    default:
      return value === undefined;
  }
}

function valuesOf(expression: JsonObject): readonly unknown[] {
  const { values } = expression;
  return Array.isArray(values) ? values : [];
}
