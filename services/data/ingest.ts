import { stat } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { invalidField } from '../mesh/errors.js';
import { applyTypes } from './apply-types.js';
import { readArrays } from './arrays/read-arrays.js';
import type { Engine } from './engine.js';
import { emptyTable } from './errors.js';
import { byteOrderMarkLength, recogniseDelimiter, recogniseFormat, type TableFormat } from './file-format.js';
import { profileColumns } from './profile.js';
import type { RawTable, ReadOptions } from './raw-table.js';
import { storedTable } from './read-chunks.js';
import { readCsv } from './read-csv.js';
import { readJson } from './read-json.js';
import { readParquet } from './read-parquet.js';
import type { AddedVersion, StoredColumn } from './store.js';
import type { CheckedHeader } from './validate.js';
import { checkFormatOptions } from './validate.js';
import { writeTable } from './write-table.js';

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
    const { columns, bad, issues, badRowCount: misfits } = await applyTypes(connection, raw, header);
    const badRowCount = raw.badRowCount + misfits;
    const rows = await writeTable(connection, { raw, columns, bad }, output);
    if (rows === 0) throw emptyTable(`all ${badRowCount} rows are bad`);
    const profile = await profileColumns(connection, storedTable(output, columns.length), {
      columns: columns.map((column, index) => ({ ...column, index })),
      rowCount: rows,
      signal,
    });
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
      const types = new Map(header.columns.map(({ name, type }) => [name, type]));
      const { nullTexts, skipBadRows } = header;
      return readCsv(options, { delimiter, nullTexts, types, skipBadRows, start });
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
