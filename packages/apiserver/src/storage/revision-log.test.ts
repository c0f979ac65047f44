import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../resource/resource.ts';
import { createMemoryLog } from './memory-log.ts';
import { RevisionCompacted, RevisionConflict, type RevisionLog } from './revision-log.ts';
import { openSqliteLog } from './sqlite-log.ts';

const anObject = (value: unknown): KubernetesObject => ({ apiVersion: 'v1', kind: 'Thing', metadata: {}, value });
const values = (log: RevisionLog, prefix = '/', revision?: number) =>
  log
    .list(prefix, revision === undefined ? {} : { revision })
    .items.map(({ key, object }) => `${key}=${String(object['value'])}`);

interface Medium {
  open(): RevisionLog;
  /** What a log opened anew on the same medium holds. */
  reopen(log: RevisionLog): RevisionLog;
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function aPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'revision-log-'));
  folders.push(folder);
  return join(folder, 'log.db');
}

const media: readonly (readonly [string, () => Medium])[] = [
  ['in memory', () => ({ open: createMemoryLog, reopen: (log) => log })],
  [
    'in SQLite',
    () => {
      const path = aPath();
      return {
        open: () => openSqliteLog(path),
        reopen(log) {
          log[Symbol.dispose]();
          return openSqliteLog(path);
        },
      };
    },
  ],
];

describe.each(media)('a revision log %s', (_name, createMedium) => {
  it('begins at revision 1, because 0 means "any" to clients', () => {
    using log = createMedium().open();
    expect([log.revision, log.compactedRevision]).toEqual([1, 1]);
    expect(log.list('/')).toEqual({ items: [], revision: 1, remaining: 0 });
  });

  it('gives each change the next revision, and the object that revision', () => {
    using log = createMedium().open();
    const first = log.write('/a', anObject(1), 0);
    const second = log.write('/a', anObject(2), first.revision);
    expect([first.revision, second.revision, log.revision]).toEqual([2, 3, 3]);
    expect(log.get('/a')?.object.metadata.resourceVersion).toBe('3');
  });

  it('refuses a write that expects another revision, and changes nothing', () => {
    using log = createMedium().open();
    const { revision } = log.write('/a', anObject(1), 0);
    expect(() => log.write('/a', anObject(2), 0)).toThrow(RevisionConflict);
    expect(() => log.write('/a', anObject(2), revision + 1)).toThrow(RevisionConflict);
    expect(() => log.write('/b', anObject(2), revision)).toThrow(RevisionConflict);
    expect(() => log.write('/b', undefined, 0)).toThrow(RevisionConflict);
    expect(values(log)).toEqual(['/a=1']);
    expect(log.revision).toBe(revision);
  });

  it('tells a deletion with the last state and the revision of the deletion', () => {
    using log = createMedium().open();
    const { revision } = log.write('/a', anObject('last'), 0);
    const deleted = log.write('/a', undefined, revision);
    expect(deleted.object).toEqual({ ...anObject('last'), metadata: { resourceVersion: '3' } });
    expect(log.get('/a')).toBeUndefined();
    const [change] = log.changesSince(revision, '/');
    expect(change).toMatchObject({ type: 'deleted', revision: 3, object: deleted.object });
  });

  it('lists by key within a prefix, in pages', () => {
    using log = createMedium().open();
    for (const key of ['/pods/b', '/pods/a', '/podsx/a', '/pods/c']) log.write(key, anObject(key), 0);
    const first = log.list('/pods/', { limit: 2 });
    expect(first.items.map(({ key }) => key)).toEqual(['/pods/a', '/pods/b']);
    expect(first.remaining).toBe(1);
    const second = log.list('/pods/', { limit: 2, startAfter: '/pods/b' });
    expect(second.items.map(({ key }) => key)).toEqual(['/pods/c']);
    expect(second.remaining).toBe(0);
  });

  it('lists the state of an older revision', () => {
    using log = createMedium().open();
    const a = log.write('/a', anObject(1), 0);
    const b = log.write('/b', anObject(1), 0);
    const before = log.revision;
    log.write('/a', anObject(2), a.revision);
    log.write('/b', undefined, b.revision);
    log.write('/c', anObject(1), 0);
    expect(values(log, '/', before)).toEqual(['/a=1', '/b=1']);
    expect(log.list('/', { revision: before }).items[0]?.revision).toBe(a.revision);
    expect(values(log)).toEqual(['/a=2', '/c=1']);
  });

  it('tells changes in order, with what was there before', () => {
    using log = createMedium().open();
    const a = log.write('/x/a', anObject(1), 0);
    log.write('/y/a', anObject(1), 0);
    log.write('/x/a', anObject(2), a.revision);
    const changes = log.changesSince(1, '/x/');
    expect(changes.map(({ type, revision, previous }) => [type, revision, previous?.['value']])).toEqual([
      ['created', 2, undefined],
      ['updated', 4, 1],
    ]);
    expect(log.changesSince(1, '/', 2).map(({ revision }) => revision)).toEqual([2, 3]);
    expect(log.changesSince(4, '/')).toEqual([]);
  });

  it('calls subscribers in the order of changes, even if one of them writes', () => {
    using log = createMedium().open();
    const seen: number[] = [];
    log.subscribe(({ key }) => {
      if (key === '/a') log.write('/echo', anObject(1), 0);
    });
    const stop = log.subscribe(({ revision }) => seen.push(revision));
    log.write('/a', anObject(1), 0);
    stop();
    log.write('/b', anObject(1), 0);
    expect(seen).toEqual([2, 3]);
  });

  it('keeps the newest state of each key when it is compacted, and forgets what came before', () => {
    using log = createMedium().open();
    const a = log.write('/a', anObject(1), 0);
    const b = log.write('/b', anObject(1), 0);
    log.write('/a', anObject(2), a.revision);
    log.write('/b', undefined, b.revision);
    const compacted = log.revision;
    log.write('/c', anObject(1), 0);
    log.compact(compacted);
    expect(log.compactedRevision).toBe(compacted);
    expect(values(log)).toEqual(['/a=2', '/c=1']);
    expect(() => log.changesSince(compacted - 1, '/')).toThrow(RevisionCompacted);
    expect(() => log.list('/', { revision: compacted - 1 })).toThrow(RevisionCompacted);
    expect(log.changesSince(compacted, '/').map(({ key }) => key)).toEqual(['/c']);
    expect(values(log, '/', compacted)).toEqual(['/a=2']);
    expect(() => log.compact(log.revision + 1)).toThrow(RangeError);
  });

  it('holds the same when it is opened again, compacted or not', () => {
    const medium = createMedium();
    const before = medium.open();
    const a = before.write('/a', anObject('ä"\n'), 0);
    before.write('/a', anObject(2), a.revision);
    before.compact(before.revision);
    const b = before.write('/b', anObject(1), 0);
    before.write('/b', undefined, b.revision);
    const expected = before.changesSince(before.compactedRevision, '/');
    const { revision, compactedRevision } = before;
    using log = medium.reopen(before);
    expect([log.revision, log.compactedRevision]).toEqual([revision, compactedRevision]);
    expect(values(log)).toEqual(['/a=2']);
    expect(log.changesSince(compactedRevision, '/')).toEqual(expected);
    expect(log.write('/c', anObject(1), 0).revision).toBe(revision + 1);
  });

  it('does not use a revision twice, even if all it knew of was compacted away', () => {
    const medium = createMedium();
    const before = medium.open();
    const { revision } = before.write('/a', anObject(1), 0);
    before.write('/a', undefined, revision);
    before.compact(before.revision);
    using log = medium.reopen(before);
    expect(log.write('/b', anObject(1), 0).revision).toBe(4);
  });

  it('agrees with a list of all states, whatever is written, compacted and opened again', () => {
    const step = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({ do: fc.constant('write' as const), key: fc.constantFrom('/a', '/b', '/c/d') }),
      },
      {
        weight: 3,
        arbitrary: fc.record({ do: fc.constant('delete' as const), key: fc.constantFrom('/a', '/b', '/c/d') }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('compact' as const), back: fc.nat(3) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const medium = createMedium();
        let log = medium.open();
        const states = new Map<number, string[]>([[1, []]]);
        for (const [index, step] of steps.entries()) {
          if (step.do === 'reopen') log = medium.reopen(log);
          else if (step.do === 'compact') log.compact(Math.max(1, log.revision - step.back));
          else {
            const found = log.get(step.key)?.revision ?? 0;
            if (step.do === 'delete' && found === 0) continue;
            log.write(step.key, step.do === 'delete' ? undefined : anObject(index), found);
            states.set(log.revision, values(log));
          }
        }
        for (let revision = log.compactedRevision; revision <= log.revision; revision += 1) {
          expect(values(log, '/', revision)).toEqual(states.get(revision));
        }
        log[Symbol.dispose]();
      }),
      { numRuns: 40 },
    );
  });
});
