import type { DuckDBConnection } from '@duckdb/node-api';
import { shown, TenonError } from '../mesh/errors.js';
import { acceptsSql, readSql, type StoredType } from './column-type.js';
import type { Engine } from './engine.js';
import { emptyTable, type RowIssue, unparsableFile } from './errors.js';
import { byteOrderMarkLength, recogniseDelimiter, recogniseFormat, type TableFormat } from './file-format.js';
import { maxNamedBadRows, maxRowIssues } from './limits.js';
import { profileColumn } from './profile.js';
import { columnList, numberFrom, type RawTable } from './raw-table.js';
import { readCsv } from './read-csv.js';
import { readJson } from './read-json.js';
import { readParquet } from './read-parquet.js';
import { identifier, literal } from './sql.js';
import type { AddedVersion, Profile } from './store.js';
import type { CheckedHeader } from './validate.js';
import { checkCsvOptions } from './validate.js';

/** Rows per group of the stored file; readers take whole groups. */
const rowGroupSize = 65_536;

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
    signal,
  }: { path: string; output: string; header: CheckedHeader; maxColumns: number; signal: AbortSignal },
): Promise<Ingested> {
  return engine.use(signal, async (connection) => {
    const recognised = await recogniseFormat(path);
    const format = header.format ?? recognised.format;
    checkCsvOptions(header, format);
    const raw = await readRaw(format, recognised.head, header, { connection, path, maxColumns, signal });
    const { columns, bad, issues, badCells } = await applyTypes(connection, raw, header);
    const good = bad === null ? '' : `AND NOT (${bad})`;
    const badRowCount = raw.badRowCount + badCells;
    const selected = columns.map(({ name, value }) => `${value} AS ${identifier(name)}`).join(', ');
    // The numbering makes the engine write row groups one after the other, so that the bytes never differ.
    const rows = await numberFrom(
      connection,
      `COPY (SELECT ${selected} FROM (SELECT *, row_number() OVER () AS row FROM raw) WHERE row > 0 ${good})
       TO ${literal(output)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${rowGroupSize})`,
    );
    if (rows === 0) throw emptyTable(`all ${badRowCount} rows are bad`);
    await connection.run('DROP TABLE raw');
    const relation = `read_parquet(${literal(output)}) AS t(${columnList(columns.length)})`;
    const profile: Profile[] = [];
    for (const [index, { name, type }] of columns.entries()) {
      profile.push(await profileColumn(connection, relation, { index, name, type }));
    }
    return {
      rowCount: rows,
      columns: columns.map(({ name, type }, index) => ({
        name,
        type: `COLUMN_TYPE_${type}` as const,
        nullable: (profile[index]?.nullCount ?? 0) > 0,
      })),
      badRowCount,
      rowIssues: issues,
      sourceFormat: `FILE_FORMAT_${format}` as const,
      profile,
    };
  });
}

function readRaw(
  format: TableFormat,
  head: Buffer,
  header: CheckedHeader,
  options: { connection: DuckDBConnection; path: string; maxColumns: number; signal: AbortSignal },
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

interface Typed {
  columns: { name: string; type: StoredType; value: string }[];
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
  const conditions: { name: string; type: StoredType; text: string; sql: string }[] = [];
  const columns = raw.columns.map(({ name, type, value, text }) => {
    const wanted = types.get(name)?.type ?? type;
    if (wanted === type) return { name, type, value };
    const sql = `${text} IS NOT NULL AND NOT coalesce(${acceptsSql(wanted, text)}, false)`;
    conditions.push({ name, type: wanted, text, sql });
    return { name, type: wanted, value: readSql(wanted, text) };
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
