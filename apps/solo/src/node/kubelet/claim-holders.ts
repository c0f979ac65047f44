import type { Pod } from '@vdi/kube';
import { podKey, uidOf } from '../objects/pod.ts';
import { VolumeError } from '../volumes/volume-error.ts';

/**
 * Who writes which home: at most one Pod each, from before its first container is made until after its last one is gone.
 * Kubernetes lets Pods on one machine share a ReadWriteOnce volume; two desktops on one home would destroy profiles.
 */
export class ClaimHolders {
  readonly #holders = new Map<string, Pod>();

  /** Takes the claim for a Pod, or throws `VolumeError` naming the Pod that has it. */
  take(claim: string, pod: Pod): void {
    const holder = this.#holders.get(claim);
    if (holder !== undefined && uidOf(holder) !== uidOf(pod)) {
      throw new VolumeError(
        `the claim "${claim}" is in use by Pod "${podKey(holder)}", and a home has one writer at a time; ` +
          'this Pod starts as soon as that one is gone',
      );
    }
    this.#holders.set(claim, pod);
  }

  /** Lets go of everything that a Pod held. */
  release(uid: string): void {
    for (const [claim, holder] of this.#holders) if (uidOf(holder) === uid) this.#holders.delete(claim);
  }
}
