/**
 * One step of a field path, in the spelling of FieldsV1 (KEP-555):
 * `f:<name>` a field, `k:<json object>` the list item with these keys, `v:<json>` the set item of this value,
 * `i:<index>` the item at this index. The text is canonical (keys sorted, no white space), so two steps are the same
 * exactly when their texts are, and a step can be the key of a Map.
 */
export type PathElement = string;

/** From the root of an object to a field. */
export type FieldPath = readonly PathElement[];

/** The step to a field of an object. */
export function fieldElement(name: string): PathElement {
  return `f:${name}`;
}

/** The step to the item of a set that has this value. */
export function valueElement(value: unknown): PathElement {
  return `v:${JSON.stringify(value)}`;
}

/** The step to the list item whose key fields have these values, in any order. */
export function keyElement(keys: readonly (readonly [name: string, value: unknown])[]): PathElement {
  const sorted = keys.length < 2 ? keys : [...keys].sort(([left], [right]) => compareText(left, right));
  return `k:{${sorted.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
}

/** The name of the field that the step leads to, or undefined for a step into a list. */
export function fieldNameOf(element: PathElement): string | undefined {
  return element.startsWith('f:') ? element.slice(2) : undefined;
}

/**
 * Reads one key of FieldsV1 and makes it canonical. A kind of step that is not known gives undefined, so that entries of
 * a later API are passed over.
 * @throws SyntaxError when the text is not a path element.
 */
export function parsePathElement(text: string): PathElement | undefined {
  if (text[1] !== ':') throw new SyntaxError(`path element ${JSON.stringify(text)} has no colon after its type`);
  const content = text.slice(2);
  switch (text.charAt(0)) {
    case 'f':
      return text;
    case 'v':
      return valueElement(JSON.parse(content));
    case 'k':
      return keyElement(Object.entries(parseKeys(content)));
    case 'i':
      return `i:${parseIndex(content)}`;
    default:
      return undefined;
  }
}

function parseKeys(content: string): object {
  const keys: unknown = JSON.parse(content);
  if (typeof keys !== 'object' || keys === null || Array.isArray(keys)) {
    throw new SyntaxError(`the keys of a list item must be an object, got ${content}`);
  }
  return keys;
}

function parseIndex(content: string): number {
  if (!/^-?\d+$/.test(content))
    throw new SyntaxError(`the index of a list item must be a whole number, got ${content}`);
  return Number(content);
}

/** The path as Kubernetes prints it: `.spec.containers[name="web"].image`, `.metadata.finalizers[="x"]`. */
export function printPath(path: FieldPath): string {
  return path.map(printPathElement).join('');
}

function printPathElement(element: PathElement): string {
  const content = element.slice(2);
  switch (element.charAt(0)) {
    case 'f':
      return `.${content}`;
    case 'k':
      return `[${Object.entries(parseKeys(content))
        .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
        .join(',')}]`;
    case 'v':
      return `[=${content}]`;
    default:
      return `[${content}]`;
  }
}

const typeOrder = 'fkvi';

/** Orders steps as FieldsV1 is written: fields first, then items by key, by value and by index. */
export function comparePathElements(left: PathElement, right: PathElement): number {
  if (left[0] === right[0]) return compareText(left, right);
  return typeOrder.indexOf(left.charAt(0)) - typeOrder.indexOf(right.charAt(0));
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
