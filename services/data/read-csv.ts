import { type CsvContents, type CsvIssue, type CsvType, csvToParquet } from '../../native/table/read-csv.js';
import { shown } from '../mesh/errors.js';
import { checkColumnNames } from './column-names.js';
import type { ScalarType } from './column-type.js';
import { emptyTable, type RowIssue, unparsableFile } from './errors.js';
import { maxNamedBadRows, maxRowBytes, maxRowIssues, rowGroupSize } from './limits.js';
import type { RawTable, ReadOptions } from './raw-table.js';
import { literal } from './sql.js';

/** What a caller may say of a CSV file. */
export interface CsvOptions {
  /** One ASCII character. */
  delimiter: string;
  /** Texts that stand for null, besides the empty one; quoted or not. */
  nullTexts: readonly string[];
  /** Types to read columns as, by name; all others are recognised. */
  types: ReadonlyMap<string, ScalarType>;
  /** Whether rows that cannot be read are left out instead of refused. */
  skipBadRows: boolean;
  /** The length of the byte order mark. */
  start: number;
}

/** Reads a CSV file, its column types recognised or asked for. Throws UNPARSABLE_FILE and EMPTY_TABLE. */
export async function readCsv(
  { connection, path, maxColumns, signal }: ReadOptions,
  { delimiter, nullTexts, types, skipBadRows, start }: CsvOptions,
): Promise<RawTable> {
  const columnsPath = `${path}.columns`;
  const { contents, wholeGroups } = await csvToParquet(
    path,
    { output: columnsPath, groupRows: rowGroupSize },
    {
      start,
      delimiter,
      nullTexts,
      types: new Map([...types].map(([name, type]) => [name, type.toLowerCase() as CsvType])),
      maxRowBytes,
      maxColumns,
      maxIssues: skipBadRows ? maxRowIssues : maxNamedBadRows,
      stopEarly: !skipBadRows,
    },
    { signal },
  );
  const issues = contents.issues.map((issue) => described(issue, contents));
  check(contents, issues, { maxColumns, skipBadRows });
  await connection.run(`CREATE TEMP VIEW raw AS SELECT * FROM read_parquet(${literal(columnsPath)})`);
  return {
    kind: 'VIEW',
    wholeGroups,
    columns: contents.names.map((name, index) => ({
      name,
      type: (contents.types[index] ?? 'string').toUpperCase() as ScalarType,
      value: `c${index}`,
      text: `c${index}`,
    })),
    badRowCount: contents.badRowCount,
    issues,
  };
}

function check(
  { names, columnCount, headerLine, endlessHeader, unclosedQuoteLine, rowCount, badRowCount }: CsvContents,
  issues: readonly RowIssue[],
  { maxColumns, skipBadRows }: { maxColumns: number; skipBadRows: boolean },
): void {
  if (unclosedQuoteLine !== null) {
    throw unparsableFile([{ line: unclosedQuoteLine, column: '', message: 'a quote that is never closed' }]);
  }
  if (endlessHeader) {
    const message = `no header that ends within the first ${2 * maxRowBytes} bytes`;
    throw unparsableFile([{ line: Math.max(1, headerLine), column: '', message }]);
  }
  if (headerLine === 0) throw emptyTable('the file is empty');
  if (columnCount > maxColumns) {
    const message = `${columnCount} columns, must be at most ${maxColumns} (data.max-columns)`;
    throw unparsableFile([{ line: headerLine, column: '', message }]);
  }
  // A header that cannot be read gives no columns; nothing after it means anything then.
  if (names.length === 0) throw unparsableFile(issues.slice(0, 1));
  checkColumnNames(names, headerLine, maxColumns);
  if (!skipBadRows && issues.length > 0) throw unparsableFile(issues);
  if (rowCount === 0) throw emptyTable(badRowCount === 0 ? 'only a header' : `all ${badRowCount} rows are bad`);
}

function described({ line, field, fault }: CsvIssue, { names, types }: CsvContents): RowIssue {
  const column = names[field] ?? String(field + 1);
  switch (fault.kind) {
    case 'fieldCount':
      return { line, column, message: `found ${fault.found} fields, expected ${fault.bound}` };
    case 'rowBytes':
      return { line, column, message: `${fault.found} bytes in one row, at most ${fault.bound}` };
    case 'nul':
      return { line, column, message: 'a NUL byte' };
    case 'utf8':
      return { line, column, message: 'bytes that are no UTF-8' };
    case 'loneReturn':
      return { line, column, message: 'a carriage return that no line feed follows' };
    case 'strayQuote':
      return { line, column, message: 'a quote inside a field that does not start with one' };
    case 'afterQuote':
      return { line, column, message: 'text after the closing quote' };
    case 'type':
      return { line, column, message: `${shown(fault.value)} is no ${types[field]?.toUpperCase()}` };
  }
}
