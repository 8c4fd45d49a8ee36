import type { DuckDBConnection } from '@duckdb/node-api';
import type { SplitRows } from '../../native/validation/split.js';
import { trainTestSplit } from '../../native/validation/split.js';
import { ValidationError } from '../../native/validation/validation-error.js';
import { invalidField } from '../mesh/errors.js';
import { storedTable } from './read-chunks.js';
import type { Count, StoredColumn } from './store.js';
import type { CheckedSplit } from './validate.js';

/** Rows per value of the stratify column are listed up to this many values. */
const maxCounts = 1_000;

/** A split of a stored file. */
export interface DividedRows extends SplitRows {
  /** Rows per value in a part, most frequent first; empty without a stratify column. A null is the empty text. */
  counts(rows: Uint32Array): Count[];
}

/** Divides a stored file's rows. `stratify` is the position of the column to stratify by. */
export async function splitRows(
  connection: DuckDBConnection,
  {
    path,
    stored,
    rowCount,
    split,
    stratify,
  }: {
    path: string;
    stored: readonly StoredColumn[];
    rowCount: number;
    split: CheckedSplit;
    stratify: number | null;
  },
): Promise<DividedRows> {
  const { testFraction, seed } = split;
  const strata =
    stratify === null ? null : await readStrata(connection, storedTable(path, stored.length), rowCount, stratify);
  try {
    const rows = trainTestSplit({ rowCount, testFraction, seed, ...(strata === null ? {} : { strata: strata.codes }) });
    return { ...rows, counts: (part) => (strata === null ? [] : countsOf(part, strata)) };
  } catch (error) {
    if (error instanceof ValidationError) throw invalidField(`split.${error.field}`, error.seen, error.bound);
    throw error;
  }
}

interface Strata {
  codes: Uint32Array;
  values: (string | null)[];
}

async function readStrata(
  connection: DuckDBConnection,
  table: string,
  rowCount: number,
  column: number,
): Promise<Strata> {
  const codes = new Uint32Array(rowCount);
  const known = new Map<string | null, number>();
  const result = await connection.stream(`SELECT CAST(c${column} AS VARCHAR) FROM ${table}`);
  let row = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    for (const value of chunk.getColumnValues(0)) {
      const text = value === null ? null : String(value);
      let code = known.get(text);
      if (code === undefined) {
        code = known.size;
        known.set(text, code);
      }
      codes[row++] = code;
    }
  }
  return { codes, values: [...known.keys()] };
}

function countsOf(rows: Uint32Array, { codes, values }: Strata): Count[] {
  const counts = new Uint32Array(values.length);
  for (const row of rows) {
    const code = codes[row] ?? 0;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return values
    .map((value, code) => ({ value: value ?? '', count: counts[code] ?? 0 }))
    .sort((left, right) => right.count - left.count || (left.value < right.value ? -1 : 1))
    .slice(0, maxCounts);
}
