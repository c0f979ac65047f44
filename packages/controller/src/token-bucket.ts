/** Lets `ratePerSecond` through in the long run and `burst` at once. Time is given, so it needs no clock. */
export class TokenBucket {
  readonly #ratePerMs: number;
  readonly #burst: number;
  #tokens: number;
  #countedAtMs = -Infinity;

  constructor({ ratePerSecond, burst }: { readonly ratePerSecond: number; readonly burst: number }) {
    this.#ratePerMs = ratePerSecond / 1000;
    this.#burst = burst;
    this.#tokens = burst;
  }

  /** Takes a token, which may have to be grown first; says in how many milliseconds it is there. */
  reserveMs(nowMs: number): number {
    this.#refill(nowMs);
    this.#tokens -= 1;
    return this.#tokens >= 0 ? 0 : -this.#tokens / this.#ratePerMs;
  }

  /** Takes a token if there is one. */
  tryTake(nowMs: number): boolean {
    this.#refill(nowMs);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  #refill(nowMs: number): void {
    if (nowMs <= this.#countedAtMs) return;
    this.#tokens = Math.min(this.#burst, this.#tokens + (nowMs - this.#countedAtMs) * this.#ratePerMs);
    this.#countedAtMs = nowMs;
  }
}
