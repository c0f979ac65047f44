import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from 'jose';
import { ticketAlgorithm } from './ticket.ts';

/** The private half stays with the door; the public half travels in each session's Secret as `ticket-keys.json`. */
export interface TicketKeys {
  readonly privateJwk: JWK;
  readonly jwks: JSONWebKeySet;
}

/** A new Ed25519 key pair. `kid` names it, so that two generations can be valid while keys are changed. */
export async function generateTicketKeys(): Promise<TicketKeys> {
  const { privateKey, publicKey } = await generateKeyPair(ticketAlgorithm, { crv: 'Ed25519', extractable: true });
  const facts = { kid: crypto.randomUUID(), alg: ticketAlgorithm, use: 'sig' };
  return {
    privateJwk: { ...(await exportJWK(privateKey)), ...facts },
    jwks: { keys: [{ ...(await exportJWK(publicKey)), ...facts }] },
  };
}
