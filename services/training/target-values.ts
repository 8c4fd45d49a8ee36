import { nameOfColumnType } from '../../native/table/from-chunks.js';
import type { Table } from '../../native/table/table.js';
import { cellAt, columnNamed, takeRows } from '../../native/table/table.js';
import { invalidField, TenonError } from '../mesh/errors.js';
import type { DecidedTask } from './target.js';
import { sortedClasses } from './target.js';

/** A table whose rows all have a target. */
export interface Labelled {
  table: Table;
  /** Per row the class index or the number; empty for clustering. */
  values: Float64Array;
  /** In the order of the probabilities; empty but for classification. */
  classes: string[];
  /** Null for clustering. */
  targetType: 'boolean' | 'integer' | 'double' | 'string' | null;
  /** Rows left out because their target is null. */
  droppedRows: number;
  /** What each row counts; null where every row counts once. */
  weights: Float64Array | null;
  /** Where each row stood in the table that was read. */
  sourceRows: Uint32Array;
}

/**
 * Leaves out the rows without a target and reads the target of the others. Throws
 * EMPTY_TABLE if none is left, INVALID_FIELD if only one class is.
 */
export function labelled(
  read: Table,
  { target, weightColumn }: { target: string; weightColumn: string },
  task: DecidedTask,
): Labelled {
  if (task === 'TASK_CLUSTERING') return unlabelled(read, weightColumn);
  const column = columnNamed(read, target);
  const type = column?.type;
  if (column === undefined || type === undefined || type === 'timestamp' || type === 'tensor') {
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
  const weights = weightColumn === '' ? null : weightsOf(table, weightColumn, present);
  if (task === 'TASK_REGRESSION') {
    for (let row = 0; row < values.length; row++) values[row] = Number(cellAt(cells, row));
    return { table, values, classes: [], targetType: type, droppedRows, weights, sourceRows: present };
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
  return { table, values: indices, classes, targetType: type, droppedRows, weights, sourceRows: present };
}

/** All rows, as there is no target that one of them could lack. */
function unlabelled(table: Table, weightColumn: string): Labelled {
  const sourceRows = Uint32Array.from({ length: table.rowCount }, (_, row) => row);
  const weights = weightColumn === '' ? null : weightsOf(table, weightColumn, sourceRows);
  return { table, values: new Float64Array(), classes: [], targetType: null, droppedRows: 0, weights, sourceRows };
}

function weightsOf(table: Table, name: string, sourceRows: Uint32Array): Float64Array {
  const column = columnNamed(table, name);
  if (column === undefined) throw new Error(`the column ${name} was not read`);
  const field = 'job.spec.weight_column';
  let some = false;
  const weights = Float64Array.from({ length: table.rowCount }, (_, row) => {
    const cell = cellAt(column, row);
    const weight = Number(cell);
    if (cell === null || !(weight >= 0)) {
      throw invalidField(
        field,
        cell === null ? null : weight,
        `must be >= 0 in every row; row ${sourceRows[row]} of ${JSON.stringify(name)}`,
      );
    }
    if (weight > 0) some = true;
    return weight;
  });
  if (!some) throw invalidField(field, name, 'must be above 0 in some row');
  return weights;
}
