import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { UserError } from '@vdi/api';
import { TokenError } from '@vdi/identity';
import { bearerToken } from '../auth/bearer-sign-ins.ts';
import type { Via } from '../authorize/authorize.ts';
import type { Principal } from '../auth/principal.ts';
import { apiError } from './api-error.ts';
import type { GraphqlEndpointOptions } from './graphql-endpoint.ts';

type Gate = Pick<GraphqlEndpointOptions, 'authorizer' | 'principalOf' | 'principalOfToken'>;

/**
 * Throws FORBIDDEN for pages of other origins, whose requests bring cookies along that they know nothing of. Clients that are
 * no browsers name no origin, and a bearer token is sent by whoever has it, on purpose.
 */
export function requireOrigin(
  { headers: { origin, authorization } }: IncomingMessage,
  origins: readonly string[],
): void {
  if (origin === undefined || origins.includes(origin) || bearerToken(authorization) !== undefined) return;
  throw apiError(
    'FORBIDDEN',
    `Pages of ${JSON.stringify(origin.slice(0, 128))} may not use this API: open the dashboard at ${origins.join(' or ')}`,
    { http: { status: 403 } },
  );
}

/** Who asks: by bearer token where there is one, and by cookie else. Throws UNAUTHENTICATED or FORBIDDEN. */
export async function requirePrincipal(request: IncomingMessage, via: Via, gate: Gate): Promise<Principal> {
  const token = bearerToken(request.headers.authorization);
  if (token !== undefined) return await requireTokenHolder(token, via, gate);
  const principal = await gate.principalOf(request);
  if (principal !== undefined && !principal.signal.aborted) return principal;
  throw unauthenticated('this API is for people who are signed in', via, gate);
}

/** Whose token it is. Throws UNAUTHENTICATED for one that is not valid, FORBIDDEN for somebody who may not sign in. */
export async function requireTokenHolder(token: string, via: Via, gate: Gate): Promise<Principal> {
  try {
    if (gate.principalOfToken === undefined) throw new TokenError('malformed', 'no tokens are accepted here');
    return await gate.principalOfToken(token);
  } catch (error) {
    if (error instanceof TokenError) {
      const why = `the access token is refused, because ${error.message}. Get a new one from the provider`;
      throw unauthenticated(why, via, gate, ' error="invalid_token"');
    }
    if (error instanceof UserError) {
      tellAudit(via, gate);
      throw apiError('FORBIDDEN', error.message, { reason: error.code, http: { status: 403 } });
    }
    throw error;
  }
}

export function unauthenticated(why: string, via: Via, gate: Pick<Gate, 'authorizer'>, challenge = '') {
  const reason = tellAudit(via, gate);
  const headers = { 'www-authenticate': `Bearer${challenge}` };
  return apiError('UNAUTHENTICATED', `${reason}: ${why}`, { http: { status: 401, headers } });
}

/** The authorizer has the word, so that the audit hears of it. */
function tellAudit(via: Via, { authorizer }: Pick<Gate, 'authorizer'>): string {
  const decision = authorizer.decide(undefined, 'user.get', { kind: 'none' }, via);
  return decision.allowed ? 'Sign in first' : decision.reason;
}

export function viaOf(
  request: IncomingMessage,
  surface: Via['surface'],
  { addressOf, requestId = randomUUID() }: Pick<GraphqlEndpointOptions, 'addressOf'> & { readonly requestId?: string },
): Via {
  return { surface, requestId, address: addressOf(request) };
}
