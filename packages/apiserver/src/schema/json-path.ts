/**
 * The JSONPath subset of CustomResourceDefinitions: `.spec.a`, `.list[0]`, `[*]`, `['quoted.key']`, `.escaped\.dot`, `..name`
 * is not part of it, and filters compare one field: `[?(@.type=="Ready")]`.
 */
import { isObject } from './json.ts';

type Step =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' }
  | { readonly kind: 'filter'; readonly path: JsonPath; readonly operator: string; readonly operand: unknown };

export type JsonPath = readonly Step[];

const FILTER =
  /^\?\(\s*@(?<path>[^=!<>\s]+)\s*(?:(?<operator>==|!=|<=|>=|<|>)\s*(?<operand>"[^"]*"|'[^']*'|[^\s)]+))?\s*\)$/;

/** Throws an Error with a sentence for people when the path is malformed. */
export function parseJsonPath(text: string): JsonPath {
  const steps: Step[] = [];
  let rest = text
    .trim()
    .replace(/^\{(.*)\}$/, '$1')
    .replace(/^\$/, '');
  while (rest !== '') {
    const [step, length] = rest.startsWith('[') ? bracket(rest, text) : dotted(rest, text);
    steps.push(step);
    rest = rest.slice(length);
  }
  return steps;
}

function dotted(rest: string, text: string): readonly [Step, number] {
  const match = /^\.((?:\\.|[^.[\\])+)/.exec(rest);
  if (!match?.[1])
    throw new Error(
      `JSON path ${JSON.stringify(text)} is malformed at ${JSON.stringify(rest)}: expected ".field" or "[…]"`,
    );
  const name = match[1].replaceAll(/\\(.)/g, '$1');
  return [name === '*' ? { kind: 'all' } : { kind: 'field', name }, match[0].length];
}

function bracket(rest: string, text: string): readonly [Step, number] {
  const end = closingBracket(rest);
  if (end === -1) throw new Error(`JSON path ${JSON.stringify(text)} has a "[" without "]"`);
  const inner = rest.slice(1, end).trim();
  return [bracketStep(inner, text), end + 1];
}

function closingBracket(rest: string): number {
  let quote = '';
  let depth = 0;
  for (const [index, character] of rest.split('').entries()) {
    if (quote) quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '[') depth += 1;
    else if (character === ']' && (depth -= 1) === 0) return index;
  }
  return -1;
}

function bracketStep(inner: string, text: string): Step {
  if (inner === '*') return { kind: 'all' };
  if (/^-?\d+$/.test(inner)) return { kind: 'index', index: Number(inner) };
  if (/^(?:'.*'|".*")$/.test(inner)) return { kind: 'field', name: inner.slice(1, -1) };
  const { path, operator, operand } = FILTER.exec(inner)?.groups ?? {};
  if (path === undefined) throw new Error(`JSON path ${JSON.stringify(text)} has an unsupported expression [${inner}]`);
  return { kind: 'filter', path: parseJsonPath(path), operator: operator ?? 'exists', operand: literal(operand) };
}

function literal(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  if (/^['"]/.test(text)) return text.slice(1, -1);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // A bare word is compared as text, as kubectl does.
    return text;
  }
}

/** All values that the path names, in order. */
export function valuesAt(path: JsonPath, root: unknown): readonly unknown[] {
  return path.reduce<readonly unknown[]>((values, step) => values.flatMap((value) => advance(step, value)), [root]);
}

function advance(step: Step, value: unknown): readonly unknown[] {
  switch (step.kind) {
    case 'field':
      return isObject(value) && Object.hasOwn(value, step.name) ? [value[step.name]] : [];
    case 'index': {
      const item: unknown = Array.isArray(value) ? value.at(step.index) : undefined;
      return item === undefined ? [] : [item];
    }
    case 'all':
      return Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
    case 'filter':
      return Array.isArray(value) ? value.filter((item) => passes(step, item)) : [];
    default:
      return step satisfies never;
  }
}

function passes(step: Step & { kind: 'filter' }, item: unknown): boolean {
  const values = valuesAt(step.path, item);
  if (step.operator === 'exists') return values.length > 0;
  return values.some((value) => compare(value as number, step.operator, step.operand as number));
}

function compare(left: number, operator: string, right: number): boolean {
  switch (operator) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    default:
      return left >= right;
  }
}
