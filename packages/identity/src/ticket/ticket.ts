/**
 * Session tickets: what the session door hands to a display agent with every request. An EdDSA JWT of at most
 * sixty seconds whose audience is the session's UID, so that it opens that session and no other.
 */
export type TicketRole = 'owner' | 'control' | 'view';

/** What a valid ticket says. */
export interface Ticket {
  /** `spec.user` of the person, not of the session. */
  readonly user: string;
  readonly role: TicketRole;
  /** Unique per ticket: a ticket opens at most one connection. */
  readonly jti: string;
  readonly expiresAt: Date;
}

export const ticketIssuer = 'vdi-gateway';
export const ticketAlgorithm = 'EdDSA';
/** JWT `typ`, so that no other token of the same key can pass for a ticket (RFC 8725 §3.11). */
export const ticketType = 'vdi-ticket+jwt';
export const ticketLifetimeSeconds = 60;
export const clockSkewSeconds = 5;
/** Longest token that is looked at. */
export const ticketLimitBytes = 2048;

export function isTicketRole(value: unknown): value is TicketRole {
  return value === 'owner' || value === 'control' || value === 'view';
}
