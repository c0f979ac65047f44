import type { KubeObject, WatchEvent } from '@vdi/kube';
import { describe, expect, it } from 'vitest';
import { ObservedObjects } from './observed-objects.ts';

const anObject = (name: string, uid: string, version: number | string): KubeObject => ({
  metadata: { name, uid, resourceVersion: String(version) },
});
const event = (type: 'ADDED' | 'MODIFIED' | 'DELETED', name: string, uid: string, version: number): WatchEvent => ({
  type,
  object: anObject(name, uid, version),
});
const bookmark = (version: number): WatchEvent => ({
  type: 'BOOKMARK',
  resourceVersion: String(version),
  isInitialEventsEnd: false,
});

/** Observed objects after a list of `objects` at `version`, and a way to tell them more that answers in short. */
function observed(version: number, ...objects: readonly KubeObject[]) {
  const state = new ObservedObjects<KubeObject>({});
  const list = (version: number, ...items: readonly KubeObject[]) =>
    state.replace({ items, resourceVersion: String(version) }).map(inShort);
  const tell = (event: WatchEvent) => state.apply(event).map(inShort);
  list(version, ...objects);
  return { state, list, tell };
}

const inShort = ({ type, object: { metadata } }: { type: string; object: KubeObject }): string =>
  `${type} ${metadata.name} ${metadata.uid} @${metadata.resourceVersion}`;

describe('what was observed', () => {
  it('takes an event once, however often it comes', () => {
    const { tell } = observed(5);
    expect(tell(event('ADDED', 'a', 'u1', 6))).toEqual(['added a u1 @6']);
    expect(tell(event('ADDED', 'a', 'u1', 6))).toEqual([]);
    expect(tell(event('MODIFIED', 'a', 'u1', 8))).toEqual(['updated a u1 @8']);
    expect(tell(event('MODIFIED', 'a', 'u1', 7))).toEqual([]);
  });

  it('does not bring back what was deleted, neither since the list nor before it', () => {
    const { tell } = observed(5);
    tell(event('ADDED', 'a', 'u1', 6));
    expect(tell(event('DELETED', 'a', 'u1', 8))).toEqual(['deleted a u1 @8']);
    expect(tell(event('ADDED', 'a', 'u1', 6))).toEqual([]);
    expect(tell(event('MODIFIED', 'a', 'u1', 7))).toEqual([]);
    expect(tell(event('MODIFIED', 'before', 'u0', 4))).toEqual([]);
    expect(tell(event('ADDED', 'a', 'u2', 9))).toEqual(['added a u2 @9']);
  });

  it('keeps the latest deletion, even if an earlier one is told after it', () => {
    const { tell } = observed(5);
    tell(event('DELETED', 'a', 'u2', 9));
    tell(event('DELETED', 'a', 'u1', 7));
    expect(tell(event('ADDED', 'a', 'u2', 8))).toEqual([]);
  });

  it('takes another UID for a deletion and an addition, from an event and from a list', () => {
    const { tell, list } = observed(5, anObject('a', 'u1', 3));
    expect(tell(event('MODIFIED', 'a', 'u2', 7))).toEqual(['deleted a u1 @3', 'added a u2 @7']);
    expect(list(9, anObject('a', 'u3', 8))).toEqual(['deleted a u2 @7', 'added a u3 @8']);
  });

  it('does not delete a successor because the deletion of its predecessor is told late', () => {
    const { tell, state } = observed(5, anObject('a', 'u1', 3));
    tell(event('ADDED', 'a', 'u2', 9));
    expect(tell(event('DELETED', 'a', 'u1', 8))).toEqual([]);
    expect(state.cache.get('a')?.metadata.uid).toBe('u2');
  });

  it('deletes what it has when it hears of the deletion of a successor that it never saw', () => {
    const { tell, state } = observed(5, anObject('a', 'u1', 3));
    expect(tell(event('DELETED', 'a', 'u2', 9))).toEqual(['deleted a u1 @3']);
    expect(state.cache.size).toBe(0);
  });

  it('finds the deletions that nobody told in the next list, and nothing else in it', () => {
    const { list } = observed(5, anObject('a', 'u1', 3), anObject('b', 'u2', 4));
    expect(list(9, anObject('b', 'u2', 4), anObject('c', 'u3', 7))).toEqual(['deleted a u1 @3', 'added c u3 @7']);
  });

  it('goes on from the latest that it heard, bookmarks included', () => {
    const { tell, state } = observed(5);
    tell(event('ADDED', 'a', 'u1', 8));
    tell(event('ADDED', 'b', 'u2', 7));
    expect(state.resourceVersion).toBe('8');
    tell(bookmark(20));
    tell(bookmark(10));
    expect(state.resourceVersion).toBe('20');
    expect(state.cache.size).toBe(2);
  });

  it('forgets deletions that a list of an earlier time knows nothing of', () => {
    const { tell, list } = observed(5, anObject('a', 'u1', 3));
    tell(event('DELETED', 'a', 'u1', 9));
    list(4);
    expect(tell(event('ADDED', 'a', 'u2', 6))).toEqual(['added a u2 @6']);
  });

  it('compares versions as numbers of any size', () => {
    const { tell } = observed(9);
    expect(tell(event('ADDED', 'a', 'u1', 10))).toEqual(['added a u1 @10']);
    const huge = `1${'0'.repeat(30)}`;
    expect(tell({ type: 'MODIFIED', object: anObject('a', 'u1', huge) })).toEqual([`updated a u1 @${huge}`]);
    expect(tell({ type: 'MODIFIED', object: anObject('a', 'u1', '99') })).toEqual([]);
  });

  it('trusts the order of a server whose versions are no numbers', () => {
    const { tell } = observed(5);
    tell({ type: 'ADDED', object: anObject('a', 'u1', 'x9') });
    expect(tell({ type: 'MODIFIED', object: anObject('a', 'u1', 'x10') })).toEqual(['updated a u1 @x10']);
    expect(tell({ type: 'MODIFIED', object: anObject('a', 'u1', 'x10') })).toEqual([]);
  });

  it('refuses an object without version before it can do harm', () => {
    const { tell, state } = observed(5, anObject('a', 'u1', 3));
    const object: KubeObject = { kind: 'ConfigMap', metadata: { name: 'a', uid: 'u1' } };
    expect(() => tell({ type: 'DELETED', object })).toThrow('ConfigMap a came without resourceVersion');
    expect(state.cache.size).toBe(1);
  });
});
