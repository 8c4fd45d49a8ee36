import { addon, type RawTaskControl } from '../addon.js';
import { runTask, type TaskOptions } from '../cancel.js';
import type { ColumnType, Table, TableColumn } from './table.js';

/** The types that a column of text can be read as. */
export type CsvType = Exclude<ColumnType, 'tensor'>;

/** How a CSV file is read. */
export interface CsvOptions {
  /** Bytes before the text: those of a byte order mark. 0 when left out. */
  readonly start?: number;
  /** One ASCII character but a quote or a line's end. */
  readonly delimiter: string;
  /** Texts that stand for null, besides the empty one; quoted or not. */
  readonly nullTexts: readonly string[];
  /** Types to read columns as, by name; all others are recognised. */
  readonly types?: ReadonlyMap<string, CsvType>;
  /** A longer row is bad; at most 4 MiB. */
  readonly maxRowBytes: number;
  /** A header of more columns ends the reading. */
  readonly maxColumns: number;
  /** How many bad rows are described, at least 1. */
  readonly maxIssues: number;
  /** Whether to stop after that many. */
  readonly stopEarly: boolean;
}

/** What is wrong with a row. */
export type RowFault =
  | { readonly kind: 'fieldCount' | 'rowBytes'; readonly found: number; readonly bound: number }
  | { readonly kind: 'nul' | 'utf8' | 'loneReturn' | 'strayQuote' | 'afterQuote' }
  /** The first 100 characters of a value that is not of the type that was asked for. */
  | { readonly kind: 'type'; readonly value: string };

/** A row that was left out. */
export interface CsvIssue {
  /** Where the row starts, from 1. */
  readonly line: number;
  /** The column's position from 0; the number of columns where a row has too many. */
  readonly field: number;
  readonly fault: RowFault;
}

/** What a CSV file holds. */
export interface CsvContents {
  /** As they stand in the header, unescaped; none where it has a fault, which is then the only issue, or too many. */
  readonly names: readonly string[];
  /** How many the header has, even beyond `maxColumns`. */
  readonly columnCount: number;
  /** 0: the file has no row at all. */
  readonly headerLine: number;
  /** Whether the header does not end within twice `maxRowBytes`. */
  readonly endlessHeader: boolean;
  /** Where a quote opens that is never closed; null for nowhere. */
  readonly unclosedQuoteLine: number | null;
  readonly types: readonly CsvType[];
  readonly rowCount: number;
  readonly badRowCount: number;
  /** The first bad rows. */
  readonly issues: readonly CsvIssue[];
}

interface RawCsv {
  names: string[];
  types: number[];
  columnCount: number;
  headerLine: number;
  endlessHeader: boolean;
  unclosedQuoteLine: number;
  rowCount: number;
  badRowCount: number;
  issues: { line: number; field: number; fault: number; found: number; bound: number; text: string }[];
  columns: { values: unknown; validity: Uint8Array | null; dictionary?: string[] }[];
  wholeGroups: boolean;
}

declare module '../addon.js' {
  interface Addon {
    csvRead(
      path: string,
      output: string | null,
      options: {
        start: number;
        delimiter: number;
        nullTexts: readonly string[];
        maxRowBytes: number;
        maxIssues: number;
        maxColumns: number;
        stopEarly: boolean;
        groupRows: number;
        askedNames: readonly string[];
        askedTypes: readonly number[];
      },
      control: RawTaskControl | null,
    ): Promise<RawCsv>;
    csvMark(text: Uint8Array, delimiter: number, marks: Uint32Array): boolean;
  }
}

/** In the order of CsvType in native/src/tables/cell_text.h. */
const types: readonly CsvType[] = ['boolean', 'integer', 'double', 'timestamp', 'string'];

/**
 * Reads a CSV file (RFC 4180: rows end in LF or CRLF, a line without a character is no row, the first row has the names)
 * into memory. A column nobody named a type for gets the first of boolean, integer, double and timestamp that reads each
 * of its values without loss, and else string, as does one of nulls alone: `001` is no integer, a whole number beyond
 * 2^53 no double. Where a type was asked for, numbers may have leading zeros. Bad rows are left out and described; what
 * follows a header that cannot be used, or a quote that is never closed, means nothing. Rejects with the reason why the
 * file cannot be read, RangeError where memory is short.
 */
export async function readCsv(
  path: string,
  options: CsvOptions,
  task: TaskOptions = {},
): Promise<{ contents: CsvContents; table: Table }> {
  const raw = await run(path, { output: null, groupRows: 1 }, options, task);
  const contents = contentsOf(raw);
  const columns = raw.columns.map((column, index) =>
    columnOf(contents.names[index] ?? '', contents.types[index] ?? 'string', column),
  );
  return { contents, table: { rowCount: contents.rowCount, columns } };
}

/**
 * The same into a Parquet file at `output`, which must not exist, for another program to read at once: plain pages,
 * columns `c0`, `c1`, … that may hold nulls, times in microseconds without a zone. Its groups have `groupRows` rows, at
 * most 2^20, and the last one what is left: `wholeGroups` is true unless so many take more than 128 MiB, when groups end
 * sooner. Memory is bounded, whatever the file's size. What is written means something only if the contents do.
 */
export async function csvToParquet(
  path: string,
  to: { readonly output: string; readonly groupRows: number },
  options: CsvOptions,
  task: TaskOptions = {},
): Promise<{ contents: CsvContents; wholeGroups: boolean }> {
  const raw = await run(path, to, options, task);
  return { contents: contentsOf(raw), wholeGroups: raw.wholeGroups };
}

function run(
  path: string,
  { output, groupRows }: { readonly output: string | null; readonly groupRows: number },
  options: CsvOptions,
  task: TaskOptions,
): Promise<RawCsv> {
  const asked = [...(options.types ?? [])];
  return runTask(task, (control) =>
    addon.csvRead(
      path,
      output,
      {
        start: options.start ?? 0,
        delimiter: options.delimiter.charCodeAt(0),
        nullTexts: options.nullTexts,
        maxRowBytes: options.maxRowBytes,
        maxIssues: options.maxIssues,
        maxColumns: options.maxColumns,
        stopEarly: options.stopEarly,
        groupRows,
        askedNames: asked.map(([name]) => name),
        askedTypes: asked.map(([, type]) => types.indexOf(type)),
      },
      control,
    ),
  );
}

function contentsOf(raw: RawCsv): CsvContents {
  return {
    names: raw.names,
    columnCount: raw.columnCount,
    headerLine: raw.headerLine,
    endlessHeader: raw.endlessHeader,
    unclosedQuoteLine: raw.unclosedQuoteLine === 0 ? null : raw.unclosedQuoteLine,
    types: raw.types.map((type) => types[type] ?? 'string'),
    rowCount: raw.rowCount,
    badRowCount: raw.badRowCount,
    issues: raw.issues.map(({ line, field, fault, found, bound, text }) => ({
      line,
      field,
      fault: faultOf(fault, found, bound, text),
    })),
  };
}

/** By the numbers of RowFault in native/src/tables/csv_scanner.h. */
function faultOf(fault: number, found: number, bound: number, value: string): RowFault {
  const kinds = ['fieldCount', 'rowBytes', 'nul', 'utf8', 'loneReturn', 'strayQuote', 'afterQuote', 'type'] as const;
  const kind = kinds[fault - 1] ?? 'type';
  if (kind === 'fieldCount' || kind === 'rowBytes') return { kind, found, bound };
  return kind === 'type' ? { kind, value } : { kind };
}

function columnOf(name: string, type: CsvType, { values, validity, dictionary }: RawCsv['columns'][0]): TableColumn {
  switch (type) {
    case 'string':
      return { name, type, codes: values as Uint32Array, dictionary: dictionary ?? [], validity };
    case 'boolean':
      return { name, type, values: values as Uint8Array, validity };
    case 'double':
      return { name, type, values: values as Float64Array, validity };
    default:
      return { name, type, values: values as BigInt64Array, validity };
  }
}
