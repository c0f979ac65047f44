import { ApiError } from '../api-error.ts';
import { qualifiedResource } from '../registry/errors.ts';
import type { Resource } from '../resource/resource.ts';

/** What upstream says of any path that it does not have. */
export function notServed(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource');
}

/** What Kubernetes has below its kinds and we have not: clients that try are told so, and discovery does not name it. */
const elsewhere: ReadonlySet<string> = new Set([
  'attach',
  'ephemeralcontainers',
  'portforward',
  'proxy',
  'resize',
  'token',
]);

/** For a subresource that the resource does not have here. */
export function noSubresource(resource: Pick<Resource, 'group' | 'plural' | 'origin'>, subresource: string): ApiError {
  return resource.origin === 'builtin' && elsewhere.has(subresource) ? notClaimed(resource, subresource) : notServed();
}

/** For what Kubernetes has and this server leaves to others. */
export function notClaimed(resource: Pick<Resource, 'group' | 'plural'>, subresource: string): ApiError {
  const message = `${qualifiedResource(resource)}/${subresource} is not implemented by this server: it needs a full Kubernetes cluster`;
  return new ApiError(501, 'NotImplemented', message);
}
