import type { Split__Output, UploadDatasetHeader__Output } from '../../proto/gen/tenon/data/v1/index.js';
import { invalidField } from '../mesh/errors.js';
import { parseName } from '../mesh/resource/name.js';
import { checkRequestId, checkText } from '../mesh/resource/text.js';
import type { ScalarType } from './column-type.js';
import type { TableFormat } from './file-format.js';
import { maxArrayParts, maxColumnNameLength, maxNullTexts } from './limits.js';

const defaultNullTexts = ['NA', 'NaN', 'null', 'NULL'];
const maxNullTextLength = 64;

/** An upload's header with its defaults written out. */
export interface CheckedHeader {
  dataset: string;
  /** Null: recognised by content. */
  format: TableFormat | null;
  skipBadRows: boolean;
  nullTexts: readonly string[];
  /** Whether the caller named them. */
  nullTextsGiven: boolean;
  /** Empty: recognised by content. */
  delimiter: string;
  columns: { name: string; type: ScalarType; field: string }[];
  /** The array files that the chunks carry; empty for one file. A single length of 0 is the whole file's. */
  parts: { column: string; sizeBytes: number }[];
  requestId: string;
  /** Empty: not checked. */
  sha256: string;
}

/** Checks an upload's header before any byte of the file is taken. */
export function checkHeader(header: UploadDatasetHeader__Output): CheckedHeader {
  parseName('datasets/{dataset}', header.dataset, 'header.dataset');
  if (header.nullTexts.length > maxNullTexts) {
    throw invalidField('header.null_texts', header.nullTexts.length, `texts must be <= ${maxNullTexts}`);
  }
  for (const [index, text] of header.nullTexts.entries()) {
    checkText(`header.null_texts[${index}]`, text, { max: maxNullTextLength });
  }
  if (header.delimiter !== '' && !/^[\t !#-~]$/.test(header.delimiter)) {
    throw invalidField('header.delimiter', header.delimiter, 'must be one ASCII character other than a quote');
  }
  if (header.sha256 !== '' && !/^[0-9a-f]{64}$/.test(header.sha256)) {
    throw invalidField('header.sha256', header.sha256, 'must be 64 lower-case hexadecimal digits');
  }
  const names = new Set<string>();
  const columns = header.columns.map((column, index) => {
    const field = `header.columns[${index}]`;
    checkText(`${field}.name`, column.name, { min: 1, max: maxColumnNameLength });
    if (names.has(column.name)) throw invalidField(`${field}.name`, column.name, 'must be named once');
    names.add(column.name);
    if (column.categories.length > 0) {
      throw invalidField(`${field}.categories`, column.categories.length, 'must be empty: an upload takes only types');
    }
    if (column.nullable) throw invalidField(`${field}.nullable`, true, 'must not be set: an upload takes only types');
    return { name: column.name, type: storedType(column.type, `${field}.type`), field: `${field}.name` };
  });
  return {
    dataset: header.dataset,
    format: fileFormat(header.format),
    skipBadRows: skipBadRows(header.badRows),
    nullTexts: header.nullTexts.length === 0 ? defaultNullTexts : header.nullTexts,
    nullTextsGiven: header.nullTexts.length > 0,
    delimiter: header.delimiter,
    columns,
    parts: checkParts(header.parts),
    requestId: checkRequestId(header.requestId, 'header.request_id'),
    sha256: header.sha256,
  };
}

function checkParts(parts: UploadDatasetHeader__Output['parts']): CheckedHeader['parts'] {
  if (parts.length > maxArrayParts)
    throw invalidField('header.parts', parts.length, `arrays must be <= ${maxArrayParts}`);
  return parts.map(({ column, sizeBytes }, index) => {
    const field = `header.parts[${index}]`;
    checkText(`${field}.column`, column, { max: maxColumnNameLength });
    const least = parts.length === 1 ? 0 : 1;
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < least) {
      throw invalidField(`${field}.size_bytes`, sizeBytes, `must be >= ${least}`);
    }
    return { column, sizeBytes };
  });
}

/** Refuses what means nothing for a file of this format. */
export function checkFormatOptions(header: CheckedHeader, format: TableFormat): void {
  if (header.parts.length > 0 && format !== 'IDX' && format !== 'NPY') {
    throw invalidField('header.parts', header.parts.length, `are for IDX and NPY arrays; the file is ${format}`);
  }
  if (format === 'CSV') return;
  const bound = `is for CSV only; the file is ${format}`;
  if (header.nullTextsGiven) throw invalidField('header.null_texts', header.nullTexts, bound);
  if (header.delimiter !== '') throw invalidField('header.delimiter', header.delimiter, bound);
}

function fileFormat(format: string): TableFormat | null {
  switch (format) {
    case 'FILE_FORMAT_UNSPECIFIED':
      return null;
    case 'FILE_FORMAT_CSV':
      return 'CSV';
    case 'FILE_FORMAT_PARQUET':
      return 'PARQUET';
    case 'FILE_FORMAT_JSON':
      return 'JSON';
    case 'FILE_FORMAT_IDX':
      return 'IDX';
    case 'FILE_FORMAT_NPY':
      return 'NPY';
    default:
      throw invalidField('header.format', format, 'must be a known FileFormat');
  }
}

function skipBadRows(policy: string): boolean {
  if (policy === 'BAD_ROW_POLICY_SKIP') return true;
  if (policy === 'BAD_ROW_POLICY_REJECT' || policy === 'BAD_ROW_POLICY_UNSPECIFIED') return false;
  throw invalidField('header.bad_rows', policy, 'must be a known BadRowPolicy');
}

function storedType(type: string, field: string): ScalarType {
  switch (type) {
    case 'COLUMN_TYPE_BOOLEAN':
      return 'BOOLEAN';
    case 'COLUMN_TYPE_INTEGER':
      return 'INTEGER';
    case 'COLUMN_TYPE_DOUBLE':
      return 'DOUBLE';
    case 'COLUMN_TYPE_STRING':
      return 'STRING';
    case 'COLUMN_TYPE_TIMESTAMP':
      return 'TIMESTAMP';
    default:
      throw invalidField(field, type, 'must be a known ColumnType of single values');
  }
}

/** A version's name taken apart; `latest` names the newest. */
export function parseVersion(name: string, field: string): { dataset: string; number: number | 'latest' } {
  if (name.endsWith('/versions/latest')) {
    const { dataset } = parseName('datasets/{dataset}/versions/latest', name, field);
    return { dataset: `datasets/${dataset}`, number: 'latest' };
  }
  const { dataset, version } = parseName('datasets/{dataset}/versions/{version}', name, field);
  return { dataset: `datasets/${dataset}`, number: Number(version) };
}

/** A split with its defaults written out; `stratifyColumn` null for none. */
export interface CheckedSplit {
  testFraction: number;
  stratifyColumn: string | null;
  seed: number;
}

/** Checks a split; whether its column exists is decided with the version. */
export function checkSplit(split: Split__Output, field = 'split'): CheckedSplit {
  const { testFraction, seed } = split;
  if (!(testFraction >= 0 && testFraction < 1)) {
    throw invalidField(`${field}.test_fraction`, testFraction, 'must be in (0, 1), or 0 for 0.2');
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw invalidField(`${field}.seed`, seed, 'must be 0 to 2^53 - 1');
  }
  return {
    testFraction: testFraction === 0 ? 0.2 : testFraction,
    stratifyColumn: split.stratifyColumn === '' ? null : split.stratifyColumn,
    seed,
  };
}

/** A number of rows to return: 0 means 10, at most 1,000. */
export function checkRowCount(value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > 1_000)
    throw invalidField('row_count', value, 'must be 0 to 1000');
  return value === 0 ? 10 : value;
}
