import { unparsableFile } from './errors.js';
import { maxColumnNameLength } from './limits.js';

/**
 * Checks a table's column names. Names that differ only in case are refused too: Parquet
 * readers tell them apart badly. Throws UNPARSABLE_FILE naming the line and the position.
 */
export function checkColumnNames(names: readonly string[], line: number, maxColumns: number): void {
  if (names.length > maxColumns) {
    const message = `${names.length} columns, must be at most ${maxColumns} (data.max-columns)`;
    throw unparsableFile([{ line, column: '', message }]);
  }
  const seen = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const problem = problemWith(name, seen);
    if (problem !== null) throw unparsableFile([{ line, column: `${index + 1}`, message: problem }]);
    seen.set(name.toLowerCase(), index + 1);
  }
}

function problemWith(name: string, seen: ReadonlyMap<string, number>): string | null {
  if (name === '') return 'the column has no name';
  if (name.includes('\0')) return 'the name holds a NUL character';
  if (name.length > maxColumnNameLength) {
    return `the name has ${name.length} characters, must have at most ${maxColumnNameLength}`;
  }
  const earlier = seen.get(name.toLowerCase());
  return earlier === undefined
    ? null
    : `the name ${JSON.stringify(name)} is column ${earlier}'s already, upper and lower case being the same`;
}
