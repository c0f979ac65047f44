import type { DrivenClock } from '@vdi/testing';
import { SeededRandom } from './seeded-random.ts';

/** What becomes of a write. `lost` ones are done without the operator being told; `killed` ends its process there. */
export type WriteFate = 'done' | 'refused' | 'lostBefore' | 'lostAfter' | 'killedBefore' | 'killedAfter';

const probabilities: readonly (readonly [WriteFate, number])[] = [
  ['refused', 0.04],
  ['lostBefore', 0.04],
  ['lostAfter', 0.05],
  ['killedBefore', 0.02],
  ['killedAfter', 0.03],
];
/** Longer than the operator waits for its caches to show what it wrote. */
const longestDelayMs = 9_000;
const delayProbability = 0.3;
const cutProbability = 0.02;

/**
 * The network between an operator and its API: writes are refused, lost or the last of their process; news of watches come
 * late, each kind's by its own time, so that caches show what never was at one moment. All of it follows from a seed.
 */
export class NetworkFaults {
  readonly #random: SeededRandom;
  readonly #clock: Pick<DrivenClock, 'after'>;
  readonly #held = new Set<() => void>();
  #isHealthy = false;

  constructor(seed: number, clock: Pick<DrivenClock, 'after'>) {
    this.#random = new SeededRandom(seed);
    this.#clock = clock;
  }

  fateOfWrite(): WriteFate {
    if (this.#isHealthy) return 'done';
    let left = this.#random.next();
    for (const [fate, probability] of probabilities) {
      if (left < probability) return fate;
      left -= probability;
    }
    return 'done';
  }

  /** The answer of a watch whose news come late, in their order; now and then it breaks off. */
  late(response: Response): Response {
    const reader = response.body?.getReader();
    if (reader === undefined) return response;
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const { done, value } = await reader.read();
        await this.#holdUp();
        if (done) controller.close();
        else if (!this.#isHealthy && this.#random.isLikely(cutProbability)) {
          controller.error(new TypeError('terminated'));
          await reader.cancel();
        } else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    });
    return new Response(body, { status: response.status, headers: response.headers });
  }

  /** From now on nothing fails, and what was held up arrives. */
  heal(): void {
    this.#isHealthy = true;
    for (const release of this.#held) release();
    this.#held.clear();
  }

  async #holdUp(): Promise<void> {
    if (this.#isHealthy || !this.#random.isLikely(delayProbability)) return;
    const delayMs = this.#random.below(longestDelayMs);
    await new Promise<void>((resolve) => {
      const release = (): void => {
        cancel();
        this.#held.delete(release);
        resolve();
      };
      const cancel = this.#clock.after(delayMs, release);
      this.#held.add(release);
    });
  }
}
