import {
  aggregatedDiscovery,
  apiGroup,
  apiGroupList,
  apiResourceList,
  legacyApiVersions,
} from '../openapi/discovery.ts';
import { openApiV2, openApiV3, openApiV3Index } from '../openapi/openapi.ts';
import { openApiV2Protobuf, protobufTypes } from '../openapi/openapi-v2-protobuf.ts';
import type { Resource } from '../resource/resource.ts';
import { negotiate } from './accept.ts';
import { jsonAnswer } from './answer.ts';
import type { Server } from './call.ts';
import { metricsText } from './metrics.ts';
import { notServed } from './not-served.ts';
import type { Route } from './route.ts';

type DocumentMaker = (resources: readonly Resource[]) => object;

/** Documents about what is served are made once for each set of resources: some take longer to make than to send. */
const made = new WeakMap<readonly Resource[], Map<string, string>>();

/** Discovery, OpenAPI, health, version: everything that is not an object. */
export function handleDocument(
  server: Server,
  request: Request,
  route: Exclude<Route, { type: 'resource' }>,
): Response {
  const resources = server.registry.catalog.all;
  if (route.type === 'groupVersion') {
    const { group, version } = route;
    if (!resources.some((served) => served.group === group && served.version === version)) throw notServed();
    negotiate(request.headers.get('accept'));
    return cached(resources, `${group}/${version}`, () => apiResourceList(resources, group, version));
  }
  const { path } = route;
  switch (path) {
    case '/api':
    case '/apis':
      return discovery(resources, path, request);
    case '/version':
      return jsonAnswer(versionInfo);
    case '/healthz':
    case '/livez':
    case '/readyz':
      return health(server, path, new URL(request.url).searchParams);
    case '/metrics':
      return new Response(metricsText(server), { headers: { 'content-type': 'text/plain; version=0.0.4' } });
    case '/openapi/v2':
      return protobufDocument(resources, request) ?? openApi(resources, request, path, openApiV2);
    case '/openapi/v3':
      return openApi(resources, request, path, openApiV3Index);
    default:
      return other(resources, request, path);
  }
}

/** Those that answer before anybody is authenticated, as upstream's `system:public-info-viewer`. */
export function isPublic(path: string): boolean {
  return ['/healthz', '/livez', '/readyz', '/version'].includes(path);
}

function other(resources: readonly Resource[], request: Request, path: string): Response {
  const [, group] = /^\/apis\/([^/]+)$/.exec(path) ?? [];
  if (group !== undefined) {
    if (!resources.some((served) => served.group === group)) throw notServed();
    return cached(resources, path, () => apiGroup(resources, group));
  }
  const [, legacy, namedGroup = '', named] =
    /^\/openapi\/v3\/(?:api\/([^/]+)|apis\/([^/]+)\/([^/]+))$/.exec(path) ?? [];
  const version = legacy ?? named;
  if (version === undefined) throw notServed();
  if (!resources.some((served) => served.group === namedGroup && served.version === version)) throw notServed();
  return openApi(resources, request, path, (all) => openApiV3(all, namedGroup, version));
}

/** Of OpenAPI version 2, client-go wants nothing else. */
function protobufDocument(resources: readonly Resource[], request: Request): Response | undefined {
  const accept = request.headers.get('accept') ?? '';
  if (!protobufTypes.some((type) => accept.includes(type))) return undefined;
  return new Response(openApiV2Protobuf(resources) as Uint8Array<ArrayBuffer>, {
    headers: { 'content-type': protobufTypes[1] },
  });
}

/** Clients offer protobuf with JSON as the second choice; one that offers protobuf alone is told 406. */
function openApi(resources: readonly Resource[], request: Request, path: string, make: DocumentMaker): Response {
  negotiate(request.headers.get('accept'));
  return cached(resources, path, () => make(resources));
}

function discovery(resources: readonly Resource[], path: '/api' | '/apis', request: Request): Response {
  const which = path === '/api' ? 'api' : 'apis';
  if (negotiate(request.headers.get('accept')) === 'Discovery') {
    const answer = cached(resources, `${path} aggregated`, () => aggregatedDiscovery(resources, which));
    answer.headers.set('content-type', 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
    return answer;
  }
  return which === 'api' ? jsonAnswer(legacyApiVersions()) : cached(resources, path, () => apiGroupList(resources));
}

function cached(resources: readonly Resource[], name: string, make: () => object): Response {
  let documents = made.get(resources);
  if (documents === undefined) made.set(resources, (documents = new Map()));
  let text = documents.get(name);
  if (text === undefined) documents.set(name, (text = JSON.stringify(make())));
  return jsonAnswer(text);
}

/** Alive is whoever answers; ready is whose newest write was stored. */
function health({ health: { storageFailure } }: Server, path: string, query: URLSearchParams): Response {
  const isOk = path === '/livez' || storageFailure === undefined;
  const log = storageFailure === undefined ? '[+]log ok' : `[-]log failed: ${storageFailure}`;
  const verdict = `${path.slice(1)} check ${isOk ? 'passed' : 'failed'}`;
  const text = isOk && !query.has('verbose') ? 'ok' : `[+]ping ok\n${log}\n${verdict}\n`;
  return new Response(text, {
    status: isOk ? 200 : 500,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  });
}

/** The version of the API that is spoken: clients compare theirs with it. */
const versionInfo = {
  major: '1',
  minor: '35',
  gitVersion: 'v1.35.0+vdi',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'linux/amd64',
};
