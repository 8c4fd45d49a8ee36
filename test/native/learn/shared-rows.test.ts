import test from 'ava';
import { addon } from '../../../native/addon.js';
import { fitEstimator } from '../../../native/estimators/fit.js';
import type { Matrix } from '../../../native/table/matrix.js';
import { sharedFloats } from '../../../native/table/shared-floats.js';
import { digestOf, twoClasses } from './data.js';

/** The same numbers where fits read them in place. */
function shared({ data, rowCount, columnCount }: Matrix): Matrix {
  const copy = addon.sharedFloats(data.length);
  copy.set(data);
  return { data: copy, rowCount, columnCount };
}

test('large arrays are zeros that scripts write to as to any other', (t) => {
  const floats = sharedFloats(2 ** 20 + 3);
  t.is(floats.length, 2 ** 20 + 3);
  t.is(floats.byteOffset, 0);
  t.true(floats.every((value) => value === 0));
  floats[floats.length - 1] = 7;
  t.is(floats.at(-1), 7);
  t.is(sharedFloats(0).length, 0);
});

test('lengths that are none, or beyond the memory, are refused with the bound', (t) => {
  t.throws(() => sharedFloats(-1), { message: /length -1 must be/ });
  t.throws(() => sharedFloats(1.5), { message: /length 1.5 must be/ });
  t.throws(() => sharedFloats(2 ** 50), { instanceOf: RangeError, message: /length/ });
});

for (const [name, shift] of [
  ['about zero', 0],
  ['far from zero', 1000],
] as const) {
  for (const [estimator, parameters] of [
    ['logistic-regression', {}],
    ['logistic-regression', { solver: 'sgd', max_iter: 2 }],
    ['logistic-regression', { solver: 'gd', max_iter: 3, early_stopping: false }],
    ['linear-regression', {}],
    ['linear-regression', { solver: 'adam', max_iter: 2 }],
    ['gaussian-naive-bayes', {}],
    ['multinomial-naive-bayes', {}],
  ] as const) {
    const title = `${estimator} ${JSON.stringify(parameters)} learns the same from shared rows ${name}`;
    test(`${title}, which stay as they are`, async (t) => {
      const { features, target } = twoClasses(3000, 12);
      const given = { ...features, data: features.data.map((x) => Math.abs(x + shift)) };
      const classification = estimator !== 'linear-regression';
      const learned = async (matrix: Matrix) => {
        const model = await fitEstimator({
          estimator,
          parameters,
          task: classification ? 'classification' : 'regression',
          features: matrix,
          target,
          classCount: classification ? 2 : 0,
          seed: 3,
        });
        return digestOf(model);
      };
      const matrix = shared(given);
      t.is(await learned(matrix), await learned(given));
      t.deepEqual(matrix.data, given.data);
    });
  }
}

test('shared rows that are not finite are refused by row and column', async (t) => {
  const { features, target } = twoClasses(1000, 5);
  const matrix = shared(features);
  for (const estimator of ['logistic-regression', 'gaussian-naive-bayes', 'multinomial-naive-bayes']) {
    const learn = () =>
      fitEstimator({
        estimator,
        parameters: {},
        task: 'classification',
        features: matrix,
        target,
        classCount: 2,
        seed: 0,
      });
    matrix.data[5 * 400 + 2] = Number.POSITIVE_INFINITY;
    await t.throwsAsync(learn(), { message: /features column 2: Infinity .*; row 400/ });
    matrix.data[5 * 400 + 2] = Number.NaN;
    await t.throwsAsync(learn(), { message: /features column 2: NaN .*; row 400/ });
  }
});

test('rows in the middle of a shared array are learned from where they are', async (t) => {
  const { features, target } = twoClasses(1000, 8);
  const around = addon.sharedFloats(features.data.length + 10).fill(Number.NaN);
  const data = around.subarray(4, 4 + features.data.length);
  data.set(features.data);
  const request = {
    estimator: 'logistic-regression',
    parameters: {},
    task: 'classification',
    target,
    classCount: 2,
    seed: 0,
  } as const;
  const inside = await fitEstimator({ ...request, features: { ...features, data } });
  t.is(digestOf(inside), digestOf(await fitEstimator({ ...request, features })));
});
