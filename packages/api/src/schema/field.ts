import { Type, type Static, type TObject, type TProperties, type TSchema, type TUnsafe } from 'typebox';

/** One CEL rule of a field; only what Kubernetes and cel-js both know (rule-subset.ts). */
export interface Rule {
  readonly rule: string;
  /** Says what is wrong and what to write instead. */
  readonly message: string;
}

/** What every field may carry beside its type. */
export interface FieldOptions {
  readonly rules?: readonly Rule[];
  /**
   * What the operator does when the field is missing. For documentation only: it is not a CRD default, because a value
   * written into stored objects could never follow a later change of the template or of the operator's settings.
   */
  readonly whenAbsent?: string;
}

export interface TextOptions extends FieldOptions {
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly pattern?: string;
}

export interface IntegerOptions extends FieldOptions {
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Longest text where nothing smaller is meaningful. Every bound counts towards the cost of CEL rules. */
const defaultMaxLength = 253;

/** Non-negative Kubernetes quantity as text. The same grammar as `parseQuantity`. */
export const quantityPattern = String.raw`^\+?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]{1,2})?$`;

/** Gateway API duration (GEP-2257): what Go's parser accepts, bounded, without fractions. The same grammar as `parseDuration`. */
export const durationPattern = '^([0-9]{1,5}(h|m|s|ms)){1,4}$';

/** A DNS label (RFC 1123). */
export const labelPattern = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$';

/** A DNS subdomain: what Kubernetes allows as a name of most objects. */
export const subdomainPattern = String.raw`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`;

/** The description, then the constraints as they are, then what has another name in a schema. */
function keywords(description: string, options: FieldOptions): Record<string, unknown> {
  const { rules, ...constraints } = options;
  return { description, ...constraints, ...(rules !== undefined && { 'x-kubernetes-validations': rules }) };
}

/** A string, of at most 253 characters unless said otherwise. */
export function text(description: string, options: TextOptions = {}): TUnsafe<string> {
  return Type.Unsafe<string>({ type: 'string', maxLength: defaultMaxLength, ...keywords(description, options) });
}

/** One of a few words. (`Type.Enum` leaves out `type`, a union of literals becomes `anyOf`: neither is structural.) */
export function choice<const Value extends string>(
  values: readonly Value[],
  description: string,
  options: FieldOptions = {},
): TUnsafe<Value> {
  return Type.Unsafe<Value>({ type: 'string', ...keywords(description, options), enum: [...values] });
}

export function flag(description: string, options: FieldOptions = {}): TUnsafe<boolean> {
  return Type.Unsafe<boolean>({ type: 'boolean', ...keywords(description, options) });
}

/** A whole number, 0 or more unless said otherwise. */
export function integer(description: string, options: IntegerOptions = {}): TUnsafe<number> {
  return Type.Unsafe<number>({ type: 'integer', format: 'int64', minimum: 0, ...keywords(description, options) });
}

/** `2`, `"500m"`, `4Gi`. */
export function quantity(description: string, options: FieldOptions = {}): TUnsafe<number | string> {
  return Type.Unsafe<number | string>({
    'x-kubernetes-int-or-string': true,
    anyOf: [{ type: 'integer' }, { type: 'string' }],
    ...keywords(description, options),
    pattern: quantityPattern,
    minimum: 0,
    maxLength: 32,
  });
}

/** `8h`, `30m`, `1h30m`. */
export function duration(description: string, options: FieldOptions = {}): TUnsafe<string> {
  return text(description, { maxLength: 32, pattern: durationPattern, ...options });
}

/** A moment, RFC 3339. */
export function timestamp(description: string): TUnsafe<string> {
  return Type.Unsafe<string>({ type: 'string', format: 'date-time', description, maxLength: 40 });
}

/** An object with known fields. */
export function section<Properties extends TProperties>(
  description: string,
  properties: Properties,
  options: FieldOptions = {},
): TObject<Properties> {
  return Type.Object(properties, keywords(description, options));
}

/** A field that may be missing. */
export const optional = Type.Optional;

interface ListOptions extends FieldOptions {
  readonly maxItems: number;
}

/** A list in which order counts: an apply replaces the whole list. */
export function sequence<Item extends TSchema>(
  description: string,
  items: Item,
  options: ListOptions,
): TUnsafe<readonly Static<Item>[]> {
  return Type.Unsafe<readonly Static<Item>[]>({
    type: 'array',
    ...keywords(description, options),
    'x-kubernetes-list-type': 'atomic',
    items,
  });
}

/** A list of different scalars; several writers may own different members. */
export function setOf<Item extends TSchema>(
  description: string,
  items: Item,
  options: ListOptions,
): TUnsafe<readonly Static<Item>[]> {
  return Type.Unsafe<readonly Static<Item>[]>({
    type: 'array',
    ...keywords(description, options),
    'x-kubernetes-list-type': 'set',
    items,
  });
}

/** A list of objects told apart by `keys`; several writers may own different members. */
export function keyedList<Item extends TObject | TUnsafe<object>>(
  description: string,
  items: Item,
  { keys, ...options }: ListOptions & { readonly keys: readonly string[] },
): TUnsafe<readonly Static<Item>[]> {
  return Type.Unsafe<readonly Static<Item>[]>({
    type: 'array',
    ...keywords(description, options),
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': [...keys],
    items,
  });
}

/** Free keys, text values. (`Type.Record` becomes `patternProperties`, which is not structural.) */
export function textMap(
  description: string,
  options: FieldOptions & { readonly maxProperties: number },
): TUnsafe<Readonly<Record<string, string>>> {
  return Type.Unsafe<Readonly<Record<string, string>>>({
    type: 'object',
    ...keywords(description, options),
    additionalProperties: { type: 'string', maxLength: defaultMaxLength },
  });
}

/** An object of Kubernetes' own, kept as written: the API server checks it when the Pod is created. */
export function opaque(description: string, options: FieldOptions = {}): TUnsafe<Readonly<Record<string, unknown>>> {
  return Type.Unsafe<Readonly<Record<string, unknown>>>({
    type: 'object',
    ...keywords(description, options),
    'x-kubernetes-preserve-unknown-fields': true,
  });
}

/** Like `opaque`, with some fields known. */
export function halfOpaque<Properties extends TProperties>(
  description: string,
  properties: Properties,
): TUnsafe<Static<TObject<Properties>> & Readonly<Record<string, unknown>>> {
  return Type.Unsafe<Static<TObject<Properties>> & Readonly<Record<string, unknown>>>({
    ...Type.Object(properties),
    description,
    'x-kubernetes-preserve-unknown-fields': true,
  });
}
