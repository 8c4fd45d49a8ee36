import { batchesOf } from './cells.js';
import { checkColumnNames } from './column-names.js';
import type { ScalarType } from './column-type.js';
import { emptyTable, unparsableFile } from './errors.js';
import { maxRowBytes } from './limits.js';
import { parquetFrameFault } from './parquet-footer.js';
import { aggregates, columnList, numberFrom, type RawColumn, type RawTable, type ReadOptions } from './raw-table.js';
import { literal } from './sql.js';

/**
 * Reads a Parquet file. NaN is null; infinities, values beyond 64 bits and columns of lists,
 * structs or bytes are refused, naming the column. Throws UNPARSABLE_FILE and EMPTY_TABLE.
 */
export async function readParquet({ connection, path, maxColumns }: ReadOptions): Promise<RawTable> {
  const file = `read_parquet(${literal(path)})`;
  const whole = (message: string) => unparsableFile([{ line: 0, column: '', message }]);
  const fault = await parquetFrameFault(path);
  if (fault !== null) throw whole(fault);
  const unreadable = () => whole('the file is no readable Parquet file: its footer or its pages are damaged');
  const described = await connection
    .runAndReadAll(`DESCRIBE SELECT * FROM ${file}`)
    .catch((error: unknown) => rethrow(error, unreadable));
  const given = described.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
  const inFile = await connection.runAndReadAll(`SELECT name FROM parquet_schema(${literal(path)})`);
  const written = new Set(inFile.getRows().map(([name]) => String(name)));
  for (const [index, { name }] of given.entries()) {
    if (!written.has(name)) {
      const message = 'the name is another column’s already, upper and lower case being the same';
      throw unparsableFile([{ line: 0, column: `${index + 1}`, message }]);
    }
  }
  checkColumnNames(
    given.map(({ name }) => name),
    0,
    maxColumns,
  );
  const columns: RawColumn[] = [];
  const sources = given.map(({ name, type }, index) => {
    const source = sourceOf(type, `c${index}`);
    if (source === null) {
      const message = `a column of type ${type.slice(0, 64)}, expected booleans, numbers, text or times`;
      throw unparsableFile([{ line: 0, column: name, message }]);
    }
    columns.push({ name, type: source.type, value: `c${index}`, text: `CAST(c${index} AS VARCHAR)` });
    return `${source.sql} AS c${index}`;
  });
  for (const [index, { name, type }] of given.entries()) {
    if (!/^(UBIGINT|DECIMAL\([0-9]+,0\))$/.test(type)) continue;
    const beyond = await numberFrom(
      connection,
      `SELECT count(*) FROM ${file} AS t(${columnList(given.length)}) WHERE c${index} IS NOT NULL AND TRY_CAST(c${index} AS BIGINT) IS NULL`,
    ).catch((error: unknown) => rethrow(error, unreadable));
    const message = `${beyond} values beyond 64-bit whole numbers`;
    if (beyond > 0) throw unparsableFile([{ line: 0, column: name, message }]);
  }
  await connection
    .run(`CREATE TEMP TABLE raw AS SELECT ${sources.join(', ')} FROM ${file} AS t(${columnList(given.length)})`)
    .catch((error: unknown) => rethrow(error, unreadable));
  if ((await numberFrom(connection, 'SELECT count(*) FROM raw')) === 0) throw emptyTable('no rows');
  const infinite = columns.flatMap(({ name, type }, index) =>
    type === 'DOUBLE' || type === 'TIMESTAMP' ? [{ name, sql: `min(rowid) FILTER (WHERE isinf(c${index}))` }] : [],
  );
  for (const batch of batchesOf(infinite)) {
    const found = await aggregates(
      connection,
      'raw',
      batch.map(({ sql }) => [sql]),
    );
    for (const [at, [row]] of found.entries()) {
      if (row === null || row === undefined) continue;
      const message = 'an infinity, expected a finite value';
      throw unparsableFile([{ line: Number(row) + 1, column: batch[at]?.name ?? '', message }]);
    }
  }
  const texts = columns.flatMap(({ type }, index) => (type === 'STRING' ? [`coalesce(strlen(c${index}), 0)`] : []));
  if (texts.length > 0) {
    const sql = `SELECT coalesce(min(rowid) + 1, 0) FROM raw WHERE ${texts.join(' + ')} > ${maxRowBytes}`;
    const row = await numberFrom(connection, sql);
    const message = `more than ${maxRowBytes} bytes of text in one row`;
    if (row > 0) throw unparsableFile([{ line: row, column: '', message }]);
  }
  return { columns, badRowCount: 0, issues: [], kind: 'TABLE' };
}

function rethrow(error: unknown, unreadable: () => Error): never {
  const text = error instanceof Error ? error.message : '';
  // Memory, disk and interruption are no fault of the file.
  if (/^(Out of Memory|INTERRUPT|FATAL|INTERNAL)/i.test(text)) throw error;
  throw unreadable();
}

function sourceOf(type: string, c: string): { type: ScalarType; sql: string } | null {
  if (type === 'BOOLEAN') return { type: 'BOOLEAN', sql: c };
  if (/^U?(TINYINT|SMALLINT|INTEGER)$|^U?BIGINT$|^DECIMAL\([0-9]+,0\)$/.test(type)) {
    return { type: 'INTEGER', sql: `CAST(${c} AS BIGINT)` };
  }
  if (/^(FLOAT|DOUBLE|DECIMAL\([0-9]+,[0-9]+\))$/.test(type)) {
    const value = `CAST(${c} AS DOUBLE)`;
    return { type: 'DOUBLE', sql: `CASE WHEN isnan(${value}) THEN NULL ELSE ${value} END` };
  }
  if (/^(VARCHAR|UUID|ENUM\(.*\)|"NULL")$/s.test(type)) return { type: 'STRING', sql: `CAST(${c} AS VARCHAR)` };
  if (type === 'TIMESTAMP WITH TIME ZONE') return { type: 'TIMESTAMP', sql: `${c} AT TIME ZONE 'UTC'` };
  if (/^(DATE|TIMESTAMP(_NS|_MS|_S)?)$/.test(type)) return { type: 'TIMESTAMP', sql: `CAST(${c} AS TIMESTAMP)` };
  return null;
}
