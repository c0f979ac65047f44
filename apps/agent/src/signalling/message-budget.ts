/** How many messages a peer may send: a token bucket. */
export interface MessageRate {
  readonly burst: number;
  readonly perSecond: number;
}

export class MessageBudget {
  readonly #rate: MessageRate;
  #tokens: number;
  #refilledAtMs: number | undefined;

  constructor(rate: MessageRate) {
    this.#rate = rate;
    this.#tokens = rate.burst;
  }

  /** Takes one message from the budget. `false`: it is used up. */
  take(nowMs: number): boolean {
    const elapsedMs = nowMs - (this.#refilledAtMs ?? nowMs);
    this.#refilledAtMs = nowMs;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + (elapsedMs * this.#rate.perSecond) / 1000);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
