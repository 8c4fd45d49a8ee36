import test from 'ava';
import { completeRows, firstMissingFeature } from '../../../native/recipe/missing-features.js';

test('the first missing feature and the rows without one are found', (t) => {
  const data = Float32Array.of(1, 2, Number.NaN, 4, 5, 6, 7, Number.NaN);
  const matrix = { data, rowCount: 4, columnCount: 2 };
  t.is(firstMissingFeature(matrix), 2);
  t.deepEqual([...completeRows(matrix)], [0, 2]);
  const whole = { data: Float32Array.of(1, 2, 3), rowCount: 3, columnCount: 1 };
  t.is(firstMissingFeature(whole), -1);
  t.deepEqual([...completeRows(whole)], [0, 1, 2]);
  const empty = { data: new Float32Array(0), rowCount: 0, columnCount: 3 };
  t.is(firstMissingFeature(empty), -1);
  t.is(completeRows(empty).length, 0);
});
