import { ApiError } from '../api-error.ts';
import { StorageFailure } from '../storage/revision-log.ts';
import { badRequest } from '../registry/errors.ts';
import { addWarnings, apiErrorOf, statusAnswer } from './answer.ts';
import type { Call, Server, User } from './call.ts';
import { handleDocument, isPublic } from './handle-document.ts';
import { handleResource, verbOf } from './handle-resource.ts';
import { parseRoute, type Route } from './route.ts';

const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

/** The way of every request: authenticate, route, handle; whatever is thrown becomes a Status. */
export async function handleRequest(server: Server, request: Request): Promise<Response> {
  const url = new URL(request.url);
  let route: Route | undefined;
  let answer: Response;
  const warnings: string[] = [];
  try {
    route = routeOf(url);
    const user = await authenticated(server, request, route);
    answer = await answerTo(server, route, { request, url, query: url.searchParams, user, warnings });
  } catch (thrown) {
    answer = statusAnswer(toldOf(server, request, thrown, route));
  }
  addWarnings(answer, warnings);
  count(server, request, url, { route, code: answer.status });
  return answer;
}

async function answerTo(server: Server, route: Route, call: Call): Promise<Response> {
  if (route.type === 'resource') return handleResource(server, { ...call, route });
  if (call.request.method !== 'GET' && call.request.method !== 'HEAD') {
    throw new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
  }
  return handleDocument(server, call.request, route);
}

/** Throws 401. */
export async function authenticated(server: Server, request: Request, route: Route): Promise<User> {
  const user = await server.authenticate(request);
  if (user !== undefined) return user;
  if (route.type === 'document' && isPublic(route.path)) return anonymous;
  throw new ApiError(401, 'Unauthorized', 'Unauthorized');
}

/** Throws 400. */
export function routeOf(url: URL): Route {
  try {
    return parseRoute(url.pathname);
  } catch (cause) {
    throw badRequest(`the path ${url.pathname} is not properly encoded`, cause);
  }
}

/** Errors that do not say what they are about are about what the path names. */
export function toldOf(
  { logger, health }: Server,
  request: Request,
  thrown: unknown,
  route: Route | undefined,
): ApiError {
  const error = apiErrorOf(thrown);
  if (thrown instanceof StorageFailure) health.storageFailure = thrown.message;
  if (error.code >= 500 && error.code !== 501) {
    logger.error({ method: request.method, url: request.url, err: thrown }, 'Failed to answer a request');
  }
  if (error.subject !== undefined || route?.type !== 'resource' || error.code === 401) return error;
  const { name, group, plural } = route;
  return new ApiError(error.code, error.reason, error.message, {
    causes: error.causes,
    subject: { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: plural },
    cause: error,
    ...(error.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: error.retryAfterSeconds }),
    ...(error.continueToken === undefined ? {} : { continueToken: error.continueToken }),
  });
}

function count(
  { counts }: Server,
  request: Request,
  url: URL,
  { route, code }: { readonly route: Route | undefined; readonly code: number },
): void {
  if (route?.type !== 'resource') return;
  const verb = verbOf({ request, route, query: url.searchParams }) ?? request.method;
  // A path that nobody serves is not a label: anybody could invent labels without end.
  const isServed = code !== 404;
  counts.add({ verb, group: isServed ? route.group : '', resource: isServed ? route.plural : '', code });
}
