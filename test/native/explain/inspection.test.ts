import test from 'ava';
import { fitEstimator } from '../../../native/estimators/fit.js';
import { partialDependence } from '../../../native/explain/partial-dependence.js';
import { permutationImportance } from '../../../native/explain/permutation-importance.js';
import { measureOne } from '../../../native/metrics/measure.js';
import { numbers, twoClasses } from '../learn/data.js';

const { features, target } = twoClasses(1200, 6);
const forest = await fitEstimator({
  estimator: 'random-forest',
  parameters: { n_estimators: 30 },
  task: 'classification',
  features,
  target,
  classCount: 2,
  seed: 1,
});
// 3 times the first column less the third.
const next = numbers(8);
const data = Float32Array.from({ length: 3000 }, () => next());
const sloped = { data, rowCount: 1000, columnCount: 3 };
const amounts = Float64Array.from({ length: 1000 }, (_, row) => 3 * (data[3 * row] ?? 0) - (data[3 * row + 2] ?? 0));
const line = await fitEstimator({
  estimator: 'linear-regression',
  parameters: {},
  task: 'regression',
  features: sloped,
  target: amounts,
  classCount: 0,
  seed: 1,
});

test('permuting the columns that matter costs accuracy, and permuting others nothing', async (t) => {
  const { metric, baseline, mean, stdDev, values } = await permutationImportance({ model: forest, features, target });
  t.is(metric, 'accuracy');
  const outputs = await forest.predict(features);
  t.is(baseline, measureOne({ task: 'classification', classCount: 2, outputs, target }, 'accuracy') ?? -1);
  t.is(values.length, 30);
  t.true(Math.min(...mean.subarray(0, 3)) > 0.05);
  t.true(Math.max(...mean.subarray(3)) < 0.05);
  t.true(stdDev.every((value) => value >= 0 && value < 0.05));
});

test('for every metric a column that matters has an importance above 0, whichever way is better', async (t) => {
  for (const metric of ['log_loss', 'brier_score', 'roc_auc', 'f1', 'matthews_corrcoef']) {
    const { mean } = await permutationImportance({ model: forest, features, target, metric, repeats: 2 });
    t.true((mean[0] ?? 0) > (mean[5] ?? 0) && (mean[0] ?? 0) > 0, metric);
  }
  const { mean, metric } = await permutationImportance({ model: line, features: sloped, target: amounts });
  t.is(metric, 'rmse');
  // A permuted value is off by a difference of two uniform ones: sqrt(1/6) on the mean square.
  t.true(Math.abs((mean[0] ?? 0) - 3 * Math.sqrt(1 / 6)) < 0.1);
  t.true(Math.abs((mean[2] ?? 0) - Math.sqrt(1 / 6)) < 0.05);
  t.true(Math.abs(mean[1] ?? 1) < 1e-3);
});

test('importances repeat with the seed, and a group is permuted as one', async (t) => {
  const importance = (seed: number, groups?: number[][]) =>
    permutationImportance({ model: line, features: sloped, target: amounts, repeats: 3, seed, groups });
  t.deepEqual(await importance(4), await importance(4));
  t.notDeepEqual((await importance(4)).values, (await importance(5)).values);
  // Both parts of the sum move together: what is lost is the whole.
  const whole = await importance(4, [[0, 2]]);
  t.true(Math.abs((whole.mean[0] ?? 0) - Math.sqrt(10 / 6)) < 0.1);
});

test('weights decide which rows count', async (t) => {
  // Only rows that the model predicts rightly count.
  const outputs = await forest.predict(features);
  const weights = target.map((label, row) => Number((outputs[2 * row + 1] ?? 0) > 0.5 === (label === 1)));
  const { baseline } = await permutationImportance({ model: forest, features, target, weights, repeats: 1 });
  t.is(baseline, 1);
});

test('importance refuses arguments by name and obeys a signal', async (t) => {
  const refuse = (change: object, message: RegExp) =>
    t.throwsAsync(permutationImportance({ model: forest, features, target, ...change }), { message });
  await refuse({ metric: 'rmse' }, /^metric: "rmse" must be a metric of classification/);
  await refuse({ repeats: 0 }, /^repeats: 0 must be a whole number from 1 to 1000/);
  await refuse({ groups: [[]] }, /^groups\[0\]: 0 must name at least one column/);
  await refuse({ groups: [[0], [6]] }, /^groups\[1\]: 6 must be a column below 6/);
  await refuse({ target: [1] }, /^target: 1 must be 1200, one per row/);
  await refuse({ features: sloped }, /^features.columnCount: 3 must be 6/);
  await refuse({ metric: 'roc_auc', weights: new Float64Array(1200) }, /^metric: "roc_auc" must be defined on these/);
  const abort = new AbortController();
  const onProgress = () => abort.abort(new Error('enough'));
  await refuse({ signal: abort.signal, onProgress }, /^enough$/);
});

test('the partial dependence of a linear model is its line, over quantiles of the column', async (t) => {
  const { grid, values, outputCount } = await partialDependence({ model: line, features: sloped, column: 0 });
  t.is(outputCount, 1);
  t.is(grid.length, 20);
  t.true(Math.abs((grid[0] ?? 0) - 0.05) < 0.03 && Math.abs((grid[19] ?? 0) - 0.95) < 0.03);
  for (let place = 1; place < grid.length; place++) {
    const step = (grid[place] ?? 0) - (grid[place - 1] ?? 0);
    t.true(Math.abs((values[place] ?? 0) - (values[place - 1] ?? 0) - 3 * step) < 1e-3);
  }
});

test('partial dependence is the mean of predictions with the column set, in every batch size', async (t) => {
  const grid = Float32Array.of(-0.5, 0, 0.5);
  const many = await partialDependence({ model: forest, features, column: 1, grid, sampleRows: 1200 });
  t.is(many.outputCount, 2);
  for (const [place, value] of grid.entries()) {
    const set = { ...features, data: features.data.map((x, index) => (index % 6 === 1 ? value : x)) };
    const outputs = await forest.predict(set);
    for (const output of [0, 1]) {
      const mean = outputs.reduce((sum, x, index) => sum + (index % 2 === output ? x : 0), 0) / 1200;
      t.true(Math.abs((many.values[place * 2 + output] ?? 0) - mean) < 1e-12);
    }
  }
  const repeats = 30;
  const copies = new Float32Array(features.data.length * repeats);
  for (let copy = 0; copy < repeats; copy++) copies.set(features.data, copy * features.data.length);
  const long = { ...features, data: copies, rowCount: 1200 * repeats };
  const split = await partialDependence({ model: forest, features: long, column: 1, grid, sampleRows: 36_000 });
  for (const [index, value] of split.values.entries()) t.true(Math.abs(value - (many.values[index] ?? 0)) < 1e-9);
});

test('few distinct values are all taken, missing ones not, and a sample repeats with the seed', async (t) => {
  const steps = {
    ...features,
    data: features.data.map((x, index) => (index % 6 === 2 ? (index % 5 === 0 ? Number.NaN : Math.round(x)) : x)),
  };
  const dependence = (seed: number) =>
    partialDependence({ model: forest, features: steps, column: 2, sampleRows: 50, seed });
  t.deepEqual([...(await dependence(1)).grid], [-1, 0, 1]);
  t.deepEqual(await dependence(1), await dependence(1));
  t.notDeepEqual(await dependence(1), await dependence(2));
});

test('partial dependence refuses arguments by name', async (t) => {
  const refuse = (change: object, message: RegExp) =>
    t.throwsAsync(partialDependence({ model: forest, features, column: 0, ...change }), { message });
  await refuse({ column: 6 }, /^column: 6 must be a whole number from 0 to 5/);
  await refuse({ gridSize: 1 }, /^gridSize: 1 must be a whole number from 2 to 1000/);
  await refuse({ sampleRows: 0 }, /^sampleRows: 0 must be a whole number from 1 to 1000000/);
  await refuse({ grid: new Float32Array() }, /^grid: 0 must be 1 to 1000 values/);
  await refuse({ grid: Float32Array.of(1, 1) }, /^grid\[1\]: 1 must be above the one before/);
  await refuse({ grid: Float32Array.of(Number.NaN) }, /^grid\[0\]: NaN must be finite/);
  await refuse({ features: { ...features, data: new Float32Array(7200).fill(Number.NaN) } }, /^column: 0 must have/);
  await refuse({ features: { ...features, data: new Float32Array(), rowCount: 0 } }, /^features.rowCount: 0 must be/);
  await refuse({ signal: AbortSignal.abort(new Error('enough')) }, /^enough$/);
});
