import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { calibrationBins } from '../../../native/metrics/calibration.js';
import { metrics } from '../../../native/metrics/catalogue.js';
import { classificationMetrics } from '../../../native/metrics/classification-metrics.js';
import { inertia, silhouette } from '../../../native/metrics/clustering-metrics.js';
import { confusionMatrix } from '../../../native/metrics/outcomes.js';
import { regressionMetrics } from '../../../native/metrics/regression-metrics.js';
import { packageRoot } from '../../../proto/root.js';

// What scikit-learn makes of the same answers: scripts/fixtures/metrics.py.
interface Classes {
  classCount: number;
  labels: number[];
  probabilities: number[];
  weights: number[];
  expected: { metrics: Record<string, number>; confusion: number[] };
  expectedWeighted: { metrics: Record<string, number>; confusion: number[] };
  calibration: { observed: number[]; predicted: number[] };
}
const fixture = JSON.parse(readFileSync(join(packageRoot, 'test', 'fixtures', 'metrics.json'), 'utf8')) as {
  twoClasses: Classes;
  fourClasses: Classes;
  numbers: {
    target: number[];
    predictions: number[];
    weights: number[];
    expected: Record<string, number>;
    expectedWeighted: Record<string, number>;
  };
  clusters: { labels: number[]; features: number[]; silhouette: number; inertia: number };
};

const near = (ours: number | null | undefined, theirs: number) =>
  typeof ours === 'number' && Math.abs(ours - theirs) <= 1e-12 * Math.max(1, Math.abs(theirs));

for (const name of ['twoClasses', 'fourClasses'] as const) {
  for (const weighted of [false, true]) {
    test(`classification metrics of ${name}${weighted ? ' with weights' : ''} are scikit-learn's`, (t) => {
      const { classCount, labels, probabilities, weights, ...expected } = fixture[name];
      const { metrics: wanted, confusion } = weighted ? expected.expectedWeighted : expected.expected;
      const given = weighted ? weights : undefined;
      const names = metrics
        .filter(({ task, twoClassesOnly }) => task === 'classification' && !(twoClassesOnly && classCount > 2))
        .map((metric) => metric.name);
      t.deepEqual([...names].sort(), Object.keys(wanted).sort());
      for (const data of [Float32Array.from(probabilities), Float64Array.from(probabilities, Math.fround)]) {
        const ours = classificationMetrics(data, labels, classCount, { weights: given, names });
        t.is(ours.length, names.length);
        for (const { name: metric, value } of ours) t.true(near(value, wanted[metric] ?? Number.NaN), metric);
        const counts = confusionMatrix(data, labels, classCount, given);
        t.true(confusion.every((count, cell) => near(counts[cell], count)));
      }
    });
  }
}

for (const weighted of [false, true]) {
  test(`regression metrics${weighted ? ' with weights' : ''} are scikit-learn's`, (t) => {
    const { target, predictions, weights, expected, expectedWeighted } = fixture.numbers;
    const { 'pinball_loss at 0.9': high, ...wanted } = weighted ? expectedWeighted : expected;
    const given = weighted ? weights : undefined;
    const names = metrics.filter(({ task }) => task === 'regression').map((metric) => metric.name);
    t.deepEqual([...names].sort(), Object.keys(wanted).sort());
    for (const { name, value } of regressionMetrics(predictions, target, { weights: given, names })) {
      t.true(near(value, wanted[name] ?? Number.NaN), name);
    }
    const options = { weights: given, names: ['pinball_loss'], quantile: 0.9 };
    t.true(near(regressionMetrics(predictions, target, options)[0]?.value, high ?? Number.NaN));
  });
}

test("calibration bins are scikit-learn's", (t) => {
  const { classCount, labels, probabilities, calibration } = fixture.twoClasses;
  const bins = calibrationBins(Float32Array.from(probabilities), labels, classCount).filter(({ weight }) => weight > 0);
  t.is(bins.length, calibration.observed.length);
  for (const [index, { observed, predicted }] of bins.entries()) {
    t.true(near(observed, calibration.observed[index] ?? Number.NaN));
    t.true(near(predicted, calibration.predicted[index] ?? Number.NaN));
  }
});

test("silhouette and inertia are scikit-learn's, a cluster of one row included", (t) => {
  const { labels, features, ...expected } = fixture.clusters;
  const matrix = { data: Float32Array.from(features), rowCount: labels.length, columnCount: 2 };
  t.true(near(silhouette(matrix, labels), expected.silhouette));
  t.true(near(inertia(matrix, labels), expected.inertia));
});
