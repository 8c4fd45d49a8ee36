import test from 'ava';
import { ArgumentError } from '../../../native/argument-error.js';
import { NumberColumns, type NumberProfile } from '../../../native/table/number-columns.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { randomNumbers } from '../kernels/inputs.js';

const levels = [0.05, 0.25, 0.5, 0.75, 0.95];

/** A column's profile, handed over in parts of `part` rows. */
async function profileOf(values: readonly (number | bigint | null)[], part = 2_048): Promise<NumberProfile> {
  const integer = values.some((value) => typeof value === 'bigint');
  const columns = new NumberColumns([integer ? 'integer' : 'double'], values.length);
  for (let from = 0; from < values.length; from += part) {
    const some = values.slice(from, from + part);
    const validity = new Uint8Array(Math.ceil(some.length / 8));
    for (const [row, value] of some.entries()) {
      if (value !== null) validity[row >> 3] = (validity[row >> 3] ?? 0) | (1 << (row & 7));
    }
    const numbers = integer
      ? BigInt64Array.from(some, (value) => BigInt(value ?? 0))
      : // What lies at a null is nothing's business.
        Float64Array.from(some, (value) => (value === null ? Number.NaN : Number(value)));
    columns.append(0, numbers, some.includes(null) ? validity : null);
  }
  const [profile] = await columns.profile(levels);
  if (profile === undefined) throw new Error('there is one column');
  return profile;
}

/** The same by definition. */
function expected(values: readonly (number | bigint | null)[]): NumberProfile {
  const present = values.filter((value) => value !== null);
  const sorted = present.map(Number).sort((left, right) => left - right);
  const count = sorted.length;
  const [first = 0] = sorted;
  const mean = first + sorted.reduce((sum, value) => sum + (value - first), 0) / Math.max(count, 1);
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    nullCount: values.length - count,
    distinctCount: new Set(present).size,
    mean,
    stdDev: count > 1 ? Math.sqrt(squares / (count - 1)) : 0,
    min: sorted[0] ?? 0,
    max: sorted.at(-1) ?? 0,
    quantiles: levels.map((level) => {
      const rank = (count - 1) * level;
      const [low = 0, high = low] = sorted.slice(Math.floor(rank), Math.floor(rank) + 2);
      const share = rank - Math.floor(rank);
      return share === 0 ? low : low * (1 - share) + high * share;
    }),
  };
}

const random = randomNumbers(7);
const draw = (count: number, value: (row: number) => number | bigint | null) =>
  Array.from({ length: count }, (_, row) => value(row));

const columns: [string, (number | bigint | null)[]][] = [
  ['one number', [42]],
  ['two numbers', [-3, 5]],
  ['uniform numbers', draw(200_000, () => random())],
  ['numbers of either sign with nulls', draw(70_001, (row) => (row % 7 === 0 ? null : random() * 2e3 - 1e3))],
  ['numbers of every size', draw(50_000, () => Math.exp(random() * 600 - 300) * (random() < 0.5 ? -1 : 1))],
  ['numbers of two decimals', draw(100_000, () => Math.round(random() * 1e5) / 100)],
  ['a few values', draw(100_000, () => Math.floor(random() * 3))],
  ['one value', draw(10_000, () => 0.1)],
  ['numbers close to each other', draw(30_000, (row) => 1e9 + (row % 1_000) / 1_024)],
  ['ascending numbers', draw(30_000, (row) => row)],
  ['a far one among many', draw(50_000, (row) => (row === 77 ? 1e18 : random()))],
  ['integers with nulls', draw(90_000, (row) => (row % 3 === 0 ? null : BigInt(Math.floor(random() * 1e6) - 5e5)))],
];

for (const [what, values] of columns) {
  test(`the profile of ${what} is that of its definition`, async (t) => {
    const seen = await profileOf(values);
    const wanted = expected(values);
    const { mean, stdDev, ...exact } = wanted;
    t.like(seen, exact);
    const largest = Math.max(Math.abs(wanted.min), Math.abs(wanted.max));
    t.true(Math.abs(seen.mean - mean) <= 1e-12 * largest, `${seen.mean} ${mean}`);
    t.true(Math.abs(seen.stdDev - stdDev) <= 1e-11 * Math.max(stdDev, 1e-3), `${seen.stdDev} ${stdDev}`);
  });
}

test('a column without a number has zeros and no quantiles', async (t) => {
  for (const values of [[], [null, null, null]]) {
    const wanted = { nullCount: values.length, distinctCount: 0, mean: 0, stdDev: 0, min: 0, max: 0, quantiles: [] };
    t.deepEqual(await profileOf(values), wanted);
  }
});

test('-0 is 0', async (t) => {
  const profile = await profileOf([-0, 0, -0, 1]);
  t.is(profile.distinctCount, 2);
  t.is(profile.min, 0);
});

test('integers that no double holds are told apart', async (t) => {
  const values = [2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 63n - 2n, -(2n ** 63n), -(2n ** 63n) + 1n, null];
  const profile = await profileOf(values);
  t.is(profile.distinctCount, 6);
  t.deepEqual([profile.min, profile.max], [-(2 ** 63), 2 ** 63]);
  t.is(profile.nullCount, 1);
});

test('the largest and the smallest doubles have finite profiles', async (t) => {
  const large = await profileOf([1e308, -1e308, 1.5e308, Number.MAX_VALUE, -Number.MAX_VALUE]);
  t.true([large.mean, large.stdDev, ...large.quantiles].every(Number.isFinite));
  t.true(Math.abs(large.mean / 3e307 - 1) < 1e-12, String(large.mean));
  t.true(Math.abs(large.stdDev / 1.60183e308 - 1) < 1e-4, String(large.stdDev));
  t.is(large.distinctCount, 5);
  const equal = await profileOf([Number.MAX_VALUE, Number.MAX_VALUE]);
  t.is(equal.mean, Number.MAX_VALUE);
  t.is(equal.stdDev, 0);
  const small = await profileOf([5e-324, 1e-323, 1.5e-323]);
  t.deepEqual(
    [small.min, small.max, small.mean, small.stdDev, small.distinctCount],
    [5e-324, 1.5e-323, 1e-323, 5e-324, 3],
  );
});

test('NaN and infinities are refused with their column', async (t) => {
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const two = new NumberColumns(['double', 'double'], 3);
    two.append(0, Float64Array.of(1, 2, 3), null);
    two.append(1, Float64Array.of(1, wrong, 3), null);
    const error = await t.throwsAsync(two.profile(levels), { instanceOf: ArgumentError });
    t.is(error?.field, 'column 1');
    t.deepEqual((await profileOf([1, null, 2])).nullCount, 1, 'a null over NaN is none');
  }
});

test.serial('profiles have the same bits at any number of threads, and in any company', async (t) => {
  const before = threadCount();
  try {
    for (const [what, values] of columns) {
      const seen: unknown[] = [];
      for (const threads of [1, 2, 5]) {
        setThreads(threads);
        seen.push(await profileOf(values), await profileOf(values, 77));
      }
      for (const other of seen) t.deepEqual(other, seen[0], what);
    }
  } finally {
    setThreads(before);
  }
});

test('a profile that is aborted ends with the reason, and its memory is given back', async (t) => {
  const control = new AbortController();
  const held = new NumberColumns(
    Array.from({ length: 16 }, () => 'double'),
    500_000,
  );
  const values = Float64Array.from({ length: 500_000 }, () => random());
  for (let column = 0; column < 16; column++) held.append(column, values, null);
  const profiling = held.profile(levels, { signal: control.signal });
  const reason = new Error('gone');
  control.abort(reason);
  t.is(await t.throwsAsync(profiling), reason);
  t.throws(() => held.append(0, values, null), { instanceOf: ArgumentError });
});

test('rows beyond the room, other arrays and columns that are not there are refused', (t) => {
  const two = new NumberColumns(['double', 'integer'], 4);
  two.append(0, new Float64Array(3), null);
  t.throws(() => two.append(0, new Float64Array(2), null), { instanceOf: RangeError });
  t.throws(() => two.append(0, new BigInt64Array(1), null), { instanceOf: ArgumentError });
  t.throws(() => two.append(1, new Float64Array(1), null), { instanceOf: ArgumentError });
  t.throws(() => two.append(2, new Float64Array(1), null), { instanceOf: ArgumentError });
  t.throws(() => two.append(1, new BigInt64Array(4), new Uint8Array(0)), { instanceOf: RangeError });
  t.throws(() => new NumberColumns(['double'], 1e15), { instanceOf: RangeError });
  two.dispose();
  t.throws(() => two.append(0, new Float64Array(1), null), { instanceOf: ArgumentError });
});
