import test from 'ava';
import { fitEstimator } from '../../../native/estimators/fit.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import type { Model } from '../../../native/estimators/model.js';
import { TensorReader } from '../../../native/estimators/tensors.js';
import { treeExplainer } from '../../../native/explain/tree-shap.js';
import type { Matrix } from '../../../native/table/matrix.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { twoClasses } from '../learn/data.js';
import { shapleyOfSum, treesOf } from './shapley.js';

const columnCount = 5;

interface Case {
  readonly what: string;
  readonly features: Matrix;
  readonly target: Float64Array;
  readonly classCount: number;
  readonly categorical?: Uint8Array;
  readonly parameters?: Record<string, unknown>;
}

/** Rows of four numbers and a category, and targets of every kind. */
function cases(rowCount: number): Case[] {
  const { features, target } = twoClasses(rowCount, columnCount);
  const data = features.data.map((x, index) => (index % columnCount === 4 ? Math.floor(Math.abs(x) * 7) % 40 : x));
  const whole = { ...features, data };
  const gaps = { ...whole, data: data.map((x, index) => (index % 7 === 0 ? Number.NaN : x)) };
  // The category decides in part, and not by its order.
  const odd = target.map((value, row) => ((data[row * columnCount + 4] ?? 0) % 3 === 1 ? 1 - value : value));
  const three = odd.map((value, row) => ((data[row * columnCount] ?? 0) > 0.4 ? 2 : value));
  const amount = odd.map((value, row) => 3 * value + Math.abs(data[row * columnCount] ?? 0));
  const categorical = Uint8Array.of(0, 0, 0, 0, 1);
  return [
    { what: 'two classes', features: whole, target, classCount: 2 },
    { what: 'two classes with gaps and a category', features: gaps, target: odd, classCount: 2, categorical },
    { what: 'three classes with gaps and a category', features: gaps, target: three, classCount: 3, categorical },
    { what: 'three classes', features: whole, target: three, classCount: 3 },
    { what: 'a regression with a category', features: whole, target: amount, classCount: 0, categorical },
    {
      what: 'counts with gaps',
      features: gaps,
      target: amount.map(Math.round),
      classCount: 0,
      parameters: { loss: 'poisson' },
    },
  ];
}

function boost({ features, target, classCount, categorical, parameters }: Case, rounds = 8): Promise<Model> {
  return fitEstimator({
    estimator: 'gradient-boosting',
    parameters: { n_estimators: rounds, learning_rate: 0.3, min_samples_leaf: 5, ...parameters },
    task: classCount === 0 ? 'regression' : 'classification',
    features,
    target,
    classCount,
    categorical,
    seed: 3,
  });
}

/** What predictions are of the scores that are explained. */
function predictedFrom(scores: readonly number[], classCount: number, loss: unknown): number[] {
  if (classCount === 0) return scores.map((score) => (loss === 'poisson' ? Math.exp(score) : score));
  const all = classCount === 2 ? [0, scores[0] ?? Number.NaN] : scores;
  const powers = all.map((score) => Math.exp(score - Math.max(...all)));
  return powers.map((power) => power / powers.reduce((a, b) => a + b));
}

for (const each of cases(500)) {
  test(`contributions to ${each.what} are Shapley values by enumeration of all coalitions`, async (t) => {
    const { features, categorical } = each;
    const model = await boost(each);
    const trees = treesOf(model);
    t.is(trees.sets.length > 0, categorical !== undefined);
    const base = new TensorReader(model.toTensors().tensors).take('base', 'F64', [null]);
    const explainer = await treeExplainer(model);
    const { values, outputCount, baseValues } = await explainer.explain(features);
    t.is(outputCount, each.classCount === 3 ? 3 : 1);
    for (let row = 0; row < 25; row++) {
      // The last ones have categories that were never seen.
      const x = features.data.slice(row * columnCount, (row + 1) * columnCount);
      if (row > 20) x[4] = 41.5;
      const unseen = await explainer.explain({ data: x, rowCount: 1, columnCount });
      for (let output = 0; output < outputCount; output++) {
        const wanted = shapleyOfSum(trees, x, output, outputCount);
        t.true(Math.abs(wanted.empty + (base[output] ?? 0) - (baseValues[output] ?? Number.NaN)) < 1e-12);
        wanted.values.forEach((value, feature) => {
          const ours = unseen.values[output * columnCount + feature] ?? Number.NaN;
          t.true(Math.abs(ours - value) < 1e-12, `${ours} against ${value}`);
          if (row <= 20) t.is(values[(row * outputCount + output) * columnCount + feature], ours);
        });
      }
    }
  });

  test(`base value and contributions sum to the score behind every prediction of ${each.what}`, async (t) => {
    const { features, classCount, parameters } = each;
    const model = await boost(each, 40);
    const explainer = await treeExplainer(model);
    t.is(
      explainer.space,
      classCount === 0 ? (parameters === undefined ? 'value' : 'log-value') : classCount === 2 ? 'log-odds' : 'score',
    );
    const { values, outputCount, baseValues } = await explainer.explain(features);
    const predicted = await model.predict(features);
    const width = Math.max(1, classCount);
    for (let row = 0; row < features.rowCount; row++) {
      const scores = Array.from({ length: outputCount }, (_, output) => {
        const start = (row * outputCount + output) * columnCount;
        return values.subarray(start, start + columnCount).reduce((a, b) => a + b, baseValues[output] ?? Number.NaN);
      });
      predictedFrom(scores, classCount, parameters?.loss).forEach((value, index) => {
        const seen = predicted[row * width + index] ?? Number.NaN;
        t.true(Math.abs(value - seen) <= 1e-6 * Math.max(Math.abs(seen), 1e-3), `${value} against ${seen}`);
      });
    }
  });
}

test.serial('boosted rows are explained with the same bits in any company, at any number of threads', async (t) => {
  const before = threadCount();
  t.teardown(() => setThreads(before));
  for (const each of cases(600)) {
    const { features } = each;
    const model = await boost(each, 21);
    const explainer = await treeExplainer(model);
    setThreads(1);
    const all = await explainer.explain(features);
    const width = all.outputCount * columnCount;
    for (const threads of [1, 2, 5]) {
      setThreads(threads);
      t.deepEqual((await explainer.explain(features)).values, all.values);
      const part = { ...features, data: features.data.subarray(0, 17 * columnCount), rowCount: 17 };
      t.deepEqual((await explainer.explain(part)).values, all.values.slice(0, 17 * width));
    }
    const copy = loadModel(model.toTensors());
    t.deepEqual((await (await treeExplainer(copy)).explain(features)).values, all.values);
  }
});

test('a boosted model of many classes times features is refused with both numbers', async (t) => {
  const features = { data: new Float32Array(300 * 1000), rowCount: 300, columnCount: 1000 };
  const target = Float64Array.from({ length: 300 }, (_, row) => row);
  const model = await boost({ what: '', features, target, classCount: 300 }, 1);
  await t.throwsAsync(treeExplainer(model), {
    message:
      'gradient-boosting: 1000 features and 300 classes are too many to explain; their product must be <= 262144',
  });
});
