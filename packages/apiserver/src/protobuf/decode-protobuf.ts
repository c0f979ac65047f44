/**
 * Objects of built-in kinds in Kubernetes' protobuf encoding, which clients generated for Go send: since 1.35 kubectl does
 * so in `create namespace`, `create secret`, `auth can-i` and the like. Answers are always JSON, which those clients accept.
 * The envelope is described in https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding.
 */
import { builtinSchema, schemaId } from '../schema/builtin-schemas.ts';
import type { Schema } from '../schema/schema.ts';
import { fieldNumbers } from './field-numbers.ts';
import { lastField, readFields, signed, textOf, type WireField } from './wire-reader.ts';

const magic = 'k8s\0';

/** The object as JSON values, or undefined for a kind that is not told in protobuf. Throws RangeError or TypeError on broken bytes. */
export function decodeProtobuf(bytes: Uint8Array): Record<string, unknown> | undefined {
  if (Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== magic) {
    throw new RangeError('it does not begin as Kubernetes’ protobuf does');
  }
  const envelope = bytes.subarray(4);
  const typeMeta = lastField(envelope, 1)?.bytes ?? new Uint8Array(0);
  const apiVersion = textOf(lastField(typeMeta, 1));
  const kind = textOf(lastField(typeMeta, 2));
  const type = kind === 'DeleteOptions' ? 'meta.v1.DeleteOptions' : `${packageOf(apiVersion)}.${kind}`;
  if (!(type in fieldNumbers)) return undefined;
  const raw = lastField(envelope, 2)?.bytes ?? new Uint8Array(0);
  return { apiVersion, kind, ...decodeMessage(raw, type, builtinSchema(type)) };
}

/** `v1` is `core.v1`, `rbac.authorization.k8s.io/v1` is `rbac.v1`. */
function packageOf(apiVersion: string): string {
  const [group = '', version] = apiVersion.split('/');
  return version === undefined ? `core.${group}` : `${group.split('.', 1)[0]}.${version}`;
}

function decodeMessage(bytes: Uint8Array, type: string, schema: Schema): Record<string, unknown> {
  const fields = fieldsOf(type);
  const object: Record<string, unknown> = {};
  for (const field of readFields(bytes)) {
    const known = fields.get(field.number);
    if (known === undefined) continue;
    if (known.inlined !== undefined) {
      Object.assign(object, decodeMessage(field.bytes, known.inlined, schema));
      continue;
    }
    const fieldSchema = schema.properties?.[known.name];
    if (fieldSchema !== undefined) put(object, known, field, fieldSchema);
  }
  return object;
}

function put(object: Record<string, unknown>, { name, keepsZero }: KnownField, field: WireField, schema: Schema): void {
  if (schema.type === 'array') {
    const items = (object[name] ??= []) as unknown[];
    items.push(decodeValue(field, schema.items ?? {}));
    return;
  }
  if (schema.additionalProperties instanceof Object) {
    const [key, value] = decodeEntry(field.bytes, schema.additionalProperties);
    const entries = (object[name] ??= {}) as Record<string, unknown>;
    // Defined, not assigned: the key is the client's, and may be `__proto__`.
    Object.defineProperty(entries, key, { value, enumerable: true, writable: true, configurable: true });
    return;
  }
  const value = decodeValue(field, schema);
  if (keepsZero || (value !== '' && value !== 0 && value !== false && value !== undefined)) object[name] = value;
}

/** A map is a list of messages {1: key, 2: value}; a value that is a list is a message of its own, {1: item}. */
function decodeEntry(bytes: Uint8Array, valueSchema: Schema): readonly [string, unknown] {
  const key = textOf(lastField(bytes, 1));
  const value = lastField(bytes, 2) ?? { number: 2, varint: 0n, bytes: new Uint8Array(0) };
  if (valueSchema.type !== 'array') return [key, decodeValue(value, valueSchema)];
  const items = [...readFields(value.bytes)].filter(({ number }) => number === 1);
  return [key, items.map((item) => decodeValue(item, valueSchema.items ?? {}))];
}

function decodeValue(field: WireField, schema: Schema): unknown {
  const id = schemaId(schema);
  if (id !== undefined) return decodeMessage(field.bytes, typeOfId(id), schema);
  if (schema['x-kubernetes-int-or-string']) {
    return schema.format === 'quantity' ? textOf(lastField(field.bytes, 1)) : intOrString(field.bytes);
  }
  if (schema.type === 'string') return decodeText(field, schema.format);
  if (schema.type === 'integer') return signed(field);
  if (schema.type === 'boolean') return field.varint !== 0n;
  if (schema.type === 'number') return Buffer.from(field.bytes).readDoubleLE();
  return embeddedJson(field.bytes);
}

function decodeText(field: WireField, format: string | undefined): string | undefined {
  if (format === 'date-time') return timeOf(field.bytes);
  return format === 'byte' ? Buffer.from(field.bytes).toString('base64') : textOf(field);
}

/** `{1: 0 for the number and 1 for the text, 2: number, 3: text}` */
function intOrString(bytes: Uint8Array): number | string {
  const isText = lastField(bytes, 1)?.varint === 1n;
  if (isText) return textOf(lastField(bytes, 3));
  const number = lastField(bytes, 2);
  return number === undefined ? 0 : signed(number);
}

/** `{1: seconds, 2: nanoseconds}`; an empty message is Go's zero time, which JSON leaves out. */
function timeOf(bytes: Uint8Array): string | undefined {
  const seconds = lastField(bytes, 1);
  if (seconds === undefined) return undefined;
  const micros = Math.trunc(Number(lastField(bytes, 2)?.varint ?? 0n) / 1000);
  const text = new Date(signed(seconds) * 1000).toISOString().slice(0, 19);
  return micros === 0 ? `${text}Z` : `${text}.${String(micros).padStart(6, '0')}Z`;
}

/** RawExtension and FieldsV1 carry a JSON document as `{1: bytes}`. */
function embeddedJson(bytes: Uint8Array): unknown {
  const text = textOf(lastField(bytes, 1));
  return text === '' ? undefined : JSON.parse(text);
}

// ---- the table ---------------------------------------------------------------------------------------------------------

interface KnownField {
  readonly name: string;
  readonly keepsZero: boolean;
  /** The type of a message whose fields belong to the parent. */
  readonly inlined: string | undefined;
}

const parsed = new Map<string, ReadonlyMap<number, KnownField>>();

function fieldsOf(type: string): ReadonlyMap<number, KnownField> {
  let fields = parsed.get(type);
  if (fields === undefined) parsed.set(type, (fields = parseFields(fieldNumbers[type] ?? '')));
  return fields;
}

function parseFields(text: string): ReadonlyMap<number, KnownField> {
  const fields = new Map<number, KnownField>();
  for (const entry of text === '' ? [] : text.split(', ')) {
    const [label = '', number] = entry.split(' ');
    const inlined = label.startsWith('^') ? label.slice(1) : undefined;
    fields.set(Number(number), { name: label.replace('!', ''), keepsZero: label.endsWith('!'), inlined });
  }
  return fields;
}

/** `io.k8s.api.core.v1.Pod` is `core.v1.Pod`. */
const typeOfId = (id: string): string => id.split('.').slice(-3).join('.');
