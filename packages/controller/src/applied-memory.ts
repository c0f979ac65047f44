import type { KubeObject } from '@vdi/kube';
import { fingerprint, projection } from './fingerprint.ts';

interface Applied {
  readonly uid: string | undefined;
  readonly desired: string;
  /** Of what the server made of it. */
  readonly made: string;
}

/** Remembers what was applied to objects of one kind, so that applying the same again can be spared. */
export class AppliedMemory {
  readonly #applied = new Map<string, Applied>();

  remember(id: string, desired: unknown, made: unknown, { metadata: { uid } }: KubeObject): void {
    this.#applied.set(id, { uid, desired: fingerprint(desired), made: fingerprint(projection(made, desired)) });
  }

  /** Was the same applied to this very object, and does it still have what the server made of that? */
  isInPlace(id: string, desired: unknown, live: unknown, { metadata: { uid } }: KubeObject): boolean {
    const applied = this.#applied.get(id);
    return (
      applied !== undefined &&
      applied.uid === uid &&
      applied.desired === fingerprint(desired) &&
      applied.made === fingerprint(projection(live, desired))
    );
  }

  forget(id: string): void {
    this.#applied.delete(id);
  }
}
