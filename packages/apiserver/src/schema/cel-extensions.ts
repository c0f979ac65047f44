/** Functions that Kubernetes adds to CEL and cel-js does not have. Not here: `url`, `ip`, `cidr`, `format`, `authorizer`. */
import type { Environment } from '@marcbachmann/cel-js';

import { jsonEqual } from './json.ts';
import { compareQuantities, parseQuantity } from './quantity.ts';
import { patternOf } from './validate.ts';

/** A value of `quantity("1Gi")` in rules. */
class CelQuantity {
  readonly text: string;

  constructor(text: string) {
    if (!parseQuantity(text)) throw new Error(`${JSON.stringify(text)} is not a quantity`);
    this.text = text;
  }
}

export function celExtensions(environment: Environment): Environment {
  return quantities(strings(lists(environment)));
}

function lists(environment: Environment): Environment {
  return environment
    .registerFunction('list.isSorted(): bool', (list: readonly unknown[]) =>
      list.every((item, index) => index === 0 || precedes(list[index - 1], item)),
    )
    .registerFunction('list.indexOf(dyn): int', (list: readonly unknown[], item: unknown) =>
      BigInt(list.findIndex((candidate) => isSame(candidate, item))),
    )
    .registerFunction('list.lastIndexOf(dyn): int', (list: readonly unknown[], item: unknown) =>
      BigInt(list.findLastIndex((candidate) => isSame(candidate, item))),
    )
    .registerFunction('list.sum(): dyn', (list: readonly bigint[]) => list.reduce((sum, item) => sum + item, 0n))
    .registerFunction('list.min(): dyn', (list: readonly unknown[]) => extreme(list, (a, b) => precedes(a, b)))
    .registerFunction('list.max(): dyn', (list: readonly unknown[]) => extreme(list, (a, b) => precedes(b, a)));
}

function precedes(left: unknown, right: unknown): boolean {
  return (left as number) <= (right as number);
}

function isSame(left: unknown, right: unknown): boolean {
  return left === right || jsonEqual(left, right);
}

function extreme(list: readonly unknown[], isBetter: (a: unknown, b: unknown) => boolean): unknown {
  if (list.length === 0) throw new Error('min and max need a list with items');
  return list.reduce((best, item) => (isBetter(best, item) ? best : item));
}

function strings(environment: Environment): Environment {
  return environment
    .registerFunction(
      'string.find(string): string',
      (text: string, pattern: string) => patternOf(pattern).exec(text)?.[0] ?? '',
    )
    .registerFunction('string.findAll(string): list<string>', (text: string, pattern: string) => {
      const { source, flags } = patternOf(pattern);
      return [...text.matchAll(new RegExp(source, `${flags}g`))].map((match) => match[0]);
    })
    .registerFunction('string.replace(string, string): string', (text: string, old: string, by: string) =>
      text.replaceAll(old, by),
    )
    .registerFunction(
      'string.charAt(int): string',
      (text: string, index: bigint) => Array.from(text)[Number(index)] ?? '',
    )
    .registerFunction('string.reverse(): string', (text: string) => Array.from(text).reverse().join(''));
}

function quantities(environment: Environment): Environment {
  return environment
    .registerType('kubernetes.Quantity', { ctor: CelQuantity, fields: {} })
    .registerFunction('quantity(string): kubernetes.Quantity', (text: string) => new CelQuantity(text))
    .registerFunction('isQuantity(string): bool', (text: string) => parseQuantity(text) !== undefined)
    .registerFunction('kubernetes.Quantity.compareTo(kubernetes.Quantity): int', (a: CelQuantity, b: CelQuantity) =>
      BigInt(compare(a, b)),
    )
    .registerFunction(
      'kubernetes.Quantity.isGreaterThan(kubernetes.Quantity): bool',
      (a: CelQuantity, b: CelQuantity) => compare(a, b) > 0,
    )
    .registerFunction(
      'kubernetes.Quantity.isLessThan(kubernetes.Quantity): bool',
      (a: CelQuantity, b: CelQuantity) => compare(a, b) < 0,
    );
}

function compare(a: CelQuantity, b: CelQuantity): number {
  return compareQuantities(a.text, b.text) ?? 0;
}
