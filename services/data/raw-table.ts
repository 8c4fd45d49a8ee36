import type { DuckDBConnection } from '@duckdb/node-api';
import type { StoredType } from './column-type.js';
import type { RowIssue } from './errors.js';
import type { TensorType } from './store.js';

/** A column of the temporary table `raw`, whose columns are named `c0`, `c1`, …. */
export interface RawColumn {
  name: string;
  /** The type it has, or was recognised to have. */
  type: StoredType;
  /** Set for tensor columns only. */
  tensor?: TensorType | null;
  /** SQL over `raw` for its value, of that type. */
  value: string;
  /** SQL over `raw` for its value as text; null for tensors. */
  text: string | null;
}

/** A file that was read into the temporary table or view `raw` of a connection. */
export interface RawTable {
  kind: 'TABLE' | 'VIEW';
  /** Whether a view's rows come in groups of `rowGroupSize`, but for the last; a table's groups can be looked at. */
  wholeGroups?: boolean;
  columns: RawColumn[];
  /** Rows that could not be read and are not in `raw`. */
  badRowCount: number;
  /** The first of them. */
  issues: RowIssue[];
}

/** How a file is read into `raw`. */
export interface ReadOptions {
  connection: DuckDBConnection;
  path: string;
  maxColumns: number;
  signal: AbortSignal;
}

/** The one number that a query gives. */
export async function numberFrom(connection: DuckDBConnection, sql: string): Promise<number> {
  const reader = await connection.runAndReadAll(sql);
  return Number(reader.getRows()[0]?.[0] ?? 0);
}

/** The values of each column's aggregates over all rows of `relation`; all SQL that we wrote. */
export async function aggregates(
  connection: DuckDBConnection,
  relation: string,
  columns: readonly (readonly string[])[],
): Promise<unknown[][]> {
  const reader = await connection.runAndReadAll(`SELECT ${columns.flat().join(', ')} FROM ${relation}`);
  const values: readonly unknown[] = reader.getRows()[0] ?? [];
  let end = 0;
  return columns.map(({ length }) => {
    end += length;
    return values.slice(end - length, end);
  });
}

/** `c0, c1, …` */
export function columnList(count: number): string {
  return Array.from({ length: count }, (_, index) => `c${index}`).join(', ');
}
