import { type Clock, systemClock } from './clock.ts';
import type { KubeClient, ServerVersion } from './kube-client.ts';
import { isNotFound } from './kube-error.ts';
import type { KubeObject } from './kube-object.ts';
import { builtinResources } from './builtin-resources.ts';
import { apiVersionOf, collectionPath, groupPath, type KubeResource, objectPath } from './kube-resource.ts';
import { listAll } from './list-all.ts';
import type { DeleteOptions, Patch, Selection, WatchOptions, WriteOptions } from './requests.ts';
import {
  type ApiRequest,
  type Fetch,
  openStream,
  type Query,
  requestJson,
  type TransportOptions,
} from './transport.ts';
import { readWatch } from './watch.ts';

export interface KubeClientOptions {
  /** Adds credentials where there are any: see `fetchFromKubeconfig`, `fetchInCluster`; or the `fetch` of an API server in the same process. */
  readonly fetch: Fetch;
  /** `https://127.0.0.1:6443` */
  readonly baseUrl: string;
  /** Who owns the fields we write. Default `vdi-operator`. */
  readonly fieldManager?: string;
  readonly clock?: Clock;
  /** Default 30. */
  readonly requestTimeoutSeconds?: number;
  /** A watch that says nothing for so long is taken for dead. Servers send a bookmark about once a minute. Default 150. */
  readonly watchSilenceSeconds?: number;
}

const patchTypes: Readonly<Record<Patch['type'] | 'apply', string>> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  // JSON is YAML.
  apply: 'application/apply-patch+yaml',
};

/** A client over a `fetch`; it keeps no state and needs no closing. */
export function createKubeClient(options: KubeClientOptions): KubeClient {
  const fieldManager = options.fieldManager ?? 'vdi-operator';
  const transport: TransportOptions = {
    fetch: options.fetch,
    baseUrl: options.baseUrl.replace(/\/+$/, ''),
    clock: options.clock ?? systemClock,
    requestTimeoutSeconds: options.requestTimeoutSeconds ?? 30,
    userAgent: fieldManager,
  };
  const silenceMs = (options.watchSilenceSeconds ?? 150) * 1000;
  return {
    ...reads(transport),
    ...writes(transport, fieldManager),
    ...deletes(transport),
    ...streams(transport, silenceMs),
    ...discovery(transport),
  };
}

function reads(transport: TransportOptions): Pick<KubeClient, 'get' | 'list'> {
  return {
    get: (resource, name, { subresource, signal } = {}) =>
      requestJson(transport, { method: 'GET', path: objectPath(resource, name, subresource), signal }),
    list: (resource, listOptions) => listAll(transport, resource, listOptions),
  };
}

function writes(
  transport: TransportOptions,
  fieldManager: string,
): Pick<KubeClient, 'create' | 'update' | 'patch' | 'apply' | 'applyStatus'> {
  const write = <T>(request: ApiRequest, options: WriteOptions = {}, query: Query = {}): Promise<T> =>
    requestJson<T>(transport, {
      ...request,
      signal: options.signal,
      query: { ...writeQuery(fieldManager, options), ...query },
    });

  const applyAt =
    (subresource?: 'status'): KubeClient['apply'] =>
    (resource, object, options = {}) =>
      write(
        {
          method: 'PATCH',
          path: objectPath(resource, nameOf(resource, object), subresource),
          contentType: patchTypes.apply,
          body: subresource === 'status' ? statusOnly(resource, object) : identified(resource, object),
        },
        options,
        { force: options.force ?? true },
      );

  return {
    create: (resource, object, options) =>
      write(
        {
          method: 'POST',
          path: creationPath(resource, object, options?.subresource),
          body: identified(resource, object),
        },
        options,
      ),
    update: (resource, object, options) =>
      write(
        {
          method: 'PUT',
          path: objectPath(resource, nameOf(resource, object), options?.subresource),
          body: identified(resource, object),
        },
        options,
      ),
    patch: (resource, name, patch, options) =>
      write(
        {
          method: 'PATCH',
          path: objectPath(resource, name, options?.subresource),
          contentType: patchTypes[patch.type],
          body: patch.value,
        },
        options,
      ),
    apply: applyAt(),
    applyStatus: applyAt('status'),
  };
}

function deletes(transport: TransportOptions): Pick<KubeClient, 'delete' | 'deleteCollection'> {
  return {
    async delete(resource, name, options = {}) {
      await requestJson(transport, {
        method: 'DELETE',
        path: objectPath(resource, name),
        body: deleteBody(options),
        signal: options.signal,
      });
    },
    async deleteCollection(resource, selection, options = {}) {
      await requestJson(transport, {
        method: 'DELETE',
        path: collectionPath(resource, selection.namespace),
        query: selectorQuery(selection),
        body: deleteBody(options),
        signal: options.signal,
      });
    },
  };
}

function streams(transport: TransportOptions, silenceMs: number): Pick<KubeClient, 'watch' | 'podLog'> {
  return {
    async *watch<T extends KubeObject>(resource: KubeResource<T>, options: WatchOptions = {}) {
      const request: ApiRequest = {
        method: 'GET',
        path: collectionPath(resource, options.namespace),
        query: {
          ...selectorQuery(options),
          watch: true,
          allowWatchBookmarks: true,
          resourceVersion: options.resourceVersion,
          timeoutSeconds: options.timeoutSeconds ?? 300 + Math.floor(Math.random() * 300),
        },
        signal: options.signal,
      };
      yield* readWatch<T>(await openStream(transport, request), request, transport.clock, silenceMs);
    },
    podLog: (pod, { signal, ...query } = {}) =>
      openStream(transport, {
        method: 'GET',
        path: objectPath(builtinResources.pods, pod, 'log'),
        query: { ...query },
        signal,
      }),
  };
}

function discovery(transport: TransportOptions): Pick<KubeClient, 'serverVersion' | 'isServed'> {
  return {
    serverVersion: (signal) => requestJson<ServerVersion>(transport, { method: 'GET', path: '/version', signal }),
    async isServed(resource, signal) {
      try {
        const served = await requestJson<{ readonly resources?: readonly { readonly name: string }[] }>(transport, {
          method: 'GET',
          path: groupPath(resource),
          signal,
        });
        return served.resources?.some(({ name }) => name === resource.plural) ?? false;
      } catch (error) {
        if (isNotFound(error)) return false;
        throw error;
      }
    },
  };
}

/** The server wants apiVersion and kind in every body; the descriptor knows them. */
function identified<T extends KubeObject>(resource: KubeResource<T>, object: T): T {
  return { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind };
}

/** What `applyStatus` owns. The uid, if the object has one, keeps the status from landing on a successor of the same name. */
function statusOnly(resource: KubeResource, object: KubeObject & { readonly status?: unknown }): object {
  const { name, namespace, uid } = object.metadata;
  return {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata: { name, namespace, uid },
    status: object.status,
  };
}

function nameOf(
  resource: KubeResource,
  { metadata: { name, namespace } }: KubeObject,
): { name: string; namespace?: string } {
  if (name === undefined) throw new TypeError(`A ${resource.kind} without metadata.name cannot be written to`);
  return namespace === undefined ? { name } : { name, namespace };
}

function creationPath(resource: KubeResource, object: KubeObject, subresource: string | undefined): string {
  if (subresource !== undefined) return objectPath(resource, nameOf(resource, object), subresource);
  if (resource.namespaced && object.metadata.namespace === undefined) {
    throw new TypeError(`A ${resource.kind} needs metadata.namespace to be created, because the kind is namespaced`);
  }
  return collectionPath(resource, object.metadata.namespace);
}

function writeQuery(fieldManager: string, options: WriteOptions): Query {
  return {
    fieldManager: options.fieldManager ?? fieldManager,
    fieldValidation: options.fieldValidation ?? 'Strict',
    dryRun: options.dryRun === true ? 'All' : undefined,
  };
}

function selectorQuery({ labelSelector, fieldSelector }: Selection): Query {
  return { labelSelector, fieldSelector };
}

function deleteBody(options: DeleteOptions): object {
  const { uid, resourceVersion, gracePeriodSeconds, propagationPolicy, dryRun } = options;
  const preconditions = uid === undefined && resourceVersion === undefined ? undefined : { uid, resourceVersion };
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions,
    gracePeriodSeconds,
    propagationPolicy,
    dryRun: dryRun === true ? ['All'] : undefined,
  };
}
