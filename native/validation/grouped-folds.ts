import { checkFolds, groupsOf } from './groups.js';
import { partsOf } from './parts.js';
import { createRandom, indices, shuffle } from './random.js';
import type { SplitRows } from './split.js';
import { ValidationError } from './validation-error.js';

/**
 * Folds that never divide a group: every row is in exactly one test part, and no group is on both
 * sides. `groups` holds one code per row. Groups are dealt from the largest down, equal ones in an
 * order drawn from the seed, each to the fold with the fewest rows: no fold exceeds another by more
 * than the largest group. Throws ValidationError unless 2 <= folds <= groups.
 */
export function groupKFold({ groups, folds, seed }: { groups: Uint32Array; folds: number; seed: number }): SplitRows[] {
  const { of, sizes } = groupsOf(groups);
  checkFolds(folds, sizes.length, 'the number of groups');
  const rows = new Float64Array(folds);
  const foldOf = new Uint32Array(sizes.length);
  const drawn = shuffle(indices(sizes.length), createRandom(seed));
  for (const group of drawn.sort((left, right) => (sizes[right] as number) - (sizes[left] as number))) {
    let least = 0;
    for (let fold = 1; fold < folds; fold++) if ((rows[fold] as number) < (rows[least] as number)) least = fold;
    foldOf[group] = least;
    rows[least] = (rows[least] as number) + (sizes[group] as number);
  }
  return partsOf(
    of.map((group) => foldOf[group] as number),
    folds,
  );
}

/**
 * The same with shares of classes as equal as groups allow. Groups are dealt from the least even
 * down, each to the fold that leaves the classes' shares over folds least spread, of equal ones
 * to the fold with the fewest rows. Every fold tests at least one group. Throws ValidationError
 * unless 2 <= folds <= groups and there is one label per row.
 */
export function stratifiedGroupKFold({
  labels,
  groups,
  folds,
  seed,
}: {
  labels: Uint32Array;
  groups: Uint32Array;
  folds: number;
  seed: number;
}): SplitRows[] {
  if (labels.length !== groups.length) {
    throw new ValidationError('labels', labels.length, `codes must be ${groups.length}, one per row`);
  }
  const { of, sizes } = groupsOf(groups);
  const classes = groupsOf(labels);
  const classCount = classes.sizes.length;
  checkFolds(folds, sizes.length, 'the number of groups');
  // Per group, the share of each class's rows.
  const shares = new Float64Array(sizes.length * classCount);
  for (const [row, group] of of.entries()) {
    const cell = group * classCount + (classes.of[row] as number);
    shares[cell] = (shares[cell] as number) + 1 / (classes.sizes[classes.of[row] as number] as number);
  }
  const unevenness = Float64Array.from(sizes, (_, group) =>
    spreadOf(shares.subarray(group * classCount, (group + 1) * classCount)),
  );
  const order = shuffle(indices(sizes.length), createRandom(seed)).sort(
    (left, right) => (unevenness[right] as number) - (unevenness[left] as number),
  );
  const rows = new Float64Array(folds);
  const taken = new Float64Array(folds * classCount);
  const foldOf = new Uint32Array(sizes.length);
  let empty = folds;
  for (const [index, group] of order.entries()) {
    const own = shares.subarray(group * classCount, (group + 1) * classCount);
    // The last groups go to folds that have none.
    const mustFill = order.length - index <= empty;
    let best = -1;
    let leastSpread = Number.POSITIVE_INFINITY;
    for (let fold = 0; fold < folds; fold++) {
      if (mustFill && (rows[fold] as number) > 0) continue;
      const spread = spreadWith(taken, own, fold, folds);
      const closer = spread < leastSpread - 1e-12;
      const tied = !closer && spread <= leastSpread + 1e-12;
      if (closer || (tied && (rows[fold] as number) < (rows[best] as number))) {
        best = fold;
        leastSpread = spread;
      }
    }
    if (rows[best] === 0) empty--;
    foldOf[group] = best;
    rows[best] = (rows[best] as number) + (sizes[group] as number);
    for (let c = 0; c < classCount; c++) {
      taken[best * classCount + c] = (taken[best * classCount + c] as number) + (own[c] as number);
    }
  }
  return partsOf(
    of.map((group) => foldOf[group] as number),
    folds,
  );
}

/** The variance over folds of each class's share, summed over classes, once `fold` has got `own` too. */
function spreadWith(taken: Float64Array, own: Float64Array, fold: number, folds: number): number {
  const column = new Float64Array(folds);
  let sum = 0;
  for (let c = 0; c < own.length; c++) {
    for (let f = 0; f < folds; f++) {
      column[f] = (taken[f * own.length + c] as number) + (f === fold ? (own[c] as number) : 0);
    }
    sum += spreadOf(column);
  }
  return sum;
}

/** The variance of some numbers. */
function spreadOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}
