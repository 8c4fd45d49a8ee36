import test from 'ava';
import { fitEstimator } from '../../../native/estimators/fit.js';
import { groupsOf } from '../../../native/explain/feature-groups.js';
import { sampledExplainer } from '../../../native/explain/sampled-shap.js';
import { twoClasses } from '../learn/data.js';
import { shapleyOf } from './shapley.js';

const columnCount = 5;
const { features, target } = twoClasses(300, columnCount);
const background = { data: features.data.slice(0, 8 * columnCount), rowCount: 8, columnCount };
const model = await fitEstimator({
  estimator: 'k-nearest-neighbors',
  parameters: { n_neighbors: 7 },
  task: 'classification',
  features,
  target,
  classCount: 2,
  seed: 1,
});

/** What the model gives on average where a row's features of a coalition of groups are known. */
async function answers(row: Float32Array, groups: readonly (readonly number[])[], output: number): Promise<number[]> {
  const found: number[] = [];
  for (let coalition = 0; coalition < 2 ** groups.length; coalition++) {
    const data = background.data.slice();
    for (const [index, own] of groups.entries()) {
      if (!((coalition >> index) & 1)) continue;
      for (const feature of own) {
        for (let at = feature; at < data.length; at += columnCount) data[at] = row[feature] ?? 0;
      }
    }
    const scores = await model.predict({ ...background, data });
    found.push(scores.reduce((sum, score, index) => sum + (index % 2 === output ? score : 0), 0) / 8);
  }
  return found;
}

test('of two groups sampling is exact: an order and its reverse are all there are', async (t) => {
  const groups = groupsOf([2, 3]);
  const explainer = await sampledExplainer(model, { background, groups, seed: 0 });
  const { values, outputCount } = await explainer.explain(features);
  for (let row = 0; row < 15; row++) {
    const x = features.data.subarray(row * columnCount, (row + 1) * columnCount);
    for (const output of [0, 1]) {
      shapleyOf(await answers(x, groups, output), 2).forEach((value, group) => {
        t.true(Math.abs(value - (values[(row * outputCount + output) * 2 + group] ?? Number.NaN)) < 1e-6);
      });
    }
  }
});

test('of more groups sums are exact and their division is near, the same every time and in any company', async (t) => {
  const groups = groupsOf([1, 1, 1, 1, 1]);
  const explainer = await sampledExplainer(model, { background, groups, seed: 0 });
  t.like(explainer, { space: 'probability', method: 'sampling', featureCount: 5, outputCount: 2 });
  const few = { ...features, data: features.data.slice(0, 40 * columnCount), rowCount: 40 };
  const { values } = await explainer.explain(few);
  const predicted = await model.predict(few);
  let worst = 0;
  for (let row = 0; row < 40; row++) {
    for (const output of [0, 1]) {
      const start = (row * 2 + output) * 5;
      const sum = values.subarray(start, start + 5).reduce((a, b) => a + b, explainer.baseValues[output] ?? Number.NaN);
      t.true(Math.abs(sum - (predicted[row * 2 + output] ?? Number.NaN)) < 1e-6);
    }
    if (row >= 10) continue;
    const exact = shapleyOf(await answers(few.data.subarray(row * 5, row * 5 + 5), groups, 1), 5);
    exact.forEach((value, group) => {
      worst = Math.max(worst, Math.abs(value - (values[(row * 2 + 1) * 5 + group] ?? Number.NaN)));
    });
  }
  t.true(worst > 0 && worst < 0.15, `${worst}`);
  const again = await sampledExplainer(model, { background, groups, seed: 0 });
  const one = { ...features, data: features.data.slice(7 * columnCount, 8 * columnCount), rowCount: 1 };
  t.deepEqual((await again.explain(one)).values, values.slice(7 * 10, 8 * 10));
  const other = await sampledExplainer(model, { background, groups, seed: 1 });
  t.notDeepEqual((await other.explain(one)).values, values.slice(7 * 10, 8 * 10));
});

test('sampling refuses too many groups and no background, and obeys a signal', async (t) => {
  const wide = { ...model, featureCount: 5000 };
  await t.throwsAsync(sampledExplainer(wide, { background, groups: groupsOf(new Array(5000).fill(1)), seed: 0 }), {
    message:
      'k-nearest-neighbors: 5000 groups of 5000 features are too many to sample; their product must be <= 16777216',
  });
  const groups = groupsOf([5]);
  const none = { data: new Float32Array(), rowCount: 0, columnCount };
  await t.throwsAsync(sampledExplainer(model, { background: none, groups, seed: 0 }), {
    message: /^background.rowCount: 0 must be >= 1/,
  });
  const explainer = await sampledExplainer(model, { background, groups, seed: 0 });
  const abort = new AbortController();
  const onProgress = () => abort.abort(new Error('enough'));
  await t.throwsAsync(explainer.explain(features, { signal: abort.signal, onProgress }), { message: 'enough' });
});
