import { checkFolds } from './groups.js';
import { partsOf } from './parts.js';
import { createRandom, indices, shuffle } from './random.js';
import type { SplitRows } from './split.js';
import { shuffledStrata } from './strata.js';

/**
 * Equal folds of shuffled rows: every row is in exactly one test part, and fold sizes
 * differ by at most one. Throws ValidationError unless 2 <= folds <= rows.
 */
export function kFold({ rowCount, folds, seed }: { rowCount: number; folds: number; seed: number }): SplitRows[] {
  checkFolds(folds, rowCount, 'the number of rows');
  return deal(shuffle(indices(rowCount), createRandom(seed)), folds);
}

/**
 * Folds with equal shares of each class: per class, and in total, they differ by at most
 * one row. `labels` holds one code per row. Throws ValidationError unless 2 <= folds <=
 * rows of the rarest class.
 */
export function stratifiedKFold({
  labels,
  folds,
  seed,
}: {
  labels: Uint32Array;
  folds: number;
  seed: number;
}): SplitRows[] {
  const groups = shuffledStrata(labels, createRandom(seed));
  checkFolds(
    folds,
    groups.reduce((least, rows) => Math.min(least, rows.length), labels.length),
    'the rows of the rarest class',
  );
  const order = new Uint32Array(labels.length);
  let at = 0;
  for (const rows of groups) {
    order.set(rows, at);
    at += rows.length;
  }
  return deal(order, folds);
}

/** Row i of the order goes to fold i mod folds: consecutive runs, such as classes, are spread evenly. */
function deal(order: Uint32Array, folds: number): SplitRows[] {
  const foldOf = new Uint32Array(order.length);
  for (const [position, row] of order.entries()) foldOf[row] = position % folds;
  return partsOf(foldOf, folds);
}
