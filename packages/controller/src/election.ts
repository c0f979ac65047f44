import {
  builtinResources,
  isAlreadyExists,
  isConflict,
  isNotFound,
  type KubeClient,
  type UntypedObject,
} from '@vdi/kube';
import type { Runtime } from './runtime.ts';
import { sleep } from './sleep.ts';

export interface ElectionOptions {
  readonly namespace: string;
  /** Of the Lease. */
  readonly name: string;
  /** Different for every process that ever takes part, such as the Pod's name and UID. */
  readonly identity: string;
  /** A client of its own, so that a flood of other requests cannot delay the renewal. Default: that of the runtime. */
  readonly kube?: KubeClient;
  /** After so long without a renewal, by the others' own clocks, another may lead. Default 15. */
  readonly leaseDurationSeconds?: number;
  /** After so long without a renewal, this one stops leading. Must be shorter. Default 10. */
  readonly renewDeadlineSeconds?: number;
  /** Between two attempts. Default 2. */
  readonly retryPeriodSeconds?: number;
}

/** Leadership is lost: whatever is under way must stop. */
export class LeadershipLost extends Error {
  override readonly name = 'LeadershipLost';
}

/** One candidate. Once lost, leadership is never regained by it: start anew with empty hands. */
export interface Election extends AsyncDisposable {
  /** Resolves when this one leads; rejects if the election is stopped before. */
  readonly acquired: Promise<void>;
  /** Aborts with `LeadershipLost` when this one leads no more, and with another reason when it is stopped. */
  readonly signal: AbortSignal;
  /** By the clock alone: false as soon as the renewal is overdue, even if the process slept through it. */
  readonly isLeader: boolean;
}

interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

type Lease = UntypedObject & { readonly spec?: LeaseSpec };

/**
 * Takes part in an election over a `coordination.k8s.io/v1` Lease, by the rules of client-go: times in the Lease are never
 * compared with our clock; we note on our own monotonic clock when it last changed. Two may believe to lead for a moment
 * if a process is frozen, so writes carry preconditions all the same.
 */
export function startElection(runtime: Runtime, options: ElectionOptions): Election {
  return new LeaseElection(runtime, options);
}

const { leases } = builtinResources;

class LeaseElection implements Election {
  readonly #runtime: Runtime;
  readonly #options: Required<ElectionOptions>;
  readonly #acquired = Promise.withResolvers<void>();
  readonly #end = new AbortController();
  readonly #leading;
  readonly #running: Promise<void>;
  #seen: { readonly record: string; readonly atMs: number } | undefined;
  #leadsUntilMs = -Infinity;
  #cancelDeadline: () => void = () => undefined;

  constructor(runtime: Runtime, options: ElectionOptions) {
    this.#runtime = runtime;
    this.#options = {
      leaseDurationSeconds: 15,
      renewDeadlineSeconds: 10,
      retryPeriodSeconds: 2,
      kube: runtime.kube,
      ...options,
    };
    checkTimes(this.#options);
    const { name } = options;
    this.#leading = runtime.metrics.gauge({
      name: 'leader_election_master_status',
      help: '1 on the one that leads, 0 on the others.',
      labels: ['name'],
    });
    this.#leading.set({ name }, 0);
    // Nobody has to wait for it.
    this.#acquired.promise.catch(() => undefined);
    this.#running = this.#run();
  }

  get acquired(): Promise<void> {
    return this.#acquired.promise;
  }

  get signal(): AbortSignal {
    return this.#end.signal;
  }

  get isLeader(): boolean {
    return !this.#end.signal.aborted && this.#runtime.clock.monotonicMs() < this.#leadsUntilMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const wasLeader = this.isLeader;
    this.#stop(new Error(`The election of ${this.#options.name} was stopped`));
    await this.#running;
    if (wasLeader) await this.#release();
  }

  async #run(): Promise<void> {
    const { clock, random } = this.#runtime;
    const { retryPeriodSeconds } = this.#options;
    let hasLed = false;
    while (!this.signal.aborted) {
      const askedAtMs = clock.monotonicMs();
      const isHolder = await this.#tryToHold();
      if (this.signal.aborted) return;
      if (isHolder === true) {
        this.#lead(askedAtMs);
        hasLed = true;
      } else if (isHolder === false && hasLed) this.#lose('another one took it');
      // Leaders renew on time; candidates spread out.
      const factor = hasLed ? 1 : 1 + 0.2 * random();
      await sleep(clock, retryPeriodSeconds * 1000 * factor, this.signal);
    }
  }

  #lead(askedAtMs: number): void {
    const { clock, logger } = this.#runtime;
    const { name, identity, renewDeadlineSeconds } = this.#options;
    if (this.#leadsUntilMs === -Infinity) {
      logger.info({ lease: name, identity }, 'Became leader');
      this.#leading.set({ name }, 1);
    }
    // Counted from before the request: others may count from the moment in which the server took it.
    this.#leadsUntilMs = askedAtMs + renewDeadlineSeconds * 1000;
    this.#cancelDeadline();
    this.#cancelDeadline = clock.after(this.#leadsUntilMs - clock.monotonicMs(), () =>
      this.#lose(`it could not be renewed for ${renewDeadlineSeconds} s`),
    );
    this.#acquired.resolve();
  }

  #lose(why: string): void {
    const { name, identity } = this.#options;
    const error = new LeadershipLost(`${identity} lost the Lease ${name}: ${why}`);
    this.#runtime.logger.error({ lease: name, identity, err: error }, 'Lost leadership');
    this.#stop(error);
  }

  #stop(reason: Error): void {
    this.#cancelDeadline();
    this.#leading.set({ name: this.#options.name }, 0);
    this.#end.abort(reason);
    this.#acquired.reject(reason);
  }

  /** True if the Lease is ours now, false if it is another's, undefined if that could not be found out. */
  async #tryToHold(): Promise<boolean | undefined> {
    const { kube, renewDeadlineSeconds } = this.#options;
    const attempt = new AbortController();
    // An answer that never comes must leave time for a second attempt.
    const cancel = this.#runtime.clock.after(renewDeadlineSeconds * 500, () =>
      attempt.abort(new Error(`The Lease was not answered for within ${renewDeadlineSeconds / 2} s`)),
    );
    const options = { signal: AbortSignal.any([this.signal, attempt.signal]) };
    try {
      const lease = await this.#read(options.signal);
      if (lease === undefined) {
        await kube.create<Lease>(leases, this.#claimed(undefined), options);
        return true;
      }
      if (!this.#mayTake(lease)) return false;
      await kube.update<Lease>(leases, this.#claimed(lease), options);
      return true;
    } catch (error) {
      // Somebody was quicker; the next look tells who.
      if (isConflict(error) || isAlreadyExists(error)) return undefined;
      if (!this.signal.aborted) {
        this.#runtime.logger.warn({ lease: this.#options.name, err: error }, 'Failed to reach the Lease, trying again');
      }
      return undefined;
    } finally {
      cancel();
    }
  }

  async #read(signal: AbortSignal): Promise<Lease | undefined> {
    const { kube, namespace, name } = this.#options;
    try {
      return await kube.get<Lease>(leases, { namespace, name }, { signal });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  #mayTake({ metadata, spec = {} }: Lease): boolean {
    const nowMs = this.#runtime.clock.monotonicMs();
    const record = `${metadata.uid} ${metadata.resourceVersion}`;
    if (this.#seen?.record !== record) this.#seen = { record, atMs: nowMs };
    if (!spec.holderIdentity || spec.holderIdentity === this.#options.identity) return true;
    const durationSeconds = spec.leaseDurationSeconds ?? this.#options.leaseDurationSeconds;
    return nowMs >= this.#seen.atMs + durationSeconds * 1000;
  }

  /** The Lease as ours; with the resourceVersion that was read, so that of two claims one fails. */
  #claimed(lease: Lease | undefined): Lease {
    const { namespace, name, identity, leaseDurationSeconds } = this.#options;
    const now = microTime(this.#runtime.clock.now());
    const isOurs = lease?.spec?.holderIdentity === identity;
    const transitions = lease?.spec?.leaseTransitions ?? 0;
    return {
      metadata: lease?.metadata ?? { namespace, name },
      spec: {
        holderIdentity: identity,
        leaseDurationSeconds,
        acquireTime: isOurs ? (lease.spec?.acquireTime ?? now) : now,
        renewTime: now,
        leaseTransitions: lease === undefined || isOurs ? transitions : transitions + 1,
      },
    };
  }

  /** Lets the next one lead at once. If it fails, the next one waits until the Lease runs out. */
  async #release(): Promise<void> {
    const { kube, namespace, name, identity } = this.#options;
    try {
      const lease = await kube.get<Lease>(leases, { namespace, name });
      if (lease.spec?.holderIdentity !== identity) return;
      const spec = { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1 };
      await kube.update<Lease>(leases, { ...lease, spec });
    } catch (error) {
      this.#runtime.logger.warn({ lease: name, err: error }, 'Failed to release the Lease, it will run out');
    }
  }
}

function checkTimes({
  leaseDurationSeconds,
  renewDeadlineSeconds,
  retryPeriodSeconds,
}: Required<ElectionOptions>): void {
  if (leaseDurationSeconds > renewDeadlineSeconds && renewDeadlineSeconds > retryPeriodSeconds * 1.2) return;
  throw new RangeError(
    'An election needs leaseDurationSeconds > renewDeadlineSeconds > 1.2 × retryPeriodSeconds, or two could lead at once; ' +
      `it got ${leaseDurationSeconds}, ${renewDeadlineSeconds} and ${retryPeriodSeconds}`,
  );
}

/** `metav1.MicroTime`: six digits of a second. */
const microTime = (date: Date): string => date.toISOString().replace('Z', '000Z');
