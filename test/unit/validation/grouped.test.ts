import test from 'ava';
import fc from 'fast-check';
import { groupKFold, stratifiedGroupKFold } from '../../../native/validation/grouped-folds.js';
import { groupedSplit, type SplitRows } from '../../../native/validation/split.js';

const seeds = fc.integer({ min: 0, max: 2 ** 31 });
const codes = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 120 });
const ascending = (rows: readonly number[]) => [...rows].sort((a, b) => a - b);
const sizeOf = (groups: Uint32Array, group: number) => groups.filter((other) => other === group).length;

/** What every division by groups promises. */
function divides(parts: readonly SplitRows[], groups: Uint32Array): boolean {
  return parts.every(({ train, test: held }) => {
    const trained = new Set([...train].map((row) => groups[row]));
    const rows = ascending([...train, ...held]);
    return (
      rows.length === groups.length &&
      rows.every((row, index) => row === index) &&
      [...held].every((row) => !trained.has(groups[row]))
    );
  });
}

test('grouped folds test every row once, divide no group, and are balanced to within the largest', (t) => {
  fc.assert(
    fc.property(codes, seeds, (list, seed) => {
      const groups = Uint32Array.from(list);
      const count = new Set(list).size;
      fc.pre(count >= 2);
      const folds = 2 + (seed % (count - 1));
      const parts = groupKFold({ groups, folds, seed });
      t.is(parts.length, folds);
      t.true(divides(parts, groups));
      t.deepEqual(ascending(parts.flatMap(({ test: rows }) => [...rows])), [...groups.keys()]);
      const sizes = parts.map(({ test: rows }) => rows.length);
      const largest = Math.max(...list.map((group) => sizeOf(groups, group)));
      t.true(Math.max(...sizes) - Math.min(...sizes) <= largest);
      t.true(Math.min(...sizes) > 0);
      t.deepEqual(parts, groupKFold({ groups, folds, seed }));
    }),
  );
});

test('stratified grouped folds divide no group, leave none empty, and repeat with the seed', (t) => {
  fc.assert(
    fc.property(codes, seeds, (list, seed) => {
      const groups = Uint32Array.from(list);
      const labels = groups.map((group, row) => (group + row * row) % 3);
      const count = new Set(list).size;
      fc.pre(count >= 2);
      const folds = 2 + (seed % (count - 1));
      const parts = stratifiedGroupKFold({ labels, groups, folds, seed });
      t.true(divides(parts, groups));
      t.deepEqual(ascending(parts.flatMap(({ test: rows }) => [...rows])), [...groups.keys()]);
      t.true(parts.every(({ test: rows }) => rows.length > 0));
      t.deepEqual(parts, stratifiedGroupKFold({ labels, groups, folds, seed }));
    }),
  );
});

test('stratified grouped folds keep the share of a rare class where groups differ in it', (t) => {
  // 40 groups of 10 rows; in every fourth the rare class makes up half.
  const groups = Uint32Array.from({ length: 400 }, (_, row) => Math.floor(row / 10));
  const labels = groups.map((group, row) => Number(group % 4 === 0 && row % 2 === 0));
  for (const seed of [1, 2, 3]) {
    for (const { test: rows } of stratifiedGroupKFold({ labels, groups, folds: 5, seed })) {
      t.is(rows.length, 80);
      t.is([...rows].filter((row) => labels[row] === 1).length, 10);
    }
  }
});

test('a split by groups divides none, leaves no part empty, and keeps its share where groups allow', (t) => {
  fc.assert(
    fc.property(codes, seeds, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (list, seed, testFraction) => {
      const groups = Uint32Array.from(list);
      fc.pre(new Set(list).size >= 2);
      const split = groupedSplit({ groups, testFraction, seed });
      t.true(divides([split], groups));
      t.true(split.test.length > 0 && split.train.length > 0);
      t.deepEqual(split, groupedSplit({ groups, testFraction, seed }));
    }),
  );
  const groups = Uint32Array.from({ length: 1000 }, (_, row) => row % 100);
  t.is(groupedSplit({ groups, testFraction: 0.2, seed: 1 }).test.length, 200);
  t.notDeepEqual(
    groupedSplit({ groups, testFraction: 0.2, seed: 1 }),
    groupedSplit({ groups, testFraction: 0.2, seed: 2 }),
  );
  t.is(groupedSplit({ groups, testFraction: 0, seed: 1 }).test.length, 0);
});

test('more folds than groups, one group alone and unequal lengths are refused', (t) => {
  const groups = Uint32Array.of(4, 4, 7);
  t.throws(() => groupKFold({ groups, folds: 3, seed: 0 }), {
    message: 'folds: 3 must be 2 to 2, the number of groups',
  });
  t.throws(() => groupKFold({ groups, folds: 1, seed: 0 }), { message: /^folds: 1 must be 2/ });
  t.throws(() => stratifiedGroupKFold({ labels: groups, groups, folds: 2.5, seed: 0 }), { message: /^folds: 2.5/ });
  t.throws(() => stratifiedGroupKFold({ labels: Uint32Array.of(1), groups, folds: 2, seed: 0 }), {
    message: 'labels: 1 codes must be 3, one per row',
  });
  t.throws(() => groupedSplit({ groups: Uint32Array.of(1, 1), testFraction: 0.5, seed: 0 }), {
    message: /^groups: 1 must be at least 2/,
  });
  t.throws(() => groupedSplit({ groups, testFraction: 1, seed: 0 }), { message: /^test_fraction: 1/ });
});
