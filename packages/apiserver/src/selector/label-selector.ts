import { badRequest } from '../registry/errors.ts';
import { isLabelKey, isLabelValue } from '../registry/names.ts';

export type Labels = Readonly<Record<string, string>>;
type Requirement = (labels: Labels) => boolean;

/**
 * Parses `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1,m<2`, the grammar of `labels.Parse`, into a predicate.
 * Throws 400 with the position of what does not fit.
 */
export function parseLabelSelector(text: string): (labels: Labels | undefined) => boolean {
  const requirements = new Parser(text).all();
  return (labels = {}) => requirements.every((holds) => holds(labels));
}

const token = /\s*(?:(==|!=|=|>|<|!|,|\(|\))|([^\s=!<>,()]+))/y;

class Parser {
  readonly #text: string;
  readonly #tokens: string[] = [];

  constructor(text: string) {
    this.#text = text;
    token.lastIndex = 0;
    const trimmed = text.trimEnd();
    while (token.lastIndex < trimmed.length) {
      const at = token.lastIndex;
      const match = token.exec(trimmed);
      if (match === null) throw this.#error(`unexpected character at ${at}`);
      this.#tokens.push(match[1] ?? match[2] ?? '');
    }
  }

  all(): readonly Requirement[] {
    const requirements: Requirement[] = [];
    while (this.#tokens.length > 0) {
      requirements.push(this.#requirement());
      const next = this.#tokens.shift();
      if (next === undefined) break;
      if (next !== ',') throw this.#error(`found '${next}', expected ',' or the end`);
      if (this.#tokens.length === 0) throw this.#error('expected a requirement after the last comma');
    }
    return requirements;
  }

  #requirement(): Requirement {
    const isNegated = this.#take('!');
    const key = this.#key();
    const next = this.#tokens[0];
    if (isNegated) {
      if (next !== undefined && next !== ',') throw this.#error(`found '${next}' after '!${key}'`);
      return (labels) => !Object.hasOwn(labels, key);
    }
    if (next === undefined || next === ',') return (labels) => Object.hasOwn(labels, key);
    this.#tokens.shift();
    return this.#comparison(key, next);
  }

  #comparison(key: string, operator: string): Requirement {
    switch (operator) {
      case '=':
      case '==': {
        const value = this.#value();
        return (labels) => labels[key] === value;
      }
      case '!=': {
        const value = this.#value();
        return (labels) => labels[key] !== value;
      }
      case 'in': {
        const values = this.#values();
        return (labels) => Object.hasOwn(labels, key) && values.has(labels[key] ?? '');
      }
      case 'notin': {
        const values = this.#values();
        return (labels) => !Object.hasOwn(labels, key) || !values.has(labels[key] ?? '');
      }
      case '>':
      case '<': {
        const limit = this.#integer();
        return (labels) => {
          const found = labels[key];
          if (found === undefined || !/^[+-]?\d+$/.test(found)) return false;
          return operator === '>' ? BigInt(found) > limit : BigInt(found) < limit;
        };
      }
      default:
        throw this.#error(`found '${operator}', expected one of: in, notin, =, ==, !=, >, <`);
    }
  }

  #key(): string {
    const key = this.#tokens.shift();
    if (key === undefined || !isLabelKey(key)) throw this.#error(`'${key ?? ''}' is not a label key`);
    return key;
  }

  /** An empty value is legal: `a=` and `a in (,b)`. */
  #value(): string {
    const next = this.#tokens[0];
    if (next === undefined || next === ',' || next === ')') return '';
    this.#tokens.shift();
    if (!isLabelValue(next)) throw this.#error(`'${next}' is not a label value`);
    return next;
  }

  #values(): ReadonlySet<string> {
    if (!this.#take('(')) throw this.#error("expected '('");
    const values = new Set<string>();
    do values.add(this.#value());
    while (this.#take(','));
    if (!this.#take(')')) throw this.#error("expected ')'");
    return values;
  }

  #integer(): bigint {
    const value = this.#value();
    if (!/^-?\d+$/.test(value)) throw this.#error(`'${value}' is not an integer`);
    return BigInt(value);
  }

  #take(expected: string): boolean {
    if (this.#tokens[0] !== expected) return false;
    this.#tokens.shift();
    return true;
  }

  #error(why: string): Error {
    return badRequest(`unable to parse the label selector "${this.#text}": ${why}`);
  }
}
