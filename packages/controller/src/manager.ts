import type { Controller } from './controller.ts';
import { type Election, type ElectionOptions, LeadershipLost, startElection } from './election.ts';
import type { Reflector } from './reflector.ts';
import type { Runtime } from './runtime.ts';

export interface ManagerOptions {
  readonly reflectors: readonly Pick<Reflector, 'start' | 'synced' | typeof Symbol.asyncDispose>[];
  readonly controllers: readonly Controller[];
  /** Left out: this process is the only one, and leads. */
  readonly election?: ElectionOptions;
}

/** Runs reflectors always, and controllers while leading. Owns them: disposing of it stops all, in reverse. */
export interface Manager extends AsyncDisposable {
  /** Resolves when the caches are synced, leadership is won and the controllers work; rejects if stopped before. */
  readonly running: Promise<void>;
  /** Resolves when leadership is lost. The controllers are aborted then; dispose of the manager and end the process. */
  readonly lost: Promise<LeadershipLost>;
  readonly isLeader: boolean;
}

export function startManager(runtime: Runtime, options: ManagerOptions): Manager {
  return new OrderedManager(runtime, options);
}

class OrderedManager implements Manager {
  readonly running: Promise<void>;
  readonly #runtime: Runtime;
  readonly #options: ManagerOptions;
  readonly #stop = new AbortController();
  readonly #lost = Promise.withResolvers<LeadershipLost>();
  #election: Election | undefined;
  #stopping: Promise<void> | undefined;
  #controllersStopped: Promise<void> | undefined;
  #isRunning = false;

  constructor(runtime: Runtime, options: ManagerOptions) {
    this.#runtime = runtime;
    this.#options = options;
    this.running = this.#run();
    // Nobody has to wait for it.
    this.running.catch(() => undefined);
  }

  get lost(): Promise<LeadershipLost> {
    return this.#lost.promise;
  }

  get isLeader(): boolean {
    return this.#isRunning && !this.#stop.signal.aborted && (this.#election?.isLeader ?? true);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #run(): Promise<void> {
    const { logger } = this.#runtime;
    const { reflectors, controllers, election } = this.#options;
    for (const reflector of reflectors) reflector.start();
    await Promise.all(reflectors.map(({ synced }) => synced));
    this.#stop.signal.throwIfAborted();
    logger.info({ reflectors: reflectors.length }, 'Synced all caches');
    if (election !== undefined) await this.#elect(election);
    this.#stop.signal.throwIfAborted();
    for (const controller of controllers) controller.start();
    this.#isRunning = true;
    logger.info({ controllers: controllers.map(({ name }) => name) }, 'Started controllers');
  }

  async #elect(options: ElectionOptions): Promise<void> {
    const election = startElection(this.#runtime, options);
    this.#election = election;
    election.signal.addEventListener('abort', () => {
      const reason: unknown = election.signal.reason;
      if (!(reason instanceof LeadershipLost)) return;
      // Aborting them comes first, and happens before anything else can run.
      void this.#stopControllers();
      this.#lost.resolve(reason);
    });
    await election.acquired;
  }

  async #stopAll(): Promise<void> {
    this.#stop.abort(new Error('The manager was stopped'));
    await this.#stopControllers();
    await this.#election?.[Symbol.asyncDispose]();
    for (const reflector of [...this.#options.reflectors].reverse()) await reflector[Symbol.asyncDispose]();
    this.#runtime.logger.info({}, 'Stopped controllers and caches');
  }

  #stopControllers(): Promise<void> {
    this.#controllersStopped ??= Promise.all(
      [...this.#options.controllers].reverse().map((controller) => controller[Symbol.asyncDispose]()),
    ).then(() => undefined);
    return this.#controllersStopped;
  }
}
