import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';

/**
 * The rows that a query (SQL that we wrote) gives, some at a time, the next fetched while these are worked on. Ends only when
 * nothing is fetched any more, so that the connection can then be closed.
 */
export async function* rowsAhead(
  connection: DuckDBConnection,
  sql: string,
  signal: AbortSignal,
): AsyncGenerator<DuckDBDataChunk> {
  const result = await connection.stream(sql);
  const fetchChunk = () => {
    const fetched = result.fetchChunk();
    // It may fail while nobody waits for it.
    fetched.catch(() => null);
    return fetched;
  };
  let next = fetchChunk();
  try {
    for (;;) {
      signal.throwIfAborted();
      const chunk = await next;
      if (chunk === null || chunk.rowCount === 0) return;
      next = fetchChunk();
      yield chunk;
    }
  } finally {
    await next.catch(() => null);
  }
}
