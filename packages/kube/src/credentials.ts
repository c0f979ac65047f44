import { createHash } from 'node:crypto';
import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import type * as undiciModule from 'undici';
import type { Dispatcher, RequestInit as UndiciRequestInit } from 'undici';
import type { Fetch } from './transport.ts';

/** A `fetch` that proves who we are to one API server. Dispose it to close its connections. */
export interface KubeConnection extends AsyncDisposable {
  readonly fetch: Fetch;
  readonly baseUrl: string;
  /** The namespace that the kubeconfig's context, or the pod's service account, names. */
  readonly namespace: string | undefined;
}

/**
 * Connects as the current context of a kubeconfig says: certificate authority, client certificate, token, exec plug-in,
 * proxy. Without a path: `KUBECONFIG`, then `~/.kube/config`.
 */
export async function fetchFromKubeconfig(path?: string): Promise<KubeConnection> {
  const config = await emptyConfig();
  try {
    if (path === undefined) config.loadFromDefault();
    else config.loadFromFile(path);
  } catch (cause) {
    throw new Error(`The kubeconfig ${path ?? 'of this user'} could not be read: ${messageOf(cause)}`, { cause });
  }
  return await connect(config, path ?? 'the default kubeconfig');
}

/** Connects as the service account of the pod that this process runs in. The token is read anew as Kubernetes rotates it. */
export async function fetchInCluster(): Promise<KubeConnection> {
  const config = await emptyConfig();
  config.loadFromCluster();
  const server = config.getCurrentCluster()?.server ?? '';
  if (server.includes('undefined')) {
    throw new Error(
      'This process does not run in a pod of a cluster: KUBERNETES_SERVICE_HOST is not set. Give it a kubeconfig instead.',
    );
  }
  return await connect(config, 'the service account');
}

/** Loaded on demand: the library takes 0.4 s and 90 MB, and standalone mode never needs it. */
async function emptyConfig(): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  return new KubeConfig();
}

async function connect(config: KubeConfig, origin: string): Promise<KubeConnection> {
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    throw new Error(
      `${origin} names no current cluster (current-context is "${config.getCurrentContext()}"). Choose one with: kubectl config use-context <name>`,
    );
  }
  const undici = await import('undici');
  const dispatchers = new DispatcherCache((credentials) => createDispatcher(undici, config, credentials));
  return {
    baseUrl: cluster.server.replace(/\/+$/, ''),
    namespace: config.getContextObject(config.getCurrentContext())?.namespace,
    fetch: async (url, init) => {
      const credentials: RequestOptions = {};
      await config.applyToHTTPSOptions(credentials);
      const authorized = {
        ...init,
        headers: { ...headersOf(init), ...authorizationOf(credentials) },
        dispatcher: dispatchers.get(credentials),
      };
      // undici's types and those of the built-in fetch describe the same objects twice.
      return await undici.fetch(url, authorized as UndiciRequestInit);
    },
    [Symbol.asyncDispose]: () => dispatchers.close(),
  };
}

/** One connection pool, made anew only when the certificates change, as exec plug-ins and certificate rotation do. */
class DispatcherCache {
  readonly #create: (credentials: RequestOptions) => Dispatcher;
  #current: { readonly fingerprint: string; readonly dispatcher: Dispatcher } | undefined;

  constructor(create: (credentials: RequestOptions) => Dispatcher) {
    this.#create = create;
  }

  get(credentials: RequestOptions): Dispatcher {
    const fingerprint = fingerprintOf(credentials);
    if (this.#current?.fingerprint === fingerprint) return this.#current.dispatcher;
    const outdated = this.#current?.dispatcher;
    const dispatcher = this.#create(credentials);
    this.#current = { fingerprint, dispatcher };
    // Requests under way finish on the old pool.
    void outdated?.close();
    return dispatcher;
  }

  async close(): Promise<void> {
    const dispatcher = this.#current?.dispatcher;
    this.#current = undefined;
    await dispatcher?.destroy();
  }
}

type Undici = Pick<typeof undiciModule, 'Agent' | 'ProxyAgent'>;

function createDispatcher({ Agent, ProxyAgent }: Undici, config: KubeConfig, credentials: RequestOptions): Dispatcher {
  const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = credentials;
  const given = Object.fromEntries(
    Object.entries({ ca, cert, key, pfx, passphrase, rejectUnauthorized, servername }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  const options = config.createDispatcherOptions(config.getCurrentCluster(), given);
  // A watch is silent for minutes; how long is too long is decided where the watch is read.
  const patience = { bodyTimeout: 0, headersTimeout: 0 };
  if (options.type === 'none') return new Agent(patience);
  if (options.type === 'agent')
    return new Agent({ ...patience, connect: options.connect as NonNullable<undiciModule.Agent.Options['connect']> });
  if (options.type === 'proxy')
    return new ProxyAgent({
      ...patience,
      uri: options.uri,
      requestTls: options.requestTls,
    } as undiciModule.ProxyAgent.Options);
  throw new Error(
    `The kubeconfig's proxy-url ${options.uri} is a SOCKS proxy, which is not supported. Use an http:// or https:// proxy.`,
  );
}

function fingerprintOf({ ca, cert, key, servername }: RequestOptions): string {
  return createHash('sha256')
    .update(JSON.stringify([ca, cert, key, servername]))
    .digest('hex');
}

function authorizationOf({ headers, auth }: RequestOptions): Record<string, string> {
  const basic = auth ? { Authorization: `Basic ${Buffer.from(auth).toString('base64')}` } : {};
  const given = Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]);
  return { ...basic, ...Object.fromEntries(given) };
}

const headersOf = (init: RequestInit): Record<string, string> => Object.fromEntries(new Headers(init.headers));

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
