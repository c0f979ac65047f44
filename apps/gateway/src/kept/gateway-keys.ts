import { randomBytes } from 'node:crypto';
import { generateProviderKeys, generateTicketKeys, type ProviderKeys, type TicketKeys } from '@vdi/identity';
import { broken, hasFields, openKeptJson } from './kept-json.ts';
import { type KeptText, openKept } from './kept-text.ts';

/** The private keys of a gateway. They outlive its process: desktops, sign-ins and cookies rely on them. */
export interface GatewayKeys {
  /** Signs what desktops accept; they know the public half since their start. */
  readonly ticketKeys: TicketKeys;
  /** Of the embedded OpenID provider. */
  readonly providerKeys: ProviderKeys;
  /** Seals the cookies of who is signed in. */
  readonly cookieKey: Buffer;
}

/** Where each of them is kept. */
export interface KeptKeys {
  readonly ticketKeys: KeptText;
  readonly providerKeys: KeptText;
  readonly cookieKey: KeptText;
}

const cookieKeyBytes = 32;

/** Opens the keys, and makes those that there are not yet. @throws UserError for one that is broken */
export async function openGatewayKeys(kept: KeptKeys): Promise<GatewayKeys> {
  return {
    ticketKeys: await openKeptJson(kept.ticketKeys, isTicketKeys, generateTicketKeys),
    providerKeys: await openKeptJson(kept.providerKeys, isProviderKeys, generateProviderKeys),
    cookieKey: await openCookieKey(kept.cookieKey),
  };
}

function isTicketKeys(value: unknown): value is TicketKeys {
  return hasFields(value, 'privateJwk', 'jwks');
}

function isProviderKeys(value: unknown): value is ProviderKeys {
  return hasFields(value, 'signingKey', 'cookieKey');
}

async function openCookieKey(kept: KeptText): Promise<Buffer> {
  const text = await openKept(kept, () => randomBytes(cookieKeyBytes).toString('base64url'));
  const key = Buffer.from(text.trim(), 'base64url');
  return key.length === cookieKeyBytes ? key : broken(kept);
}
