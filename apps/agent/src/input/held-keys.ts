import type { Clock } from '../clock.ts';

/**
 * Watches over keys that are down. The viewer tells once a second which it still holds; a key that it no longer names, or
 * of which nothing was heard for two seconds, is released, so that a broken connection leaves no key stuck.
 */
export class HeldKeys {
  readonly #clock: Clock;
  readonly #release: (code: string) => void;
  readonly #heardAtMs = new Map<string, number>();
  #cancelCheck: (() => void) | undefined;

  constructor(clock: Clock, release: (code: string) => void) {
    this.#clock = clock;
    this.#release = release;
  }

  pressed(code: string): void {
    this.#heardAtMs.set(code, this.#clock.nowMs());
    this.#schedule();
  }

  released(code: string): void {
    this.#heardAtMs.delete(code);
    this.#schedule();
  }

  /** The viewer holds `codes`, and no others. */
  heard(codes: readonly string[]): void {
    for (const code of this.#heardAtMs.keys()) {
      if (codes.includes(code)) this.#heardAtMs.set(code, this.#clock.nowMs());
      else this.#release(code);
    }
    this.#schedule();
  }

  #schedule(): void {
    this.#cancelCheck?.();
    this.#cancelCheck = undefined;
    if (this.#heardAtMs.size === 0) return;
    const waitMs = Math.min(...this.#heardAtMs.values()) + staleAfterMs - this.#clock.nowMs();
    this.#cancelCheck = this.#clock.after(Math.max(0, waitMs), () => this.#releaseStale());
  }

  #releaseStale(): void {
    const limitMs = this.#clock.nowMs() - staleAfterMs;
    for (const [code, heardAtMs] of this.#heardAtMs) if (heardAtMs <= limitMs) this.#release(code);
    this.#schedule();
  }
}

const staleAfterMs = 2000;
