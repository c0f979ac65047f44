import { statusAnswer } from './answer.ts';
import type { Server } from './call.ts';
import { authenticated, routeOf, toldOf } from './handle-request.ts';
import { noSubresource, notClaimed, notServed } from './not-served.ts';
import { type PodExecQuery, podExecQuery } from './pod-exec.ts';
import type { Route } from './route.ts';

/** The way of a request that wants a WebSocket: the same checks as of any other, and then what it asks for. */
export async function handleUpgrade(server: Server, request: Request): Promise<PodExecQuery | Response> {
  let route: Route | undefined;
  try {
    const url = new URL(request.url);
    route = routeOf(url);
    await authenticated(server, request, route);
    if (route.type !== 'resource') throw notServed();
    const { group, version, plural, namespace, name, subresource } = route;
    const resource = server.registry.catalog.find(group, version, plural);
    if (resource === undefined || namespace === '' || name === '') throw notServed();
    const isPodExec = group === '' && plural === 'pods' && subresource === 'exec';
    if (!isPodExec) throw noSubresource(resource, subresource);
    if (!server.servesExec) throw notClaimed(resource, subresource);
    return podExecQuery(server, { query: url.searchParams }, { resource, namespace, name });
  } catch (thrown) {
    return statusAnswer(toldOf(server, request, thrown, route));
  }
}
