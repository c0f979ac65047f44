import { UserError } from '@vdi/api';
import { KubeError } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import { GraphQLError } from 'graphql';
import { apiError, apiErrorCodes, type ApiErrorCode } from './api-error.ts';

/**
 * What the caller gets to see of an error. Ours stay as they are, those of the API server keep its words and causes, and
 * everything unforeseen goes to the log alone.
 */
export function presentError(error: unknown, log: Logger): GraphQLError {
  const located = error instanceof GraphQLError ? error : undefined;
  const original = originalOf(error);
  if (original instanceof GraphQLError) return presentable(original, located);
  if (original instanceof KubeError) {
    log.info({ err: original, path: located?.path }, 'The cluster refused what a GraphQL operation asked for');
    return presentable(ofKubeError(original), located);
  }
  if (original instanceof UserError) {
    return presentable(apiError('BAD_USER_INPUT', original.message, { reason: original.code }), located);
  }
  log.error({ err: original, path: located?.path }, 'Failed to answer a GraphQL operation');
  return presentable(apiError('INTERNAL', 'Something went wrong here: try again, and tell an administrator'), located);
}

/** The error that a resolver threw, from under the wrappings that say where. */
function originalOf(error: unknown): unknown {
  let original = error;
  while (original instanceof GraphQLError && original.originalError !== undefined) original = original.originalError;
  return original;
}

/** Errors that have no code are those of graphql-js about the operation itself: its syntax, fields and variables. */
function presentable(error: GraphQLError, located: GraphQLError | undefined): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: located?.nodes ?? error.nodes,
    source: located?.source ?? error.source,
    positions: located?.positions ?? error.positions,
    path: located?.path,
    extensions: { ...error.extensions, code: ownCode(error) ?? 'BAD_USER_INPUT' },
  });
}

function ownCode({ extensions: { code } }: GraphQLError): ApiErrorCode | undefined {
  // The server library has codes of its own for errors of the operation itself.
  return apiErrorCodes.find((known) => known === code);
}

function ofKubeError(error: KubeError): GraphQLError {
  const code = codeOf(error);
  // Addresses inside the cluster are nobody's business.
  if (code === 'UNAVAILABLE') return apiError(code, 'The cluster does not answer: try again in a moment');
  const causes = error.causes.map(({ reason, field, message }) => ({ reason, field, message }));
  return apiError(code, withoutRequest(error.message), { reason: error.reason, causes });
}

/** Which request to the cluster failed is for the log: who asks in GraphQL did not make it. */
function withoutRequest(message: string): string {
  return message.replace(/^[A-Z]+ \/\S+ failed: /, '');
}

function codeOf({ status, reason, message }: KubeError): ApiErrorCode {
  if (status === 403) return /exceeded quota/.test(message) ? 'QUOTA_EXCEEDED' : 'FORBIDDEN';
  if (status === 404) return 'NOT_FOUND';
  if (status === 409) return reason === 'AlreadyExists' ? 'ALREADY_EXISTS' : 'CONFLICT';
  if (status === 400 || status === 422) return 'BAD_USER_INPUT';
  return status === 0 || status === 429 || status >= 500 ? 'UNAVAILABLE' : 'INTERNAL';
}
