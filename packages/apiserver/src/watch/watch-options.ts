import { contradiction, type ListOptions, matchOf, parseListOptions } from '../registry/list-options.ts';
import type { Resource } from '../resource/resource.ts';

/** The query of a watch, checked. */
export interface WatchOptions extends Pick<ListOptions, 'selects'> {
  /** Changes after this revision; undefined begins with the objects that are there now. */
  readonly startRevision: number | undefined;
  /** Ends the initial events with a marked bookmark (WatchList, KEP-3157). */
  readonly sendsInitialEvents: boolean;
  /** The client has seen this revision: do not answer with an older state. */
  readonly notOlderThan: number;
  readonly allowsBookmarks: boolean;
  readonly timeoutSeconds: number | undefined;
}

/** Throws 400 and 422. */
export function parseWatchOptions(query: URLSearchParams, resource: Resource): WatchOptions {
  const { selects, resourceVersion, continueToken } = parseListOptions(query, resource);
  const match = matchOf(query);
  const initial = query.get('sendInitialEvents');
  if (continueToken !== undefined) throw contradiction('continue: Forbidden: continue is forbidden for watch');
  if (initial === null && match !== undefined) {
    throw contradiction(
      'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    );
  }
  if (initial !== null && match !== 'NotOlderThan') {
    throw contradiction(
      'resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    );
  }
  const fromNow = resourceVersion === undefined || resourceVersion === 0;
  const sendsInitialEvents = isTrue(initial);
  return {
    selects,
    startRevision: sendsInitialEvents || (fromNow && initial === null) ? undefined : (resourceVersion ?? 0),
    sendsInitialEvents,
    notOlderThan: resourceVersion ?? 0,
    allowsBookmarks: isTrue(query.get('allowWatchBookmarks')),
    timeoutSeconds: timeoutOf(query),
  };
}

function isTrue(text: string | null): boolean {
  return text === 'true' || text === '1' || text === '';
}

function timeoutOf(query: URLSearchParams): number | undefined {
  const text = query.get('timeoutSeconds') ?? '';
  if (text === '' || text === '0') return undefined;
  if (!/^\d{1,9}$/.test(text)) throw contradiction(`timeoutSeconds: Invalid value: "${text}": must be a whole number`);
  return Number(text);
}
