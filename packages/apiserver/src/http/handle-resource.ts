import { ApiError } from '../api-error.ts';
import { apiVersionOf } from '../catalog/catalog.ts';
import { createObject } from '../registry/create.ts';
import { type Deletion, deleteObject } from '../registry/delete.ts';
import { type DeleteOptions, parseDeleteOptions } from '../registry/delete-options.ts';
import { methodNotAllowed } from '../registry/errors.ts';
import { parseListOptions } from '../registry/list-options.ts';
import { type CollectionRef, type ObjectRef, refOf } from '../registry/object-ref.ts';
import { getObject, listObjects } from '../registry/read.ts';
import { updateObject } from '../registry/update.ts';
import type { KubernetesObject, Resource, Verb } from '../resource/resource.ts';
import { strategyOf } from '../strategy/strategies.ts';
import { watchBody } from '../watch/watch-body.ts';
import { parseWatchOptions } from '../watch/watch-options.ts';
import { Watcher } from '../watch/watcher.ts';
import { negotiate } from './accept.ts';
import { jsonAnswer } from './answer.ts';
import { type ResourceCall, type Server, writeOptionsOf } from './call.ts';
import { duplicateFields } from './duplicate-fields.ts';
import { handlePatch } from './handle-patch.ts';
import { handleScale } from './handle-scale.ts';
import { handlePodSubresource } from './handle-pod-subresource.ts';
import { noSubresource, notServed } from './not-served.ts';
import { eventText, listText, objectText, presentationOf } from './present-answer.ts';
import { decodeBody, mediaTypeOf, readBody } from './request-body.ts';
import { answerReview, isReview } from './review.ts';

/** Requests for objects and collections. */
export async function handleResource(server: Server, call: ResourceCall): Promise<Response> {
  const resource = servedResource(server, call);
  if (isReview(resource)) return createReview(server, call, resource);
  const { namespace, name, subresource } = call.route;
  if (name === '') return handleCollection(server, call, { resource, namespace });
  const ref = { resource, namespace, name };
  if (subresource === 'scale') return handleScale(server, call, ref);
  if (subresource !== '' && subresource !== 'status' && subresource !== 'finalize') {
    return handlePodSubresource(server, call, ref);
  }
  return handleObject(server, call, ref);
}

/** The verb of a request, as authorizers and metrics call it. */
export function verbOf({ request, route, query }: Pick<ResourceCall, 'request' | 'route' | 'query'>): Verb | undefined {
  const isCollection = route.name === '';
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      if (isWatch(query)) return 'watch';
      return isCollection ? 'list' : 'get';
    case 'POST':
      return 'create';
    case 'PUT':
      return isCollection ? undefined : 'update';
    case 'PATCH':
      return isCollection ? undefined : 'patch';
    case 'DELETE':
      return isCollection ? 'deletecollection' : 'delete';
    default:
      return undefined;
  }
}

function servedResource({ registry }: Server, { route }: ResourceCall): Resource {
  const { group, version, plural, namespace, name, subresource } = route;
  const resource = registry.catalog.find(group, version, plural);
  if (resource === undefined) throw notServed();
  // All namespaces at once can be listed and watched; an object is in one.
  if (namespace !== '' && !resource.namespaced) throw notServed();
  if (name !== '' && namespace === '' && resource.namespaced) throw notServed();
  if (subresource !== '' && !resource.subresources.some((served) => served.name === subresource)) {
    throw noSubresource(resource, subresource);
  }
  return resource;
}

async function handleCollection(server: Server, call: ResourceCall, collection: CollectionRef): Promise<Response> {
  const { resource, namespace } = collection;
  const verb = verbOf(call);
  if (verb === undefined || !resource.verbs.includes(verb)) throw wrongMethod();
  if (resource.namespaced && namespace === '' && verb !== 'list' && verb !== 'watch') throw wrongMethod();
  const handle = collectionHandlers[verb];
  if (handle === undefined) throw wrongMethod();
  return handle(server, call, collection);
}

async function handleObject(server: Server, call: ResourceCall, ref: ObjectRef): Promise<Response> {
  const { resource } = ref;
  const { subresource } = call.route;
  const verb = verbOf(call);
  const verbs = subresource === '' ? resource.verbs : resource.subresources.find((s) => s.name === subresource)?.verbs;
  const handle = verb === undefined ? undefined : objectHandlers[verb];
  if (verb === undefined || handle === undefined || verbs?.includes(verb) !== true) throw wrongMethod();
  return handle(server, call, ref);
}

type Handler<Ref> = (server: Server, call: ResourceCall, ref: Ref) => Response | Promise<Response>;

const collectionHandlers: Partial<Record<Verb, Handler<CollectionRef>>> = {
  list,
  watch,
  create,
  deletecollection: deleteCollection,
};

const objectHandlers: Partial<Record<Verb, Handler<ObjectRef>>> = {
  get,
  watch: watchOne,
  update,
  patch: handlePatch,
  delete: deleteOne,
};

function get(server: Server, call: ResourceCall, ref: ObjectRef): Response {
  return shown(server, call, ref.resource, getObject(server.registry, ref));
}

function list(server: Server, call: ResourceCall, collection: CollectionRef): Response {
  const how = presentationOf(negotiate(call.request.headers.get('accept')), call.query, server.registry.clock.now());
  const found = listObjects(server.registry, collection, parseListOptions(call.query, collection.resource));
  return jsonAnswer(listText(collection.resource, found, how));
}

function watch(server: Server, call: ResourceCall, collection: CollectionRef): Response {
  const { log, clock } = server.registry;
  const { resource } = collection;
  const form = negotiate(call.request.headers.get('accept'));
  presentationOf(form, call.query, clock.now());
  const options = parseWatchOptions(call.query, resource);
  const watcher: Watcher = new Watcher(
    {
      log,
      clock,
      isServed: ({ group, version, plural }) => server.registry.catalog.find(group, version, plural) === resource,
      onEnd: () => server.watchers.delete(watcher),
    },
    collection,
    options,
  );
  const body = watchBody(watcher, (event) => {
    return eventText(resource, event, presentationOf(form, call.query, clock.now()));
  });
  call.request.signal.addEventListener('abort', () => watcher.end(), { once: true });
  server.watchers.add(watcher);
  return new Response(body, { headers: { 'content-type': 'application/json', 'cache-control': 'no-cache, private' } });
}

/** `GET …/<name>?watch=1` is a watch of the collection, narrowed to the name. */
function watchOne(server: Server, call: ResourceCall, { resource, namespace, name }: ObjectRef): Response {
  const query = new URLSearchParams(call.query);
  query.set('fieldSelector', `metadata.name=${name}`);
  return watch(server, { ...call, query }, { resource, namespace });
}

async function create(server: Server, call: ResourceCall, collection: CollectionRef): Promise<Response> {
  const { body, duplicates } = await readObject(call, collection.resource);
  const object = createObject(server.registry, collection, body, writeOptionsOf(call, duplicates));
  return shown(server, call, collection.resource, object, 201);
}

async function update(server: Server, call: ResourceCall, ref: ObjectRef): Promise<Response> {
  const { body, duplicates } = await readObject(call, ref.resource);
  const { subresource } = call.route;
  const object = updateObject(server.registry, ref, () => body, {
    ...writeOptionsOf(call, duplicates),
    subresource: subresource === '' ? undefined : subresource,
    isReplacement: true,
  });
  return shown(server, call, ref.resource, object);
}

async function deleteOne(server: Server, call: ResourceCall, ref: ObjectRef): Promise<Response> {
  const deletion = deleteObject(server.registry, ref, await readDeleteOptions(call));
  if (deletion.isGone && strategyOf(ref.resource).returnsDeletedObject !== true) {
    return jsonAnswer(deletedStatus(ref, deletion));
  }
  return shown(server, call, ref.resource, deletion.object);
}

async function deleteCollection(server: Server, call: ResourceCall, collection: CollectionRef): Promise<Response> {
  const { registry } = server;
  const { resource } = collection;
  const options = await readDeleteOptions(call);
  const found = listObjects(registry, collection, parseListOptions(call.query, resource));
  for (const object of found.items) deleteObject(registry, refOf(resource, object), options);
  const how = presentationOf('Object', call.query, registry.clock.now());
  return jsonAnswer(listText(resource, found, how));
}

async function createReview(server: Server, call: ResourceCall, resource: Resource): Promise<Response> {
  if (call.request.method !== 'POST' || call.route.name !== '') throw wrongMethod();
  const { body } = await readObject(call, resource);
  return jsonAnswer(await answerReview(server, call, resource, body), 201);
}

function shown(
  { registry }: Server,
  { request, query }: ResourceCall,
  resource: Resource,
  object: KubernetesObject,
  status = 200,
): Response {
  const how = presentationOf(negotiate(request.headers.get('accept')), query, registry.clock.now());
  return jsonAnswer(objectText(resource, object, how), status);
}

/** Reads a whole object; kind and apiVersion may be left out, as upstream lets them. */
async function readObject(call: ResourceCall, resource: Resource) {
  const mediaType = mediaTypeOf(call.request);
  const text = await readBody(call.request);
  const body = decodeBody(text, mediaType);
  const object = asObject(body, resource);
  return { body: object, duplicates: /^\s*\{/.test(text) ? duplicateFields(text) : [] };
}

function asObject(body: unknown, resource: Resource): KubernetesObject {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ApiError(400, 'BadRequest', `the body of the request must be one ${resource.kind}`);
  }
  return { apiVersion: apiVersionOf(resource), kind: resource.kind, ...body } as KubernetesObject;
}

async function readDeleteOptions(call: ResourceCall): Promise<DeleteOptions> {
  const text = await readBody(call.request);
  const body: unknown = text === '' ? undefined : decodeBody(text, mediaTypeOf(call.request));
  return parseDeleteOptions(body, call.query);
}

function deletedStatus({ resource, name }: ObjectRef, { object }: Deletion): object {
  const { group, plural } = resource;
  const details = { name, ...(group === '' ? {} : { group }), kind: plural, uid: object.metadata.uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

function isWatch(query: URLSearchParams): boolean {
  const watch = query.get('watch');
  return watch === 'true' || watch === '1';
}

function wrongMethod(): ApiError {
  return methodNotAllowed('the server does not allow this method on the requested resource');
}
