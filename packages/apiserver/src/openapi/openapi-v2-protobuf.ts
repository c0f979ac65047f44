/**
 * The OpenAPI document of version 2 in the only form that client-go asks for it, protobuf; the numbers of fields are those of
 * gnostic's `OpenAPIv2.proto`. kubectl looks into it for one thing: whether the server checks fields, when it is given a
 * `kind: List` (https://github.com/kubernetes/cli-runtime, `pkg/resource/query_param_verifier.go`). Schemas are left out: who
 * wants them reads version 3.
 */
import type { Resource } from '../resource/resource.ts';
import { countedField } from '../protobuf/wire-writer.ts';
import { INFO } from './openapi.ts';
import { addPaths, type OperationWriter, parameterType, type Paths } from './operations.ts';

/** What client-go sends as `Accept`; upstream answers with the second. */
export const protobufTypes = [
  'application/com.github.proto-openapi.spec.v2@v1.0+protobuf',
  'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
] as const;

interface Operation {
  readonly id: string;
  /** Names of query parameters. */
  readonly parameters: readonly string[];
  readonly kind: object;
}

const document = { swagger: 1, info: 2, paths: 8 } as const;
const info = { title: 1, version: 2 } as const;
const named = { name: 1, value: 2 } as const;
const pathsFields = { path: 2 } as const;
const methods: Readonly<Record<string, number>> = { get: 2, put: 3, post: 4, delete: 5, patch: 7 };
const operation = { operationId: 5, parameters: 8, vendorExtension: 13 } as const;
/** ParametersItem.parameter, Parameter.non_body_parameter, NonBodyParameter.query_parameter_sub_schema. */
const toQueryParameter = [1, 2, 3] as const;
const queryParameter = { in: 2, name: 4, type: 6 } as const;
const any = { yaml: 2 } as const;

export function openApiV2Protobuf(resources: readonly Resource[]): Uint8Array {
  const paths: Paths = {};
  for (const resource of resources) addPaths(paths, resource, withoutSchemas, describe);
  const items = Object.entries(paths).map(([path, operations]) =>
    countedField(pathsFields.path, [countedField(named.name, path), countedField(named.value, pathItem(operations))]),
  );
  return Buffer.concat([
    countedField(document.swagger, '2.0'),
    countedField(document.info, [countedField(info.title, INFO.title), countedField(info.version, INFO.version)]),
    countedField(document.paths, items),
  ]);
}

const withoutSchemas = { kind: '', list: '' } as const;

const describe: OperationWriter = ({ action, group, version, kind, parameters }) =>
  ({ id: `${action}${kind}`, parameters, kind: { group, kind, version } }) satisfies Operation;

function pathItem(operations: Readonly<Record<string, object>>): readonly Uint8Array[] {
  return Object.entries(operations).map(([method, one]) =>
    countedField(methods[method] ?? unknownMethod(method), operationFields(one as Operation)),
  );
}

function operationFields({ id, parameters, kind }: Operation): readonly Uint8Array[] {
  return [
    countedField(operation.operationId, id),
    ...parameters.map((name) =>
      countedField(operation.parameters, inside([...toQueryParameter], queryParameterFields(name))),
    ),
    countedField(operation.vendorExtension, [
      countedField(named.name, 'x-kubernetes-group-version-kind'),
      // JSON is YAML.
      countedField(named.value, [countedField(any.yaml, JSON.stringify(kind))]),
    ]),
  ];
}

function queryParameterFields(name: string): readonly Uint8Array[] {
  return [
    countedField(queryParameter.in, 'query'),
    countedField(queryParameter.name, name),
    countedField(queryParameter.type, parameterType(name)),
  ];
}

/** Fields inside messages inside messages, given by their numbers from the outside in. */
function inside(numbers: readonly number[], fields: readonly Uint8Array[]): readonly Uint8Array[] {
  return numbers.toReversed().reduce((content, number) => [countedField(number, content)], fields);
}

function unknownMethod(method: string): never {
  throw new Error(`OpenAPI documents have no operation ${method}`);
}
