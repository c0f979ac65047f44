/** Our schemas as OpenAPI schemas: named types become references into a table of components. */
import type { Resource } from '../resource/resource.ts';
import { builtinSchema, schemaId } from '../schema/builtin-schemas.ts';
import type { Schema } from '../schema/schema.ts';

export type OpenApiSchema = Readonly<Record<string, unknown>>;

const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
const INT_OR_STRING = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';
const SCALARS: Readonly<Record<string, OpenApiSchema>> = {
  [QUANTITY]: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  [INT_OR_STRING]: { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' },
};

/** What a reference says beside its target: it stands next to the reference, not in the component. */
const BESIDE_REFERENCE = [
  'default',
  'description',
  'x-kubernetes-patch-strategy',
  'x-kubernetes-patch-merge-key',
] as const;

/** Collects the component schemas of one document. */
export class SchemaDocument {
  readonly schemas: Record<string, OpenApiSchema> = {};
  readonly #referencePrefix: string;

  /** `referencePrefix` is where the document keeps its schemas, such as `#/components/schemas/`. */
  constructor(referencePrefix: string) {
    this.#referencePrefix = referencePrefix;
  }

  /** Adds the kind of a resource and its list, and returns their names. */
  addResource(resource: Resource): { readonly kind: string; readonly list: string } {
    const kind = schemaId(resource.schema) ?? componentName(resource, resource.kind);
    const list = kind.slice(0, -resource.kind.length) + resource.listKind;
    if (!this.schemas[kind]) {
      this.schemas[kind] = {};
      this.schemas[kind] = { ...this.#inline(resource.schema, resource.origin), ...identity(resource, resource.kind) };
    }
    this.schemas[list] ??= {
      type: 'object',
      required: ['items'],
      properties: {
        apiVersion: { type: 'string' },
        kind: { type: 'string' },
        metadata: this.addBuiltin('meta.v1.ListMeta'),
        items: { type: 'array', items: this.reference(kind) },
      },
      ...identity(resource, resource.listKind),
    };
    return { kind, list };
  }

  addBuiltin(shortName: string): OpenApiSchema {
    return this.#emit(builtinSchema(shortName), 'builtin');
  }

  reference(name: string): OpenApiSchema {
    return { $ref: this.#referencePrefix + name };
  }

  #emit(schema: Schema, origin: Resource['origin']): OpenApiSchema {
    const id = schemaId(schema) ?? (origin === 'builtin' ? scalarId(schema) : undefined);
    if (id === undefined) return this.#inline(schema, origin);
    if (!this.schemas[id]) {
      // Entered before its members, because types may contain themselves.
      this.schemas[id] = {};
      this.schemas[id] = SCALARS[id] ?? withoutReferenceWords(this.#inline(schema, 'builtin'));
    }
    const beside = BESIDE_REFERENCE.filter((word) => schema[word] !== undefined).map(
      (word) => [word, schema[word]] as const,
    );
    return beside.length === 0 ? this.reference(id) : { ...Object.fromEntries(beside), allOf: [this.reference(id)] };
  }

  #inline(schema: Schema, origin: Resource['origin']): OpenApiSchema {
    const { additionalProperties, items, properties, ...words } = schema;
    const document: Record<string, unknown> = { ...words };
    if (origin === 'builtin') delete document['x-kubernetes-preserve-unknown-fields'];
    if (properties && Object.keys(properties).length > 0) {
      document['properties'] = Object.fromEntries(
        Object.entries(properties).map(([name, child]) => [name, this.#emit(child, origin)]),
      );
    }
    if (items) document['items'] = this.#emit(items, origin);
    if (typeof additionalProperties === 'object')
      document['additionalProperties'] = this.#emit(additionalProperties, origin);
    else if (additionalProperties !== undefined) document['additionalProperties'] = additionalProperties;
    if (schema.type === 'array') document['x-kubernetes-list-type'] ??= 'atomic';
    return document;
  }
}

function scalarId(schema: Schema): string | undefined {
  if (!schema['x-kubernetes-int-or-string']) return undefined;
  return schema.format === 'quantity' ? QUANTITY : INT_OR_STRING;
}

function withoutReferenceWords(schema: OpenApiSchema): OpenApiSchema {
  const words = new Set<string>(BESIDE_REFERENCE);
  return Object.fromEntries(Object.entries(schema).filter(([word]) => !words.has(word) || word === 'description'));
}

/** `io.kasm.vdi.v1alpha1.VDISession` of the group `vdi.kasm.io`, as Kubernetes names the types of custom resources. */
function componentName({ group, version }: Resource, kind: string): string {
  return [...group.split('.').reverse(), version, kind].join('.');
}

function identity({ group, version }: Resource, kind: string): OpenApiSchema {
  return { 'x-kubernetes-group-version-kind': [{ group, kind, version }] };
}
