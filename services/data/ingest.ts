import { stat } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { invalidField, shown, TenonError } from '../mesh/errors.js';
import { readArrays } from './arrays/read-arrays.js';
import { bytesPerValue } from './column-chunk.js';
import { acceptsSql, readSql, type ScalarType, type StoredType } from './column-type.js';
import type { Engine } from './engine.js';
import { emptyTable, type RowIssue, unparsableFile } from './errors.js';
import { byteOrderMarkLength, recogniseDelimiter, recogniseFormat, type TableFormat } from './file-format.js';
import { maxNamedBadRows, maxRowIssues } from './limits.js';
import { profileColumn } from './profile.js';
import { columnList, numberFrom, type RawTable, type ReadOptions } from './raw-table.js';
import { readCsv } from './read-csv.js';
import { readJson } from './read-json.js';
import { readParquet } from './read-parquet.js';
import { identifier, literal } from './sql.js';
import type { AddedVersion, Profile, StoredColumn, TensorType } from './store.js';
import type { CheckedHeader } from './validate.js';
import { checkFormatOptions } from './validate.js';

/** Rows per group of the stored file; readers take whole groups. */
const rowGroupSize = 65_536;
/** Groups of tensors have fewer rows, so that readers hold about this much. */
const rowGroupBytes = 128 * 1024 * 1024;

/** The table that a file holds, as a version. */
export type Ingested = Omit<AddedVersion, 'sourceDigest'>;

/**
 * Reads the file at `path` and writes its table as Parquet to `output`. Equal tables give
 * equal bytes. Files it needs meanwhile stand beside `path` and are the caller's to remove.
 */
export function ingest(
  engine: Engine,
  {
    path,
    output,
    header,
    maxColumns,
    maxBytes,
    signal,
  }: {
    path: string;
    output: string;
    header: CheckedHeader;
    maxColumns: number;
    /** The most bytes that a compressed array may become. */
    maxBytes: number;
    signal: AbortSignal;
  },
): Promise<Ingested> {
  return engine.use(signal, async (connection) => {
    const recognised = await recogniseFormat(path);
    const stated = header.format ?? recognised.format;
    const options = { connection, path, maxColumns, signal };
    const { raw, format } = await readRaw(stated, recognised.head, header, { ...options, maxBytes });
    const { columns, bad, issues, badCells } = await applyTypes(connection, raw, header);
    const good = bad === null ? '' : `AND NOT (${bad})`;
    const badRowCount = raw.badRowCount + badCells;
    const selected = columns.map(({ name, value }) => `${value} AS ${identifier(name)}`).join(', ');
    // The numbering makes the engine write row groups one after the other, so that the bytes never differ.
    const rows = await numberFrom(
      connection,
      `COPY (SELECT ${selected} FROM (SELECT *, row_number() OVER () AS row FROM raw) WHERE row > 0 ${good})
       TO ${literal(output)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${rowsPerGroup(columns)})`,
    );
    if (rows === 0) throw emptyTable(`all ${badRowCount} rows are bad`);
    await connection.run('DROP TABLE raw');
    const relation = `read_parquet(${literal(output)}) AS t(${columnList(columns.length)})`;
    const profile: Profile[] = [];
    for (const [index, column] of columns.entries()) {
      profile.push(await profileColumn(connection, relation, { ...column, index }));
    }
    return {
      rowCount: rows,
      columns: columns.map(
        ({ name, type, tensor }, index): StoredColumn => ({
          name,
          type: `COLUMN_TYPE_${type}`,
          nullable: (profile[index]?.nullCount ?? 0) > 0,
          ...(tensor === null ? {} : { tensor }),
        }),
      ),
      badRowCount,
      rowIssues: issues,
      sourceFormat: `FILE_FORMAT_${format}` as const,
      profile,
    };
  });
}

/** A multiple of the engine's vectors of 2,048 rows, at most `rowGroupSize`. */
function rowsPerGroup(columns: readonly { type: StoredType; tensor: TensorType | null }[]): number {
  const tensors = columns.reduce(
    (sum, { tensor }) => sum + (tensor === null ? 0 : bytesPerValue({ type: 'COLUMN_TYPE_TENSOR', tensor })),
    0,
  );
  return Math.max(2_048, Math.min(rowGroupSize, Math.floor(rowGroupBytes / Math.max(1, tensors) / 2_048) * 2_048));
}

async function readRaw(
  format: TableFormat | 'GZIP',
  head: Buffer,
  header: CheckedHeader,
  options: { connection: DuckDBConnection; path: string; maxColumns: number; maxBytes: number; signal: AbortSignal },
): Promise<{ raw: RawTable; format: TableFormat }> {
  if (format === 'IDX' || format === 'NPY' || format === 'GZIP') {
    const parts = await partsOf(header, options.path);
    checkFormatOptions(header, format === 'GZIP' ? 'IDX' : format);
    const stated = header.format === 'IDX' || header.format === 'NPY' ? header.format : null;
    const raw = await readArrays(options, { parts, format: stated, maxBytes: options.maxBytes });
    return { raw, format: raw.format };
  }
  checkFormatOptions(header, format);
  return { raw: await readTable(format, head, header, options), format };
}

function readTable(
  format: 'PARQUET' | 'JSON' | 'CSV',
  head: Buffer,
  header: CheckedHeader,
  options: ReadOptions,
): Promise<RawTable> {
  const start = byteOrderMarkLength(head);
  switch (format) {
    case 'PARQUET':
      return readParquet(options);
    case 'JSON':
      return readJson(options, { array: head.subarray(start).toString('latin1').trimStart().startsWith('[') });
    case 'CSV': {
      const delimiter = header.delimiter === '' ? recogniseDelimiter(head) : header.delimiter;
      return readCsv(options, { delimiter, nullTexts: header.nullTexts, skipBadRows: header.skipBadRows, start });
    }
  }
}

/** Where the array files of an upload stand. Throws INVALID_FIELD unless their lengths are those of the bytes received. */
async function partsOf(
  { parts }: CheckedHeader,
  path: string,
): Promise<{ column: string; start: number; length: number }[]> {
  const { size } = await stat(path);
  const [only, ...others] = parts;
  if (only === undefined) return [{ column: '', start: 0, length: size }];
  if (others.length === 0 && only.sizeBytes === 0) return [{ column: only.column, start: 0, length: size }];
  const total = parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (total !== size) {
    throw invalidField('header.parts', total, `bytes in all must be ${size}, as many as the chunks carried`);
  }
  let start = 0;
  return parts.map(({ column, sizeBytes: length }) => {
    start += length;
    return { column, start: start - length, length };
  });
}

interface Typed {
  columns: { name: string; type: StoredType; tensor: TensorType | null; value: string }[];
  /** SQL over `raw` that is true for rows to leave out; null when every row is good. */
  bad: string | null;
  badCells: number;
  issues: RowIssue[];
}

/** Gives columns the types asked for, and finds the rows whose values do not fit them. */
async function applyTypes(connection: DuckDBConnection, raw: RawTable, header: CheckedHeader): Promise<Typed> {
  const types = new Map(header.columns.map((column) => [column.name, column]));
  for (const { name, field } of header.columns) {
    if (raw.columns.some((column) => column.name === name)) continue;
    const known = raw.columns.slice(0, 20).map((column) => column.name);
    const description = `${shown(name)} is no column of the file; it has ${known.join(', ')}`;
    throw new TenonError({
      reason: 'UNKNOWN_COLUMN',
      message: `${field}: ${description}`,
      violations: [{ field, description }],
      facts: { field, column: name },
    });
  }
  const conditions: { name: string; type: ScalarType; text: string; sql: string }[] = [];
  const columns = raw.columns.map(({ name, type, tensor = null, value, text }) => {
    const asked = types.get(name);
    if (asked === undefined || asked.type === type) return { name, type, tensor, value };
    const wanted = asked.type;
    if (text === null) throw invalidField(asked.field, name, `must be left out: it is a tensor, which is no ${wanted}`);
    const sql = `${text} IS NOT NULL AND NOT coalesce(${acceptsSql(wanted, text)}, false)`;
    conditions.push({ name, type: wanted, text, sql });
    return { name, type: wanted, tensor, value: readSql(wanted, text) };
  });
  if (conditions.length === 0) return { columns, bad: null, badCells: 0, issues: raw.issues };
  const bad = conditions.map(({ sql }) => `(${sql})`).join(' OR ');
  const badCells = await numberFrom(connection, `SELECT count(*) FROM raw WHERE ${bad}`);
  if (badCells === 0) return { columns, bad: null, badCells, issues: raw.issues };
  const found: { row: number; column: string; message: string }[] = [];
  const limit = header.skipBadRows ? maxRowIssues : maxNamedBadRows;
  for (const { name, type, text, sql } of conditions) {
    const reader = await connection.runAndReadAll(
      `SELECT rowid, left(${text}, 100) FROM raw WHERE ${sql} ORDER BY rowid LIMIT ${limit}`,
    );
    for (const [row, value] of reader.getRows()) {
      found.push({ row: Number(row), column: name, message: `${shown(value)} is no ${type}` });
    }
  }
  // A row is listed once, for its first bad column.
  const byRow = new Map(found.reverse().map((issue) => [issue.row, issue]));
  const first = [...byRow.values()].sort((left, right) => left.row - right.row).slice(0, limit);
  const lines = await raw.linesOf(first.map(({ row }) => row));
  const cellIssues = first.map(({ column, message }, index) => ({ line: lines[index] ?? 0, column, message }));
  if (!header.skipBadRows) throw unparsableFile(cellIssues);
  const issues = [...raw.issues, ...cellIssues].sort((left, right) => left.line - right.line).slice(0, maxRowIssues);
  return { columns, bad, badCells, issues };
}
