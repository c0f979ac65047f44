import type { Kind } from '@vdi/api';

/** One row of a reference table. */
export interface FieldRow {
  /** `spec.applications[].name` */
  readonly path: string;
  readonly type: string;
  /** Markdown; empty where the field is required or its absence means nothing. */
  readonly whenAbsent: string;
  readonly description: string;
}

/** What the pages read of a schema, the documentation keywords included. */
interface FieldSchema {
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly whenAbsent?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly additionalProperties?: FieldSchema;
  readonly items?: FieldSchema;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
}

/** Every field of a kind, parents before children, in the order of the schema. */
export function fieldRows(kind: Kind): readonly FieldRow[] {
  const roots = { spec: kind.schema.spec as FieldSchema, status: kind.schema.status as FieldSchema };
  return Object.entries(roots).flatMap(([root, schema]) => below(root, schema));
}

function below(path: string, schema: FieldSchema): readonly FieldRow[] {
  const fields = schema.properties ?? {};
  return Object.entries(fields).flatMap(([name, field]) => {
    const fieldPath = `${path}.${name}`;
    const isRequired = schema.required?.includes(name) === true;
    const whenAbsent = isRequired ? '**required**' : (field.whenAbsent ?? '');
    const row = { path: fieldPath, type: typeOf(field), whenAbsent, description: field.description ?? '' };
    return [row, ...below(field.items === undefined ? fieldPath : `${fieldPath}[]`, field.items ?? field)];
  });
}

function typeOf(schema: FieldSchema): string {
  if (schema['x-kubernetes-int-or-string'] === true) return 'quantity';
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(' \\| ');
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`;
  if (schema.additionalProperties !== undefined) return 'map of strings';
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return 'object (any fields)';
  if (schema.format === 'date-time') return 'time';
  if (schema.type === 'integer') return range(schema);
  return schema.pattern?.includes('(h|m|s|ms)') === true ? 'duration' : (schema.type ?? '');
}

function range({ minimum, maximum }: FieldSchema): string {
  if (maximum !== undefined) return `integer, ${minimum ?? 0}–${maximum}`;
  return minimum === undefined || minimum === 0 ? 'integer' : `integer, ${minimum} or more`;
}
