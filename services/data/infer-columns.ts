import type { DuckDBConnection } from '@duckdb/node-api';
import { fitsSql, recognisedTypes, type ScalarType } from './column-type.js';

// Enough rows to guess nearly every column's type at once; the guess is then checked on all rows.
const sampleRows = 10_000;

/** A column's type, and how many of its values are null. */
export interface InferredColumn {
  type: ScalarType;
  nullCount: number;
}

/**
 * Finds the type of each text column `c0 … c<n-1>` of `relation` (SQL that we wrote). A type
 * is taken only when every value that is not null fits it; a column of nulls is STRING.
 */
export async function inferColumns(
  connection: DuckDBConnection,
  relation: string,
  columnCount: number,
): Promise<InferredColumn[]> {
  let open = Array.from({ length: columnCount }, (_, index) => ({ index, types: recognisedTypes, nullCount: 0 }));
  const inferred: InferredColumn[] = Array.from({ length: columnCount }, () => ({ type: 'STRING', nullCount: 0 }));
  const sample = await countFits(connection, `(SELECT * FROM ${relation} LIMIT ${sampleRows})`, open);
  open = open.map((column, at) => ({ ...column, types: column.types.filter((_, k) => fits(sample.columns[at], k)) }));
  while (open.length > 0) {
    // One guess per column where the sample held values, every type where it held none.
    const guesses = open.map(({ index, types, nullCount }) => ({
      index,
      nullCount,
      types: types.length === recognisedTypes.length ? types : types.slice(0, 1),
    }));
    const counted = await countFits(connection, relation, guesses);
    open = open.flatMap((column, at) => {
      const counts = counted.columns[at];
      const guess = guesses[at]?.types ?? [];
      const found = guess.find((_, k) => fits(counts, k));
      const present = counts?.present ?? 0;
      const left = column.types.slice(guess.length);
      inferred[column.index] = {
        type: present > 0 ? (found ?? 'STRING') : 'STRING',
        nullCount: counted.rows - present,
      };
      return present === 0 || found !== undefined || left.length === 0 ? [] : [{ ...column, types: left }];
    });
  }
  return inferred;
}

interface Counts {
  present: number;
  fitting: number[];
}

function fits(counts: Counts | undefined, type: number): boolean {
  return counts !== undefined && counts.fitting[type] === counts.present;
}

async function countFits(
  connection: DuckDBConnection,
  relation: string,
  columns: readonly { index: number; types: readonly ScalarType[] }[],
): Promise<{ rows: number; columns: Counts[] }> {
  const terms = columns.flatMap(({ index, types }) => [
    `count(c${index})`,
    ...types.map((type) => `count(*) FILTER (WHERE ${fitsSql(type, `c${index}`)})`),
  ]);
  const reader = await connection.runAndReadAll(`SELECT count(*), ${terms.join(', ')} FROM ${relation}`);
  const [rows = 0, ...values] = (reader.getRows()[0] ?? []).map(Number);
  let at = 0;
  return {
    rows,
    columns: columns.map(({ types }) => {
      const present = values[at++] ?? 0;
      const fitting = types.map(() => values[at++] ?? 0);
      return { present, fitting };
    }),
  };
}
