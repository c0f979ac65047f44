import { crdManifests } from '@vdi/api';
import { type ApiServer, createApiServer, createMemoryLog, type RevisionLog } from '@vdi/apiserver';
import { builtinResources, createKubeClient, type Fetch, type KubeClient } from '@vdi/kube';
import { createLogger } from '@vdi/telemetry';
import { createDrivenClock, type DrivenClock } from './driven-clock.ts';

/** A whole Kubernetes API in this process, with our kinds and namespaces, and no state beyond it. */
export interface TestCluster extends AsyncDisposable {
  readonly kube: KubeClient;
  /** For a second client, with another field manager or with faults in between. */
  readonly fetch: Fetch;
  readonly clock: DrivenClock;
  /** Forgets the history up to now, so that watches that want to go on from before get 410. */
  compact(): void;
  /** Ends the server as if its process had died: watches break off, and nothing is answered until `start`. */
  stop(): Promise<void>;
  /** Starts the server again over the same state. */
  start(): void;
}

/** Time in it stands still until the test advances `clock`. */
export async function startTestCluster(options: { readonly clock?: DrivenClock } = {}): Promise<TestCluster> {
  const clock = options.clock ?? createDrivenClock();
  const log = createMemoryLog();
  let server: ApiServer | undefined = serverOver(log, clock);
  const fetch: Fetch = async (url, init) => {
    if (server === undefined) throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
    return await server.fetch(new Request(url, init));
  };
  const kube = createKubeClient({ fetch, baseUrl: 'https://test-cluster' });
  const stop = async (): Promise<void> => {
    const stopping = server;
    server = undefined;
    await stopping?.[Symbol.asyncDispose]();
  };
  for (const manifest of crdManifests()) await kube.apply(builtinResources.customResourceDefinitions, manifest);
  for (const name of ['vdi-sessions', 'vdi']) await kube.apply(builtinResources.namespaces, { metadata: { name } });
  return {
    kube,
    fetch,
    clock,
    compact: () => log.compact(log.revision),
    stop,
    start: () => void (server ??= serverOver(log, clock)),
    async [Symbol.asyncDispose]() {
      await stop();
      log[Symbol.dispose]();
    },
  };
}

function serverOver(log: RevisionLog, clock: DrivenClock): ApiServer {
  return createApiServer({
    log,
    clock,
    logger: createLogger({ name: 'test-cluster', level: 'silent' }),
    authenticate: () => ({ name: 'test', groups: ['system:masters'] }),
  });
}
