import type { Logger } from '@vdi/telemetry';
import type { Clock } from '../clock.ts';
import type { RevisionLog } from './revision-log.ts';

export interface Retention {
  /** Changes are kept for at least this long, at most twice as long. Upstream: 5 minutes. */
  readonly intervalMs: number;
  /** When there are more changes than this, the older half goes at once, however young. */
  readonly maxChanges: number;
}

const defaultRetention: Retention = { intervalMs: 5 * 60_000, maxChanges: 20_000 };

/** Keeps the history of a log bounded, in time and in number. */
export function startCompaction(
  log: RevisionLog,
  clock: Clock,
  logger: Logger,
  { intervalMs, maxChanges }: Partial<Retention> = {},
): Disposable {
  const retention = {
    intervalMs: intervalMs ?? defaultRetention.intervalMs,
    maxChanges: maxChanges ?? defaultRetention.maxChanges,
  };
  let isStopped = false;
  let revisionAtLastTick = log.revision;
  let cancelTick: () => void = () => undefined;
  let excess: NodeJS.Immediate | undefined;

  const compact = (revision: number) => {
    try {
      log.compact(revision);
    } catch (cause) {
      // The history grows until the next attempt; reads and writes go on.
      logger.error({ revision, err: cause }, 'Failed to compact the log');
    }
  };
  const scheduleTick = () => {
    cancelTick = clock.after(retention.intervalMs, () => {
      compact(revisionAtLastTick);
      revisionAtLastTick = log.revision;
      scheduleTick();
    });
  };
  scheduleTick();
  const stopFollowing = log.subscribe(({ revision }) => {
    if (revision - log.compactedRevision <= retention.maxChanges || isStopped) return;
    // Not inside the write that was one too many: its writer waits.
    excess ??= setImmediate(() => {
      excess = undefined;
      compact(log.revision - Math.floor(retention.maxChanges / 2));
    });
  });
  return {
    [Symbol.dispose]() {
      isStopped = true;
      stopFollowing();
      cancelTick();
      if (excess !== undefined) clearImmediate(excess);
    },
  };
}
