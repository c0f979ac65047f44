import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import {
  clockSkewSeconds,
  isTicketRole,
  type Ticket,
  ticketAlgorithm,
  ticketIssuer,
  ticketLifetimeSeconds,
  ticketLimitBytes,
  ticketType,
} from './ticket.ts';
import { TicketError, type TicketRefusal } from './ticket-error.ts';

/**
 * Whether `token` opens the session `audience`. Algorithm, type, issuer and audience are pinned; keys come from `jwks`
 * alone, never from the token.
 * @throws TicketError for everything that is not a valid ticket; its `refusal` says which rule.
 */
export async function verifyTicket(
  token: string,
  jwks: JSONWebKeySet,
  expected: { readonly audience: string; readonly now: Date },
): Promise<Ticket> {
  if (token.length > ticketLimitBytes) throw new TicketError('malformed', 'The ticket is too long to be one.');
  const payload = await verifiedPayload(token, jwks, expected);
  return ticketOf(payload, expected);
}

async function verifiedPayload(
  token: string,
  jwks: JSONWebKeySet,
  expected: { readonly audience: string; readonly now: Date },
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), {
      algorithms: [ticketAlgorithm],
      typ: ticketType,
      issuer: ticketIssuer,
      audience: expected.audience,
      clockTolerance: clockSkewSeconds,
      currentDate: expected.now,
      requiredClaims: ['sub', 'jti', 'iat', 'exp', 'role'],
    });
    return payload;
  } catch (cause) {
    throw new TicketError(refusalOf(cause), 'The ticket is not valid for this session.', { cause });
  }
}

function refusalOf(cause: unknown): TicketRefusal {
  if (cause instanceof errors.JWTExpired) return 'expired';
  if (cause instanceof errors.JWTClaimValidationFailed) {
    if (cause.claim === 'aud') return 'other-session';
    return cause.claim === 'nbf' || cause.claim === 'iat' ? 'not-yet-valid' : 'bad-claims';
  }
  if (cause instanceof errors.JWTInvalid || cause instanceof errors.JWSInvalid) return 'malformed';
  return 'untrusted';
}

/** The rules that a JWT library does not know: one audience, a short life, a role of ours. */
function ticketOf(payload: JWTPayload, expected: { readonly now: Date }): Ticket {
  const { sub, jti, iat, exp, aud } = payload;
  const role = payload['role'];
  if (typeof sub !== 'string' || sub === '' || typeof jti !== 'string' || jti === '' || !isTicketRole(role)) {
    throw new TicketError('bad-claims', 'The ticket names no user, no id or no known role.');
  }
  if (typeof iat !== 'number' || typeof exp !== 'number' || typeof aud !== 'string') {
    throw new TicketError('bad-claims', 'The ticket has no times, or more than one audience.');
  }
  if (exp <= iat || exp - iat > ticketLifetimeSeconds) {
    throw new TicketError('bad-claims', `The ticket lives longer than ${ticketLifetimeSeconds} seconds.`);
  }
  if (iat > expected.now.getTime() / 1000 + clockSkewSeconds) {
    throw new TicketError('not-yet-valid', 'The ticket was issued in the future: the clocks disagree.');
  }
  return { user: sub, role, jti, expiresAt: new Date(exp * 1000) };
}
