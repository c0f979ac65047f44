import { isAlreadyExists, type KubeClient, typedResources } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import type { Clock } from '@vdi/controller';
import { isDiskNearlyFull, type Machine } from './machine.ts';
import { nodeStatus } from './node-object.ts';

export interface RegistrationOptions {
  readonly kube: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly nodeName: string;
  readonly machine: Machine;
  readonly runtimeVersion: string;
  readonly stateDirectory: string;
  readonly openHost: string | undefined;
  readonly ignoredLimits: string | undefined;
}

const heartbeatMs = 10_000;
const leaseSeconds = 40;
/** Every so many heartbeats the whole status is written, as the kubelet does every five minutes. */
const beatsPerStatus = 30;
const leaseNamespace = 'kube-node-lease';

/** Keeps the Node object and its Lease true. */
export class NodeRegistration implements AsyncDisposable {
  readonly #options: RegistrationOptions;
  #engineTrouble: string | undefined;
  #isDiskFull = false;
  #beats = 0;
  #cancel: () => void = () => undefined;
  #last: Promise<void> = Promise.resolve();

  private constructor(options: RegistrationOptions) {
    this.#options = options;
  }

  static async start(options: RegistrationOptions): Promise<NodeRegistration> {
    const registration = new NodeRegistration(options);
    await registration.#create();
    await registration.#writeStatus();
    registration.#beat();
    return registration;
  }

  /** Tells that the engine does not answer, or does again. */
  noteEngine(trouble: string | undefined): void {
    if (trouble === this.#engineTrouble) return;
    this.#engineTrouble = trouble;
    this.#queue(() => this.#writeStatus());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cancel();
    await this.#last;
  }

  #beat(): void {
    this.#queue(() => this.#heartbeat());
    this.#cancel = this.#options.clock.after(heartbeatMs, () => this.#beat());
  }

  async #heartbeat(): Promise<void> {
    const { kube, nodeName, clock, stateDirectory } = this.#options;
    const value = {
      metadata: { name: nodeName, namespace: leaseNamespace },
      spec: {
        holderIdentity: nodeName,
        leaseDurationSeconds: leaseSeconds,
        renewTime: clock.now().toISOString().replace('Z', '000Z'),
      },
    };
    await kube.apply(typedResources.leases, value, { fieldManager: 'vdi-node' });
    const wasFull = this.#isDiskFull;
    this.#isDiskFull = isDiskNearlyFull(stateDirectory);
    this.#beats += 1;
    if (wasFull !== this.#isDiskFull || this.#beats % beatsPerStatus === 0) await this.#writeStatus();
  }

  async #create(): Promise<void> {
    const { kube, nodeName, machine } = this.#options;
    const labels = {
      'kubernetes.io/hostname': nodeName,
      'kubernetes.io/os': 'linux',
      'kubernetes.io/arch': process.arch === 'x64' ? 'amd64' : process.arch,
      'nvidia.com/gpu.present': String(machine.gpus > 0),
    };
    await kube.create(typedResources.namespaces, { metadata: { name: leaseNamespace } }).catch(unlessThere);
    await kube.apply(typedResources.nodes, { metadata: { name: nodeName, labels } }, { fieldManager: 'vdi-node' });
  }

  async #writeStatus(): Promise<void> {
    const { kube, nodeName, machine, runtimeVersion, clock, openHost, ignoredLimits } = this.#options;
    const trouble = { engine: this.#engineTrouble, isDiskFull: this.#isDiskFull, openHost, ignoredLimits };
    const node = await kube.get(typedResources.nodes, { name: nodeName });
    const status = nodeStatus(node, { name: nodeName, machine, runtimeVersion, trouble, now: clock.now() });
    await kube.patch(
      typedResources.nodes,
      { name: nodeName },
      { type: 'merge', value: { status } },
      { subresource: 'status' },
    );
  }

  #queue(work: () => Promise<void>): void {
    this.#last = this.#last
      .then(work)
      .catch((error: unknown) => this.#options.log.warn({ err: error }, 'Could not write the Node'));
  }
}

function unlessThere(error: unknown): void {
  if (!isAlreadyExists(error)) throw error;
}
