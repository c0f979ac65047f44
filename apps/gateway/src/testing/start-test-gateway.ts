import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@vdi/controller';
import {
  type Account,
  createAccount,
  createAccountDirectory,
  generateProviderKeys,
  generateTicketKeys,
  type ProviderKeys,
} from '@vdi/identity';
import type { KubeClient } from '@vdi/kube';
import { createLogger } from '@vdi/telemetry';
import { startTestCluster } from '@vdi/testing';
import { type Gateway, type GatewayOptions, startGateway } from '../gateway.ts';
import { listenHttp } from '../listen/http-listener.ts';

export interface TestGateway extends AsyncDisposable {
  readonly url: URL;
  readonly kube: KubeClient;
  readonly auditFile: string;
  /** Of the embedded provider. */
  readonly providerKeys: ProviderKeys;
  /** The gateway as it is now. */
  readonly gateway: Gateway;
  /** Ends the gateway and, after `meanwhile`, starts another one with what is kept: keys, accounts, the cluster. */
  restart(options?: { readonly meanwhile?: () => Promise<unknown>; readonly cookieKey?: Buffer }): Promise<void>;
}

export const password = 'correct horse battery staple';

export const people = {
  alice: { user: 'alice@example.com', displayName: 'Alice', groups: [], password },
  admin: { user: 'admin', displayName: 'Administrator', groups: ['vdi-admins'], password },
} as const;

/** A gateway over a cluster in this process, with its embedded provider unless told otherwise, listening on this machine. */
export async function startTestGateway(
  accounts: readonly Account[],
  changes: (url: URL) => Promise<Partial<GatewayOptions>> = async () => ({}),
): Promise<TestGateway> {
  await using owned = new AsyncDisposableStack();
  const { kube } = owned.use(await startTestCluster());
  const directory = mkdtempSync(join(tmpdir(), 'vdi-gateway-'));
  owned.defer(() => rmSync(directory, { recursive: true }));
  // Its port is a part of the gateway's address, so it listens first.
  const web = owned.use(
    await listenHttp({
      otherwise: { handle: (_request, response) => response.writeHead(503).end() },
      drainMs: 0,
      open: openLoopback,
    }),
  );
  const url = new URL(`http://localhost:${web.port}`);
  const auditFile = join(directory, 'audit.jsonl');
  const providerKeys = await generateProviderKeys();
  const options: GatewayOptions = {
    kube,
    namespaces: ['vdi-sessions', 'vdi'],
    desktopsReachedBy: 'endpoint-annotation',
    publicUrl: url,
    identity: {
      kind: 'embedded',
      accounts: await createAccountDirectory(accounts),
      keys: providerKeys,
    },
    ticketKeys: await generateTicketKeys(),
    cookieKey: randomBytes(32),
    dashboardDirectory: directory,
    auditFile,
    clock: systemClock,
    log: createLogger({ name: 'test', level: 'silent' }),
    ...(await changes(url)),
  };
  let gateway = await serving(options);
  owned.defer(() => gateway[Symbol.asyncDispose]());
  web.serve({
    handle: (request, response) => gateway.handle(request, response),
    upgrade: (request, socket, head) => gateway.upgrade(request, socket, head),
  });
  const kept = owned.move();
  return {
    url,
    kube,
    auditFile,
    providerKeys,
    get gateway() {
      return gateway;
    },
    async restart({ meanwhile, cookieKey } = {}) {
      await gateway[Symbol.asyncDispose]();
      await meanwhile?.();
      gateway = await serving({ ...options, ...(cookieKey === undefined ? {} : { cookieKey }) });
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function serving(options: GatewayOptions): Promise<Gateway> {
  const gateway = await startGateway(options);
  await Promise.all([gateway.synced, gateway.discovered]);
  return gateway;
}

/** Any free port of this machine. */
async function openLoopback(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

export const testAccounts = async (): Promise<readonly Account[]> =>
  await Promise.all(Object.values(people).map(createAccount));

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly url: URL;
}

export interface AskOptions {
  readonly method?: 'GET' | 'POST';
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A browser without scripts: it keeps cookies, follows redirects on demand, and sends forms with its origin. */
export class Visitor {
  readonly cookies = new Map<string, string>();

  async ask(url: URL, { method = 'GET', form, headers = {} }: AskOptions = {}): Promise<Answer> {
    const body = form === undefined ? undefined : new URLSearchParams(form).toString();
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const outgoing = request(url, {
      method,
      headers: {
        cookie,
        ...(method === 'POST' ? { origin: url.origin } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
    });
    outgoing.end(body);
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
    for (const line of incoming.headers['set-cookie'] ?? []) this.#keep(line);
    const text = Buffer.concat(chunks).toString('utf8');
    return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: text, url };
  }

  /** Follows redirects until there is a page. */
  async follow(url: URL, options: AskOptions = {}): Promise<Answer> {
    let answer = await this.ask(url, options);
    for (let hops = 0; answer.headers.location !== undefined; hops += 1) {
      if (hops === 10) throw new Error(`Redirected in a circle at ${answer.url.href}`);
      answer = await this.ask(new URL(answer.headers.location, answer.url));
    }
    return answer;
  }

  /** From `/login` through the provider's form to wherever that leads. */
  async signIn(gateway: URL, user: string, typed: string, returnTo = '/readyz'): Promise<Answer> {
    const form = await this.follow(new URL(`/login?returnTo=${encodeURIComponent(returnTo)}`, gateway));
    return await this.follow(form.url, { method: 'POST', form: { user, password: typed } });
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
    const isRemoved = value === '' || attributes.some((attribute) => /^max-age=0$/i.test(attribute));
    if (isRemoved) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
