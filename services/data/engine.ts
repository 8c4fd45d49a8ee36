import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { literal } from './sql.js';

/** What the engine may use. */
export interface EngineOptions {
  /** The only directory it may touch; created when absent. */
  directory: string;
  /** The most memory in bytes, beyond which it spills into `directory`. */
  memoryLimitBytes: number;
  /** Worker threads, from 1. */
  threads: number;
}

/** One in-memory DuckDB, confined to a directory. */
export interface Engine {
  /** Runs `body` with a connection of its own, interrupted when `signal` aborts and closed at the end. */
  use<T>(signal: AbortSignal, body: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
  /** A connection for a stream of results; interrupted when `signal` aborts, the caller's to close. */
  open(signal: AbortSignal): Promise<{ connection: DuckDBConnection; close(): void }>;
  /** Waits for the connections that are open, then frees everything. */
  close(): Promise<void>;
}

/**
 * Opens DuckDB with extensions, external files and its own configuration locked, so that
 * neither SQL nor a path from outside can widen what it reaches.
 */
export async function openEngine({ directory, memoryLimitBytes, threads }: EngineOptions): Promise<Engine> {
  const root = resolve(directory);
  // The engine reads these in a path as a pattern.
  if (/[*?[\]]/.test(root)) throw new Error(`the data directory ${root} must not contain any of * ? [ ]`);
  const spill = `${root}/spill`;
  await mkdir(spill, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${Math.floor(memoryLimitBytes / 1024)}KiB`,
    threads: String(threads),
    temp_directory: spill,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  });
  const setup = await instance.connect();
  // The order matters: allowed directories can only be named before access is closed.
  for (const statement of [
    "SET GLOBAL TimeZone = 'UTC'",
    `SET allowed_directories = [${literal(root)}]`,
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ]) {
    await setup.run(statement);
  }
  setup.closeSync();

  let closed = false;
  let openCount = 0;
  let idle: (() => void) | null = null;

  async function open(signal: AbortSignal) {
    signal.throwIfAborted();
    if (closed) throw new Error('the table engine is closed');
    openCount++;
    const connection = await instance.connect();
    const interrupt = () => connection.interrupt();
    signal.addEventListener('abort', interrupt, { once: true });
    return {
      connection,
      close() {
        signal.removeEventListener('abort', interrupt);
        connection.closeSync();
        openCount--;
        if (openCount === 0) idle?.();
      },
    };
  }

  return {
    async use(signal, body) {
      const { connection, close } = await open(signal);
      try {
        return await body(connection);
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      } finally {
        close();
      }
    },
    open,
    async close() {
      if (closed) return;
      closed = true;
      if (openCount > 0) await new Promise<void>((resume) => (idle = resume));
      instance.closeSync();
    },
  };
}
