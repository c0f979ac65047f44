/** OpenAPI documents, from which kubectl learns how to apply, validate and explain. */
import { createHash } from 'node:crypto';

import type { Resource } from '../resource/resource.ts';
import { groupVersionOf } from './discovery.ts';
import { addPaths, parameterType } from './operations.ts';
import type { OperationWriter, Paths } from './operations.ts';
import { SchemaDocument } from './schema-document.ts';

/** The Kubernetes release whose API the server follows. */
const KUBERNETES_VERSION = 'v1.35.0';

/** What documents say of themselves. */
export const INFO = { title: 'Kubernetes', version: KUBERNETES_VERSION };
const JSON_TYPE = 'application/json';

/** `GET /openapi/v3`. The hash lets clients keep a document until it changes. */
export function openApiV3Index(resources: readonly Resource[]) {
  const groupVersions = Map.groupBy(resources, (resource) => groupVersionPath(resource));
  const entries = [...groupVersions].map(([path, members]) => {
    return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${fingerprint(members)}` }] as const;
  });
  return { paths: Object.fromEntries(entries) };
}

/** `GET /openapi/v3/api/v1` and `GET /openapi/v3/apis/<group>/<version>`. Costs some milliseconds: worth keeping. */
export function openApiV3(resources: readonly Resource[], group: string, version: string) {
  const document = new SchemaDocument('#/components/schemas/');
  const paths: Paths = {};
  document.addBuiltin('meta.v1.Status');
  document.addBuiltin('meta.v1.DeleteOptions');
  const write = writerV3((name) => document.reference(name));
  for (const resource of resources) {
    if (resource.group !== group || resource.version !== version) continue;
    addPaths(paths, resource, document.addResource(resource), write);
  }
  return { openapi: '3.0.0', info: INFO, paths: withPathParameters(paths), components: { schemas: document.schemas } };
}

/** `GET /openapi/v2`: everything in one document, for clients that do not know version 3. */
export function openApiV2(resources: readonly Resource[]) {
  const document = new SchemaDocument('#/definitions/');
  const paths: Paths = {};
  document.addBuiltin('meta.v1.Status');
  document.addBuiltin('meta.v1.DeleteOptions');
  const write = writerV2((name) => document.reference(name));
  for (const resource of resources) addPaths(paths, resource, document.addResource(resource), write);
  const definitions = Object.fromEntries(
    Object.entries(document.schemas).map(([name, schema]) => [name, withoutUnions(schema)]),
  );
  return { swagger: '2.0', info: INFO, paths, definitions };
}

function groupVersionPath({ group, version }: Resource): string {
  return `${group === '' ? 'api' : 'apis'}/${groupVersionOf(group, version)}`;
}

function fingerprint(resources: readonly Resource[]): string {
  const hash = createHash('sha256').update(KUBERNETES_VERSION);
  for (const { kind, origin, schema, subresources } of resources) {
    hash.update(JSON.stringify([kind, subresources, origin === 'custom' ? schema : null]));
  }
  return hash.digest('hex').slice(0, 32).toUpperCase();
}

function writerV3(reference: (name: string) => object): OperationWriter {
  return ({ action, group, version, kind, parameters, answer, bodyTypes }) => {
    const schema = answer === undefined ? { type: 'object' } : reference(answer);
    const bodySchema = action === 'patch' ? { type: 'object' } : schema;
    return {
      operationId: `${action}${kind}`,
      parameters: parameters.map((name) => ({
        name,
        in: 'query',
        schema: { type: parameterType(name), uniqueItems: true },
      })),
      ...(bodyTypes.length > 0 && {
        requestBody: {
          required: true,
          content: Object.fromEntries(bodyTypes.map((type) => [type, { schema: bodySchema }])),
        },
      }),
      responses: { '200': { description: 'OK', content: { [JSON_TYPE]: { schema } } } },
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': { group, kind, version },
    };
  };
}

function writerV2(reference: (name: string) => object): OperationWriter {
  return ({ action, group, version, kind, parameters, answer, bodyTypes }) => ({
    operationId: `${action}${kind}`,
    produces: [JSON_TYPE],
    consumes: bodyTypes.length > 0 ? bodyTypes : ['*/*'],
    parameters: [
      ...parameters.map((name) => ({ name, in: 'query', type: parameterType(name), uniqueItems: true })),
      ...(bodyTypes.length > 0 ? [{ name: 'body', in: 'body', required: true, schema: { type: 'object' } }] : []),
    ],
    responses: { '200': { description: 'OK', schema: answer === undefined ? { type: 'object' } : reference(answer) } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group, kind, version },
  });
}

function withPathParameters(paths: Paths): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(paths).map(([path, operations]) => {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const parameters = names.map((name) => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string', uniqueItems: true },
      }));
      return [path, { ...operations, ...(parameters.length > 0 && { parameters }) }];
    }),
  );
}

/** Swagger 2 has no unions and no nullable: what cannot be said is left open. */
function withoutUnions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUnions);
  if (typeof value !== 'object' || value === null) return value;
  const {
    allOf,
    anyOf: _anyOf,
    oneOf,
    not: _not,
    nullable: _nullable,
    ...rest
  } = value as Readonly<Record<string, unknown>>;
  const plain = Object.fromEntries(Object.entries(rest).map(([key, child]) => [key, withoutUnions(child)]));
  if (oneOf !== undefined && plain['type'] === undefined && plain['properties'] === undefined)
    return { ...plain, type: 'string' };
  const target = Array.isArray(allOf) ? (allOf[0] as { readonly $ref?: string } | undefined) : undefined;
  return target?.$ref === undefined ? plain : { ...plain, $ref: target.$ref };
}
