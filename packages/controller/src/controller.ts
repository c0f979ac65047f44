import { isConflict } from '@vdi/kube';
import { controllerMetrics } from './controller-metrics.ts';
import type { ObjectKey } from './object-key.ts';
import { type Outcome, type Reconcile, TerminalError } from './reconcile.ts';
import type { RetryLimits } from './retry-limiter.ts';
import type { Runtime } from './runtime.ts';
import type { Watch } from './watches.ts';
import { WorkQueue } from './work-queue.ts';
import { workQueueMetrics } from './work-queue-metrics.ts';
import type { Writer } from './writer.ts';

export interface ControllerOptions {
  /** For logs and metrics; unique in the process. */
  readonly name: string;
  readonly watches: readonly Watch[];
  readonly reconcile: Reconcile;
  /** Keys worked on at once. Default 1. */
  readonly concurrency?: number;
  /** A reconciliation is aborted, and retried, after this long. Default 60 000. */
  readonly timeoutMs?: number;
  /** Before each reconciliation, the caches must have seen what this writer wrote. */
  readonly writer?: Pick<Writer, 'caughtUp'>;
  /** Default: 5 ms doubled up to 1000 s for each key; 10 a second, 100 at once, for all. */
  readonly retryLimits?: RetryLimits;
}

/** Reconciles the keys that its watches wake. */
export interface Controller extends AsyncDisposable {
  readonly name: string;
  /** Begins to work, with all that its caches hold; they must be synced. */
  start(): void;
  /** Asks for a look at `key`. */
  enqueue(key: ObjectKey): void;
  /** Resolves when nothing is worked on or ready to be; what waits for a later time does not count. */
  whenIdle(): Promise<void>;
}

/** A controller that does nothing before `start`. Disposing of it aborts what it works on and waits for that to end. */
export function createController(runtime: Runtime, options: ControllerOptions): Controller {
  return new QueueController(runtime, options);
}

class QueueController implements Controller {
  readonly name: string;
  readonly #runtime: Runtime;
  readonly #options: ControllerOptions;
  readonly #metrics;
  readonly #queue: WorkQueue;
  readonly #stop = new AbortController();
  #unwatch: readonly (() => void)[] = [];
  #workers: readonly Promise<void>[] = [];
  #busy = 0;

  constructor(runtime: Runtime, options: ControllerOptions) {
    const { clock, metrics } = runtime;
    const { name, retryLimits } = options;
    this.name = name;
    this.#runtime = runtime;
    this.#options = options;
    this.#metrics = controllerMetrics(metrics, name, options.concurrency ?? 1);
    this.#queue = new WorkQueue({
      clock,
      metrics: workQueueMetrics(metrics, name),
      ...(retryLimits && { retryLimits }),
    });
  }

  start(): void {
    if (this.#workers.length > 0) throw new Error(`Controller ${this.name} was started already`);
    this.#stop.signal.throwIfAborted();
    this.#unwatch = this.#options.watches.map((watch) => watch((key) => this.#queue.add(key)));
    this.#workers = Array.from({ length: this.#options.concurrency ?? 1 }, () => this.#work());
  }

  enqueue(key: ObjectKey): void {
    this.#queue.add(key);
  }

  whenIdle(): Promise<void> {
    return this.#queue.whenIdle();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const stop of this.#unwatch) stop();
    this.#queue.close();
    this.#stop.abort(new Error(`Controller ${this.name} was stopped`));
    await Promise.all(this.#workers);
  }

  async #work(): Promise<void> {
    for (let key = await this.#queue.take(); key !== undefined; key = await this.#queue.take()) {
      this.#metrics.activeWorkers((this.#busy += 1));
      await this.#reconcile(key);
      this.#metrics.activeWorkers((this.#busy -= 1));
      this.#queue.done(key);
    }
  }

  /** Never throws: whatever goes wrong with one key must not end the worker. */
  async #reconcile(key: ObjectKey): Promise<void> {
    const { clock } = this.#runtime;
    const startedAtMs = clock.monotonicMs();
    const deadline = new AbortController();
    const timeoutMs = this.#options.timeoutMs ?? 60_000;
    const cancel = clock.after(timeoutMs, () => {
      this.#metrics.timedOut();
      deadline.abort(new Error(`Reconciling ${key} in ${this.name} took longer than ${timeoutMs / 1000} s`));
    });
    const seconds = (): number => (clock.monotonicMs() - startedAtMs) / 1000;
    try {
      const signal = AbortSignal.any([this.#stop.signal, deadline.signal]);
      await this.#options.writer?.caughtUp(signal);
      this.#succeeded(key, await this.#options.reconcile(key, signal), seconds());
    } catch (error) {
      this.#failed(key, error, seconds());
    } finally {
      cancel();
    }
  }

  #succeeded(key: ObjectKey, outcome: Outcome, seconds: number): void {
    this.#queue.forget(key);
    if (outcome.type === 'requeueAfter') this.#queue.addAfter(key, outcome.milliseconds);
    this.#metrics.reconciled(outcome.type === 'settled' ? 'success' : 'requeue_after', seconds);
  }

  #failed(key: ObjectKey, error: unknown, seconds: number): void {
    // What fails because of the stop is no failure; whoever leads next looks at every key anyway.
    if (this.#stop.signal.aborted) return;
    const facts = { controller: this.name, key, err: error };
    const { logger } = this.#runtime;
    this.#metrics.reconciled('error', seconds);
    if (error instanceof TerminalError) {
      this.#metrics.failedForGood();
      this.#queue.forget(key);
      logger.error(facts, 'Failed to reconcile, waiting for a change');
      return;
    }
    this.#queue.retry(key);
    if (isConflict(error)) logger.info(facts, 'Decided by an outdated view, looking again');
    else logger.error(facts, 'Failed to reconcile, trying again');
  }
}
