import type { ScalarColumn } from '../table/table.js';
import { takeRows } from '../table/table.js';
import { numbersOf } from './column-views.js';
import type { Rows, WorkingScalar } from './workspace.js';

/** The column as its working rows stand, as a column of a table of these rows alone. */
export function settledColumn(column: WorkingScalar, rowCount: number): ScalarColumn {
  const { name, type, source, rows } = column;
  if (type === 'double') {
    const validity = column.absent === null ? validityAt(source.validity, rows) : null;
    return { name, type, values: numbersOf(column, rowCount), validity };
  }
  if (rows === null) return source;
  const [taken] = takeRows({ rowCount, columns: [source] }, rows).columns;
  return taken as ScalarColumn;
}

function validityAt(validity: Uint8Array | null, rows: Rows): Uint8Array | null {
  if (validity === null || rows === null) return validity;
  const taken = new Uint8Array(rows.length);
  for (let row = 0; row < rows.length; row++) taken[row] = validity[rows[row] as number] as number;
  return taken;
}
