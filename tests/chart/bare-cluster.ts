import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApiServer, createMemoryLog } from '@vdi/apiserver';
import { createLogger } from '@vdi/telemetry';
import { bridgeToFetch } from '../../apps/solo/src/http/web-bridge.ts';
import { findProgram } from '../../tools/kubectl.ts';

/** An API server without any of our kinds, and the real kubectl and helm that talk to it. */
export interface BareCluster extends AsyncDisposable {
  /** Its path. */
  readonly kubeconfig: string;
  /** Runs the program to its end and returns what it printed; throws with its words when it fails. */
  run(program: 'kubectl' | 'helm', args: readonly string[], stdin?: string): Promise<string>;
}

const patience = { timeout: 100_000, maxBuffer: 64 * 2 ** 20, encoding: 'utf8' } as const;

export async function startBareCluster(): Promise<BareCluster> {
  await using owned = new AsyncDisposableStack();
  const logger = createLogger({ name: 'test', level: 'silent' });
  const log = owned.use(createMemoryLog());
  const api = owned.use(
    createApiServer({ log, logger, authenticate: () => ({ name: 'admin', groups: ['system:masters'] }) }),
  );
  const server = createServer(bridgeToFetch((request) => api.fetch(request), logger));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  owned.defer(() => {
    server.close();
    server.closeAllConnections();
  });
  const home = mkdtempSync(join(tmpdir(), 'vdi-chart-'));
  owned.defer(() => rmSync(home, { recursive: true, force: true }));
  const kubeconfig = join(home, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigOf((server.address() as AddressInfo).port));
  // Nothing of the machine's user gets in, and caches lie in the directory that is removed.
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, KUBECONFIG: kubeconfig };
  const kept = owned.move();
  return {
    kubeconfig,
    run: async (program, args, stdin = '') => await runProgram(findProgram(program), args, env, stdin),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function kubeconfigOf(port: number): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'bare', cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: 'admin', user: {} }],
    contexts: [{ name: 'bare', context: { cluster: 'bare', user: 'admin' } }],
    'current-context': 'bare',
  });
}

function runProgram(
  path: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  stdin: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(path, args, { ...patience, env }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout + stderr);
      else reject(new Error(`${args.join(' ')} failed:\n${stderr}${stdout}`, { cause: error }));
    });
    child.stdin?.end(stdin);
  });
}
