import { kinds } from './kinds.ts';
import type { Kind, PrinterColumn } from './schema/kind.ts';
import { structuralSchema } from './schema/project.ts';
import type { JsonObject } from './schema/json.ts';

/** A CustomResourceDefinition as plain JSON, ready to be applied. */
export interface CrdManifest extends JsonObject {
  readonly apiVersion: 'apiextensions.k8s.io/v1';
  readonly kind: 'CustomResourceDefinition';
  readonly metadata: { readonly name: string };
}

/** The definitions of all our kinds: what `charts/vdi-operator/crds` holds, for those who apply without reading files. */
export function crdManifests(): readonly CrdManifest[] {
  return kinds.map(crdManifest);
}

function crdManifest(kind: Kind): CrdManifest {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${kind.plural}.${kind.group}` },
    spec: {
      group: kind.group,
      scope: kind.scope,
      names: {
        kind: kind.kind,
        listKind: `${kind.kind}List`,
        plural: kind.plural,
        singular: kind.singular,
        shortNames: [...kind.shortNames],
      },
      versions: [
        {
          name: kind.version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: kind.columns.map(column),
          ...(kind.selectableFields.length > 0 && {
            selectableFields: kind.selectableFields.map((path) => ({ jsonPath: `.${path}` })),
          }),
          schema: { openAPIV3Schema: objectSchema(kind) },
        },
      ],
    },
  };
}

function column({ name, type, jsonPath, description, priority }: PrinterColumn): JsonObject {
  return {
    name,
    type,
    jsonPath,
    ...(description !== undefined && { description }),
    ...(priority !== undefined && { priority }),
  };
}

/** The structural schema of whole objects of a kind. */
export function objectSchema(kind: Kind): JsonObject {
  return {
    type: 'object',
    description: kind.description,
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string', maxLength: 253, description: 'Version of the schema: `vdi.kasm.io/v1alpha1`.' },
      kind: { type: 'string', maxLength: 63, description: `Kind of the object: \`${kind.kind}\`.` },
      // The API server allows nothing more here: it knows its own metadata.
      metadata: { type: 'object' },
      spec: structuralSchema(kind.schema.spec),
      status: structuralSchema(kind.schema.status),
    },
    ...(kind.rules.length > 0 && {
      'x-kubernetes-validations': kind.rules.map(({ rule, message }) => ({ rule, message })),
    }),
  };
}
