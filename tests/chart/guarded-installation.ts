import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@vdi/controller';
import { createAccountDirectory } from '@vdi/identity';
import { builtinResources, createKubeClient, type KubeClient } from '@vdi/kube';
import { type Operator, startOperator } from '@vdi/operator';
import { createLogger, createMetrics } from '@vdi/telemetry';
import { startTestCluster, type TestCluster } from '@vdi/testing';
import { readConfig as readGatewayConfig } from '../../apps/gateway/src/config/config.ts';
import { type Gateway, startGateway } from '../../apps/gateway/src/gateway.ts';
import { openAccounts } from '../../apps/gateway/src/kept/first-accounts.ts';
import { openGatewayKeys } from '../../apps/gateway/src/kept/gateway-keys.ts';
import { keptSecret } from '../../apps/gateway/src/kept/kept-secret.ts';
import { publishTicketKeys } from '../../apps/gateway/src/kept/publish-ticket-keys.ts';
import { readConfig as readOperatorConfig } from '../../apps/operator/src/config.ts';
import { publishedTicketKeys } from '../../apps/operator/src/published-ticket-keys.ts';
import { ScriptedAgents } from '../../apps/operator/src/testing/scripted-agents.ts';
import { ScriptedNode } from '../../apps/operator/src/testing/scripted-node.ts';
import { AccessControl } from './access-control.ts';
import type { ChartObject } from './chart-object.ts';
import { foreignDefinitions } from './foreign-kinds.ts';
import { podEnvironment } from './pod-environment.ts';

const log = createLogger({ name: 'test', level: 'silent' });
const baseUrl = 'https://test-cluster';

/** Operator and gateway of the chart at work in one process, each with the rights of its ServiceAccount and no other. */
export class GuardedInstallation implements AsyncDisposable {
  readonly cluster: TestCluster;
  readonly node: ScriptedNode;
  readonly agents = new ScriptedAgents();
  readonly access: { readonly operator: AccessControl; readonly gateway: AccessControl };
  /** Where people reach the gateway. */
  url = new URL('http://localhost');
  firstPasswords: ReadonlyMap<string, string> = new Map();
  readonly #objects: readonly ChartObject[];
  readonly #owned = new AsyncDisposableStack();
  #operator: Operator | undefined;
  #requests = 0;

  private constructor(cluster: TestCluster, objects: readonly ChartObject[]) {
    this.cluster = this.#owned.use(cluster);
    this.node = new ScriptedNode(cluster.kube, () => cluster.clock.now());
    this.#objects = objects;
    this.access = {
      operator: new AccessControl(objects, 'vdi-operator'),
      gateway: new AccessControl(objects, 'vdi-gateway'),
    };
  }

  /** @param objects what the chart renders */
  static async start(objects: readonly ChartObject[]): Promise<GuardedInstallation> {
    const cluster = await startTestCluster();
    for (const definition of foreignDefinitions) {
      await cluster.kube.create(builtinResources.customResourceDefinitions, definition);
    }
    for (const object of objects.filter(({ kind }) => kind === 'StorageClass')) {
      await cluster.kube.create(builtinResources.storageClasses, object);
    }
    const namespace = { metadata: { name: 'vdi-system' } };
    await cluster.kube.create(builtinResources.namespaces, namespace);
    const installation = new GuardedInstallation(cluster, objects);
    await installation.#startGateway();
    await installation.startOperator();
    return installation;
  }

  /** As an administrator, with every right. */
  get kube(): KubeClient {
    return this.cluster.kube;
  }

  /** Another operator, as after an update: the one before gives up its lease. */
  async startOperator(): Promise<void> {
    await this.#operator?.[Symbol.asyncDispose]();
    const { settings, namespace, identity, ticketKeysConfigMap } = readOperatorConfig(
      podEnvironment(this.#objects, 'vdi-operator'),
    );
    const guarded = this.access.operator.guard(this.cluster.fetch);
    const kube = createKubeClient({
      baseUrl,
      fetch: (url, init) => {
        this.#requests += 1;
        return guarded(url, init);
      },
    });
    this.#operator = await startOperator({
      kube,
      settings,
      ticketKeys: publishedTicketKeys(kube, { namespace, name: ticketKeysConfigMap }),
      log,
      metrics: createMetrics(),
      clock: this.cluster.clock,
      random: () => 0.5,
      agents: this.agents,
      election: { namespace, name: 'vdi-operator', identity },
    });
    await this.#operator.running;
  }

  /** Lets operator and node do all that they would do without more time passing than some seconds. */
  async converge(): Promise<void> {
    for (let round = 0, quiet = 0; quiet < 3; round += 1) {
      if (round === 100) throw new Error('Operator and node still find something to do after a hundred rounds');
      await this.#settle();
      quiet = (await this.node.step()) ? 0 : quiet + 1;
      await this.#settle();
      await this.cluster.clock.advance(1_100);
    }
  }

  /** Lets time pass, a minute at a time. */
  async pass(minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes; minute += 1) {
      await this.cluster.clock.advance(60_000);
      await this.#settle();
    }
    await this.converge();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#operator?.[Symbol.asyncDispose]();
    await this.#owned.disposeAsync();
  }

  async #settle(): Promise<void> {
    for (let quiet = 0; quiet < 8;) {
      const before = this.#requests;
      await this.#operator?.whenIdle();
      await new Promise((resolve) => void setImmediate(resolve));
      quiet = this.#requests === before ? quiet + 1 : 0;
    }
  }

  /** As `main.ts` of the gateway does, over plain http of this machine. */
  async #startGateway(): Promise<void> {
    const config = readGatewayConfig(podEnvironment(this.#objects, 'vdi-gateway'), '/opt/vdi');
    const { namespace, identity, keysSecret } = config;
    if (identity.kind !== 'embedded') throw new Error('This test signs in with accounts of the gateway itself');
    const kube = createKubeClient({ baseUrl, fetch: this.access.gateway.guard(this.cluster.fetch) });
    const kept = (name: string, field: string) => keptSecret(kube, { namespace, name }, field);
    const keys = await openGatewayKeys({
      ticketKeys: kept(keysSecret, 'ticket-keys.json'),
      providerKeys: kept(keysSecret, 'provider-keys.json'),
      cookieKey: kept(keysSecret, 'cookie-key'),
    });
    const { accounts, firstPasswords } = await openAccounts({
      accounts: kept(identity.accountsSecret, 'accounts.json'),
      firstPasswords: kept(identity.firstPasswordsSecret, 'first-passwords.txt'),
    });
    this.firstPasswords = new Map(firstPasswords.map(({ user, password }) => [user, password]));
    const configMap = { namespace, name: config.ticketKeysConfigMap };
    const { jwks } = keys.ticketKeys;
    const publication = publishTicketKeys({ kube, configMap, jwks, clock: systemClock, log });
    this.#owned.use(publication);
    await publication.published;
    await this.#serve(async (publicUrl) => {
      const directory = mkdtempSync(join(tmpdir(), 'vdi-chart-'));
      this.#owned.defer(() => rmSync(directory, { recursive: true }));
      return await startGateway({
        kube,
        namespaces: config.sessionNamespaces,
        desktopsReachedBy: 'service',
        publicUrl,
        identity: { kind: 'embedded', accounts: await createAccountDirectory(accounts), keys: keys.providerKeys },
        ticketKeys: keys.ticketKeys,
        cookieKey: keys.cookieKey,
        dashboardDirectory: directory,
        auditFile: join(directory, 'audit.jsonl'),
        clock: systemClock,
        log,
      });
    });
  }

  /** Its port is a part of the gateway's address, so the server listens first. */
  async #serve(start: (url: URL) => Promise<Gateway>): Promise<void> {
    let gateway: Gateway | undefined;
    const server = createServer((request, response) => gateway?.handle(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#owned.defer(() => {
      server.close();
      server.closeAllConnections();
    });
    this.url = new URL(`http://localhost:${(server.address() as AddressInfo).port}`);
    gateway = this.#owned.use(await start(this.url));
    await Promise.all([gateway.synced, gateway.discovered]);
  }
}
