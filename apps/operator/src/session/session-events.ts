import type { VDISession, VDISessionStatus } from '@vdi/api';
import type { EventRecorder } from '@vdi/controller';
import type { Pod } from '@vdi/kube';
import { uidOf } from './input.ts';
import { newsOf } from './news.ts';

/** What is told once although every pass comes upon it. */
type Soon = 'ExpiresSoon' | 'SuspendsSoon';

/**
 * Tells in Events what people look for in `kubectl describe vdisession`. Nothing waits for them; one that cannot be written
 * is lost. The names of reasons are those of the conditions, so that both are looked up in the same table.
 */
export class SessionEvents {
  readonly #recorder: Pick<EventRecorder, 'record'>;
  /** The end that was told last, by the UID of the session. */
  readonly #toldEnds = new Map<string, string>();

  constructor(recorder: Pick<EventRecorder, 'record'>) {
    this.#recorder = recorder;
  }

  /** Another conclusion than the last one. */
  concluded(session: VDISession, before: VDISessionStatus | undefined, after: VDISessionStatus): void {
    for (const news of newsOf(before, after)) this.#recorder.record(session, news);
  }

  createdPod(session: VDISession, pod: Pod): void {
    this.#recorder.record(session, {
      type: 'Normal',
      reason: 'PodCreated',
      message: `Created Pod "${pod.metadata.name}".`,
    });
  }

  /** A deadline is near. */
  endsSoon(session: VDISession, reason: Soon, at: Date): void {
    const what = reason === 'ExpiresSoon' ? 'The session is deleted' : 'Nobody uses the desktop: it is stopped';
    const message = `${what} at ${at.toISOString().replace(/\.\d{3}Z$/, 'Z')}; the home stays.`;
    const uid = uidOf(session);
    if (this.#toldEnds.get(uid) === message) return;
    this.#toldEnds.set(uid, message);
    this.#recorder.record(session, { type: 'Normal', reason, message });
  }

  /** The session is gone. */
  forget(uid: string): void {
    this.#toldEnds.delete(uid);
  }
}
