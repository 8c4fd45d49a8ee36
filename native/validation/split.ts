import { groupsOf } from './groups.js';
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

/**
 * Divides whole groups at random: groups in an order drawn from the seed join the test part while
 * that brings it nearer to its share; if none does, the smallest. One is always left to train on.
 * `groups` holds one code per row. Throws ValidationError for a share outside [0, 1), and for one
 * group alone.
 */
export function groupedSplit({
  groups,
  testFraction,
  seed,
}: {
  groups: Uint32Array;
  testFraction: number;
  seed: number;
}): SplitRows {
  if (!(testFraction >= 0 && testFraction < 1))
    throw new ValidationError('test_fraction', testFraction, 'must be in [0, 1)');
  const { of, sizes } = groupsOf(groups);
  if (testFraction > 0 && sizes.length < 2) {
    throw new ValidationError('groups', sizes.length, 'must be at least 2, one to train on and one to test');
  }
  const wanted = testFraction * of.length;
  const isTest = new Uint32Array(sizes.length);
  let tested = 0;
  let chosen = 0;
  const drawn = shuffle(indices(sizes.length), createRandom(seed));
  for (const group of drawn) {
    const size = sizes[group] as number;
    if (chosen === sizes.length - 1 || Math.abs(tested + size - wanted) >= Math.abs(tested - wanted)) continue;
    isTest[group] = 1;
    tested += size;
    chosen++;
  }
  if (chosen === 0 && testFraction > 0) {
    isTest[drawn.reduce((least, group) => ((sizes[group] as number) < (sizes[least] as number) ? group : least))] = 1;
  }
  const rows = indices(of.length);
  return {
    train: rows.filter((row) => isTest[of[row] as number] === 0),
    test: rows.filter((row) => isTest[of[row] as number] === 1),
  };
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
