import type { Probe } from '@vdi/kube';
import type { Clock } from '@vdi/controller';
import type { HandlerResult } from './run-handler.ts';
import {
  afterResult,
  countsAsFailure,
  delayToFirst,
  delayToNext,
  type ProbeKind,
  type ProbeState,
  untried,
} from './probe-schedule.ts';

/** What the probes of one running container tell. */
export interface ContainerProbesOptions {
  readonly clock: Clock;
  readonly probes: Readonly<Partial<Record<ProbeKind, Probe>>>;
  /** When the container started. */
  readonly startedAt: Date;
  /** Adopted from an earlier process that had found it so: it is not asked to prove it again. */
  readonly wasStarted: boolean;
  readonly wasReady: boolean;
  readonly run: (probe: Probe, kind: ProbeKind) => Promise<HandlerResult>;
  /** `isStarted` or `isReady` changed. */
  readonly onChange: () => void;
  /** A try failed, however often that is allowed. */
  readonly onFailure: (kind: ProbeKind, message: string) => void;
  /** A startup or liveness probe has failed for good: the container is to be restarted. */
  readonly onUnhealthy: (kind: ProbeKind) => void;
}

/** Asks one container again and again until it is disposed of. */
export class ContainerProbes implements Disposable {
  readonly #options: ContainerProbesOptions;
  readonly #states: Record<ProbeKind, ProbeState>;
  readonly #cancels = new Map<ProbeKind, () => void>();
  readonly #lastCountedAt = new Map<ProbeKind, number>();
  #isOver = false;

  constructor(options: ContainerProbesOptions) {
    this.#options = options;
    const { wasStarted, wasReady } = options;
    this.#states = {
      startup: wasStarted ? { ...untried, passing: true } : untried,
      liveness: untried,
      readiness: wasReady ? { ...untried, passing: true } : untried,
    };
  }

  /** Begins to ask. */
  start(): void {
    const { startup } = this.#options.probes;
    if (startup !== undefined && !this.isStarted) this.#schedule('startup', startup);
    else this.#startOthers();
  }

  get isStarted(): boolean {
    return this.#options.probes.startup === undefined || this.#states.startup.passing === true;
  }

  get isReady(): boolean {
    return this.isStarted && (this.#options.probes.readiness === undefined || this.#states.readiness.passing === true);
  }

  #startOthers(): void {
    const { liveness, readiness } = this.#options.probes;
    if (liveness !== undefined) this.#schedule('liveness', liveness);
    if (readiness !== undefined) this.#schedule('readiness', readiness);
  }

  #schedule(kind: ProbeKind, probe: Probe): void {
    const wait = delayToFirst(probe) - this.#sinceStartMs();
    if (wait <= 0) void this.#try(kind, probe);
    else this.#after(kind, probe, wait);
  }

  #after(kind: ProbeKind, probe: Probe, milliseconds: number): void {
    if (this.#isOver) return;
    this.#cancels.set(
      kind,
      this.#options.clock.after(milliseconds, () => void this.#try(kind, probe)),
    );
  }

  async #try(kind: ProbeKind, probe: Probe): Promise<void> {
    const { ok, message } = await this.#options.run(probe, kind);
    if (this.#isOver) return;
    const wasStarted = this.isStarted;
    const wasReady = this.isReady;
    const state = this.#record(kind, probe, { ok, message });
    if (this.isStarted !== wasStarted || this.isReady !== wasReady) this.#options.onChange();
    if (kind === 'startup' && state.passing === true) {
      this.#startOthers();
      return;
    }
    if (state.passing === false && kind !== 'readiness') {
      this[Symbol.dispose]();
      this.#options.onUnhealthy(kind);
      return;
    }
    this.#after(kind, probe, delayToNext(probe, kind, state, this.#sinceStartMs()));
  }

  #record(kind: ProbeKind, probe: Probe, { ok, message }: HandlerResult): ProbeState {
    const nowMs = this.#options.clock.now().getTime();
    const lastMs = this.#lastCountedAt.get(kind) ?? this.#options.startedAt.getTime() + delayToFirst(probe);
    // Eager tries between two periods are for good news only.
    if (!ok && this.#states[kind].passing !== true && !countsAsFailure(probe, nowMs - lastMs)) {
      return this.#states[kind];
    }
    this.#lastCountedAt.set(kind, nowMs);
    if (!ok) this.#options.onFailure(kind, message);
    this.#states[kind] = afterResult(this.#states[kind], ok, probe, kind);
    return this.#states[kind];
  }

  #sinceStartMs(): number {
    return this.#options.clock.now().getTime() - this.#options.startedAt.getTime();
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    for (const cancel of this.#cancels.values()) cancel();
  }
}
