import { indices } from './random.js';
import type { SplitRows } from './split.js';
import { ValidationError } from './validation-error.js';

/** The most rows that are left out one by one: parts take four bytes per pair of rows. */
export const maxLeaveOneOutRows = 5000;

/** As many folds as rows; fold i tests row i alone. Throws ValidationError unless 2 <= rowCount <= 5000. */
export function leaveOneOut({ rowCount }: { rowCount: number }): SplitRows[] {
  if (!Number.isInteger(rowCount) || rowCount < 2 || rowCount > maxLeaveOneOutRows) {
    throw new ValidationError('row_count', rowCount, `must be 2 to ${maxLeaveOneOutRows} to leave out one by one`);
  }
  const all = indices(rowCount);
  return Array.from({ length: rowCount }, (_, left) => {
    const train = new Uint32Array(rowCount - 1);
    train.set(all.subarray(0, left));
    train.set(all.subarray(left + 1), left);
    return { train, test: Uint32Array.of(left) };
  });
}
