import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';

/** `extensions.code` of every error of the API: stable, for programs. */
export const apiErrorCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'ALREADY_EXISTS',
  'CONFLICT',
  'QUOTA_EXCEEDED',
  'TOO_COMPLEX',
  'UNAVAILABLE',
  'INTERNAL',
] as const;

export type ApiErrorCode = (typeof apiErrorCodes)[number];

/** An error for the caller. `message` says what happened, why, and what to do. */
export function apiError(code: ApiErrorCode, message: string, facts: GraphQLErrorExtensions = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { ...facts, code } });
}
