import test from 'ava';
import { fitEstimator } from '../../../native/estimators/fit.js';
import { exactMethodOf } from '../../../native/explain/exact-method.js';
import { linearExplainer } from '../../../native/explain/linear-shap.js';
import { twoClasses } from '../learn/data.js';
import { shapleyOf } from './shapley.js';

const columnCount = 4;
const { features, target } = twoClasses(400, columnCount);
const three = target.map((value, row) => (row % 3 === 0 ? 2 : value));
const means = Float64Array.from({ length: columnCount }, (_, c) => 0.1 * c - 0.2);

const cases = [
  ['linear-regression', 'regression', target, 0],
  ['logistic-regression', 'classification', target, 2],
  ['logistic-regression', 'classification', three, 3],
] as const;

const trained = ([estimator, task, wanted, classCount]: (typeof cases)[number]) =>
  fitEstimator({ estimator, parameters: {}, task, features, target: wanted, classCount, seed: 1 });

/** Predictions or probabilities from margins. */
function answerOf(margins: readonly number[], classCount: number): number[] {
  if (classCount === 0) return [...margins];
  const all = classCount === 2 ? [0, margins[0] ?? Number.NaN] : margins;
  const powers = all.map((margin) => Math.exp(margin - Math.max(...all)));
  return powers.map((power) => power / powers.reduce((a, b) => a + b));
}

for (const each of cases) {
  const [estimator, , , classCount] = each;
  test(`contributions to ${estimator} of ${classCount} classes sum to its margin and are Shapley values`, async (t) => {
    const model = await trained(each);
    const explainer = linearExplainer(model, means);
    t.is(explainer.space, classCount === 0 ? 'value' : classCount === 2 ? 'log-odds' : 'score');
    t.is(explainer.outputCount, classCount === 3 ? 3 : 1);
    const { values, outputCount, baseValues } = await explainer.explain(features);
    const predicted = await model.predict(features);
    const width = Math.max(1, classCount);
    const tensor = model.toTensors().tensors.find(({ name }) => name === 'weights');
    const weights = new Float64Array(Uint8Array.from(tensor?.data ?? []).buffer);
    for (let row = 0; row < features.rowCount; row++) {
      const x = features.data.subarray(row * columnCount, (row + 1) * columnCount);
      const margins = Array.from({ length: outputCount }, (_, output) => {
        const start = (row * outputCount + output) * columnCount;
        const own = values.subarray(start, start + columnCount);
        if (row < 20) {
          // A feature that a coalition does not hold has its mean.
          const answers = Array.from({ length: 2 ** columnCount }, (_, coalition) =>
            x.reduce((sum, value, c) => {
              const seen = (coalition >> c) & 1 ? value : (means[c] ?? 0);
              return sum + (weights[output * columnCount + c] ?? 0) * seen;
            }, 0),
          );
          shapleyOf(answers, columnCount).forEach((value, c) => {
            t.true(Math.abs(value - (own[c] ?? Number.NaN)) < 1e-12);
          });
        }
        return own.reduce((sum, value) => sum + value, baseValues[output] ?? Number.NaN);
      });
      answerOf(margins, classCount).forEach((value, index) => {
        t.true(Math.abs(value - (predicted[row * width + index] ?? Number.NaN)) < 1e-5);
      });
    }
  });
}

test('a linear model whose file does not tell the means has no exact explanation', (t) => {
  const imported = {
    estimator: 'linear-regression',
    classCount: 0,
    featureCount: columnCount,
    predict: async () => new Float32Array(),
    toTensors: () => ({ tensors: [] }),
  };
  t.throws(() => exactMethodOf(imported), {
    message:
      'linear-regression: its file does not tell the means of its training rows, as those of imported models do not',
  });
});

test('other models, means and features are refused, and an aborted signal ends an explanation', async (t) => {
  const model = await trained(cases[0]);
  const forest = await fitEstimator({
    estimator: 'random-forest',
    parameters: { n_estimators: 2 },
    task: 'regression',
    features,
    target,
    classCount: 0,
    seed: 0,
  });
  t.throws(() => linearExplainer(forest, means), { message: /^model: "random-forest" must be a linear model/ });
  t.throws(() => linearExplainer(model, new Float64Array(3)), { message: /^means: 3 must be 4/ });
  t.throws(() => linearExplainer(model, means.with(1, Number.NaN)), { message: /^means\[1\]: NaN must be finite/ });
  const explainer = linearExplainer(model, means);
  const gap = { ...features, data: features.data.with(5, Number.NaN) };
  await t.throwsAsync(explainer.explain(gap), { message: /^features column 1: NaN/ });
  const long = { data: new Float32Array(4 * 600_000), rowCount: 600_000, columnCount: 4 };
  const abort = new AbortController();
  const explaining = explainer.explain(long, {
    signal: abort.signal,
    onProgress: () => abort.abort(new Error('enough')),
  });
  await t.throwsAsync(explaining, { message: 'enough' });
  explainer.dispose();
  await t.throwsAsync(explainer.explain(features), { message: /^explainer: "\(disposed of\)"/ });
});
