import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import Libsql from 'libsql';
import { TenonError } from '../errors.js';
import type { Migration } from './migration.js';
import { migrate } from './migration.js';
import type { Queries, SqlValue } from './queries.js';

/** A database. Reads outside a transaction see what is committed and never wait for a writer. */
export interface Database extends Queries {
  /**
   * Runs `body` as one transaction, after those before it. It is committed and on disk when
   * the promise resolves, rolled back when `body` rejects. Inside, use only `tx`: a write
   * through the database itself would wait for this transaction to end.
   */
  transaction<T>(body: (tx: Queries) => Promise<T>): Promise<T>;
  /** Waits for the transactions under way, then closes. Later calls reject. */
  close(): Promise<void>;
}

const busyTimeoutMs = 10_000;

type Connection = InstanceType<typeof Libsql>;

/**
 * Opens (or creates) the SQLite file with write-ahead log, `synchronous=FULL` and foreign
 * keys, and migrates it. Throws NewerSchemaError when the file is of a newer release.
 */
export async function openDatabase(path: string, migrations: readonly Migration[]): Promise<Database> {
  await mkdir(dirname(path), { recursive: true });
  const writer = connect(path);
  const write = queriesOf(writer);
  let tail: Promise<unknown> = Promise.resolve();
  let closed = false;

  function queued<T>(work: () => Promise<T>): Promise<T> {
    if (closed) return Promise.reject(new Error(`${path} is closed`));
    const result = tail.then(work);
    tail = result.catch(() => undefined);
    return result;
  }

  function transaction<T>(body: (tx: Queries) => Promise<T>): Promise<T> {
    return queued(async () => {
      await write.run('BEGIN IMMEDIATE');
      try {
        const result = await body(write);
        await write.run('COMMIT');
        return result;
      } catch (error) {
        // SQLite rolls back by itself after some errors; a second ROLLBACK must not hide the first error.
        if (writer.inTransaction) await write.run('ROLLBACK');
        throw error;
      }
    });
  }

  try {
    await transaction((tx) => migrate(tx, path, migrations));
  } catch (error) {
    writer.close();
    throw error;
  }
  const reader = connect(path);
  const read = queriesOf(reader);
  return {
    all: read.all,
    get: read.get,
    run: (sql, params) => queued(() => write.run(sql, params)),
    transaction,
    async close() {
      if (closed) return;
      closed = true;
      await tail;
      reader.close();
      writer.close();
    },
  };
}

function connect(path: string): Connection {
  const connection = new Libsql(path);
  connection.pragma(`busy_timeout = ${busyTimeoutMs}`);
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  return connection;
}

function queriesOf(connection: Connection): Queries {
  async function guarded<T>(work: () => T): Promise<T> {
    try {
      return work();
    } catch (error) {
      throw isDiskFull(error) ? diskFull(error) : error;
    }
  }
  return {
    all: <T>(sql: string, params: readonly SqlValue[] = []) =>
      guarded(() => connection.prepare(sql).all(...params) as T[]),
    get: <T>(sql: string, params: readonly SqlValue[] = []) =>
      guarded(() => rowOf(connection.prepare(sql).get(...params)) as T | undefined),
    run: (sql, params = []) => guarded(() => ({ changes: connection.prepare(sql).run(...params).changes })),
  };
}

/** libsql adds timing under `_metadata` to a row read by `get`; it is no column. */
function rowOf(row: unknown): unknown {
  if (typeof row !== 'object' || row === null) return undefined;
  return Object.fromEntries(Object.entries(row).filter(([column]) => column !== '_metadata'));
}

/** Whether the error says that no space is left, from SQLite or from the file system. */
export function isDiskFull(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT';
}

/** QUOTA_EXCEEDED: the disk under the data directory is full. */
export function diskFull(cause: unknown): TenonError {
  return new TenonError({ reason: 'QUOTA_EXCEEDED', message: 'the disk of the data directory is full', cause });
}
