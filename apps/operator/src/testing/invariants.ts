import { annotations, labels, type VDISession } from '@vdi/api';
import {
  hasEnded,
  isNotFound,
  type KubeClient,
  type KubeObject,
  type KubeResource,
  type ObjectName,
  type Pod,
} from '@vdi/kube';
import { mounts } from '../objects/pod.ts';
import { resources } from '../objects/resources.ts';

/** What must hold at every moment, whatever fails. Reads the server itself, never a cache; collects what did not hold. */
export class Invariants {
  readonly broken: string[] = [];
  readonly #kube: KubeClient;
  /** The volume of every home that was ever bound, by claim. */
  readonly #homes = new Map<string, string>();

  constructor(kube: KubeClient) {
    this.#kube = kube;
  }

  /** Before a write of the operator arrives. */
  async beforeWrite(write: string, init: RequestInit): Promise<void> {
    if (write === 'POST pods') await this.#beforePod(JSON.parse(typeof init.body === 'string' ? init.body : '') as Pod);
    // O2: nothing that the operator does takes a home away.
    if (write.startsWith('DELETE persistentvolume')) this.broken.push(`O2: ${write}`);
  }

  /** O3 and O6: who is about to get a Pod has a fence around it, and the home of that person, which nobody else writes to. */
  async #beforePod(pod: Pod): Promise<void> {
    const { namespace = '', name = '', ownerReferences = [], labels: ownLabels = {} } = pod.metadata;
    const sessionName = ownLabels[labels.session] ?? '';
    const session = await this.#find(resources.sessions, { namespace, name: sessionName });
    const owner = ownerReferences.find(({ controller }) => controller);
    if (session?.metadata.uid !== owner?.uid) this.broken.push(`O1: Pod ${name} is of a session that is gone`);
    const fence = await this.#find(resources.networkPolicies, { namespace, name: sessionName });
    const secret = await this.#find(resources.secrets, { namespace, name: sessionName });
    if (!isOf(fence, owner?.uid)) this.broken.push(`O3: Pod ${name} has no NetworkPolicy of its own`);
    if (!isOf(secret, owner?.uid)) this.broken.push(`O3: Pod ${name} has no Secret of its own`);
    await this.#beforeWriter(pod, session?.spec.user);
  }

  async #beforeWriter({ metadata: { namespace = '', name = '' }, spec }: Pod, user: string | undefined): Promise<void> {
    const { items: others } = await this.#kube.list(resources.pods, { namespace });
    for (const { persistentVolumeClaim } of spec.volumes ?? []) {
      if (persistentVolumeClaim === undefined) continue;
      const { claimName } = persistentVolumeClaim;
      const claim = await this.#find(resources.claims, { namespace, name: claimName });
      if (claim?.metadata.annotations?.[annotations.user] !== user)
        this.broken.push(`O3: Pod ${name} gets the home ${claimName} of somebody else`);
      const writer = others.find(
        (other) => !hasEnded(other) && other.metadata.name !== name && mounts(other, claimName),
      );
      if (writer !== undefined) this.broken.push(`O6: ${claimName} is written by ${writer.metadata.name} and ${name}`);
    }
  }

  /** Between two steps. */
  async look(): Promise<void> {
    const { items: sessions } = await this.#kube.list(resources.sessions);
    const hosts = sessions.flatMap(({ status }: VDISession) => status?.host ?? []);
    if (new Set(hosts).size < hosts.length)
      this.broken.push(`O3: two sessions are reached at one of ${hosts.join(', ')}`);
    const { items: claims } = await this.#kube.list(resources.claims);
    for (const { metadata, spec } of claims) {
      if (spec.volumeName !== undefined) this.#homes.set(`${metadata.namespace}/${metadata.name}`, spec.volumeName);
    }
    for (const [claim, volume] of this.#homes) {
      const present = claims.find(({ metadata }) => `${metadata.namespace}/${metadata.name}` === claim);
      if (present?.spec.volumeName !== volume) this.broken.push(`O2: home ${claim} is not on ${volume} any more`);
    }
  }

  /** When all has come to rest: homes are kept even from whoever deletes their claims. */
  async lookAtHomes(): Promise<void> {
    for (const [claim, name] of this.#homes) {
      const volume = await this.#find(resources.volumes, { name });
      if (volume?.spec.persistentVolumeReclaimPolicy !== 'Retain')
        this.broken.push(`O2: home ${claim} is not retained`);
    }
  }

  async #find<T extends KubeObject>(resource: KubeResource<T>, name: ObjectName): Promise<T | undefined> {
    try {
      return await this.#kube.get(resource, name);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

function isOf(object: KubeObject | undefined, uid: string | undefined): boolean {
  return object?.metadata.ownerReferences?.some((owner) => owner.uid === uid) === true;
}
