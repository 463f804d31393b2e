import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** JSON documents by id, in the order in which they were first set. Reads come from memory, writes are on file when `set` returns. */
export interface Collection<T> {
  get(id: string): T | undefined;
  /** Adds or replaces. Keeps its own copy: to change a document, set a new one. */
  set(id: string, document: T): void;
  delete(id: string): void;
  all(): readonly T[];
}

/** Where the practice world lives. Synchronous, so that whatever was answered over HTTP survives `kill -9`. */
export interface Store {
  /** The same name gives the same documents. Choose names with a prefix: `hubspot.companies`, `slack.messages`. */
  collection<T>(name: string): Collection<T>;
  /** All writes of `work` reach the file, or, when it throws, none. May be nested, each by itself; `work` must not be async. */
  together<R>(work: () => R): R;
  close(): void;
}

/** @param folder where `practice.db` is kept (made when missing), or `:memory:`. */
export function openStore(folder: string): Store {
  const db = openDatabase(folder);
  const opened = new Map<string, OpenCollection>();
  let depth = 0;
  return {
    collection: <T>(name: string) => {
      const known = opened.get(name) ?? openCollection(db, name);
      opened.set(name, known);
      return known as unknown as Collection<T>;
    },
    together: (work) => {
      depth += 1;
      const mark = `together_${depth}`;
      db.exec(`SAVEPOINT ${mark}`);
      try {
        const result = work();
        db.exec(`RELEASE ${mark}`);
        return result;
      } catch (error) {
        db.exec(`ROLLBACK TO ${mark}; RELEASE ${mark}`);
        for (const each of opened.values()) each.reload();
        throw error;
      } finally {
        depth -= 1;
      }
    },
    close: () => db.close(),
  };
}

/**
 * WAL without fsync on each commit: safe against a killed process, and quick; a power cut may lose the last moments. Locked for
 * this process alone, since what it reads comes from its memory.
 */
function openDatabase(folder: string): DatabaseSync {
  if (folder === ':memory:') return withTable(new DatabaseSync(folder));
  try {
    mkdirSync(folder, { recursive: true });
    return withTable(new DatabaseSync(join(folder, 'practice.db')));
  } catch (error) {
    const remedy = 'set TRUCE_DATA_DIR to another folder.';
    const why = error instanceof Error ? error.message : String(error);
    if (why.includes('locked'))
      throw new Error(`Another Truce is using the data folder ${folder}. Stop it first, or ${remedy}`);
    throw new Error(
      `Truce cannot keep its practice workspace in ${folder} (${why}). Make it writable, or ${remedy}`,
    );
  }
}

function withTable(db: DatabaseSync): DatabaseSync {
  db.exec(
    'PRAGMA busy_timeout = 500; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL',
  );
  db.exec(
    'CREATE TABLE IF NOT EXISTS documents (number INTEGER PRIMARY KEY, collection TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (collection, id))',
  );
  return db;
}

interface OpenCollection extends Collection<unknown> {
  reload(): void;
}

function openCollection(db: DatabaseSync, name: string): OpenCollection {
  const read = db.prepare('SELECT id, body FROM documents WHERE collection = ? ORDER BY number');
  const put = db.prepare(
    'INSERT INTO documents (collection, id, body) VALUES (?, ?, ?) ON CONFLICT (collection, id) DO UPDATE SET body = excluded.body',
  );
  const remove = db.prepare('DELETE FROM documents WHERE collection = ? AND id = ?');
  const documents = new Map<string, unknown>();
  const reload = () => {
    documents.clear();
    for (const row of read.all(name)) documents.set(String(row.id), JSON.parse(String(row.body)));
  };
  reload();
  return {
    reload,
    get: (id) => documents.get(id),
    set: (id, document) => {
      const body = JSON.stringify(document);
      put.run(name, id, body);
      documents.set(id, JSON.parse(body));
    },
    delete: (id) => {
      remove.run(name, id);
      documents.delete(id);
    },
    all: () => [...documents.values()],
  };
}
