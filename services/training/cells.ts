import { TenonError } from '../mesh/errors.js';

/** Refuses a table that is too large to hold. Throws QUOTA_EXCEEDED naming `training.max-cells`. */
export function checkCells(what: string, rows: number, columns: number, maxCells: number): void {
  const cells = rows * columns;
  if (cells <= maxCells) return;
  throw new TenonError({
    reason: 'QUOTA_EXCEEDED',
    message: `${what}: ${rows} rows of ${columns} columns are ${cells} cells; training.max-cells is ${maxCells}`,
    facts: { rows, columns, cells, bound: maxCells, option: 'training.max-cells' },
  });
}
