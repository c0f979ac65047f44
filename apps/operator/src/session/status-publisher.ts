import { isDeepStrictEqual } from 'node:util';
import type { VDISessionStatus } from '@vdi/api';
import type { Clock, ObjectKey } from '@vdi/controller';
import { type SessionInput, uidOf } from './input.ts';
import type { SessionWrites } from './session-writes.ts';
import type { SessionEvents } from './session-events.ts';
import { isUrgent, type Pass, sessionStatus } from './status.ts';

/** What only shows progress is written at most so often for one session. */
const quietMs = 1_000;

interface PublishMoment {
  readonly key: ObjectKey;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** What was last concluded about a session, and what of it was written. */
interface Known {
  readonly uid: string;
  /** Newer than what is stored while mere progress waits to be written: keeps when each stage was first seen. */
  readonly latest: VDISessionStatus;
  readonly written: VDISessionStatus | undefined;
  readonly writtenAtMs: number;
  /** The resourceVersion of the session that was looked at when it was written. */
  readonly onto: string | undefined;
}

/** Writes statuses: never an equal one, and mere progress only now and then. */
export class StatusPublisher {
  readonly #writes: Pick<SessionWrites, 'status'>;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #events: Pick<SessionEvents, 'concluded'>;
  readonly #known = new Map<ObjectKey, Known>();

  constructor(
    writes: Pick<SessionWrites, 'status'>,
    clock: Pick<Clock, 'monotonicMs'>,
    events: Pick<SessionEvents, 'concluded'>,
  ) {
    this.#writes = writes;
    this.#clock = clock;
    this.#events = events;
  }

  /** Answers when to come back for what was not written now; undefined when nothing is left to say. */
  async publish({ key, now, signal }: PublishMoment, input: SessionInput, pass: Pass): Promise<Date | undefined> {
    const { session } = input;
    const uid = uidOf(session);
    const known = this.#known.get(key)?.uid === uid ? this.#known.get(key) : undefined;
    const latest = known?.latest ?? session.status;
    const status = sessionStatus({ ...input, session: { ...session, ...(latest && { status: latest }) } }, pass, now);
    const { resourceVersion } = session.metadata;
    // Within one pass the input is older than what the pass wrote itself.
    const stored = known?.written !== undefined && known.onto === resourceVersion ? known.written : session.status;
    const before = { uid, written: known?.written, writtenAtMs: known?.writtenAtMs ?? -Infinity, onto: known?.onto };
    this.#known.set(key, { ...before, latest: status });
    this.#events.concluded(session, latest, status);
    if (isDeepStrictEqual(comparable(status), comparable(stored))) return undefined;
    const nowMs = this.#clock.monotonicMs();
    const quietUntilMs = before.writtenAtMs + quietMs;
    if (nowMs < quietUntilMs && !isUrgent(stored, status)) {
      // Dates drop fractions of a millisecond: a timer that fired a little early would come back to "now", and then never.
      return new Date(now.getTime() + Math.ceil(quietUntilMs - nowMs));
    }
    await this.#writes.status(session, status, signal);
    this.#known.set(key, { uid, latest: status, written: status, writtenAtMs: nowMs, onto: resourceVersion });
    return undefined;
  }

  forget(key: ObjectKey): void {
    this.#known.delete(key);
  }
}

/** The server keeps lists in an order of its own. */
function comparable(status: VDISessionStatus | undefined): object {
  const { conditions = [], timeline = [], ...others } = status ?? {};
  return {
    ...others,
    conditions: Object.fromEntries(conditions.map((condition) => [condition.type, condition])),
    timeline: Object.fromEntries(timeline.map((stage) => [stage.stage, stage])),
  };
}
