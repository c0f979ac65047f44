import type { VDISession } from '@vdi/api';
import type { Catalog, SessionChange } from '../catalog/catalog.ts';
import type { SessionFilter } from './operations/session-scope.ts';

/** What a subscriber is told: first everything, then what became of it. */
export interface SessionFeedEvent {
  readonly type: 'SNAPSHOT' | 'ADDED' | 'UPDATED' | 'DELETED';
  readonly sessions: readonly VDISession[];
}

export interface SessionFeedOptions {
  readonly catalog: Catalog;
  /** Asked again at every delivery: a session that the subscriber may no longer see is told as deleted. */
  readonly includes: SessionFilter;
  /** Ends the feed by throwing its reason. */
  readonly signal: AbortSignal;
  /** Ends the feed after the event for which this holds. */
  readonly isLast?: (event: SessionFeedEvent) => boolean;
}

/**
 * One subscriber's view of the catalog. It keeps the difference between what was told and what is, not a queue of events:
 * whoever reads slowly is told less often, never wrongly, and costs no more than the sessions there are.
 */
export class SessionFeed implements AsyncIterableIterator<SessionFeedEvent> {
  readonly #options: SessionFeedOptions;
  /** By UID, as the subscriber knows them. */
  readonly #told = new Map<string, VDISession>();
  /** By UID, what happened since; the oldest first. */
  readonly #news = new Map<string, SessionChange>();
  readonly #waiting: PromiseWithResolvers<IteratorResult<SessionFeedEvent>>[] = [];
  readonly #unsubscribe: () => void;
  /** Until it is told. */
  #snapshot: SessionFeedEvent | undefined;
  readonly #onAbort = (): void => this.#pump();
  #isOver = false;

  constructor(options: SessionFeedOptions) {
    this.#options = options;
    this.#unsubscribe = options.catalog.subscribe((change) => {
      this.#news.set(uidOf(change.session), change);
      this.#pump();
    });
    // In the same tick: nothing falls between the snapshot and the news.
    const sessions = options.catalog.sessions().filter(options.includes);
    for (const session of sessions) this.#told.set(uidOf(session), session);
    this.#snapshot = { type: 'SNAPSHOT', sessions };
    options.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  next(): Promise<IteratorResult<SessionFeedEvent>> {
    const waiting = Promise.withResolvers<IteratorResult<SessionFeedEvent>>();
    this.#waiting.push(waiting);
    this.#pump();
    return waiting.promise;
  }

  return(): Promise<IteratorResult<SessionFeedEvent>> {
    this.#close();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Answers those who wait, as far as there is something to say. */
  #pump(): void {
    const { signal, isLast } = this.#options;
    if (signal.aborted && !this.#isOver) {
      this.#waiting.shift()?.reject(signal.reason);
      this.#close();
    }
    while (this.#waiting.length > 0) {
      const event = this.#isOver ? undefined : this.#take();
      if (event === undefined && !this.#isOver) return;
      const waiting = this.#waiting.shift();
      if (event === undefined) waiting?.resolve({ done: true, value: undefined });
      else waiting?.resolve({ done: false, value: event });
      if (event !== undefined && isLast?.(event) === true) this.#close();
    }
  }

  #take(): SessionFeedEvent | undefined {
    const snapshot = this.#snapshot;
    this.#snapshot = undefined;
    if (snapshot !== undefined) return snapshot;
    for (const [uid, change] of this.#news) {
      this.#news.delete(uid);
      const event = this.#eventOf(uid, change);
      if (event !== undefined) return event;
    }
    return undefined;
  }

  #eventOf(uid: string, { type, session }: SessionChange): SessionFeedEvent | undefined {
    const told = this.#told.get(uid);
    if (type !== 'deleted' && this.#options.includes(session)) {
      this.#told.set(uid, session);
      return { type: told === undefined ? 'ADDED' : 'UPDATED', sessions: [session] };
    }
    this.#told.delete(uid);
    // As the subscriber knew it: what it became may be none of their business.
    return told && { type: 'DELETED', sessions: [told] };
  }

  #close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#unsubscribe();
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    this.#news.clear();
    this.#told.clear();
    this.#pump();
  }
}

function uidOf({ metadata: { uid, namespace, name } }: VDISession): string {
  return uid ?? `${namespace}/${name}`;
}
