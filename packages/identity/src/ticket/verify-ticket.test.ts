import { createHmac } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTicketSigner, generateTicketKeys, TicketError, type TicketKeys, verifyTicket } from '../index.ts';

const session = '5b0a5b2e-7f1d-4f35-9a38-0d6f0d6b1a11';
const now = new Date('2030-05-04T12:00:00.000Z');
const seconds = now.getTime() / 1000;
const later = (milliseconds: number): Date => new Date(now.getTime() + milliseconds);

let keys: TicketKeys;
let strangers: TicketKeys;
beforeAll(async () => {
  [keys, strangers] = await Promise.all([generateTicketKeys(), generateTicketKeys()]);
});

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
const header = { alg: 'EdDSA', typ: 'vdi-ticket+jwt' };
const claims = {
  iss: 'vdi-gateway',
  aud: session,
  sub: 'alice@example.com',
  role: 'owner',
  jti: 'ticket-1',
  iat: seconds,
  exp: seconds + 60,
};

/** A ticket that differs from a right one in exactly what is given; `undefined` leaves a claim out. */
async function aTicket(
  change: { header?: Record<string, unknown>; claims?: Record<string, unknown>; by?: TicketKeys } = {},
): Promise<string> {
  const { privateJwk } = change.by ?? keys;
  const protectedHeader = { ...header, kid: privateJwk.kid!, ...change.header };
  return await new SignJWT({ ...claims, ...change.claims }).setProtectedHeader(protectedHeader).sign(privateJwk);
}

async function aGoodTicket(): Promise<string> {
  const signer = await createTicketSigner(keys.privateJwk, { now: () => now });
  return await signer.sign({ audience: session, user: 'alice@example.com', role: 'owner' });
}

const verify = async (token: string, at: Date = now): Promise<unknown> =>
  await verifyTicket(token, keys.jwks, { audience: session, now: at });
const refusal = async (token: string, at?: Date): Promise<string> => {
  const error = await verify(token, at).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof TicketError ? error.refusal : `not refused: ${String(error)}`;
};

describe('a ticket', () => {
  it('says who may do what until when', async () => {
    expect(await verify(await aGoodTicket())).toEqual({
      user: 'alice@example.com',
      role: 'owner',
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      expiresAt: later(60_000),
    });
  });

  it('is what the table of forgeries starts from', async () => {
    expect(await verify(await aTicket())).toMatchObject({ user: 'alice@example.com', role: 'owner' });
  });

  it('holds for five seconds more, because clocks differ, and no longer', async () => {
    const token = await aGoodTicket();
    await expect(verify(token, later(64_000))).resolves.toBeDefined();
    expect(await refusal(token, later(65_000))).toBe('expired');
    await expect(verify(token, later(-5000))).resolves.toBeDefined();
    expect(await refusal(token, later(-6000))).toBe('not-yet-valid');
  });

  it('never has the id of another', async () => {
    const tickets = await Promise.all([aGoodTicket(), aGoodTicket(), aGoodTicket()]);
    expect(new Set(tickets.map((token) => decode(token.split('.')[1]!)['jti'])).size).toBe(3);
  });

  it('is verified by either of two keys while they are changed', async () => {
    const both = { keys: [...strangers.jwks.keys, ...keys.jwks.keys] };
    await expect(verifyTicket(await aGoodTicket(), both, { audience: session, now })).resolves.toBeDefined();
  });
});

describe('a forged ticket', () => {
  const hmacWithPublicKey = (): string => {
    const signed = `${encode({ ...header, alg: 'HS256', kid: keys.privateJwk.kid })}.${encode(claims)}`;
    const mac = createHmac('sha256', keys.jwks.keys[0]!.x!).update(signed).digest('base64url');
    return `${signed}.${mac}`;
  };
  const tampered = async (change: Record<string, unknown>): Promise<string> => {
    const [head, body, signature] = (await aTicket()).split('.');
    return `${head}.${encode({ ...decode(body!), ...change })}.${signature}`;
  };
  const embeddedKey = async (): Promise<string> => {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    const jwk: JWK = await exportJWK(publicKey);
    return await new SignJWT(claims).setProtectedHeader({ ...header, jwk }).sign(privateKey);
  };
  const otherAlgorithm = async (alg: 'ES256' | 'RS256'): Promise<string> => {
    const { privateKey } = await generateKeyPair(alg);
    return await new SignJWT(claims).setProtectedHeader({ ...header, alg, kid: keys.privateJwk.kid! }).sign(privateKey);
  };
  const withSignature = async (change: (signature: Buffer) => Buffer): Promise<string> => {
    const [head, body, signature] = (await aTicket()).split('.');
    return `${head}.${body}.${change(Buffer.from(signature!, 'base64url')).toString('base64url')}`;
  };

  const forgeries: readonly (readonly [what: string, token: () => string | Promise<string>, refusal: string])[] = [
    ['nothing', () => '', 'malformed'],
    ['words', () => 'let me in', 'malformed'],
    ['two parts', async () => (await aTicket()).split('.').slice(0, 2).join('.'), 'malformed'],
    ['four parts', async () => `${await aTicket()}.${encode({})}`, 'malformed'],
    ['a header that is not JSON', async () => (await aTicket()).replace(/^[^.]+/, 'e30x'), 'malformed'],
    ['an endless token', () => 'a'.repeat(1_000_000), 'malformed'],
    ['algorithm none, no signature', () => `${encode({ ...header, alg: 'none' })}.${encode(claims)}.`, 'untrusted'],
    ['algorithm None in another case', () => `${encode({ ...header, alg: 'nOnE' })}.${encode(claims)}.`, 'untrusted'],
    ['HMAC with the public key as secret', hmacWithPublicKey, 'untrusted'],
    ['ECDSA under our key id', () => otherAlgorithm('ES256'), 'untrusted'],
    ['RSA under our key id', () => otherAlgorithm('RS256'), 'untrusted'],
    ["a stranger's key", () => aTicket({ by: strangers }), 'untrusted'],
    [
      "a stranger's key under our key id",
      () => aTicket({ by: strangers, header: { kid: keys.privateJwk.kid } }),
      'untrusted',
    ],
    ['a key inside the token', embeddedKey, 'untrusted'],
    ['an unknown critical header', () => aTicket().then((t) => recoded(t, { crit: ['b64'], b64: true })), 'untrusted'],
    ['the signature left out', () => withSignature(() => Buffer.alloc(0)), 'untrusted'],
    ['a signature of zeros', () => withSignature((signature) => Buffer.alloc(signature.length)), 'untrusted'],
    [
      'one flipped bit in the signature',
      () => withSignature((signature) => Buffer.from(signature.map((byte, index) => (index === 3 ? byte ^ 1 : byte)))),
      'untrusted',
    ],
    ['another user written in', () => tampered({ sub: 'eve@example.com' }), 'untrusted'],
    ['another session written in', () => tampered({ aud: 'another' }), 'untrusted'],
    ['a longer life written in', () => tampered({ exp: seconds + 3600 }), 'untrusted'],
    ['a higher role written in', () => tampered({ role: 'owner', extra: 1 }), 'untrusted'],
    ['a ticket of another session', () => aTicket({ claims: { aud: 'another-session' } }), 'other-session'],
    ['a ticket for two sessions', () => aTicket({ claims: { aud: [session, 'another'] } }), 'bad-claims'],
    ['a session whose UID only begins alike', () => aTicket({ claims: { aud: `${session}0` } }), 'other-session'],
    ['no session', () => aTicket({ claims: { aud: undefined } }), 'other-session'],
    ['another issuer', () => aTicket({ claims: { iss: 'vdi-operator' } }), 'bad-claims'],
    ['no issuer', () => aTicket({ claims: { iss: undefined } }), 'bad-claims'],
    ['another type of token', () => aTicket({ header: { typ: 'JWT' } }), 'bad-claims'],
    ['no type', () => aTicket({ header: { typ: undefined } }), 'bad-claims'],
    ['an expired one', () => aTicket({ claims: { iat: seconds - 120, exp: seconds - 60 } }), 'expired'],
    ['no expiry', () => aTicket({ claims: { exp: undefined } }), 'bad-claims'],
    ['a life of an hour', () => aTicket({ claims: { exp: seconds + 3600 } }), 'bad-claims'],
    [
      'a life that ends before it began',
      () => aTicket({ claims: { iat: seconds + 4, exp: seconds + 3 } }),
      'bad-claims',
    ],
    ['one issued in the future', () => aTicket({ claims: { iat: seconds + 30, exp: seconds + 60 } }), 'not-yet-valid'],
    ['one not valid yet', () => aTicket({ claims: { nbf: seconds + 30 } }), 'not-yet-valid'],
    ['no time of issue', () => aTicket({ claims: { iat: undefined } }), 'not-yet-valid'],
    ['times that are text', () => aTicket({ claims: { exp: '2099' } }), 'bad-claims'],
    ['no user', () => aTicket({ claims: { sub: undefined } }), 'bad-claims'],
    ['an empty user', () => aTicket({ claims: { sub: '' } }), 'bad-claims'],
    ['no id', () => aTicket({ claims: { jti: undefined } }), 'bad-claims'],
    ['no role', () => aTicket({ claims: { role: undefined } }), 'bad-claims'],
    ['an unknown role', () => aTicket({ claims: { role: 'admin' } }), 'bad-claims'],
    ['a list of roles', () => aTicket({ claims: { role: ['view', 'owner'] } }), 'bad-claims'],
  ];

  it.each(forgeries)('is refused: %s', async (_, token, expected) => {
    expect(await refusal(await token())).toBe(expected);
  });

  it('is refused whatever single byte of a good ticket is changed', async () => {
    const token = await aTicket();
    // Not the last character: its low bits carry nothing.
    const changed = Array.from(token.slice(0, -1), (character, index) => {
      const other = character === 'A' ? 'B' : 'A';
      return token.slice(0, index) + other + token.slice(index + 1);
    });
    const refusals = await Promise.all(changed.map((forged) => refusal(forged)));
    const accepted = changed.filter((_, index) => refusals[index]!.startsWith('not refused'));
    expect(accepted).toEqual([]);
  });

  it('is refused by a set without keys', async () => {
    await expect(verifyTicket(await aTicket(), { keys: [] }, { audience: session, now })).rejects.toThrow(TicketError);
  });

  function recoded(token: string, change: Record<string, unknown>): string {
    const [head, body, signature] = token.split('.');
    return `${encode({ ...decode(head!), ...change })}.${body}.${signature}`;
  }
});

describe('a signer', () => {
  it('refuses keys that are not private Ed25519', async () => {
    await expect(createTicketSigner(keys.jwks.keys[0]!)).rejects.toThrow('generateTicketKeys');
    await expect(createTicketSigner({ kty: 'oct', k: 'AAAA', kid: '1' })).rejects.toThrow(TypeError);
  });

  it.each([0, 61, Number.NaN])('refuses a life of %s seconds', async (lifetimeSeconds) => {
    const signer = await createTicketSigner(keys.privateJwk);
    await expect(signer.sign({ audience: session, user: 'a', role: 'view', lifetimeSeconds })).rejects.toThrow(
      RangeError,
    );
  });
});
