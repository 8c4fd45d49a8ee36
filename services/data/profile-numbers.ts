import type { DuckDBConnection } from '@duckdb/node-api';
import { NumberColumns, type NumberProfile } from '../../native/table/number-columns.js';
import { batchesOf, maxQueryColumns } from './cells.js';
import type { ProfiledColumn } from './profile.js';
import { rowsAhead } from './rows-ahead.js';
import type { Profile } from './store.js';
import { numbersOf, validityOf } from './vector-memory.js';

/** The shares whose quantiles a profile has. */
export const levels = [0.05, 0.25, 0.5, 0.75, 0.95];
/** The most numbers that are read side by side, unless one column has more: 32 MiB. */
export const maxHeldNumbers = 1 << 22;
/** The longest column that is held, which takes 24 bytes a row: 768 MiB. */
export const maxNativeRows = 1 << 25;

/** What is told of a column of numbers. */
export type ProfiledNumbers = Pick<
  Profile,
  'nullCount' | 'distinctCount' | 'mean' | 'stdDev' | 'min' | 'max' | 'quantiles'
>;

/**
 * Profiles columns of `relation` (SQL that we wrote), numbers all, exactly. Some columns are
 * profiled on native threads while the next are read: memory is taken for twice `maxHeldNumbers`, or for two columns if one
 * has more, and for one column more on each thread that sorts.
 */
export async function profileNumbers(
  connection: DuckDBConnection,
  relation: string,
  { columns, rowCount, signal }: { columns: readonly ProfiledColumn[]; rowCount: number; signal: AbortSignal },
): Promise<ProfiledNumbers[]> {
  const profiles: NumberProfile[] = [];
  const size = Math.max(1, Math.min(maxQueryColumns, Math.floor(maxHeldNumbers / rowCount)));
  let profiling: Promise<NumberProfile[]> = Promise.resolve([]);
  try {
    for (const batch of batchesOf(columns, size)) {
      const numbers = await readNumbers(connection, relation, { columns: batch, rowCount, signal });
      try {
        profiles.push(...(await profiling));
        profiling = numbers.profile(levels, { signal });
        // It may fail while the next columns are read.
        profiling.catch(() => null);
      } finally {
        numbers.dispose();
      }
    }
    profiles.push(...(await profiling));
  } finally {
    await profiling.catch(() => null);
  }
  return profiles.map((profile) => ({ ...profile, quantiles: [...profile.quantiles] }));
}

async function readNumbers(
  connection: DuckDBConnection,
  relation: string,
  { columns, rowCount, signal }: { columns: readonly ProfiledColumn[]; rowCount: number; signal: AbortSignal },
): Promise<NumberColumns> {
  const numbers = new NumberColumns(
    columns.map(({ type }) => (type === 'INTEGER' ? 'integer' : 'double')),
    rowCount,
  );
  try {
    const sql = `SELECT ${columns.map(({ index }) => `c${index}`).join(', ')} FROM ${relation}`;
    for await (const chunk of rowsAhead(connection, sql, signal)) {
      for (let at = 0; at < columns.length; at++) {
        const vector = chunk.getColumnVector(at);
        numbers.append(at, numbersOf(vector), validityOf(vector));
      }
    }
    return numbers;
  } catch (error) {
    numbers.dispose();
    throw error;
  }
}
