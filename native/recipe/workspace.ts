import type { ScalarColumn, Table } from '../table/table.js';
import { columnNamed, takeRows } from '../table/table.js';
import { sameShape, shownTensorType } from '../table/tensor-type.js';
import type { InputColumn } from './fitted-recipe-data.js';
import { RecipeError } from './recipe-error.js';
import type { WorkingTensor } from './tensor-column.js';

/** A one-hot column before it is spread: the category's index per row, -1 for all zeros. */
export interface EncodedColumn {
  readonly type: 'encoded';
  readonly name: string;
  readonly codes: Int32Array;
  readonly categories: readonly string[];
}

/** A column that a reduction has taken: its values as they were then, none missing. */
export interface ReducedColumn {
  readonly type: 'reduced';
  readonly name: string;
  readonly values: Float64Array;
}

/** A column between two operations. */
export type WorkingColumn = ScalarColumn | EncodedColumn | ReducedColumn | WorkingTensor;

/** A table between two operations, and where its rows came from. */
export interface Workspace {
  rowCount: number;
  columns: Map<string, WorkingColumn>;
  /** The rows' indices in the table handed in; null while all rows are there. */
  kept: Uint32Array | null;
}

/**
 * Takes the input columns out of a table, or out of some of its rows. Throws RecipeError
 * MISSING_COLUMN or WRONG_TYPE naming the column.
 */
export function openWorkspace(table: Table, inputs: readonly InputColumn[], rows?: Uint32Array): Workspace {
  const columns = inputs.map((input): WorkingColumn => {
    const { name, type } = input;
    const column = columnNamed(table, name);
    const field = `columns["${name}"]`;
    if (column === undefined) {
      throw new RecipeError('MISSING_COLUMN', field, null, 'must be in the table', { column: name });
    }
    if (column.type !== type)
      throw new RecipeError('WRONG_TYPE', field, column.type, `must be ${type}`, { column: name });
    if (column.type === 'tensor') {
      if (input.type === 'tensor' && (column.dtype !== input.dtype || !sameShape(column.shape, input.shape))) {
        const bound = `must be ${shownTensorType(input)}`;
        throw new RecipeError('WRONG_TYPE', field, shownTensorType(column), bound, { column: name });
      }
      // Tensors are not copied: `kept` says which rows of them are meant.
      return { type: 'tensor', name, source: column, scales: [] };
    }
    return rows === undefined ? column : takenRows(column, table.rowCount, rows);
  });
  return {
    rowCount: rows?.length ?? table.rowCount,
    columns: new Map(columns.map((column) => [column.name, column])),
    kept: rows ?? null,
  };
}

function takenRows(column: ScalarColumn, rowCount: number, rows: Uint32Array): ScalarColumn {
  const [taken] = takeRows({ rowCount, columns: [column] }, rows).columns;
  return taken as ScalarColumn;
}

/** The row's index in the table handed in. */
export function originalRow(workspace: Workspace, row: number): number {
  return workspace.kept?.[row] ?? row;
}

/** Leaves out the rows marked 1. */
export function leaveOutRows(workspace: Workspace, marked: Uint8Array): void {
  const rows = new Uint32Array(workspace.rowCount);
  let count = 0;
  for (let row = 0; row < workspace.rowCount; row++) if (marked[row] === 0) rows[count++] = row;
  if (count === workspace.rowCount) return;
  const left = rows.slice(0, count);
  const kept = left.map((row) => originalRow(workspace, row));
  for (const [name, column] of workspace.columns) {
    if (column.type === 'encoded') {
      workspace.columns.set(name, { ...column, codes: Int32Array.from(left, (row) => column.codes[row] as number) });
      continue;
    }
    if (column.type === 'reduced') {
      workspace.columns.set(name, {
        ...column,
        values: Float64Array.from(left, (row) => column.values[row] as number),
      });
      continue;
    }
    // `kept` says which rows of tensors are left.
    if (column.type !== 'tensor') workspace.columns.set(name, takenRows(column, workspace.rowCount, left));
  }
  workspace.rowCount = count;
  workspace.kept = kept;
}
