import type { Fetch } from '@vdi/kube';
import type { Clock } from '../clock.ts';

/** What goes wrong with the next list. */
export type ListFault =
  | { readonly type: 'status'; readonly code: 429 | 500 | 503 }
  | { readonly type: 'refused' }
  /** The second page is gone. */
  | { readonly type: 'expiredPage' }
  /** An answer from a server that lags behind by so many revisions. */
  | { readonly type: 'stale'; readonly revisions: number };

/** What goes wrong with the next watch, most of it after so many events. */
export type WatchFault =
  | { readonly type: 'status'; readonly code: 410 | 429 | 500 | 503 }
  | { readonly type: 'refused' }
  | { readonly type: 'end' | 'cutInLine' | 'endInLine' | 'garbage' | 'expire' | 'silence'; readonly after: number }
  /** Begins so many revisions too early, as if an earlier connection were told again. */
  | { readonly type: 'replay'; readonly revisions: number }
  /** Tells pairs of events that wait together in the wrong order. */
  | { readonly type: 'swap' }
  /** Never tells the event at this place, and goes on as if nothing were missing. */
  | { readonly type: 'lose'; readonly at: number };

interface Stored {
  readonly apiVersion: 'v1';
  readonly kind: 'ConfigMap';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly resourceVersion: string;
  };
}

interface HistoryEvent {
  readonly revision: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: Stored;
}

/**
 * The list and watch of one kind as a server gives them that has each fault of networks, proxies and etcd that it is told
 * to have, in the order given, one per request; when they are used up it behaves.
 */
export class ScriptedServer {
  readonly listFaults: ListFault[] = [];
  readonly watchFaults: WatchFault[] = [];
  /** Requests so far, as `list` and `watch`. */
  readonly requests: ('list' | 'watch')[] = [];
  readonly #clock: Clock;
  readonly #connections = new Set<Connection>();
  readonly #history: HistoryEvent[] = [];
  #revision = 1;
  #compactedRevision = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What is there now: resourceVersions by name and UID. */
  state(): Readonly<Record<string, string>> {
    const objects = this.#objectsAt(this.#revision).map(
      ({ metadata: { name, uid, resourceVersion } }) => [`${name} ${uid}`, resourceVersion] as const,
    );
    return Object.fromEntries(objects);
  }

  /** Creates the object, or changes it if it is there. */
  put(name: string): void {
    const existing = this.#objectsAt(this.#revision).find(({ metadata }) => metadata.name === name);
    const uid = existing?.metadata.uid ?? `uid-${this.#revision + 1}`;
    this.#commit(existing === undefined ? 'ADDED' : 'MODIFIED', name, uid);
  }

  remove(name: string): void {
    const existing = this.#objectsAt(this.#revision).find(({ metadata }) => metadata.name === name);
    if (existing !== undefined) this.#commit('DELETED', name, existing.metadata.uid);
  }

  /** Another kind was written to: the revision moves, and no watch of this kind hears of it. */
  moveOn(): void {
    this.#revision += 1;
  }

  /** A backup of `revision` was restored: what came after never happened, and watches break off. */
  setBack(revision: number): void {
    this.#revision = revision;
    this.#history.splice(this.#history.findIndex((event) => event.revision > revision));
    for (const connection of this.#connections) connection.end();
  }

  compact(): void {
    this.#compactedRevision = this.#revision;
  }

  readonly fetch: Fetch = async (url, init) => {
    init.signal?.throwIfAborted();
    const query = new URL(url).searchParams;
    return query.get('watch') === 'true' ? this.#watch(query) : this.#list(query);
  };

  #commit(type: HistoryEvent['type'], name: string, uid: string): void {
    this.#revision += 1;
    const metadata = { name, namespace: 'ns', uid, resourceVersion: String(this.#revision) };
    const object: Stored = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
    this.#history.push({ revision: this.#revision, type, object });
    for (const connection of this.#connections) connection.tell(this.#since(connection.revision));
  }

  #since(revision: number): readonly HistoryEvent[] {
    return this.#history.filter((event) => event.revision > revision);
  }

  #objectsAt(revision: number): readonly Stored[] {
    const objects = new Map<string, Stored>();
    for (const { type, object, revision: at } of this.#history) {
      if (at > revision) break;
      if (type === 'DELETED') objects.delete(object.metadata.name);
      else objects.set(object.metadata.name, object);
    }
    return [...objects.values()];
  }

  #list(query: URLSearchParams): Response {
    this.requests.push('list');
    const token = query.get('continue');
    const isExpiring = this.listFaults[0]?.type === 'expiredPage';
    if (token !== null && isExpiring) {
      this.listFaults.shift();
      return failure(410, 'Expired');
    }
    const fault = isExpiring || token !== null ? undefined : this.listFaults.shift();
    if (fault?.type === 'refused') throw new TypeError('fetch failed');
    if (fault?.type === 'status') return failure(fault.code, 'InternalError');
    const lag = fault?.type === 'stale' ? fault.revisions : 0;
    const [revision = 1, offset = 0] = token?.split(':').map(Number) ?? [Math.max(1, this.#revision - lag), 0];
    const objects = this.#objectsAt(revision);
    // Pages are short whatever is asked for, as a limit is only a wish.
    const end = query.has('limit') ? offset + 2 : objects.length;
    const metadata = {
      resourceVersion: String(revision),
      ...(end < objects.length && { continue: `${revision}:${end}` }),
    };
    return Response.json({ kind: 'ConfigMapList', apiVersion: 'v1', metadata, items: objects.slice(offset, end) });
  }

  #watch(query: URLSearchParams): Response {
    this.requests.push('watch');
    const fault = this.watchFaults.shift();
    if (fault?.type === 'refused') throw new TypeError('fetch failed');
    if (fault?.type === 'status') return failure(fault.code, fault.code === 410 ? 'Expired' : 'InternalError');
    const asked = Number(query.get('resourceVersion'));
    if (asked < this.#compactedRevision) return failure(410, 'Expired');
    if (asked > this.#revision) return failure(504, 'Timeout', [{ reason: 'ResourceVersionTooLarge' }]);
    const revision = fault?.type === 'replay' ? Math.max(0, asked - fault.revisions) : asked;
    const connection = new Connection(revision, fault, () => this.#connections.delete(connection));
    this.#connections.add(connection);
    connection.open(this.#since(revision));
    this.#keepAlive(connection, Number(query.get('timeoutSeconds')) * 1000);
    return new Response(connection.body);
  }

  /** A bookmark a minute, and an orderly end when the time is up. */
  #keepAlive(connection: Connection, leftMs: number): void {
    this.#clock.after(Math.min(60_000, leftMs), () => {
      if (!this.#connections.has(connection)) return;
      if (leftMs <= 60_000) connection.end();
      else {
        connection.bookmark(this.#revision);
        this.#keepAlive(connection, leftMs - 60_000);
      }
    });
  }
}

/** One open watch, with the fault it is to have. */
class Connection {
  readonly body: ReadableStream<Uint8Array>;
  revision: number;
  readonly #fault: WatchFault | undefined;
  readonly #onEnd: () => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #told = 0;

  constructor(revision: number, fault: WatchFault | undefined, onEnd: () => void) {
    this.revision = revision;
    this.#fault = fault;
    this.#onEnd = onEnd;
    this.body = new ReadableStream<Uint8Array>({
      start: (controller) => void (this.#controller = controller),
      cancel: () => this.#close(),
    });
  }

  /** Begins to talk, first of `events`. */
  open(events: readonly HistoryEvent[]): void {
    this.#breakIfDue();
    this.tell(events);
  }

  tell(events: readonly HistoryEvent[]): void {
    const ordered = this.#fault?.type === 'swap' ? swapped(events) : events;
    for (const { type, object, revision } of ordered) {
      if (this.#controller === undefined) return;
      const isLost = this.#fault?.type === 'lose' && this.#fault.at === this.#told;
      if (!isLost && !this.#isSilent()) this.#write(`${JSON.stringify({ type, object })}\n`);
      this.#told += 1;
      this.revision = Math.max(this.revision, revision);
      this.#breakIfDue();
    }
  }

  bookmark(revision: number): void {
    const object = { kind: 'ConfigMap', apiVersion: 'v1', metadata: { resourceVersion: String(revision) } };
    if (!this.#isSilent()) this.#write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
  }

  end(): void {
    this.#controller?.close();
    this.#close();
  }

  #breakIfDue(): void {
    const fault = this.#fault;
    if (fault === undefined || !('after' in fault) || fault.after !== this.#told) return;
    switch (fault.type) {
      case 'end':
        return this.end();
      case 'cutInLine':
        this.#write('{"type":"MODIF');
        this.#controller?.error(new TypeError('terminated'));
        return this.#close();
      case 'endInLine':
        this.#write('{"type":"MODIF');
        return this.end();
      case 'garbage':
        this.#write('<html>502 Bad Gateway</html>\n');
        return this.end();
      case 'expire':
        this.#write(`${JSON.stringify({ type: 'ERROR', object: status(410, 'Expired') })}\n`);
        return this.end();
      case 'silence':
        return undefined;
    }
  }

  #isSilent(): boolean {
    return this.#fault?.type === 'silence' && this.#told >= this.#fault.after;
  }

  #write(text: string): void {
    this.#controller?.enqueue(new TextEncoder().encode(text));
  }

  #close(): void {
    this.#controller = undefined;
    this.#onEnd();
  }
}

function swapped(events: readonly HistoryEvent[]): readonly HistoryEvent[] {
  return events.flatMap((event, place) => {
    const next = events[place + 1];
    if (place % 2 === 0) return next === undefined ? [event] : [next, event];
    return [];
  });
}

const status = (code: number, reason: string, causes: readonly object[] = []): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  code,
  reason,
  message: 'as the script says',
  details: { causes },
});

const failure = (code: number, reason: string, causes?: readonly object[]): Response =>
  Response.json(status(code, reason, causes), { status: code });
