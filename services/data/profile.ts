import type { DuckDBConnection } from '@duckdb/node-api';
import { batchesOf, cellsSql, maxQueryColumns } from './cells.js';
import type { StoredType } from './column-type.js';
import { profileLongNumbers } from './profile-long-numbers.js';
import { maxHeldNumbers, maxNativeRows, profileNumbers } from './profile-numbers.js';
import { profileTensors } from './profile-tensors.js';
import { profileTexts } from './profile-texts.js';
import { aggregates } from './raw-table.js';
import type { Profile, TensorType } from './store.js';

// Above this the engine's estimate, which may be off by a seventh, is taken; it is well above the promised 10,000.
const exactBelow = 20_000;
/** The most cells that are profiled side by side, unless one column has more. */
const maxHeldCells = 1 << 20;

/** A column to profile, named `c<index>` where it stands. */
export interface ProfiledColumn {
  index: number;
  name: string;
  type: StoredType;
  tensor: TensorType | null;
}

const nothing: Omit<Profile, 'name'> = {
  nullCount: 0,
  distinctCount: 0,
  mean: 0,
  stdDev: 0,
  min: 0,
  max: 0,
  quantiles: [],
  topValues: [],
};

/** Profiles all columns of `relation` (SQL that we wrote) over all its rows. */
export async function profileColumns(
  connection: DuckDBConnection,
  relation: string,
  { columns, rowCount, signal }: { columns: readonly ProfiledColumn[]; rowCount: number; signal: AbortSignal },
): Promise<Profile[]> {
  const profiles = new Map<number, Profile>();
  const isNative = ({ type }: ProfiledColumn) => (type === 'INTEGER' || type === 'DOUBLE') && rowCount <= maxNativeRows;
  const numbers = columns.filter(isNative);
  // Of many short columns, as many as may be held are taken out of a wide file at once.
  const held = Math.floor(maxHeldNumbers / rowCount);
  const batches = held > maxQueryColumns ? batchesOf(numbers, held) : [numbers];
  for (const batch of batches) {
    const wide = held > maxQueryColumns && batch.length > maxQueryColumns;
    const source = wide ? await extract(connection, relation, batch) : relation;
    const profiled = await profileNumbers(connection, source, { columns: batch, rowCount, signal });
    for (const [at, { index, name }] of batch.entries()) profiles.set(index, { ...nothing, name, ...profiled[at] });
  }
  const others = columns.filter((column) => !isNative(column));
  for (const type of new Set(others.map((column) => column.type))) {
    const alike = others.filter((column) => column.type === type);
    // Tensors are too large to stand side by side.
    const size = type === 'TENSOR' ? 1 : Math.max(1, Math.floor(maxHeldCells / rowCount));
    for (const held of batchesOf(alike, size)) {
      const source = held.length === 1 ? relation : await extract(connection, relation, held);
      for (const batch of batchesOf(held)) {
        const profiled = await profileBatch(connection, source, { type, columns: batch });
        for (const [at, profile] of profiled.entries()) profiles.set(batch[at]?.index ?? 0, profile);
      }
    }
  }
  return columns.flatMap(({ index }) => profiles.get(index) ?? []);
}

/** A table of these columns alone, as a query of a wide file takes time for every column that the file has. */
async function extract(
  connection: DuckDBConnection,
  relation: string,
  columns: readonly ProfiledColumn[],
): Promise<string> {
  const names = columns.map(({ index }) => `c${index}`).join(', ');
  await connection.run(`CREATE OR REPLACE TEMP TABLE profiled AS SELECT ${names} FROM ${relation}`);
  return 'profiled';
}

/** Profiles columns that are all of one type. */
async function profileBatch(
  connection: DuckDBConnection,
  relation: string,
  { type, columns }: { type: StoredType; columns: readonly ProfiledColumn[] },
): Promise<Profile[]> {
  const names = columns.map(({ index }) => `c${index}`);
  const counted = await aggregates(
    connection,
    relation,
    names.map((c) => [`count(*) - count(${c})`, `approx_count_distinct(${c})`]),
  );
  const estimates = counted.map(([, about]) => Number(about ?? 0));
  const few = names.filter((_, at) => (estimates[at] ?? 0) < exactBelow);
  const exact = await distinctCounts(connection, relation, few);
  const details = await detailsOf(connection, relation, { type, columns });
  return columns.map(({ name }, at) => ({
    ...nothing,
    name,
    nullCount: Number(counted[at]?.[0] ?? 0),
    distinctCount: exact.get(names[at] ?? '') ?? estimates[at] ?? 0,
    ...details[at],
  }));
}

async function distinctCounts(
  connection: DuckDBConnection,
  relation: string,
  names: readonly string[],
): Promise<Map<string, number>> {
  if (names.length === 0) return new Map();
  const sql = `SELECT i, count(DISTINCT v) FROM ${cellsSql(relation, names)} GROUP BY i`;
  const reader = await connection.runAndReadAll(sql);
  return new Map(reader.getRows().map(([i, count]) => [names[Number(i)] ?? '', Number(count)]));
}

/** What is told of columns of one type, besides their counts. */
async function detailsOf(
  connection: DuckDBConnection,
  relation: string,
  { type, columns }: { type: StoredType; columns: readonly ProfiledColumn[] },
): Promise<Partial<Profile>[]> {
  const names = columns.map(({ index }) => `c${index}`);
  switch (type) {
    case 'TENSOR': {
      const details: Partial<Profile>[] = [];
      for (const { index, tensor } of columns) {
        if (tensor !== null) details.push(await profileTensors(connection, relation, { index, tensor }));
      }
      return details;
    }
    case 'TIMESTAMP': {
      const ranges = names.map((c) => [`epoch_us(min(${c}))`, `epoch_us(max(${c}))`]);
      const found = await aggregates(connection, relation, ranges);
      return found.map(([min, max]) => ({ min: Number(min ?? 0), max: Number(max ?? 0) }));
    }
    case 'STRING':
    case 'BOOLEAN':
      return profileTexts(connection, relation, names);
    case 'INTEGER':
    case 'DOUBLE':
      return profileLongNumbers(connection, relation, names);
  }
}
