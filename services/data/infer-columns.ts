import type { DuckDBConnection } from '@duckdb/node-api';
import { batchesOf, cellsSql } from './cells.js';
import { fitsSql, recognisedTypes, type ScalarType } from './column-type.js';

// Enough rows to guess nearly every column's type at once; the guess is then checked on all rows.
const sampleRows = 100;

interface OpenColumn {
  index: number;
  /** The types that it may still have, narrowest first. */
  types: readonly ScalarType[];
}

/**
 * Finds the type of each text column `c0 … c<n-1>` of `relation` (SQL that we wrote). A type
 * is taken only when every value that is not null fits it; a column of nulls is STRING.
 */
export async function inferColumns(
  connection: DuckDBConnection,
  relation: string,
  columnCount: number,
): Promise<ScalarType[]> {
  const inferred = Array.from({ length: columnCount }, (): ScalarType => 'STRING');
  const all = inferred.map((_, index): OpenColumn => ({ index, types: recognisedTypes }));
  const sample = await countFits(connection, relation, all, sampleRows);
  let open = all.flatMap(({ index, types }) => {
    const left = types.filter((type) => fits(sample[index], type));
    return left.length === 0 ? [] : [{ index, types: left }];
  });
  while (open.length > 0) {
    // One guess per column where the sample held values, every type where it held none.
    const guesses = open.map(({ index, types }) => ({
      index,
      types: types.length === recognisedTypes.length ? types : types.slice(0, 1),
    }));
    const counted = await countFits(connection, relation, guesses);
    open = open.flatMap(({ index, types }, at) => {
      const counts = counted[at];
      const guessed = guesses[at]?.types ?? [];
      const found = guessed.find((type) => fits(counts, type));
      if (counts === undefined || counts.present === 0) return [];
      if (found !== undefined) inferred[index] = found;
      const left = types.slice(guessed.length);
      return found !== undefined || left.length === 0 ? [] : [{ index, types: left }];
    });
  }
  return inferred;
}

interface Counts {
  present: number;
  fitting: Map<ScalarType, number>;
}

function fits(counts: Counts | undefined, type: ScalarType): boolean {
  return counts !== undefined && counts.fitting.get(type) === counts.present;
}

/** For each column, how many of its values, in the first `rows` rows or in all, are of each of its types. */
async function countFits(
  connection: DuckDBConnection,
  relation: string,
  columns: readonly OpenColumn[],
  rows: number | null = null,
): Promise<Counts[]> {
  const counted = new Map<number, Counts>();
  for (const types of new Set(columns.map((column) => column.types.join()))) {
    for (const batch of batchesOf(columns.filter((column) => column.types.join() === types))) {
      const names = batch.map(({ index }) => `c${index}`);
      const asked = batch[0]?.types ?? [];
      const terms = asked.map((type) => `, count(*) FILTER (WHERE ${fitsSql(type, 'v')})`).join('');
      const from = rows === null ? relation : `(SELECT ${names.join(', ')} FROM ${relation} LIMIT ${rows})`;
      const reader = await connection.runAndReadAll(
        `SELECT i, count(v)${terms} FROM ${cellsSql(from, names)} GROUP BY i`,
      );
      for (const row of reader.getRows()) {
        const [at = 0, present = 0, ...fitting] = row.map(Number);
        const index = batch[at]?.index ?? 0;
        counted.set(index, { present, fitting: new Map(asked.map((type, k) => [type, fitting[k] ?? 0])) });
      }
    }
  }
  return columns.map(({ index }) => counted.get(index) ?? { present: 0, fitting: new Map() });
}
