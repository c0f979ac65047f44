import type { Clock } from './clock.ts';
import { KubeError } from './kube-error.ts';

/**
 * One signal for "the caller no longer wants it" and "it took too long". The time may be started again while there is
 * progress (`renew`) and must be released with `using`, so that no timer outlives its request.
 */
export class Deadline implements Disposable {
  readonly signal: AbortSignal;
  readonly #expiry = new AbortController();
  readonly #clock: Clock;
  readonly #milliseconds: number;
  readonly #message: string;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock, milliseconds: number, message: string, callerSignal?: AbortSignal) {
    this.#clock = clock;
    this.#milliseconds = milliseconds;
    this.#message = message;
    this.signal = callerSignal ? AbortSignal.any([callerSignal, this.#expiry.signal]) : this.#expiry.signal;
    this.renew();
  }

  renew(): void {
    this.#cancel();
    this.#cancel = this.#clock.after(this.#milliseconds, () => {
      this.#expiry.abort(new KubeError({ status: 0, reason: 'Timeout', message: this.#message }));
    });
  }

  [Symbol.dispose](): void {
    this.#cancel();
  }
}
