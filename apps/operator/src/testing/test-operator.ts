import type { VDISession, VDISessionSpec } from '@vdi/api';
import { createKubeClient, type Fetch, type KubeClient, type KubeObject, type KubeResource } from '@vdi/kube';
import { createLogger, createMetrics } from '@vdi/telemetry';
import { startTestCluster, type TestCluster } from '@vdi/testing';
import { resources } from '../objects/resources.ts';
import type { OperatorSettings } from '../settings.ts';
import { type Operator, startOperator } from '../start-operator.ts';
import { aTemplate, testSettings, testTicketKeys } from './builders.ts';
import type { NetworkFaults, WriteFate } from './network-faults.ts';
import { ScriptedAgents } from './scripted-agents.ts';
import { ScriptedNode } from './scripted-node.ts';

interface EventObject extends KubeObject {
  readonly type: string;
  readonly reason: string;
  readonly count: number;
}

/** One write of the operator, as `POST pods`. */
export type WriteLog = string[];

/** When a write is to be the operator's last: before the server sees it, or after it was done and before the answer. */
export interface Killing {
  readonly atWrite: number;
  readonly moment: 'before' | 'after';
}

/** A cluster without anything but our kinds, an operator in it, and a node that plays the rest. */
export class TestOperator implements AsyncDisposable {
  readonly cluster: TestCluster;
  readonly node: ScriptedNode;
  readonly agents = new ScriptedAgents();
  readonly writes: WriteLog = [];
  readonly #settings: OperatorSettings;
  #operator: Operator | undefined;
  #requests = 0;
  #isDead = false;
  #killing: Killing | undefined;
  #faults: NetworkFaults | undefined;
  #beforeWrite: (write: string, init: RequestInit) => Promise<void> = async () => undefined;

  private constructor(cluster: TestCluster, settings: OperatorSettings) {
    this.cluster = cluster;
    this.#settings = settings;
    this.node = new ScriptedNode(cluster.kube, () => cluster.clock.now());
  }

  static async start(settings: Partial<OperatorSettings> = {}, killing?: Killing): Promise<TestOperator> {
    const cluster = await startTestCluster();
    await cluster.kube.create(resources.storageClasses, {
      metadata: { name: 'vdi-homes', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: 'test',
      reclaimPolicy: 'Retain',
      volumeBindingMode: 'WaitForFirstConsumer',
      allowVolumeExpansion: true,
    });
    await cluster.kube.create(resources.templates, aTemplate());
    const started = new TestOperator(cluster, { ...testSettings, ...settings });
    started.#killing = killing;
    await started.startOperator();
    // What it says of the template comes before everything else.
    await started.settle();
    return started;
  }

  get kube(): KubeClient {
    return this.cluster.kube;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** From the next request on the network has faults, and `beforeWrite` looks at each write that arrives. */
  disturb(faults: NetworkFaults, beforeWrite: (write: string, init: RequestInit) => Promise<void>): void {
    this.#faults = faults;
    this.#beforeWrite = beforeWrite;
  }

  /** Whether the server refuses events, as it does in a namespace that ends. */
  refusesEvents = false;

  /** How often the operator was killed. */
  kills = 0;

  /** A new process with empty hands, which need not come to work at once. */
  async restart(): Promise<void> {
    await this.#operator?.[Symbol.asyncDispose]();
    this.#operator = await this.#start();
  }

  /** A new process with empty hands, at work. */
  async startOperator(): Promise<void> {
    await this.restart();
    await this.#operator?.running;
  }

  async #start(): Promise<Operator> {
    this.#isDead = false;
    const { clock } = this.cluster;
    return await startOperator({
      kube: createKubeClient({ fetch: this.#observedFetch(), baseUrl: 'https://test-cluster' }),
      settings: this.#settings,
      ticketKeys: () => Promise.resolve(testTicketKeys),
      log: createLogger({ name: 'test', level: 'silent' }),
      metrics: createMetrics(),
      clock,
      random: () => 0.5,
      agents: this.agents,
    });
  }

  /** Lets operator and node do all that they would do without more time passing than a few seconds. */
  async converge(): Promise<void> {
    for (let round = 0; round < 12; round += 1) {
      await this.settle();
      if (this.#isDead) {
        this.#killing = undefined;
        await this.startOperator();
        continue;
      }
      const hasDone = await this.node.step();
      await this.settle();
      if (!hasDone && round > 2) return;
      await this.cluster.clock.advance(1_100);
    }
  }

  /** Lets the operator do all that it would do without time passing. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 8 && !this.#isDead;) {
      const before = this.#requests;
      await this.#operator?.whenIdle();
      await new Promise((resolve) => void setImmediate(resolve));
      quiet = this.#requests === before ? quiet + 1 : 0;
    }
  }

  async create<T extends KubeObject>(resource: KubeResource<T>, object: T): Promise<T> {
    return await this.kube.create(resource, object);
  }

  async session(name = 'desk'): Promise<VDISession> {
    return await this.kube.get(resources.sessions, { namespace: 'vdi-sessions', name });
  }

  async change(name: string, spec: Partial<VDISessionSpec>): Promise<void> {
    await this.kube.patch(resources.sessions, { namespace: 'vdi-sessions', name }, { type: 'merge', value: { spec } });
  }

  async delete(name: string): Promise<void> {
    await this.kube.delete(resources.sessions, { namespace: 'vdi-sessions', name });
  }

  /** `Ready`, `HomeReady` …: reason and message of a condition. */
  async condition(type: string, name = 'desk'): Promise<{ readonly reason: string; readonly message: string }> {
    const { status } = await this.session(name);
    const found = status?.conditions?.find((condition) => condition.type === type);
    return { reason: found?.reason ?? 'none', message: found?.message ?? '' };
  }

  /** What `kubectl describe` shows below a session, in the order of the alphabet: type, reason and count. */
  async events(name = 'desk'): Promise<readonly string[]> {
    const { items } = await this.kube.list(resources.events, {
      namespace: 'vdi-sessions',
      fieldSelector: `involvedObject.kind=VDISession,involvedObject.name=${name}`,
    });
    return (items as readonly EventObject[]).map(({ type, reason, count }) => `${type} ${reason} ×${count}`).sort();
  }

  /** The names of all objects of these kinds, as `pods/desk-1`. */
  async objects(): Promise<readonly string[]> {
    const kinds = [
      resources.sessions,
      resources.pods,
      resources.services,
      resources.secrets,
      resources.configMaps,
      resources.networkPolicies,
      resources.claims,
    ];
    const lists = await Promise.all(
      kinds.map(async (kind) =>
        (await this.kube.list<KubeObject>(kind)).items.map(({ metadata }) => `${kind.plural}/${metadata.name}`),
      ),
    );
    return lists.flat().sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#operator?.[Symbol.asyncDispose]();
    await this.cluster[Symbol.asyncDispose]();
  }

  /** A process that was killed neither asks nor hears anything any more. */
  #observedFetch(): Fetch {
    let isKilled = false;
    const refuse = (): never => {
      throw new TypeError('fetch failed');
    };
    const kill = (): void => {
      isKilled = true;
      this.#isDead = true;
      this.kills += 1;
    };
    return async (url, init) => {
      if (isKilled) return refuse();
      this.#requests += 1;
      const method = init.method ?? 'GET';
      if (method === 'GET') return this.#told(url, await this.cluster.fetch(url, init));
      if (this.refusesEvents && isOfEvents(url)) return new Response('{}', { status: 403 });
      // Events are written beside the work, at no fixed point of it, and one that is lost changes nothing.
      if (isOfEvents(url)) return await this.cluster.fetch(url, init);
      const fate = this.#fateOfNextWrite();
      this.writes.push(`${method} ${nameOfUrl(url)}`);
      if (fate === 'refused') return new Response('{}', { status: 503 });
      if (fate === 'killedBefore' || fate === 'killedAfter') kill();
      if (fate === 'killedBefore' || fate === 'lostBefore') return refuse();
      await this.#beforeWrite(`${method} ${nameOfUrl(url)}`, init);
      const answer = await this.cluster.fetch(url, init);
      return fate === 'done' ? answer : refuse();
    };
  }

  #fateOfNextWrite(): WriteFate {
    if (this.#killing?.atWrite === this.writes.length)
      return this.#killing.moment === 'before' ? 'killedBefore' : 'killedAfter';
    return this.#faults?.fateOfWrite() ?? 'done';
  }

  #told(url: string, answer: Response): Response {
    return this.#faults !== undefined && new URL(url).searchParams.has('watch') ? this.#faults.late(answer) : answer;
  }
}

const isOfEvents = (url: string): boolean => nameOfUrl(url).split('/')[0] === 'events';

function nameOfUrl(url: string): string {
  return new URL(url).pathname.replace(/^\/(api|apis\/[^/]+)\/[^/]+\//, '').replace(/^namespaces\/[^/]+\//, '');
}
