const windowMs = 10_000;
const bucketMs = 1000;

/** How much longer packets take now than at best in the last ten seconds. The clocks' offset cancels out. */
export class QueueingDelay {
  readonly #minima: { readonly startedAtMs: number; minimumMs: number }[] = [];
  #latestMs = 0;

  add(sentAtMs: number, arrivedAtMs: number): void {
    const delayMs = arrivedAtMs - sentAtMs;
    this.#latestMs = delayMs;
    const bucket = this.#minima.at(-1);
    if (bucket !== undefined && sentAtMs - bucket.startedAtMs < bucketMs) {
      bucket.minimumMs = Math.min(bucket.minimumMs, delayMs);
    } else {
      this.#minima.push({ startedAtMs: sentAtMs, minimumMs: delayMs });
    }
    while (sentAtMs - (this.#minima[0]?.startedAtMs ?? sentAtMs) > windowMs) this.#minima.shift();
  }

  get milliseconds(): number {
    const minimum = Math.min(...this.#minima.map(({ minimumMs }) => minimumMs));
    return Number.isFinite(minimum) ? Math.max(0, this.#latestMs - minimum) : 0;
  }
}
