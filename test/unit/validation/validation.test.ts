import test from 'ava';
import fc from 'fast-check';
import { kFold, stratifiedKFold } from '../../../native/validation/folds.js';
import { trainTestSplit } from '../../../native/validation/split.js';

test('every row is in exactly one part of a split, and strata keep their shares', (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 200 }),
      fc.integer({ min: 0, max: 2 ** 31 }),
      (codes, seed) => {
        const strata = Uint32Array.from(codes);
        const { train, test: held } = trainTestSplit({ rowCount: codes.length, strata, testFraction: 0.25, seed });
        t.is(held.length, Math.ceil(codes.length / 4));
        t.deepEqual(
          [...train, ...held].sort((a, b) => a - b),
          codes.map((_, row) => row),
        );
        for (const code of new Set(codes)) {
          const share = codes.filter((other) => other === code).length * (held.length / codes.length);
          t.true(Math.abs([...held].filter((row) => codes[row] === code).length - share) < 1);
        }
      },
    ),
  );
});

test('folds test every row once, are equal in size and in shares, and repeat with the seed', (t) => {
  const labels = Uint32Array.from({ length: 103 }, (_, row) => (row % 10 === 0 ? 1 : 0));
  for (const folds of [kFold({ rowCount: 103, folds: 5, seed: 7 }), stratifiedKFold({ labels, folds: 5, seed: 7 })]) {
    t.deepEqual(
      folds.flatMap(({ test: rows }) => [...rows]).sort((a, b) => a - b),
      [...labels.keys()],
    );
    for (const { train, test: rows } of folds) {
      t.is(train.length + rows.length, 103);
      t.true(rows.length === 20 || rows.length === 21);
    }
  }
  const shares = stratifiedKFold({ labels, folds: 5, seed: 7 }).map(
    ({ test: rows }) => [...rows].filter((row) => labels[row] === 1).length,
  );
  t.deepEqual(new Set(shares), new Set([2, 3]));
  t.deepEqual(kFold({ rowCount: 50, folds: 3, seed: 2 ** 40 }), kFold({ rowCount: 50, folds: 3, seed: 2 ** 40 }));
  t.notDeepEqual(kFold({ rowCount: 50, folds: 3, seed: 1 }), kFold({ rowCount: 50, folds: 3, seed: 2 }));
  t.notDeepEqual(kFold({ rowCount: 50, folds: 3, seed: 1 }), kFold({ rowCount: 50, folds: 3, seed: 1 + 2 ** 32 }));
});

test('folds beyond the rarest class and shares that leave no training row are refused', (t) => {
  t.throws(() => stratifiedKFold({ labels: Uint32Array.from([0, 0, 0, 1]), folds: 2, seed: 0 }), {
    message: /^folds: 2 cannot be had: the rows of the rarest class must be >= 2, not 1$/,
  });
  t.throws(() => trainTestSplit({ rowCount: 1, testFraction: 0.5, seed: 0 }), {
    message: /^test_fraction: 0.5 of 1 rows/,
  });
  t.throws(() => kFold({ rowCount: 5, folds: 2, seed: -1 }), { message: /^seed: -1/ });
});
