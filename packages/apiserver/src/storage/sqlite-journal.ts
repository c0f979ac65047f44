import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { KubernetesObject } from '../resource/resource.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { StorageFailure } from './revision-log.ts';

/** 'vdi1' as a number: tells our files from other SQLite files, and this layout from later ones. */
const applicationId = 0x76646931;

// https://www.sqlite.org/rescode.html
const sqliteFull = 13;
const sqliteBusy = 5;
const sqliteNotDatabase = 26;

/**
 * One table of revisions, in the manner of kine. `synchronous=FULL` with a write-ahead log means one fsync for each
 * change; the exclusive lock keeps a second process from writing the same revisions.
 */
export class SqliteJournal implements Journal {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #path: string;

  constructor(path: string, options: { readonly maxBytes?: number } = {}) {
    this.#path = path;
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(path);
      prepare(database, path);
      if (options.maxBytes !== undefined) limitSize(database, options.maxBytes);
      this.#insert = database.prepare('INSERT INTO revisions (revision, key, object) VALUES (?, ?, ?)');
      this.#database = database;
    } catch (cause) {
      database?.close();
      throw this.#failure('open', cause);
    }
  }

  load(): { entries: Iterable<JournalEntry>; compactedRevision: number } {
    const row = this.#database.prepare('SELECT revision FROM compaction').get();
    return { entries: this.#entries(), compactedRevision: Number(row?.['revision'] ?? 0) };
  }

  *#entries(): Generator<JournalEntry> {
    const rows = this.#database.prepare('SELECT revision, key, object FROM revisions ORDER BY revision').iterate();
    for (const row of rows) yield entryOf(row);
  }

  append({ revision, key, object }: JournalEntry): void {
    try {
      this.#insert.run(revision, key, object === undefined ? null : JSON.stringify(object));
    } catch (cause) {
      throw this.#failure('write to', cause);
    }
  }

  compact(revision: number): void {
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      this.#database
        .prepare(
          `DELETE FROM revisions WHERE revision <= ?1 AND (object IS NULL OR EXISTS (
             SELECT 1 FROM revisions newer
             WHERE newer.key = revisions.key AND newer.revision > revisions.revision AND newer.revision <= ?1))`,
        )
        .run(revision);
      this.#database.prepare('UPDATE compaction SET revision = ?').run(revision);
      this.#database.exec('COMMIT');
    } catch (cause) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw this.#failure('compact', cause);
    }
  }

  [Symbol.dispose](): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #failure(doing: string, cause: unknown): StorageFailure {
    if (cause instanceof StorageFailure) return cause;
    const code = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) : 0;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const hints: Record<number, string> = {
      [sqliteFull]: 'No space is left: free some, then try again. Nothing was changed.',
      [sqliteBusy]: 'Another process has it open: stop that one first.',
      [sqliteNotDatabase]: 'It is not a log of this server: choose another path.',
    };
    const hint = hints[code] ?? 'Nothing was changed; check the disk and the permissions of the file.';
    return new StorageFailure(`Could not ${doing} the log ${this.#path}: ${reason}. ${hint}`, {
      isFull: code === sqliteFull,
      cause,
    });
  }
}

function prepare(database: DatabaseSync, path: string): void {
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  const found = Number(database.prepare('PRAGMA application_id').get()?.['application_id']);
  const tables = Number(database.prepare('SELECT count(*) AS count FROM sqlite_schema').get()?.['count']);
  if (found !== applicationId && tables > 0) {
    throw new StorageFailure(`${path} is a SQLite file, but not a log of this server: choose another path.`, {
      isFull: false,
    });
  }
  // The pragma comes last: a crash before it leaves an empty file that the next start fills again.
  database.exec(`
    BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS revisions (revision INTEGER PRIMARY KEY, key TEXT NOT NULL, object TEXT);
    CREATE INDEX IF NOT EXISTS revisions_by_key ON revisions (key, revision);
    CREATE TABLE IF NOT EXISTS compaction (revision INTEGER NOT NULL);
    INSERT INTO compaction SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM compaction);
    PRAGMA application_id = ${applicationId};
    COMMIT;
  `);
}

function limitSize(database: DatabaseSync, maxBytes: number): void {
  const pageBytes = Number(database.prepare('PRAGMA page_size').get()?.['page_size']);
  database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / pageBytes))}`);
}

function entryOf(row: Record<string, unknown>): JournalEntry {
  const { revision, key, object } = row as { revision: number; key: string; object: string | null };
  return { revision, key, object: object === null ? undefined : (JSON.parse(object) as KubernetesObject) };
}
