import { createRandom, indices, shuffle } from './random.js';
import { shuffledStrata } from './strata.js';
import { ValidationError } from './validation-error.js';

/** What divides rows into two parts. */
export interface SplitOptions {
  readonly rowCount: number;
  /** One code per row whose shares both parts keep; none when left out. */
  readonly strata?: Uint32Array;
  /** The share of the test part, in [0, 1); `ceil(share × rows)` rows. */
  readonly testFraction: number;
  /** 0 to 2^53 - 1. */
  readonly seed: number;
}

/** Rows of two parts, each ascending; every row is in exactly one. */
export interface SplitRows {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * Divides rows at random. With strata each gives its share, rounded by largest remainder
 * (equal remainders: the lower code), so that the parts' sizes are exact. Throws
 * ValidationError for a share outside [0, 1) or one that leaves no training row.
 */
export function trainTestSplit({ rowCount, strata, testFraction, seed }: SplitOptions): SplitRows {
  if (!(testFraction >= 0 && testFraction < 1))
    throw new ValidationError('test_fraction', testFraction, 'must be in [0, 1)');
  if (strata !== undefined && strata.length !== rowCount) {
    throw new ValidationError('strata', strata.length, `codes must be ${rowCount}, one per row`);
  }
  // The product of a decimal share and a count may lie a rounding above a whole number.
  const testCount = Math.ceil(testFraction * rowCount - 1e-9);
  if (rowCount > 0 && testCount >= rowCount) {
    throw new ValidationError('test_fraction', testFraction, `of ${rowCount} rows must leave a row to train on`);
  }
  const random = createRandom(seed);
  const isTest = new Uint8Array(rowCount);
  if (strata === undefined) {
    for (const row of shuffle(indices(rowCount), random).subarray(0, testCount)) isTest[row] = 1;
  } else {
    const groups = shuffledStrata(strata, random);
    const counts = apportion(
      groups.map((rows) => rows.length),
      testCount,
      rowCount,
    );
    for (const [index, rows] of groups.entries()) for (const row of rows.subarray(0, counts[index])) isTest[row] = 1;
  }
  const rows = indices(rowCount);
  return { train: rows.filter((row) => isTest[row] === 0), test: rows.filter((row) => isTest[row] === 1) };
}

function apportion(sizes: readonly number[], wanted: number, total: number): number[] {
  const shares = sizes.map((size) => (size * wanted) / Math.max(total, 1));
  const counts = shares.map(Math.floor);
  const byRemainder = shares
    .map((share, index) => ({ index, remainder: share - Math.floor(share) }))
    .sort((left, right) => right.remainder - left.remainder || left.index - right.index);
  let left = wanted - counts.reduce((sum, count) => sum + count, 0);
  for (const { index } of byRemainder) {
    if (left <= 0) break;
    counts[index] = (counts[index] as number) + 1;
    left--;
  }
  return counts;
}
