import test from 'ava';
import fc from 'fast-check';
import { kFold } from '../../../native/validation/folds.js';
import { forwardChaining, latestSplit } from '../../../native/validation/forward-chaining.js';
import { leaveOneOut } from '../../../native/validation/leave-one-out.js';
import { repeated } from '../../../native/validation/repeated.js';

const isAscending = (rows: Uint32Array) => rows.every((row, index) => index === 0 || (rows[index - 1] ?? row) < row);

test('forward chaining trains on earlier rows only, keeps the gap, and tests the last rows once', (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 10, max: 150 }),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(3),
      fc.boolean(),
      fc.boolean(),
      fc.infiniteStream(fc.nat(1000)),
      (rowCount, folds, gap, sliding, timed, stream) => {
        const testRows = Math.floor(rowCount / (folds + 1));
        const before = rowCount - folds * testRows;
        fc.pre(gap < before);
        // All different, so that no row is left out for its time.
        const times = Float64Array.from({ length: rowCount }, (_, row) => (stream.next().value ?? 0) * 1000 + row);
        const trainRows = before - gap;
        const parts = forwardChaining({
          rowCount,
          times: timed ? times : undefined,
          folds,
          gap,
          window: sliding ? 'sliding' : 'expanding',
        });
        const timeOf = (row: number) => (timed ? (times[row] ?? Number.NaN) : row);
        const sorted = [...times.keys()].map(timeOf).sort((a, b) => a - b);
        t.is(parts.length, folds);
        for (const [fold, { train, test: rows }] of parts.entries()) {
          t.true(isAscending(train) && isAscending(rows));
          const first = Math.min(...[...rows].map(timeOf));
          const last = Math.max(...[...train].map(timeOf));
          // Exactly `gap` rows lie between training and test.
          t.is(sorted.indexOf(first) - sorted.indexOf(last), gap + 1);
          t.is(rows.length, testRows);
          t.is(train.length, sliding ? trainRows : trainRows + fold * testRows);
        }
        const tested = parts.flatMap(({ test: rows }) => [...rows].map(timeOf)).sort((a, b) => a - b);
        t.deepEqual(tested, sorted.slice(before));
      },
    ),
  );
});

test('rows of the same time as the first tested one are not trained on', (t) => {
  const times = Float64Array.of(1, 2, 2, 2, 3, 3);
  const [first, second] = forwardChaining({ rowCount: 6, times, folds: 2, testRows: 2 });
  t.deepEqual(first, { train: Uint32Array.of(0), test: Uint32Array.of(2, 3) });
  t.deepEqual(second, { train: Uint32Array.of(0, 1, 2, 3), test: Uint32Array.of(4, 5) });
  t.throws(() => forwardChaining({ rowCount: 3, times: new Float64Array(3), folds: 1, testRows: 1 }), {
    message: "times: 0 must be above another row's: fold 0 has no earlier row",
  });
});

test('a sliding window trains on as many rows as asked for', (t) => {
  const parts = forwardChaining({ rowCount: 20, folds: 3, testRows: 4, gap: 1, window: 'sliding', trainRows: 5 });
  t.deepEqual(
    parts.map(({ train }) => [...train]),
    [
      [2, 3, 4, 5, 6],
      [6, 7, 8, 9, 10],
      [10, 11, 12, 13, 14],
    ],
  );
});

test('the latest rows are held out, in the order of their times', (t) => {
  const times = Float64Array.of(5, 1, 4, 2, 3);
  t.deepEqual(latestSplit({ rowCount: 5, times, testFraction: 0.4 }), {
    train: Uint32Array.of(1, 3, 4),
    test: Uint32Array.of(0, 2),
  });
  t.deepEqual(latestSplit({ rowCount: 5, testFraction: 0.2, gap: 2 }).train, Uint32Array.of(0, 1));
  t.throws(() => latestSplit({ rowCount: 5, testFraction: 0 }), { message: /^test_fraction: 0 must be in \(0, 1\)/ });
  t.throws(() => latestSplit({ rowCount: 1, testFraction: 0.5 }), { message: /^test_fraction: 0.5 of 1 rows/ });
});

const forwardRefusals: [Partial<Parameters<typeof forwardChaining>[0]>, string][] = [
  [{ folds: 0 }, 'folds: 0 must be a whole number from 1 to 9'],
  [{ folds: 10 }, 'folds: 10 must be a whole number from 1 to 9'],
  [{ testRows: 5 }, 'test_rows: 5 must be a whole number from 1 to 4'],
  [{ testRows: 0.5 }, 'test_rows: 0.5 must be a whole number from 1 to 4'],
  [{ testRows: 3, gap: 4 }, 'gap: 4 must be a whole number from 0 to 3'],
  [{ trainRows: 2 }, 'train_rows: 2 must not be set unless window is sliding'],
  [{ testRows: 3, gap: 1, window: 'sliding', trainRows: 4 }, 'train_rows: 4 must be a whole number from 1 to 3'],
  [{ window: 'tumbling' as 'sliding' }, 'window: "tumbling" must be expanding or sliding'],
  [{ times: new Float64Array(9) }, 'times: 9 must be 10, one per row'],
  [{ times: new Float64Array(10).fill(Number.NaN, 3) }, 'times[3]: NaN must be finite'],
];

for (const [change, message] of forwardRefusals) {
  test(`forward chaining refuses ${message}`, (t) => {
    t.throws(() => forwardChaining({ rowCount: 10, folds: 2, ...change }), { name: 'ValidationError', message });
  });
}

test('leaving one out tests each row alone after training on all others', (t) => {
  const parts = leaveOneOut({ rowCount: 30 });
  t.is(parts.length, 30);
  for (const [row, { train, test: rows }] of parts.entries()) {
    t.deepEqual([...rows], [row]);
    t.deepEqual(
      [...train],
      Array.from({ length: 30 }, (_, other) => other).filter((other) => other !== row),
    );
  }
  t.throws(() => leaveOneOut({ rowCount: 1 }), { message: /^row_count: 1 must be 2 to 5000/ });
  t.throws(() => leaveOneOut({ rowCount: 5001 }), { message: /^row_count: 5001 must be 2 to 5000/ });
});

test('a repeated division begins with the plain one, differs after, and repeats with the seed', (t) => {
  const divide = (seed: number) => kFold({ rowCount: 40, folds: 4, seed });
  const parts = repeated({ repeats: 5, seed: 9 }, divide);
  t.is(parts.length, 20);
  t.deepEqual(parts.slice(0, 4), divide(9));
  t.deepEqual(parts, repeated({ repeats: 5, seed: 9 }, divide));
  t.deepEqual(parts.slice(0, 8), repeated({ repeats: 2, seed: 9 }, divide));
  t.is(new Set(parts.map(({ test: rows }) => rows.join())).size, 20);
  for (let repeat = 0; repeat < 5; repeat++) {
    const tested = parts.slice(repeat * 4, repeat * 4 + 4).flatMap(({ test: rows }) => [...rows]);
    t.is(new Set(tested).size, 40);
  }
  t.throws(() => repeated({ repeats: 0, seed: 9 }, divide), { message: 'repeats: 0 must be 1 to 100' });
  t.throws(() => repeated({ repeats: 101, seed: 9 }, divide), { message: 'repeats: 101 must be 1 to 100' });
});
