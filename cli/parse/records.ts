import type { Struct } from '../../proto/gen/google/protobuf/Struct.js';
import type { Value } from '../../proto/gen/google/protobuf/Value.js';
import { UsageError } from '../usage-error.js';
import { parseCsv } from './csv.js';
import { splitPair } from './parameters.js';

/** A cell as JSON has it; lists, nested or flat, are tensors. */
export type Cell = string | number | boolean | null | Cell[];
/** A row by column name. */
export type TableRecord = Record<string, Cell>;

/** Text from a flag or a CSV field as its column's type; text that does not fit is sent as it is, and refused there. */
function cellFromText(text: string, type: string | undefined): Cell {
  if (text === '') return null;
  if (type === 'COLUMN_TYPE_BOOLEAN' && (text === 'true' || text === 'false')) return text === 'true';
  if (type === 'COLUMN_TYPE_DOUBLE' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  if (type === 'COLUMN_TYPE_TENSOR') return listFromText(text);
  // An integer column takes decimal text, which keeps all 64 bits.
  return text;
}

/** A tensor as a JSON list; what is none is sent as it is. */
function listFromText(text: string): Cell {
  try {
    const parsed: unknown = JSON.parse(text);
    return isCell(parsed) ? parsed : text;
  } catch {
    return text;
  }
}

/** Whether a JSON value can be a cell: anything but an object, alone or within lists. */
function isCell(value: unknown): value is Cell {
  return Array.isArray(value) ? value.every(isCell) : typeof value !== 'object' || value === null;
}

/** One row from `--set`: columns of the signature that are not named are null. */
export function recordsFromFlags(pairs: readonly string[], types: ReadonlyMap<string, string>): TableRecord[] {
  const record: TableRecord = Object.fromEntries([...types.keys()].map((name) => [name, null]));
  for (const pair of pairs) {
    const [name, text] = splitPair(pair, '--set');
    record[name] = cellFromText(text, types.get(name));
  }
  return [record];
}

/** A JSON document, or one document per line. */
function parseJson(text: string, source: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : [parsed];
  } catch (error) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    if (lines.length < 2) throw new UsageError(`${source} is not JSON: ${(error as Error).message}`);
    return lines.map((line, index) => {
      try {
        return JSON.parse(line) as unknown;
      } catch (lineError) {
        const why = `line ${index + 1}: ${(lineError as Error).message}`;
        throw new UsageError(`${source} is neither one JSON document nor one per line; ${why}`);
      }
    });
  }
}

/**
 * Rows from JSON: an object, an array of objects, or an object per line, of plain values.
 * @param source what the text is called in errors
 */
export function recordsFromJson(text: string, source: string): TableRecord[] {
  const rows = parseJson(text, source);
  if (rows.length === 0) throw new UsageError(`${source} has no rows`);
  return rows.map((row, index) => {
    const at = `row ${index + 1} of ${source}`;
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw new UsageError(`${at} is ${JSON.stringify(row)}; it must be an object of column names and values`);
    }
    for (const [name, cell] of Object.entries(row)) {
      if (!isCell(cell)) {
        const shown = JSON.stringify(cell).slice(0, 200);
        throw new UsageError(`${at}, ${name}: ${shown} must be text, a number, a boolean, null or a list of numbers`);
      }
    }
    return row as TableRecord;
  });
}

/**
 * Rows from a CSV text with a header line.
 * @param source what the text is called in errors
 */
export function recordsFromCsv(text: string, types: ReadonlyMap<string, string>, source: string): TableRecord[] {
  const [header, ...lines] = parseCsv(text, source);
  if (header === undefined) throw new UsageError(`${source} has no header line`);
  if (lines.length === 0) throw new UsageError(`${source} has a header but no rows`);
  const twice = header.find((name, at) => header.indexOf(name) !== at);
  if (twice !== undefined) throw new UsageError(`the header of ${source} names ${JSON.stringify(twice)} twice`);
  return lines.map((fields, index) => {
    if (fields.length !== header.length) {
      throw new UsageError(
        `row ${index + 1} of ${source} has ${fields.length} fields; the header has ${header.length}`,
      );
    }
    return Object.fromEntries(header.map((name, at) => [name, cellFromText(fields[at] ?? '', types.get(name))]));
  });
}

/** A row as a `google.protobuf.Struct`. */
export function structOf(record: TableRecord): Struct {
  return { fields: Object.fromEntries(Object.entries(record).map(([name, cell]) => [name, jsonValue(cell)])) };
}

function jsonValue(cell: Cell): Value {
  if (cell === null) return { nullValue: 'NULL_VALUE' };
  if (Array.isArray(cell)) return { listValue: { values: cell.map(jsonValue) } };
  if (typeof cell === 'string') return { stringValue: cell };
  return typeof cell === 'boolean' ? { boolValue: cell } : { numberValue: cell };
}
