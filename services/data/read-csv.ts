import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { cleanCsv } from './clean-csv.js';
import { checkColumnNames } from './column-names.js';
import { readSql } from './column-type.js';
import { scanCsv } from './csv-scan.js';
import { emptyTable, type RowIssue, unparsableFile } from './errors.js';
import { inferColumns } from './infer-columns.js';
import { maxNamedBadRows, maxRowBytes, maxRowIssues } from './limits.js';
import { numberFrom, type RawTable, type ReadOptions } from './raw-table.js';
import { literal } from './sql.js';

const readBytes = 1024 * 1024;

/** What a caller may say of a CSV file. */
export interface CsvOptions {
  /** One ASCII character. */
  delimiter: string;
  /** Texts that stand for null, besides the empty one; quoted or not. */
  nullTexts: readonly string[];
  /** Whether rows that cannot be read are left out instead of refused. */
  skipBadRows: boolean;
  /** The length of the byte order mark. */
  start: number;
}

/** Reads a CSV file, its column types recognised. Throws UNPARSABLE_FILE and EMPTY_TABLE. */
export async function readCsv(
  { connection, path, maxColumns, signal }: ReadOptions,
  { delimiter, nullTexts, skipBadRows, start }: CsvOptions,
): Promise<RawTable> {
  const bytes = () => createReadStream(path, { start, highWaterMark: readBytes, signal });
  const delimiterByte = delimiter.charCodeAt(0);
  const scan = await scanCsv(bytes(), {
    delimiter: delimiterByte,
    maxIssues: skipBadRows ? maxRowIssues : maxNamedBadRows,
    stopEarly: !skipBadRows,
  });
  if (scan.unclosedQuoteLine !== null) {
    throw unparsableFile([{ line: scan.unclosedQuoteLine, column: '', message: 'a quote that is never closed' }]);
  }
  if (scan.headerLine === 0) throw emptyTable('the file is empty');
  // A header that cannot be read gives no columns; nothing after it means anything then.
  if (scan.columns.length === 0) throw unparsableFile(scan.issues.slice(0, 1));
  checkColumnNames(scan.columns, scan.headerLine, maxColumns);
  if (!skipBadRows && scan.issues.length > 0) throw unparsableFile(scan.issues);
  if (scan.rowCount === 0) {
    throw emptyTable(scan.badRowCount === 0 ? 'only a header' : `all ${scan.badRowCount} rows are bad`);
  }

  const cleanPath = `${path}.clean`;
  await writeFile(cleanPath, cleanCsv(bytes(), scan), { flag: 'wx', mode: 0o600, signal });
  const names = scan.columns.map((_, index) => `c${index}`);
  // The engine takes no null text that could be structure; such a text is compared after reading.
  const isStructure = (text: string) => [delimiter, '"', '\n', '\r'].some((mark) => text.includes(mark));
  const nulls = ['', ...nullTexts.filter((text) => !isStructure(text))].map(literal).join(', ');
  const others = nullTexts.filter(isStructure).map(literal).join(', ');
  const selected = names.map((c) => (others === '' ? c : `CASE WHEN ${c} NOT IN (${others}) THEN ${c} END AS ${c}`));
  await connection.run(`CREATE TEMP TABLE raw AS SELECT ${selected.join(', ')} FROM read_csv(${literal(cleanPath)},
    auto_detect = false, header = false, delim = ${literal(delimiter)}, quote = '"', escape = '"',
    columns = {${names.map((name) => `${name}: 'VARCHAR'`).join(', ')}}, nullstr = [${nulls}],
    new_line = '\\n', max_line_size = ${2 * maxRowBytes}, null_padding = false, strict_mode = true,
    compression = 'none', encoding = 'utf-8')`);
  const read = await numberFrom(connection, 'SELECT count(*) FROM raw');
  if (read !== scan.rowCount) throw new Error(`${scan.rowCount} rows were scanned, ${read} read`);
  const inferred = await inferColumns(connection, 'raw', names.length);
  return {
    columns: scan.columns.map((name, index) => {
      const type = inferred[index] ?? 'STRING';
      return { name, type, value: readSql(type, `c${index}`), text: `c${index}` };
    }),
    badRowCount: scan.badRowCount,
    issues: scan.issues satisfies RowIssue[],
    async linesOf(rows) {
      const lines: number[] = [];
      let row = 0;
      await scanCsv(bytes(), {
        delimiter: delimiterByte,
        maxIssues: 0,
        stopEarly: false,
        onRow: (line) => {
          if (rows[lines.length] === row) lines.push(line);
          row++;
        },
      });
      return lines;
    },
  };
}
