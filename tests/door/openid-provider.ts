import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { type ClientMetadata, errors, Provider } from 'oidc-provider';

/** Somebody as this provider knows them. */
interface Person {
  readonly email: string;
  readonly emailVerified: boolean;
  readonly groups: readonly string[];
}

/** An OpenID provider of somebody else: a server of its own with keys, people and pages of its own. */
export interface ExternalProvider extends AsyncDisposable {
  readonly issuer: URL;
  /** By the name that they sign in with, which is their subject, too. */
  readonly people: Map<string, Person>;
  /** Begins to answer, with these clients. */
  serve(clients: readonly ClientMetadata[]): Promise<void>;
  /** Requests of the path so far. */
  asked(path: string): number;
}

/** What the access tokens of its native client are for. */
export const apiAudience = 'https://desktops.example';

/** Listens at once, so that its address is known, and answers nothing until `serve`. */
export async function startExternalProvider(): Promise<ExternalProvider> {
  let answer: ((request: IncomingMessage, response: ServerResponse) => unknown) | undefined;
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '/', 'http://any').pathname);
    if (answer === undefined) response.writeHead(503).end();
    else answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const people = new Map<string, Person>();
  return {
    issuer,
    people,
    async serve(clients) {
      answer = new Provider(issuer.origin, await configurationOf(clients, people)).callback();
    },
    asked: (path) => asked.filter((found) => found === path).length,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function configurationOf(clients: readonly ClientMetadata[], people: ReadonlyMap<string, Person>) {
  const keys = await Promise.all(
    ['RS256', 'ES256'].map(async (alg) => {
      const { privateKey } = await generateKeyPair(alg, { extractable: true });
      return { ...(await exportJWK(privateKey)), alg, use: 'sig', kid: alg };
    }),
  );
  return {
    clients: [...clients],
    jwks: { keys },
    cookies: { keys: ['a key of this test'] },
    scopes: ['openid', 'profile', 'email', 'groups'],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: true }, resourceIndicators: resourceIndicators() },
    extraTokenClaims: (_context: unknown, token: object) =>
      claimsOf('accountId' in token ? people.get(String(token.accountId)) : undefined),
    findAccount: (_context: unknown, id: string) => {
      const person = people.get(id);
      return person && { accountId: id, claims: () => ({ sub: id, name: `The ${id}`, ...claimsOf(person) }) };
    },
  };
}

function claimsOf(person: Person | undefined) {
  return person && { email: person.email, email_verified: person.emailVerified, groups: [...person.groups] };
}

function resourceIndicators() {
  return {
    enabled: true,
    getResourceServerInfo: (_context: unknown, resource: string) => {
      if (!resource.startsWith('https://')) throw new errors.InvalidTarget();
      return {
        audience: resource,
        scope: 'use',
        accessTokenFormat: 'jwt' as const,
        jwt: { sign: { alg: 'RS256' as const } },
      };
    },
    useGrantedResource: () => true,
  };
}
