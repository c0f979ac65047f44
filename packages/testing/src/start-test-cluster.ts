import { crdManifests } from '@vdi/api';
import { createApiServer, createMemoryLog } from '@vdi/apiserver';
import { builtinResources, createKubeClient, type Fetch, type KubeClient } from '@vdi/kube';
import { createLogger } from '@vdi/telemetry';
import { createDrivenClock, type DrivenClock } from './driven-clock.ts';

/** A whole Kubernetes API in this process, with our kinds and namespaces, and no state beyond it. */
export interface TestCluster extends AsyncDisposable {
  readonly kube: KubeClient;
  /** For a second client, with another field manager or with faults in between. */
  readonly fetch: Fetch;
  readonly clock: DrivenClock;
}

/** Time in it stands still until the test advances `clock`. */
export async function startTestCluster(options: { readonly clock?: DrivenClock } = {}): Promise<TestCluster> {
  const clock = options.clock ?? createDrivenClock();
  const log = createMemoryLog();
  const server = createApiServer({
    log,
    clock,
    logger: createLogger({ name: 'test-cluster', level: 'silent' }),
    authenticate: () => ({ name: 'test', groups: ['system:masters'] }),
  });
  const fetch: Fetch = (url, init) => server.fetch(new Request(url, init));
  const kube = createKubeClient({ fetch, baseUrl: 'https://test-cluster' });
  for (const manifest of crdManifests()) await kube.apply(builtinResources.customResourceDefinitions, manifest);
  for (const name of ['vdi-sessions', 'vdi']) await kube.apply(builtinResources.namespaces, { metadata: { name } });
  return {
    kube,
    fetch,
    clock,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      log[Symbol.dispose]();
    },
  };
}
