import { nameOfColumnType } from '../../native/table/from-chunks.js';
import type { Table } from '../../native/table/table.js';
import { cellAt, columnNamed, takeRows } from '../../native/table/table.js';
import { invalidField, TenonError } from '../mesh/errors.js';
import type { DecidedTask } from './target.js';
import { sortedClasses } from './target.js';

/** A table whose rows all have a target. */
export interface Labelled {
  table: Table;
  /** Per row the class index or the number. */
  values: Float64Array;
  /** In the order of the probabilities; empty for regression. */
  classes: string[];
  targetType: 'boolean' | 'integer' | 'double' | 'string';
  /** Rows left out because their target is null. */
  droppedRows: number;
  /** Where each row stood in the table that was read. */
  sourceRows: Uint32Array;
}

/**
 * Leaves out the rows without a target and reads the target of the others. Throws
 * EMPTY_TABLE if none is left, INVALID_FIELD if only one class is.
 */
export function labelled(read: Table, target: string, task: DecidedTask): Labelled {
  const column = columnNamed(read, target);
  const type = column?.type;
  if (column === undefined || type === undefined || type === 'timestamp') {
    throw new Error(`the target ${target} is ${type ?? 'not there'}, which was refused when the job was created`);
  }
  const { validity } = column;
  const present = Uint32Array.from({ length: read.rowCount }, (_, row) => row).filter(
    (row) => validity === null || validity[row] === 1,
  );
  if (present.length === 0) {
    const field = 'job.spec.target';
    const description = `${JSON.stringify(target)} is null in all ${read.rowCount} rows; must have a value in at least one`;
    throw new TenonError({
      reason: 'EMPTY_TABLE',
      message: `${field}: ${description}`,
      facts: { field, column: target, rows: read.rowCount },
      violations: [{ field, description }],
    });
  }
  const table = present.length === read.rowCount ? read : takeRows(read, present);
  const droppedRows = read.rowCount - present.length;
  const cells = columnNamed(table, target) ?? column;
  const values = new Float64Array(table.rowCount);
  if (task === 'TASK_REGRESSION') {
    for (let row = 0; row < values.length; row++) values[row] = Number(cellAt(cells, row));
    return { table, values, classes: [], targetType: type, droppedRows, sourceRows: present };
  }
  const codes = new Map<string, number>();
  for (let row = 0; row < values.length; row++) {
    const text = String(cellAt(cells, row));
    let code = codes.get(text);
    if (code === undefined) {
      code = codes.size;
      codes.set(text, code);
    }
    values[row] = code;
  }
  const classes = sortedClasses(codes.keys(), nameOfColumnType(type));
  if (classes.length < 2) {
    throw invalidField('job.spec.target', target, `has ${classes.length} class; must have at least 2`);
  }
  const index = new Map(classes.map((name, position) => [name, position]));
  const positions = Float64Array.from(codes.keys(), (text) => index.get(text) ?? 0);
  const indices = values.map((code) => positions[code] ?? 0);
  return { table, values: indices, classes, targetType: type, droppedRows, sourceRows: present };
}
