import { importJWK, type JWK, SignJWT } from 'jose';
import { ticketAlgorithm, ticketIssuer, ticketLifetimeSeconds, type TicketRole, ticketType } from './ticket.ts';

/** Whom a ticket is for. */
export interface TicketGrant {
  /** UID of the VDISession. */
  readonly audience: string;
  /** The person's name, as in `spec.user`. */
  readonly user: string;
  readonly role: TicketRole;
  /** At most, and by default, 60. */
  readonly lifetimeSeconds?: number;
}

export interface TicketSigner {
  sign(grant: TicketGrant): Promise<string>;
}

/**
 * @param privateJwk Ed25519 with a `kid`, from {@link generateTicketKeys}.
 * @throws TypeError when the key is of another kind, RangeError for a lifetime outside 1 … 60 s.
 */
export async function createTicketSigner(
  privateJwk: JWK,
  options: { readonly now?: () => Date } = {},
): Promise<TicketSigner> {
  const { kid } = privateJwk;
  if (privateJwk.kty !== 'OKP' || privateJwk.crv !== 'Ed25519' || privateJwk.d === undefined || kid === undefined) {
    throw new TypeError('The ticket key must be a private Ed25519 JWK with a kid: make one with generateTicketKeys().');
  }
  const key = await importJWK(privateJwk, ticketAlgorithm);
  const now = options.now ?? (() => new Date());
  return {
    async sign({ audience, user, role, lifetimeSeconds = ticketLifetimeSeconds }) {
      if (!(lifetimeSeconds >= 1 && lifetimeSeconds <= ticketLifetimeSeconds)) {
        throw new RangeError(`A ticket lives for 1 to ${ticketLifetimeSeconds} seconds, not ${lifetimeSeconds}.`);
      }
      const issuedAt = Math.floor(now().getTime() / 1000);
      return await new SignJWT({ role })
        .setProtectedHeader({ alg: ticketAlgorithm, kid, typ: ticketType })
        .setIssuer(ticketIssuer)
        .setAudience(audience)
        .setSubject(user)
        .setJti(crypto.randomUUID())
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + Math.floor(lifetimeSeconds))
        .sign(key);
    },
  };
}
