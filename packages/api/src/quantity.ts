import { quantityPattern } from './schema/field.ts';
import { UserError } from './user-error.ts';

/** `resource.Quantity` of Kubernetes, for amounts that are never negative: bytes or CPU cores. */

const grammar = new RegExp(quantityPattern);
const maxLength = 32;

const decimalExponent: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binaryExponent: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };

/**
 * Bytes or cores as a number: `4Gi` is 4294967296, `500m` is 0.5. The result is the number nearest to what was written
 * (whole bytes are exact up to 2^53). Throws a `UserError` with code `InvalidQuantity`.
 */
export function parseQuantity(quantity: string | number): number {
  if (typeof quantity === 'number') return checkedNumber(quantity);
  const match = quantity.length <= maxLength ? grammar.exec(quantity) : null;
  if (match === null) throw invalid(quantity, 'it is not a number with an optional unit');
  const digits = match[1] ?? '';
  const unit = match[3] ?? '';
  const power = binaryExponent[unit];
  if (power !== undefined) return scaledByPowerOfTwo(digits, power);
  const exponent = decimalExponent[unit] ?? Number(unit.slice(1) || '0');
  return Number(`${digits}e${exponent}`);
}

/** Decimal digits times 2^power, rounded once: the digits are widened as integers, then read as one decimal literal. */
function scaledByPowerOfTwo(digits: string, power: bigint): number {
  const [whole = '', fraction = ''] = digits.split('.');
  return Number(`${BigInt(`${whole}${fraction}` || '0') << power}e-${fraction.length}`);
}

function checkedNumber(quantity: number): number {
  if (!Number.isFinite(quantity) || quantity < 0)
    throw invalid(String(quantity), 'it is not a finite number of 0 or more');
  return quantity;
}

function invalid(quantity: string, why: string): UserError {
  return new UserError('InvalidQuantity', {
    what: `The quantity ${JSON.stringify(quantity.slice(0, 64))} cannot be read`,
    why,
    whatToDo: 'Write a number such as 2 or 0.5, or one with a unit such as 500m, 4Gi or 10G',
  });
}

const binaryUnits = [
  ['Ei', 2 ** 60],
  ['Pi', 2 ** 50],
  ['Ti', 2 ** 40],
  ['Gi', 2 ** 30],
  ['Mi', 2 ** 20],
  ['Ki', 2 ** 10],
] as const;

const fractionUnits = [
  ['', 1],
  ['m', 1e3],
  ['u', 1e6],
] as const;

/**
 * The shortest exact text. Bytes get the largest binary unit that divides them (`4Gi`), part bytes are rounded up;
 * cores get `m`, `u` or `n` where they are not whole, and anything finer is rounded up, as Kubernetes does.
 */
export function formatQuantity(amount: number, unit: 'bytes' | 'cores'): string {
  const checked = checkedNumber(amount);
  return unit === 'bytes' ? formatBytes(Math.ceil(checked)) : formatCores(checked);
}

function formatBytes(bytes: number): string {
  const [suffix, factor] = binaryUnits.find(([, size]) => bytes >= size && bytes % size === 0) ?? ['', 1];
  return `${BigInt(bytes / factor)}${suffix}`;
}

function formatCores(cores: number): string {
  for (const [suffix, perCore] of fractionUnits) {
    // Floating-point noise (0.1 + 0.2) must not turn a third of a core into nanocores.
    const count = Math.round(cores * perCore);
    if (Math.abs(count / perCore - cores) < 1e-12) return `${BigInt(count)}${suffix}`;
  }
  return `${BigInt(Math.ceil(cores * 1e9))}n`;
}
