import type { DuckDBConnection } from '@duckdb/node-api';
import { bytesPerValue, type ColumnChunk, columnWriter, type TextWriter, textWriter } from './column-chunk.js';
import { columnList } from './raw-table.js';
import { rowsAhead } from './rows-ahead.js';
import { literal } from './sql.js';
import type { StoredColumn } from './store.js';

/** The most rows of a chunk. */
const maxRows = 65_536;
/** A chunk ends with the row that reaches this many bytes. */
const maxBytes = 1024 * 1024;

/** `tenon.common.v1.TableChunk`. */
export interface TableChunk {
  firstRow: number;
  rowCount: number;
  columns: ColumnChunk[];
}

/** What to read of a stored file. */
export interface ReadChunks {
  connection: DuckDBConnection;
  /** Where the Parquet file is. */
  path: string;
  /** All columns of the file. */
  stored: readonly StoredColumn[];
  /** The positions of the columns to read, in the order to read them. */
  columns: readonly number[];
  /** Which rows to read: 1 for yes; all when null. */
  wanted: Uint8Array | null;
  signal: AbortSignal;
}

/** SQL that reads a stored file, columns by position: `c0`, `c1`, …. */
export function storedTable(path: string, columnCount: number): string {
  return `read_parquet(${literal(path)}) AS t(${columnList(columnCount)})`;
}

/** SQL for a stored column as chunks carry it; times as microseconds since 1970. */
export function chunkSql({ type }: StoredColumn, index: number): string {
  return type === 'COLUMN_TYPE_TIMESTAMP' ? `epoch_us(c${index})` : `c${index}`;
}

/** A stored file's rows in file order, as columnar chunks. A table without wanted rows gives none. */
export async function* readChunks(options: ReadChunks): AsyncGenerator<TableChunk> {
  const { connection, path, stored, columns, wanted, signal } = options;
  const wantedColumns = columns.map((index) => {
    const column = stored[index];
    if (column === undefined) throw new RangeError(`there is no column ${index}`);
    return column;
  });
  const rowBytes = wantedColumns.reduce((sum, column) => sum + bytesPerValue(column), 0);
  const capacity = Math.max(1, Math.min(maxRows, Math.ceil(maxBytes / rowBytes)));
  const texts: TextWriter[] = [];
  const textCount = wantedColumns.filter(({ type }) => type === 'COLUMN_TYPE_STRING').length;
  const writers = wantedColumns.map((column) => {
    if (column.type !== 'COLUMN_TYPE_STRING') return columnWriter(column, capacity);
    const writer = textWriter(column, capacity, textCount);
    texts.push(writer);
    return writer;
  });
  const selected = wantedColumns.map((column, at) => `${chunkSql(column, columns[at] ?? 0)} AS v${at}`);
  const sql = `SELECT ${selected.join(', ')} FROM ${storedTable(path, stored.length)}`;
  let firstRow = 0;
  let rowCount = 0;
  let bytes = 0;
  let row = 0;
  const take = (): TableChunk => {
    const chunk = { firstRow, rowCount, columns: writers.map((writer) => writer.take()) };
    firstRow += rowCount;
    rowCount = 0;
    bytes = 0;
    return chunk;
  };
  /** Adds rows until the chunk is full; returns where it stopped. */
  const add = (rows: Uint32Array, from: number): number => {
    const last = Math.min(rows.length, from + capacity - rowCount);
    let to = from;
    if (texts.length === 0) to = last;
    while (to < last && bytes < maxBytes) {
      bytes += rowBytes - 4 * textCount;
      for (const writer of texts) bytes += writer.addOne(rows[to] as number);
      to++;
    }
    for (const writer of writers) writer.add({ rows, from, to });
    rowCount += to - from;
    return to;
  };
  for await (const chunk of rowsAhead(connection, sql, signal)) {
    const rows = wantedRows(wanted, row, chunk.rowCount);
    row += chunk.rowCount;
    if (rows.length === 0) continue;
    for (const [at, writer] of writers.entries()) writer.look(chunk.getColumnVector(at), chunk.rowCount);
    for (let from = 0; from < rows.length; ) {
      from = add(rows, from);
      if (rowCount === capacity || bytes >= maxBytes) yield take();
    }
  }
  if (rowCount > 0) yield take();
}

/** Which of `rowCount` rows from `first` on are wanted, counted from there. */
function wantedRows(wanted: Uint8Array | null, first: number, rowCount: number): Uint32Array {
  const rows = new Uint32Array(rowCount);
  let count = 0;
  for (let row = 0; row < rowCount; row++) {
    if (wanted === null || wanted[first + row] === 1) rows[count++] = row;
  }
  return rows.subarray(0, count);
}
