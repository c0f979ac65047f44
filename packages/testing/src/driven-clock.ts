/** A clock that moves only when a test says so. It fits wherever our parts ask for one. */
export interface DrivenClock {
  now(): Date;
  /** Milliseconds for which the clock was driven; what `jump` does to the wall clock does not show here. */
  monotonicMs(): number;
  /** Runs `callback` once, when the clock has moved on by so much; the result cancels it. */
  after(delayMilliseconds: number, callback: () => void): () => void;
  /** Lets what was begun run first; then moves on and runs everything due on the way, each at its own moment. */
  advance(milliseconds: number): Promise<void>;
  /** Sets the wall clock forward, or back, at once, as an administrator or a time server does; nothing becomes due by it. */
  jump(milliseconds: number): void;
  /** How many callbacks wait. */
  readonly pending: number;
}

interface Timer {
  readonly dueAt: number;
  readonly callback: () => void;
}

export function createDrivenClock(start: Date = new Date('2026-01-02T10:00:00Z')): DrivenClock {
  let nowMs = 0;
  let wallOffsetMs = start.getTime();
  const timers = new Set<Timer>();

  const nextDueBy = (deadlineMs: number): Timer | undefined =>
    [...timers].filter(({ dueAt }) => dueAt <= deadlineMs).reduce<Timer | undefined>(earlier, undefined);

  return {
    now: () => new Date(wallOffsetMs + nowMs),
    monotonicMs: () => nowMs,
    jump(milliseconds) {
      wallOffsetMs += milliseconds;
    },
    get pending() {
      return timers.size;
    },
    after(delayMilliseconds, callback) {
      const timer = { dueAt: nowMs + Math.max(0, delayMilliseconds), callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async advance(milliseconds) {
      const deadlineMs = nowMs + milliseconds;
      await settled();
      for (let timer = nextDueBy(deadlineMs); timer !== undefined; timer = nextDueBy(deadlineMs)) {
        timers.delete(timer);
        nowMs = Math.max(nowMs, timer.dueAt);
        timer.callback();
        await settled();
      }
      nowMs = deadlineMs;
      await settled();
    },
  };
}

/** Of two timers due at the same time, the one set first comes first. */
function earlier(first: Timer | undefined, second: Timer): Timer {
  return first === undefined || second.dueAt < first.dueAt ? second : first;
}

/** Lets promises and what is queued behind them run. */
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
