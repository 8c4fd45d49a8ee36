import type { ScalarColumn, Table, TensorColumn } from '../table/table.js';
import { columnNamed } from '../table/table.js';
import { sameShape, shownTensorType } from '../table/tensor-type.js';
import type { ScaleOp } from './fitted-op.js';
import type { InputColumn } from './fitted-recipe-data.js';
import { RecipeError } from './recipe-error.js';

/** Which row of a column's values each working row is; all of them in order when null. */
export type Rows = Uint32Array | null;

/**
 * A column of single values between two operations. Scales and replaced nulls are computed when values are read: until
 * then the column stays as it is in the table, and so do the rows that were left out.
 */
export interface WorkingScalar {
  /** What the values are by now: a scaled integer column is `double`. */
  readonly type: ScalarColumn['type'];
  readonly name: string;
  readonly source: ScalarColumn;
  readonly rows: Rows;
  readonly scales: readonly ScaleOp[];
  /** The number that stands for nulls, scaled; null while they are missing. */
  readonly absent: number | null;
}

/** A tensor column between two operations; its elements, too, are scaled when they are read. */
export interface WorkingTensor {
  readonly type: 'tensor';
  readonly name: string;
  readonly source: TensorColumn;
  readonly rows: Rows;
  readonly scales: readonly ScaleOp[];
}

/** A one-hot column before it is spread: the category's index per row, -1 for all zeros. */
export interface EncodedColumn {
  readonly type: 'encoded';
  readonly name: string;
  readonly codes: Int32Array;
  readonly rows: Rows;
  readonly categories: readonly string[];
}

/** A column that a reduction has taken: its values as they were then, none missing. */
export interface ReducedColumn extends Omit<WorkingScalar, 'type'> {
  readonly type: 'reduced';
}

/** A column between two operations. */
export type WorkingColumn = WorkingScalar | EncodedColumn | ReducedColumn | WorkingTensor;

/** A table between two operations, and where its rows came from. */
export interface Workspace {
  rowCount: number;
  columns: Map<string, WorkingColumn>;
  /** The rows' indices in the table handed in. */
  kept: Rows;
}

/**
 * Looks at the input columns of a table, or at some of its rows; copies nothing. Throws RecipeError
 * MISSING_COLUMN or WRONG_TYPE naming the column.
 */
export function openWorkspace(table: Table, inputs: readonly InputColumn[], rows: Rows = null): Workspace {
  const columns = inputs.map((input): WorkingColumn => {
    const { name, type } = input;
    const column = columnNamed(table, name);
    const field = `columns["${name}"]`;
    if (column === undefined) {
      throw new RecipeError('MISSING_COLUMN', field, null, 'must be in the table', { column: name });
    }
    if (column.type !== type)
      throw new RecipeError('WRONG_TYPE', field, column.type, `must be ${type}`, { column: name });
    if (column.type !== 'tensor') return workingScalar(column, rows);
    if (input.type === 'tensor' && (column.dtype !== input.dtype || !sameShape(column.shape, input.shape))) {
      const bound = `must be ${shownTensorType(input)}`;
      throw new RecipeError('WRONG_TYPE', field, shownTensorType(column), bound, { column: name });
    }
    return { type: 'tensor', name, source: column, rows, scales: [] };
  });
  return {
    rowCount: rows?.length ?? table.rowCount,
    columns: new Map(columns.map((column) => [column.name, column])),
    kept: rows,
  };
}

/** A column as it is. */
export function workingScalar(source: ScalarColumn, rows: Rows = null): WorkingScalar {
  return { type: source.type, name: source.name, source, rows, scales: [], absent: null };
}

/** The columns of these names, which must be there. */
export function columnsNamed({ columns }: Workspace, names: readonly string[]): WorkingColumn[] {
  return names.map((name) => columns.get(name) as WorkingColumn);
}

/** The row's index in the table handed in. */
export function originalRow(workspace: Workspace, row: number): number {
  return workspace.kept?.[row] ?? row;
}

/** Leaves the rows at these indices, ascending, and no other. */
export function leaveRows(workspace: Workspace, left: Uint32Array): void {
  if (left.length === workspace.rowCount) return;
  // Most columns share their rows.
  const composed = new Map<Rows, Uint32Array>([[null, left]]);
  const rowsAt = (rows: Rows): Uint32Array => {
    let found = composed.get(rows);
    if (found === undefined) {
      found = rowsOfRows(rows as Uint32Array, left);
      composed.set(rows, found);
    }
    return found;
  };
  for (const [name, column] of workspace.columns) {
    workspace.columns.set(name, { ...column, rows: rowsAt(column.rows) });
  }
  workspace.kept = rowsAt(workspace.kept);
  workspace.rowCount = left.length;
}

function rowsOfRows(rows: Uint32Array, left: Uint32Array): Uint32Array {
  const taken = new Uint32Array(left.length);
  for (let row = 0; row < left.length; row++) taken[row] = rows[left[row] as number] as number;
  return taken;
}
