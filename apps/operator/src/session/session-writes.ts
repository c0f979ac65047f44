import { fieldManagers, finalizers, labels, userKey, type VDISession, type VDISessionStatus } from '@vdi/api';
import { createWriter, type Reflector, type Runtime, type Writer } from '@vdi/controller';
import {
  hasEnded,
  isAlreadyExists,
  isNotFound,
  type KubeObject,
  type ObjectName,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  type Secret,
} from '@vdi/kube';
import type { Caches } from '../caches.ts';
import { resources } from '../objects/resources.ts';
import { desiredSecret, type PublicKeySet } from './desired/secret.ts';
import { secretKeys } from './desired/names.ts';
import type { DesiredObject } from './desired/index.ts';
import { namespaceOf, uidOf } from './input.ts';

export interface SessionWritesOptions {
  readonly runtime: Runtime;
  readonly caches: Caches;
  /** Public keys of whoever signs tickets; asked before each start, so that new ones reach new Pods. */
  readonly ticketKeys: () => Promise<PublicKeySet>;
  /** An unguessable bearer of at least 32 characters. */
  readonly newToken: () => string;
}

/** Every write that the session controller makes. All may be repeated; none relies on the one before having been seen. */
export class SessionWrites {
  readonly #options: SessionWritesOptions;
  readonly #children: Writer;
  readonly #status: Writer;
  readonly #home: Writer;

  constructor(options: SessionWritesOptions) {
    this.#options = options;
    this.#children = createWriter(options.runtime, { fieldManager: fieldManagers.session });
    this.#status = createWriter(options.runtime, { fieldManager: fieldManagers.sessionStatus });
    this.#home = createWriter(options.runtime, { fieldManager: fieldManagers.home });
  }

  /** Waits, for a bounded time, until the caches show what was written. */
  async caughtUp(signal?: AbortSignal): Promise<void> {
    await Promise.all([this.#children, this.#status, this.#home].map((writer) => writer.caughtUp(signal)));
  }

  /** Before the first child exists: whatever is made from now on is taken away again. */
  async addFinalizer({ metadata }: VDISession, signal: AbortSignal): Promise<void> {
    await this.#setFinalizers(metadata, [...(metadata.finalizers ?? []), finalizers.session], signal);
  }

  /** The last step of a deletion; a cache that has not heard of it yet may ask for it again. */
  async removeFinalizer({ metadata }: VDISession, signal: AbortSignal): Promise<void> {
    const others = (metadata.finalizers ?? []).filter((name) => name !== finalizers.session);
    try {
      await this.#setFinalizers(metadata, others, signal);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  async status(session: VDISession, status: VDISessionStatus, signal: AbortSignal): Promise<void> {
    const { apiVersion, kind, metadata, spec } = session;
    await this.#status.applyStatus(
      this.#options.caches.sessions,
      { apiVersion, kind, metadata, spec, status },
      { signal },
    );
  }

  /** Says in the session itself what the operator decided, so that it is resumed like any other. */
  async suspend({ metadata }: VDISession, signal: AbortSignal): Promise<void> {
    const value = {
      metadata: { uid: metadata.uid, resourceVersion: metadata.resourceVersion },
      spec: { suspended: true },
    };
    await this.#kube.patch(
      resources.sessions,
      nameOf(metadata),
      { type: 'merge', value },
      { fieldManager: fieldManagers.session, signal },
    );
  }

  async deleteSession(session: VDISession, signal: AbortSignal): Promise<void> {
    await this.#children.delete(this.#options.caches.sessions, session, { signal });
  }

  async home(claim: PersistentVolumeClaim, signal: AbortSignal): Promise<PersistentVolumeClaim> {
    return await this.#home.apply(this.#options.caches.claims, claim, { signal });
  }

  /** A home outlives its claim; the answer is what the server then has. */
  async retain({ metadata }: PersistentVolume, signal: AbortSignal): Promise<PersistentVolume> {
    const value = { metadata: { uid: metadata.uid }, spec: { persistentVolumeReclaimPolicy: 'Retain' } };
    return await this.#kube.patch(
      resources.volumes,
      nameOf(metadata),
      { type: 'merge', value },
      { fieldManager: fieldManagers.home, signal },
    );
  }

  async children(desired: readonly DesiredObject[], signal: AbortSignal): Promise<void> {
    await Promise.all(
      desired.map(({ resource, object }) =>
        this.#children.apply(this.#reflectorOf(resource.plural), object, { signal }),
      ),
    );
  }

  /** Creates the Secret once; keeps the door's public keys in it current. Read by name, never listed. */
  async secret(session: VDISession, signal: AbortSignal): Promise<void> {
    const { ticketKeys, newToken } = this.#options;
    const present = await this.#readSecret(session, signal);
    const desired = desiredSecret(session, newToken(), await ticketKeys());
    if (present === undefined) return await this.#createSecret(desired, signal);
    if (!isControlledBy(present, session)) {
      // Of a predecessor of the same name, whose garbage was not collected yet.
      const { uid, resourceVersion } = present.metadata;
      await this.#kube.delete(resources.secrets, nameOf(present.metadata), { uid, resourceVersion, signal });
      return await this.#createSecret(desired, signal);
    }
    const wanted = desired.data?.[secretKeys.ticketKeys];
    if (present.data?.[secretKeys.ticketKeys] === wanted) return;
    const value = { metadata: { uid: present.metadata.uid }, data: { [secretKeys.ticketKeys]: wanted } };
    await this.#kube.patch(
      resources.secrets,
      nameOf(present.metadata),
      { type: 'merge', value },
      { fieldManager: fieldManagers.session, signal },
    );
  }

  /** The bearer by which the agents of that session are asked. */
  async agentToken(name: ObjectName): Promise<string> {
    const secret = await this.#kube.get(resources.secrets, name);
    return Buffer.from(secret.data?.[secretKeys.agentToken] ?? '', 'base64').toString('utf8');
  }

  /**
   * By a fresh look and not by a cache: the Pods of this user, in the namespace of the session, that may still write to a
   * home or that belong to the session.
   */
  async livePods(session: VDISession, signal: AbortSignal): Promise<readonly Pod[]> {
    const { items } = await this.#kube.list(resources.pods, {
      namespace: namespaceOf(session),
      labelSelector: `${labels.user}=${userKey(session.spec.user)}`,
      signal,
    });
    return items.filter((pod) => !hasEnded(pod) || isControlledBy(pod, session));
  }

  async createPod(pod: Pod, signal: AbortSignal): Promise<Pod> {
    return await this.#children.createOnce(this.#options.caches.pods, pod, { signal });
  }

  async deletePod(pod: Pod, signal: AbortSignal): Promise<void> {
    await this.#children.delete(this.#options.caches.pods, pod, { signal });
  }

  /** Everything but Pods and home. True when nothing is left. */
  async deleteChildren(session: VDISession, signal: AbortSignal): Promise<boolean> {
    const { services, configMaps, networkPolicies, ingressRoutes } = this.#options.caches;
    const uid = uidOf(session);
    const kinds: readonly Reflector<KubeObject, 'owner'>[] = [
      services,
      configMaps,
      networkPolicies,
      ...(ingressRoutes ? [ingressRoutes] : []),
    ];
    let left = 0;
    for (const reflector of kinds) {
      const candidates = reflector.cache.by('owner', uid);
      left += candidates.length;
      await this.#children.prune(reflector, { candidates, keep: new Set() }, { signal });
    }
    await this.#deleteSecret(session, signal);
    return left === 0;
  }

  async #deleteSecret(session: VDISession, signal: AbortSignal): Promise<void> {
    const secret = await this.#readSecret(session, signal);
    if (secret === undefined || !isControlledBy(secret, session)) return;
    const { uid, resourceVersion } = secret.metadata;
    await this.#kube.delete(resources.secrets, nameOf(secret.metadata), { uid, resourceVersion, signal });
  }

  async #readSecret({ metadata: { name, namespace } }: VDISession, signal: AbortSignal): Promise<Secret | undefined> {
    try {
      return await this.#kube.get(
        resources.secrets,
        { name, ...(namespace !== undefined && { namespace }) },
        { signal },
      );
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async #createSecret(secret: Secret, signal: AbortSignal): Promise<void> {
    try {
      await this.#kube.create(resources.secrets, secret, { fieldManager: fieldManagers.session, signal });
    } catch (error) {
      // Made by a pass that was cut off before it could tell.
      if (!isAlreadyExists(error)) throw error;
    }
  }

  async #setFinalizers(metadata: VDISession['metadata'], names: readonly string[], signal: AbortSignal): Promise<void> {
    const { uid, resourceVersion } = metadata;
    const value = { metadata: { uid, resourceVersion, finalizers: names } };
    await this.#kube.patch(
      resources.sessions,
      nameOf(metadata),
      { type: 'merge', value },
      { fieldManager: fieldManagers.sessionFinalizer, signal },
    );
  }

  #reflectorOf(plural: string): Reflector<KubeObject, 'owner'> {
    const { services, configMaps, networkPolicies, ingressRoutes } = this.#options.caches;
    const found = [services, configMaps, networkPolicies, ingressRoutes].find((one) => one?.resource.plural === plural);
    if (found === undefined) throw new TypeError(`No cache of ${plural} is kept, so none can be applied`);
    return found;
  }

  get #kube(): Runtime['kube'] {
    return this.#options.runtime.kube;
  }
}

export function isControlledBy({ metadata }: KubeObject, session: VDISession): boolean {
  return (
    metadata.ownerReferences?.some(({ uid, controller }) => controller === true && uid === session.metadata.uid) ===
    true
  );
}

function nameOf(metadata: KubeObject['metadata']): ObjectName {
  const { namespace, name = '' } = metadata;
  return { name, ...(namespace !== undefined && { namespace }) };
}
