/** Kubernetes quantities (`500m`, `1.5Gi`, `1e3`): parsing, comparison and the canonical form the API server answers with. */

/** An amount in billionths, the smallest that Kubernetes keeps, and how it was written. */
export interface Quantity {
  readonly nanos: bigint;
  readonly notation: 'binary' | 'decimal' | 'exponent';
}

const NANO = 1_000_000_000n;
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
/** Decimal suffixes from 10^-9 to 10^18, one per factor of a thousand. */
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const SYNTAX = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d{1,3})?$/;

/** `undefined` when the text is not a quantity. Fractions below a billionth are rounded up, as Kubernetes does. */
export function parseQuantity(text: string): Quantity | undefined {
  const match = SYNTAX.exec(text);
  if (!match) return undefined;
  const [, sign, digits = '', suffix = ''] = match;
  const [whole = '', fraction = ''] = digits.split('.');
  const { multiplier, notation } = scaleOf(suffix);
  const scaled = BigInt(whole + fraction || '0') * multiplier.numerator;
  const divisor = 10n ** BigInt(fraction.length) * multiplier.denominator;
  const nanos = (scaled + divisor - 1n) / divisor;
  return { nanos: sign === '-' ? -nanos : nanos, notation };
}

interface Scale {
  readonly multiplier: { readonly numerator: bigint; readonly denominator: bigint };
  readonly notation: Quantity['notation'];
}

function scaleOf(suffix: string): Scale {
  const binary = BINARY.indexOf(suffix);
  if (binary > 0)
    return { multiplier: { numerator: NANO * 1024n ** BigInt(binary), denominator: 1n }, notation: 'binary' };
  const decimal = DECIMAL.indexOf(suffix);
  if (decimal >= 0)
    return { multiplier: { numerator: 1000n ** BigInt(decimal), denominator: 1n }, notation: 'decimal' };
  const exponent = Number(suffix.slice(1));
  return {
    multiplier:
      exponent >= 0
        ? { numerator: NANO * 10n ** BigInt(exponent), denominator: 1n }
        : { numerator: NANO, denominator: 10n ** BigInt(-exponent) },
    notation: 'exponent',
  };
}

/** Compares two quantity texts: negative, zero or positive; `undefined` when one of them is malformed. */
export function compareQuantities(left: unknown, right: unknown): number | undefined {
  const a = parseQuantity(String(left));
  const b = parseQuantity(String(right));
  if (!a || !b) return undefined;
  return a.nanos === b.nanos ? 0 : a.nanos < b.nanos ? -1 : 1;
}

/** The form in which Kubernetes stores and returns a quantity: `1000m` is `1`, `1024Mi` is `1Gi`, `0.5` is `500m`. */
export function canonicalQuantity(text: string): string {
  const quantity = parseQuantity(text);
  if (!quantity) return text;
  const { nanos, notation } = quantity;
  if (nanos === 0n) return '0';
  const isWhole = nanos % NANO === 0n;
  const isSmall = nanos > -1024n * NANO && nanos < 1024n * NANO;
  if (notation === 'binary' && isWhole && !isSmall) {
    const [mantissa, power] = reduce(nanos / NANO, 1024n, BINARY.length - 1);
    return `${mantissa}${BINARY[power]}`;
  }
  const [mantissa, power] = reduce(nanos, 1000n, DECIMAL.length - 1);
  const exponent = power * 3 - 9;
  if (notation === 'exponent') return exponent === 0 ? `${mantissa}` : `${mantissa}e${exponent}`;
  return `${mantissa}${DECIMAL[power]}`;
}

function reduce(value: bigint, base: bigint, maxPower: number): readonly [bigint, number] {
  let mantissa = value;
  let power = 0;
  while (power < maxPower && mantissa % base === 0n) {
    mantissa /= base;
    power += 1;
  }
  return [mantissa, power];
}
