import { ApiError } from '../api-error.ts';

/** What upstream says of any path that it does not have. */
export function notServed(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource');
}

/** For what Kubernetes has and this server leaves to others. */
export function notClaimed(subresource: string): ApiError {
  const message = `${subresource} is not implemented by this server; use the container runtime of the node instead`;
  return new ApiError(501, 'NotImplemented', message);
}
