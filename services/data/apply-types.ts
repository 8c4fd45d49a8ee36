import type { DuckDBConnection } from '@duckdb/node-api';
import { invalidField, shown, TenonError } from '../mesh/errors.js';
import { batchesOf, cellsSql } from './cells.js';
import { acceptsSql, readSql, type ScalarType, type StoredType } from './column-type.js';
import { type RowIssue, unparsableFile } from './errors.js';
import { maxNamedBadRows, maxRowIssues } from './limits.js';
import { numberFrom, type RawTable } from './raw-table.js';
import type { TensorType } from './store.js';
import type { CheckedHeader } from './validate.js';

/** The columns as they are kept, and what does not fit. */
export interface TypedTable {
  columns: { name: string; type: StoredType; tensor: TensorType | null; value: string }[];
  /** SQL over `raw` that is true for rows to leave out; null when every row is good. */
  bad: string | null;
  /** How many those are. */
  badRowCount: number;
  issues: RowIssue[];
}

/**
 * Gives columns the types asked for, and finds the rows whose values do not fit them. Throws UNKNOWN_COLUMN, INVALID_FIELD
 * for a tensor and, unless bad rows are skipped, UNPARSABLE_FILE.
 */
export async function applyTypes(
  connection: DuckDBConnection,
  raw: RawTable,
  header: CheckedHeader,
): Promise<TypedTable> {
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
  const casts: Cast[] = [];
  const columns = raw.columns.map(({ name, type, tensor = null, value, text }) => {
    const asked = types.get(name);
    if (asked === undefined || asked.type === type) return { name, type, tensor, value };
    const wanted = asked.type;
    if (text === null) throw invalidField(asked.field, name, `must be left out: it is a tensor, which is no ${wanted}`);
    casts.push({ name, type: wanted, text });
    return { name, type: wanted, tensor, value: readSql(wanted, text) };
  });
  const conditions = (await failing(connection, casts)).map((cast) => ({
    ...cast,
    sql: misfitSql(cast.type, cast.text),
  }));
  if (conditions.length === 0) return { columns, bad: null, badRowCount: 0, issues: raw.issues };
  const bad = conditions.map(({ sql }) => `(${sql})`).join(' OR ');
  const badRowCount = await numberFrom(connection, `SELECT count(*) FROM raw WHERE ${bad}`);
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
  // Formats whose types are not known after reading have no lines, but positions from 1.
  const cellIssues = first.map(({ row, column, message }) => ({ line: row + 1, column, message }));
  if (!header.skipBadRows) throw unparsableFile(cellIssues);
  const issues = [...raw.issues, ...cellIssues].sort((left, right) => left.line - right.line).slice(0, maxRowIssues);
  return { columns, bad, badRowCount, issues };
}

/** A column of `raw` that is to be read as another type than it was recognised as. */
interface Cast {
  name: string;
  type: ScalarType;
  /** SQL over `raw` for its values as text. */
  text: string;
}

/** SQL that is true where the text `c` is a value, but none of the type. */
function misfitSql(type: ScalarType, c: string): string {
  return `${c} IS NOT NULL AND NOT coalesce(${acceptsSql(type, c)}, false)`;
}

/** The columns that hold values which are not of the type, in order. */
async function failing(connection: DuckDBConnection, casts: readonly Cast[]): Promise<Cast[]> {
  const found = new Set<Cast>();
  for (const type of new Set(casts.map((cast) => cast.type))) {
    for (const batch of batchesOf(casts.filter((cast) => cast.type === type))) {
      const cells = cellsSql(
        'raw',
        batch.map(({ text }) => text),
      );
      const reader = await connection.runAndReadAll(`SELECT DISTINCT i FROM ${cells} WHERE ${misfitSql(type, 'v')}`);
      for (const [i] of reader.getRows()) {
        const cast = batch[Number(i)];
        if (cast !== undefined) found.add(cast);
      }
    }
  }
  return casts.filter((cast) => found.has(cast));
}
