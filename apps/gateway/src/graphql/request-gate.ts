import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Via } from '../authorize/authorize.ts';
import type { Principal } from '../auth/principal.ts';
import { apiError } from './api-error.ts';
import type { GraphqlEndpointOptions } from './graphql-endpoint.ts';

/** Throws FORBIDDEN for pages of other origins. Clients that are no browsers name no origin. */
export function requireOrigin({ headers: { origin } }: IncomingMessage, origins: readonly string[]): void {
  if (origin === undefined || origins.includes(origin)) return;
  throw apiError(
    'FORBIDDEN',
    `Pages of ${JSON.stringify(origin.slice(0, 128))} may not use this API: open the dashboard at ${origins.join(' or ')}`,
    { http: { status: 403 } },
  );
}

/** Who asks. Throws UNAUTHENTICATED; the authorizer has the word, so that the audit hears of it. */
export async function requirePrincipal(
  request: IncomingMessage,
  via: Via,
  { authorizer, principalOf }: Pick<GraphqlEndpointOptions, 'authorizer' | 'principalOf'>,
): Promise<Principal> {
  const principal = await principalOf(request);
  if (principal !== undefined && !principal.signal.aborted) return principal;
  const decision = authorizer.decide(undefined, 'user.get', { kind: 'none' }, via);
  const reason = decision.allowed ? 'Sign in first' : decision.reason;
  throw apiError('UNAUTHENTICATED', `${reason}: this API is for people who are signed in`, { http: { status: 401 } });
}

export function viaOf(
  request: IncomingMessage,
  surface: Via['surface'],
  { addressOf, requestId = randomUUID() }: Pick<GraphqlEndpointOptions, 'addressOf'> & { readonly requestId?: string },
): Via {
  return { surface, requestId, address: addressOf(request) };
}
