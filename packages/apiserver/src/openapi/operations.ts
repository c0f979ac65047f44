/** The paths of a resource in OpenAPI, as far as clients look at them: actions, kinds, query parameters, patch types. */
import type { Resource, Subresource, Verb } from '../resource/resource.ts';

type Operation = Readonly<Record<string, unknown>>;
export type Paths = Record<string, Record<string, Operation>>;

const PATCH_TYPES = {
  builtin: [
    'application/json-patch+json',
    'application/merge-patch+json',
    'application/strategic-merge-patch+json',
    'application/apply-patch+yaml',
  ],
  custom: ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml'],
} as const;

interface Target {
  readonly action: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Query parameters beside those of every request. */
  readonly parameters: readonly string[];
  /** The component schema of the answer, where there is one. */
  readonly answer: string | undefined;
  readonly bodyTypes: readonly string[];
}

/** How one version of OpenAPI writes an operation. */
export type OperationWriter = (target: Target) => Operation;

const WRITE = ['dryRun', 'fieldManager', 'fieldValidation', 'pretty'];
const LIST = [
  'allowWatchBookmarks',
  'continue',
  'fieldSelector',
  'labelSelector',
  'limit',
  'pretty',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'timeoutSeconds',
  'watch',
];
const DELETE = ['dryRun', 'gracePeriodSeconds', 'orphanDependents', 'pretty', 'propagationPolicy'];

export interface ComponentNames {
  readonly kind: string;
  readonly list: string;
}

/** Adds the paths of a resource and its subresources. */
export function addPaths(paths: Paths, resource: Resource, names: ComponentNames, write: OperationWriter): void {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const collection = `${root}/${resource.namespaced ? 'namespaces/{namespace}/' : ''}${resource.plural}`;
  const target = (
    action: string,
    parameters: readonly string[],
    answer: string,
    bodyTypes: readonly string[] = [],
  ): Operation =>
    write({
      action,
      group: resource.group,
      version: resource.version,
      kind: resource.kind,
      parameters,
      answer,
      bodyTypes,
    });
  const patchTypes = PATCH_TYPES[resource.origin];
  const all: readonly (readonly [Verb, string, string, () => Operation])[] = [
    ['list', collection, 'get', () => target('list', LIST, names.list)],
    ['create', collection, 'post', () => target('post', WRITE, names.kind, ['*/*'])],
    [
      'deletecollection',
      collection,
      'delete',
      () => target('deletecollection', [...DELETE, ...LIST], 'io.k8s.apimachinery.pkg.apis.meta.v1.Status'),
    ],
    ['get', `${collection}/{name}`, 'get', () => target('get', ['pretty'], names.kind)],
    ['update', `${collection}/{name}`, 'put', () => target('put', WRITE, names.kind, ['*/*'])],
    ['patch', `${collection}/{name}`, 'patch', () => target('patch', [...WRITE, 'force'], names.kind, patchTypes)],
    [
      'delete',
      `${collection}/{name}`,
      'delete',
      () => target('delete', DELETE, 'io.k8s.apimachinery.pkg.apis.meta.v1.Status'),
    ],
  ];
  for (const [verb, path, method, operation] of all) {
    if (resource.verbs.includes(verb)) (paths[path] ??= {})[method] = operation();
  }
  if (resource.namespaced && resource.verbs.includes('list')) {
    paths[`${root}/${resource.plural}`] = { get: target('list', LIST, names.list) };
  }
  for (const subresource of resource.subresources) {
    paths[`${collection}/{name}/${subresource.name}`] = subresourceOperations(resource, subresource, names, write);
  }
}

function subresourceOperations(
  resource: Resource,
  subresource: Subresource,
  names: ComponentNames,
  write: OperationWriter,
): Record<string, Operation> {
  const operations: Record<string, Operation> = {};
  const methods = { get: 'get', create: 'post', update: 'put', patch: 'patch' } as const;
  for (const [verb, method] of Object.entries(methods)) {
    if (!subresource.verbs.includes(verb as Verb)) continue;
    operations[method] = write({
      action: method === 'get' || subresource.verbs.includes('update') || method === 'post' ? method : 'connect',
      group: subresource.group ?? resource.group,
      version: subresource.version ?? resource.version,
      kind: subresource.kind,
      parameters: method === 'get' ? ['pretty'] : WRITE,
      answer: subresource.kind === resource.kind ? names.kind : undefined,
      bodyTypes: method === 'patch' ? PATCH_TYPES[resource.origin] : method === 'get' ? [] : ['*/*'],
    });
  }
  return operations;
}

const NUMBERS = new Set(['limit', 'timeoutSeconds', 'gracePeriodSeconds']);
const FLAGS = new Set(['force', 'watch', 'allowWatchBookmarks', 'sendInitialEvents', 'orphanDependents']);

/** The type of a query parameter. */
export function parameterType(name: string): 'boolean' | 'integer' | 'string' {
  return FLAGS.has(name) ? 'boolean' : NUMBERS.has(name) ? 'integer' : 'string';
}
