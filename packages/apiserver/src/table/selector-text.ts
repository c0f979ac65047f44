import { isObject, listAt, objectAt, stringAt } from '../schema/json.ts';
import type { JsonObject } from '../schema/json.ts';
import { NONE } from './column.ts';

/** A label selector, or a plain map of labels, as kubectl prints it: `app=web,tier in (a,b)`. */
export function formatSelector(selector: JsonObject): string {
  const isLabelSelector = isObject(selector['matchLabels']) || Array.isArray(selector['matchExpressions']);
  const labels = isLabelSelector ? objectAt(selector, 'matchLabels') : selector;
  const terms = Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`);
  const expressions = listAt(selector, 'matchExpressions').map(formatExpression);
  return [...terms, ...expressions].join(',') || NONE;
}

function formatExpression(expression: JsonObject): string {
  const key = stringAt(expression, 'key') ?? '';
  const values = Array.isArray(expression['values']) ? expression['values'].join(',') : '';
  switch (stringAt(expression, 'operator') ?? 'In') {
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    case 'NotIn':
      return `${key} notin (${values})`;
    default:
      return `${key} in (${values})`;
  }
}
