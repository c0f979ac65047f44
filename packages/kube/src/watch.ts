import type { Clock } from './clock.ts';
import { Deadline } from './deadline.ts';
import { KubeError } from './kube-error.ts';
import type { KubeObject } from './kube-object.ts';
import { linesOf } from './lines.ts';
import { errorOfStatus } from './status-answer.ts';
import { type ApiRequest, connectionFailed, describe, invalidAnswer } from './transport.ts';

/** What a watch tells. A bookmark only says how far it has come; `isInitialEventsEnd` closes a streamed list. */
export type WatchEvent<T extends KubeObject = KubeObject> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string; readonly isInitialEventsEnd: boolean };

/** One line of the stream, before it is checked. */
interface RawEvent {
  readonly type?: unknown;
  readonly object?: unknown;
}

/**
 * Reads a watch until the server closes it between two events, which is the normal end. Everything else throws: an ERROR
 * event (410 when the revision is gone), a line cut in the middle, a line that is no event, a broken connection, or
 * silence for longer than `silenceMs`, which is how a connection that died without a word is noticed. Whoever reads goes
 * on from the last resourceVersion seen; no event is ever skipped.
 */
export async function* readWatch<T extends KubeObject>(
  body: ReadableStream<Uint8Array>,
  request: ApiRequest,
  clock: Clock,
  silenceMs: number,
): AsyncGenerator<WatchEvent<T>, void, undefined> {
  const message = `${describe(request)}: the watch was silent for ${silenceMs / 1000} s and is taken for dead`;
  using deadline = new Deadline(clock, silenceMs, message, request.signal);
  const lines = linesOf(body, deadline.signal);
  try {
    for await (const line of lines) {
      deadline.renew();
      yield parseEvent<T>(line, request);
    }
  } catch (cause) {
    if (cause instanceof KubeError) throw cause;
    request.signal?.throwIfAborted();
    throw connectionFailed(request, cause);
  }
}

function parseEvent<T extends KubeObject>(line: string, request: ApiRequest): WatchEvent<T> {
  const { type, object } = parseLine(line, request);
  if (typeof object !== 'object' || object === null)
    throw invalidAnswer(request, `an event without an object: ${line.slice(0, 80)}`);
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, object: object as T };
    case 'BOOKMARK':
      return bookmarkOf(object as KubeObject);
    case 'ERROR':
      throw errorOfStatus(object, describe(request));
    default:
      throw invalidAnswer(request, `an event of unknown type: ${line.slice(0, 80)}`);
  }
}

function parseLine(line: string, request: ApiRequest): RawEvent {
  try {
    return (JSON.parse(line) ?? {}) as RawEvent;
  } catch (cause) {
    throw invalidAnswer(request, `a line of the watch is not JSON: ${line.slice(0, 80)}`, cause);
  }
}

function bookmarkOf(object: KubeObject): WatchEvent<never> {
  return {
    type: 'BOOKMARK',
    resourceVersion: object.metadata.resourceVersion ?? '',
    isInitialEventsEnd: object.metadata.annotations?.['k8s.io/initial-events-end'] === 'true',
  };
}
