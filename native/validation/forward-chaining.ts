import { indices } from './random.js';
import type { SplitRows } from './split.js';
import { ValidationError } from './validation-error.js';

/** How rows in order of time are divided. */
export interface ForwardChainingOptions {
  readonly rowCount: number;
  /** A time per row, finite; rows are in order of time already when left out. */
  readonly times?: Float64Array | undefined;
  /** At least 1. */
  readonly folds: number;
  /** The rows that each fold tests; rows / (folds + 1), rounded down, by default. */
  readonly testRows?: number | undefined;
  /** The rows left out between training and test; 0 by default. */
  readonly gap?: number | undefined;
  /**
   * `expanding` trains on all that came before, `sliding` on the last `trainRows` of it;
   * `expanding` by default.
   */
  readonly window?: 'expanding' | 'sliding' | undefined;
  /** For `sliding`; as many as the first fold has before it by default. */
  readonly trainRows?: number | undefined;
}

/**
 * Trains on the past, tests on what came next: the last folds × testRows rows are tested in turn,
 * each fold's once, after training on earlier ones. Training rows are strictly earlier than the
 * first tested one: rows of the same time as it are left out. Rows of a part are in ascending order
 * of number. Nothing is drawn at random. Throws ValidationError for a time that is not finite, and
 * where any part would be empty.
 */
export function forwardChaining(options: ForwardChainingOptions): SplitRows[] {
  const { rowCount, times, folds, gap = 0, window = 'expanding', trainRows } = options;
  checkWhole('folds', folds, 1, Math.max(1, rowCount - 1));
  const testRows = options.testRows ?? Math.floor(rowCount / (folds + 1));
  // At least one row before the first fold.
  checkWhole('test_rows', testRows, 1, Math.floor((rowCount - 1) / folds));
  const before = rowCount - folds * testRows;
  checkWhole('gap', gap, 0, before - 1);
  if (window !== 'expanding' && window !== 'sliding') {
    throw new ValidationError('window', window, 'must be expanding or sliding');
  }
  if (trainRows !== undefined) {
    if (window === 'expanding') {
      throw new ValidationError('train_rows', trainRows, 'must not be set unless window is sliding');
    }
    checkWhole('train_rows', trainRows, 1, before - gap);
  }
  const order = inOrder(rowCount, times);
  const width = window === 'sliding' ? (trainRows ?? before - gap) : rowCount;
  return Array.from({ length: folds }, (_, fold) => {
    const start = before + fold * testRows;
    let end = start - gap;
    if (times !== undefined) {
      const first = times[order[start] as number] as number;
      while (end > 0 && times[order[end - 1] as number] === first) end--;
      if (end === 0) {
        throw new ValidationError('times', first, `must be above another row's: fold ${fold} has no earlier row`);
      }
    }
    return {
      train: order.slice(Math.max(0, end - width), end).sort(),
      test: order.slice(start, start + testRows).sort(),
    };
  });
}

/**
 * The latest share of rows as the test part, `ceil(share × rows)` of them, after a gap. Rows of
 * the same time as the first tested one are left out of training. Throws ValidationError for a
 * share outside (0, 1), and where a part would be empty.
 */
export function latestSplit({
  rowCount,
  times,
  testFraction,
  gap = 0,
}: Pick<ForwardChainingOptions, 'rowCount' | 'times' | 'gap'> & { testFraction: number }): SplitRows {
  if (!(testFraction > 0 && testFraction < 1)) {
    throw new ValidationError('test_fraction', testFraction, 'must be in (0, 1)');
  }
  // The product of a decimal share and a count may lie a rounding above a whole number.
  const testRows = Math.ceil(testFraction * rowCount - 1e-9);
  if (testRows >= rowCount) {
    throw new ValidationError('test_fraction', testFraction, `of ${rowCount} rows must leave a row to train on`);
  }
  return forwardChaining({ rowCount, times, folds: 1, testRows, gap })[0] as SplitRows;
}

/** Row numbers by time, equal times by number. */
function inOrder(rowCount: number, times: Float64Array | undefined): Uint32Array {
  const order = indices(rowCount);
  if (times === undefined) return order;
  if (times.length !== rowCount) throw new ValidationError('times', times.length, `must be ${rowCount}, one per row`);
  for (const [row, time] of times.entries()) {
    if (!Number.isFinite(time)) throw new ValidationError(`times[${row}]`, time, 'must be finite');
  }
  return order.sort((left, right) => (times[left] as number) - (times[right] as number) || left - right);
}

function checkWhole(field: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new ValidationError(field, value, `must be a whole number from ${low} to ${high}`);
  }
}
