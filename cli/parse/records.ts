import type { Struct } from '../../proto/gen/google/protobuf/Struct.js';
import { UsageError } from '../usage-error.js';
import { parseCsv } from './csv.js';
import { splitPair } from './parameters.js';

/** A cell as JSON has it. */
export type Cell = string | number | boolean | null;
/** A row by column name. */
export type TableRecord = Record<string, Cell>;

/** Text from a flag or a CSV field as its column's type; text that does not fit is sent as it is, and refused there. */
function cellFromText(text: string, type: string | undefined): Cell {
  if (text === '') return null;
  if (type === 'COLUMN_TYPE_BOOLEAN' && (text === 'true' || text === 'false')) return text === 'true';
  if (type === 'COLUMN_TYPE_DOUBLE' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  // An integer column takes decimal text, which keeps all 64 bits.
  return text;
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

/** Rows from JSON: an object, or an array of objects, of plain values. */
export function recordsFromJson(text: string): TableRecord[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`the rows are not JSON: ${(error as Error).message}`);
  }
  return (Array.isArray(parsed) ? parsed : [parsed]).map((row: unknown, index) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw new UsageError(`row ${index} is ${JSON.stringify(row)}; it must be an object of column names and values`);
    }
    for (const [name, cell] of Object.entries(row)) {
      if (typeof cell === 'object' && cell !== null) {
        throw new UsageError(
          `row ${index}, ${name} is ${JSON.stringify(cell)}; it must be text, a number, a boolean or null`,
        );
      }
    }
    return row as TableRecord;
  });
}

/** Rows from a CSV text with a header line. */
export function recordsFromCsv(text: string, types: ReadonlyMap<string, string>): TableRecord[] {
  const [header, ...lines] = parseCsv(text);
  if (header === undefined) throw new UsageError('the CSV file has no header line');
  return lines.map((fields, index) => {
    if (fields.length !== header.length) {
      throw new UsageError(
        `row ${index + 1} of the CSV file has ${fields.length} fields; the header has ${header.length}`,
      );
    }
    return Object.fromEntries(header.map((name, at) => [name, cellFromText(fields[at] ?? '', types.get(name))]));
  });
}

/** A row as a `google.protobuf.Struct`. */
export function structOf(record: TableRecord): Struct {
  const fields = Object.entries(record).map(([name, cell]) => {
    if (cell === null) return [name, { nullValue: 'NULL_VALUE' as const }] as const;
    if (typeof cell === 'string') return [name, { stringValue: cell }] as const;
    return [name, typeof cell === 'boolean' ? { boolValue: cell } : { numberValue: cell }] as const;
  });
  return { fields: Object.fromEntries(fields) };
}
