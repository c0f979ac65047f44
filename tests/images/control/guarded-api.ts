import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApiServer, createMemoryLog } from '@vdi/apiserver';
import { createKubeClient, type KubeClient } from '@vdi/kube';
import { serveOverHttps } from '@vdi/solo/https';
import { createLogger } from '@vdi/telemetry';
import { AccessControl } from '../../chart/access-control.ts';
import type { ChartObject } from '../../chart/chart-object.ts';

/** A Kubernetes API on 127.0.0.1 that lets service accounts do what the chart's roles say, and no more. */
export interface GuardedApi extends AsyncDisposable {
  /** The administrator's. */
  readonly kube: KubeClient;
  readonly port: number;
  /** What was refused so far: must stay empty. */
  denied(): readonly string[];
  /** Makes what the kubelet mounts for a service account. Returns the folder. */
  mountFor(account: string): string;
}

type Handler = (request: Request) => Promise<Response>;

const administrator = 'https://administrator';

/**
 * @param folder exists, and is not cleared away
 * @param namespace where the service accounts are
 */
export async function startGuardedApi(
  objects: readonly ChartObject[],
  { folder, namespace }: { readonly folder: string; readonly namespace: string },
): Promise<GuardedApi> {
  await using owned = new AsyncDisposableStack();
  const controls = new Map<string, AccessControl>();
  const handlers = new Map<string, Handler>();
  const log = owned.use(createMemoryLog());
  const logger = createLogger({ name: 'test-api', level: 'silent' });
  const server = owned.use(
    createApiServer({
      log,
      logger,
      authenticate: (request) => {
        if (request.url.startsWith(administrator)) return { name: 'admin', groups: ['system:masters'] };
        return handlers.has(tokenOf(request)) ? { name: `system:serviceaccount:${namespace}`, groups: [] } : undefined;
      },
    }),
  );
  const handler: Handler = async (request) =>
    await (handlers.get(tokenOf(request)) ?? ((unknown) => server.fetch(unknown)))(request);
  const service = owned.use(await serveOverHttps({ stateDirectory: join(folder, 'api'), log: logger, handler }));
  const kept = owned.move();
  return {
    kube: createKubeClient({
      baseUrl: administrator,
      fetch: async (url, init) => await server.fetch(new Request(url, init)),
    }),
    port: Number(new URL(service.url).port),
    denied: () => [...controls.values()].flatMap(({ denied }) => [...denied]),
    mountFor(account) {
      const control = new AccessControl(objects, account);
      const guarded = control.guard(async (url, init) => await server.fetch(new Request(url, init)));
      const token = randomBytes(32).toString('base64url');
      controls.set(account, control);
      handlers.set(token, async (request) => await guarded(request.url, partsOf(request)));
      return mount(join(folder, account), { token, namespace, 'ca.crt': service.authorityPem });
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function tokenOf(request: Request): string {
  return request.headers.get('authorization')?.replace(/^Bearer /, '') ?? '';
}

function partsOf({ method, headers, body, signal }: Request): RequestInit {
  return { method, headers, signal, ...(body !== null && { body, duplex: 'half' }) };
}

/** Whatever this machine's umask says, uid 1000 reads it. */
function mount(folder: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), content);
    chmodSync(join(folder, name), 0o644);
  }
  return folder;
}
