import type { DuckDBConnection } from '@duckdb/node-api';
import type { TypedTable } from './apply-types.js';
import { bytesPerValue } from './column-chunk.js';
import { rowGroupSize } from './limits.js';
import { numberFrom, type RawTable } from './raw-table.js';
import { identifier, literal } from './sql.js';

/** Rows per vector of the engine; what it writes begins and ends with whole ones. */
const vectorSize = 2_048;
/** Groups of tensors have fewer rows, so that readers hold about this much. */
const rowGroupBytes = 128 * 1024 * 1024;
/** Rows per group of a table of the engine, which is what each of its threads holds while it writes. */
const tableGroupSize = 122_880;
// More levels of zstd cost time and, on numbers, space as well. Larger dictionaries are given up late and gain little.
const encoding = 'COMPRESSION zstd, COMPRESSION_LEVEL 2, DICTIONARY_SIZE_LIMIT 4096';

/**
 * Writes the good rows of `raw` to `output` as Parquet, in order, and drops `raw`; returns how many they are. Equal tables
 * give equal bytes at any number of threads: which rows a group has, and so what it is written as, follows from their
 * numbers alone.
 */
export async function writeTable(
  connection: DuckDBConnection,
  { raw, columns, bad }: Pick<TypedTable, 'columns' | 'bad'> & { raw: Pick<RawTable, 'kind' | 'wholeGroups'> },
  output: string,
): Promise<number> {
  const rowBytes = columns.reduce((sum, column) => sum + bytesOf(column), 0);
  // Every thread holds a group of its own; where that is too much, the engine writes one after the other.
  const inTurn = rowBytes * tableGroupSize > rowGroupBytes;
  const usable = bad === null && (inTurn || (await hasWholeVectors(connection, raw)));
  const source = usable ? 'raw' : await repack(connection, raw, bad);
  const from = inTurn ? await inTurnSql(connection, source) : source;
  const selected = columns.map(({ name, value }) => `${value} AS ${identifier(name)}`).join(', ');
  const rows = await numberFrom(
    connection,
    `COPY (SELECT ${selected} FROM ${from}) TO ${literal(output)}
     (FORMAT parquet, ${encoding}, ROW_GROUP_SIZE ${rowsPerGroup(columns)})`,
  );
  await connection.run(`DROP ${usable ? raw.kind : 'TABLE'} ${source}`);
  return rows;
}

/** Whether all groups of `raw` but the last are of whole vectors, so that they can be cut anew at any multiple. */
async function hasWholeVectors(
  connection: DuckDBConnection,
  { kind, wholeGroups = false }: Pick<RawTable, 'kind' | 'wholeGroups'>,
): Promise<boolean> {
  if (kind === 'VIEW') return wholeGroups;
  const ragged = await numberFrom(
    connection,
    `SELECT count(*) FILTER (WHERE rows % ${vectorSize} <> 0 AND NOT is_last)
     FROM (SELECT sum(count) AS rows, row_group_id = max(row_group_id) OVER () AS is_last
       FROM pragma_storage_info('raw') WHERE column_id = 0 AND segment_type <> 'VALIDITY' GROUP BY row_group_id)`,
  );
  return ragged === 0;
}

/** Moves the good rows of `raw`, in order, into a table of whole groups; returns its name. */
async function repack(
  connection: DuckDBConnection,
  { kind }: Pick<RawTable, 'kind'>,
  bad: string | null,
): Promise<string> {
  const good = bad === null ? '' : `WHERE NOT (${bad})`;
  await connection.run(`CREATE TEMP TABLE good AS SELECT * FROM ${await inTurnSql(connection, 'raw')} ${good}`);
  await connection.run(`DROP ${kind} raw`);
  return 'good';
}

/** SQL for the rows of a table, which the engine takes in order, on one thread, and in whole vectors as those of the range are. */
async function inTurnSql(connection: DuckDBConnection, table: string): Promise<string> {
  const rows = await numberFrom(connection, `SELECT count(*) FROM ${table}`);
  return `(SELECT ${table}.* FROM ${table} POSITIONAL JOIN range(${rows}))`;
}

/** A multiple of the engine's vectors, at most `rowGroupSize`. */
function rowsPerGroup(columns: TypedTable['columns']): number {
  const tensors = columns.reduce((sum, column) => sum + (column.tensor === null ? 0 : bytesOf(column)), 0);
  const fitting = Math.floor(rowGroupBytes / Math.max(1, tensors) / vectorSize) * vectorSize;
  return Math.max(vectorSize, Math.min(rowGroupSize, fitting));
}

function bytesOf({ type, tensor }: Pick<TypedTable['columns'][number], 'type' | 'tensor'>): number {
  return bytesPerValue({ type: `COLUMN_TYPE_${type}`, tensor });
}
