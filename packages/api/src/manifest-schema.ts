import type { JsonObject } from './schema/json.ts';
import type { Kind } from './schema/kind.ts';
import { editorSchema } from './schema/project.ts';

/**
 * JSON Schema (2020-12) of a manifest of that kind, for editors and forms: a misspelt field is an error, where a cluster
 * would silently prune it. Rules over several fields are not in it; the API server checks those.
 */
export function manifestSchema(kind: Kind): JsonObject {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: kind.kind,
    description: kind.description,
    type: 'object',
    required: ['apiVersion', 'kind', 'spec'],
    additionalProperties: false,
    properties: {
      apiVersion: { type: 'string', const: kind.apiVersion },
      kind: { type: 'string', const: kind.kind },
      metadata: { type: 'object', description: 'Standard metadata of Kubernetes.' },
      spec: editorSchema(kind.schema.spec),
      status: editorSchema(kind.schema.status),
    },
  };
}
