import { ApiError } from '../api-error.ts';
import { qualifiedResource } from '../registry/errors.ts';
import type { Resource } from '../resource/resource.ts';

/** What upstream says of any path that it does not have. */
export function notServed(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource');
}

/** For what Kubernetes has and this server leaves to others. */
export function notClaimed(resource: Pick<Resource, 'group' | 'plural'>, subresource: string): ApiError {
  const message = `${qualifiedResource(resource)}/${subresource} is not implemented by this server: it needs a full Kubernetes cluster`;
  return new ApiError(501, 'NotImplemented', message);
}
