import type { KubernetesObject, OwnerReference } from '../resource/resource.ts';
import type { Change } from '../storage/revision-log.ts';

/** Who is there, and who names whom as an owner, by UID; kept up with the log. */
export class OwnerGraph {
  readonly #keyOfUid = new Map<string, string>();
  readonly #dependentsOfUid = new Map<string, Set<string>>();

  add(key: string, { metadata }: KubernetesObject): void {
    if (metadata.uid !== undefined) this.#keyOfUid.set(metadata.uid, key);
    for (const { uid } of ownersOf(metadata)) {
      let dependents = this.#dependentsOfUid.get(uid);
      if (dependents === undefined) this.#dependentsOfUid.set(uid, (dependents = new Set()));
      dependents.add(key);
    }
  }

  remove(key: string, { metadata }: KubernetesObject): void {
    if (metadata.uid !== undefined) this.#keyOfUid.delete(metadata.uid);
    for (const { uid } of ownersOf(metadata)) {
      const dependents = this.#dependentsOfUid.get(uid);
      dependents?.delete(key);
      if (dependents?.size === 0) this.#dependentsOfUid.delete(uid);
    }
  }

  apply({ key, type, object, previous }: Change): void {
    if (previous !== undefined) this.remove(key, previous);
    if (type !== 'deleted') this.add(key, object);
  }

  keyOf(uid: string): string | undefined {
    return this.#keyOfUid.get(uid);
  }

  dependentsOf(uid: string | undefined): readonly string[] {
    return uid === undefined ? [] : [...(this.#dependentsOfUid.get(uid) ?? [])];
  }
}

export function ownersOf({ ownerReferences }: KubernetesObject['metadata']): readonly OwnerReference[] {
  return ownerReferences ?? [];
}
