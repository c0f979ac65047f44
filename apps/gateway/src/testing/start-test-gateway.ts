import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@vdi/controller';
import {
  type Account,
  createAccount,
  createAccountDirectory,
  generateProviderKeys,
  generateTicketKeys,
} from '@vdi/identity';
import type { KubeClient } from '@vdi/kube';
import { createLogger } from '@vdi/telemetry';
import { startTestCluster } from '@vdi/testing';
import { startGateway } from '../gateway.ts';
import { type Routes } from '../server/routes-by-host.ts';

export interface TestGateway extends AsyncDisposable {
  readonly url: URL;
  readonly kube: KubeClient;
  readonly auditFile: string;
}

export const password = 'correct horse battery staple';

export const people = {
  alice: { user: 'alice@example.com', displayName: 'Alice', groups: [], password },
  admin: { user: 'admin', displayName: 'Administrator', groups: ['vdi-admins'], password },
} as const;

/** A gateway over a cluster in this process, with its embedded provider, listening on this machine. */
export async function startTestGateway(accounts: readonly Account[]): Promise<TestGateway> {
  await using owned = new AsyncDisposableStack();
  const cluster = owned.use(await startTestCluster());
  const directory = mkdtempSync(join(tmpdir(), 'vdi-gateway-'));
  owned.defer(() => rmSync(directory, { recursive: true }));
  // Its port is a part of the gateway's address, so it listens first.
  let routes: Routes | undefined;
  const server = createServer((incoming, outgoing) => routes?.handle(incoming, outgoing));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  owned.defer(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const url = new URL(`http://localhost:${typeof address === 'object' && address !== null ? address.port : 0}`);
  const auditFile = join(directory, 'audit.jsonl');
  const gateway = owned.use(
    await startGateway({
      kube: cluster.kube,
      namespaces: ['vdi-sessions', 'vdi'],
      publicUrl: url,
      identity: {
        kind: 'embedded',
        accounts: await createAccountDirectory(accounts),
        keys: await generateProviderKeys(),
      },
      ticketKeys: await generateTicketKeys(),
      dashboardDirectory: directory,
      auditFile,
      clock: systemClock,
      log: createLogger({ name: 'test', level: 'silent' }),
    }),
  );
  await Promise.all([gateway.synced, gateway.discovered]);
  routes = gateway;
  const kept = owned.move();
  return { url, kube: cluster.kube, auditFile, [Symbol.asyncDispose]: () => kept.disposeAsync() };
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
