import test from 'ava';
import fc from 'fast-check';
import { ascendingOrder } from '../../../native/metrics/ascending-order.js';
import { calibrationBins, expectedCalibrationError } from '../../../native/metrics/calibration.js';
import { defaultMetric, metrics, resolveMetric } from '../../../native/metrics/catalogue.js';
import { classificationMetrics } from '../../../native/metrics/classification-metrics.js';
import { inertia, silhouette } from '../../../native/metrics/clustering-metrics.js';
import { isBetter, measure, measureOne } from '../../../native/metrics/measure.js';
import { MetricError } from '../../../native/metrics/metric-error.js';
import { regressionMetrics } from '../../../native/metrics/regression-metrics.js';

const namesOf = (task: string) => metrics.filter((metric) => metric.task === task).map(({ name }) => name);
const valuesOf = (list: readonly { name: string; value: number }[]) =>
  Object.fromEntries(list.map(({ name, value }) => [name, value]));

/** Rows of a classifier's answers, each with a whole weight. */
const answers = (classCount: number) =>
  fc.array(
    fc.record({
      label: fc.nat(classCount - 1),
      scores: fc.array(fc.integer({ min: 0, max: 8 }), { minLength: classCount, maxLength: classCount }),
      weight: fc.nat(3),
    }),
    { maxLength: 40 },
  );

const shares = (scores: readonly number[]) => {
  const sum = scores.reduce((a, b) => a + b + 0.125, 0);
  return scores.map((score) => (score + 0.125) / sum);
};

for (const classCount of [2, 3]) {
  test(`a whole weight counts as that many rows, and values lie in their range, for ${classCount} classes`, (t) => {
    fc.assert(
      fc.property(answers(classCount), (rows) => {
        const names = namesOf('classification').filter(
          (name) => classCount === 2 || !metrics.find((metric) => metric.name === name)?.twoClassesOnly,
        );
        const measured = (given: typeof rows, weights?: number[]) =>
          classificationMetrics(
            Float64Array.from(given.flatMap(({ scores }) => shares(scores))),
            given.map(({ label }) => label),
            classCount,
            { weights, names },
          );
        const weighted = measured(
          rows,
          rows.map(({ weight }) => weight),
        );
        const repeated = measured(rows.flatMap((row) => Array<typeof row>(row.weight).fill(row)));
        t.deepEqual(
          weighted.map(({ name }) => name),
          repeated.map(({ name }) => name),
        );
        for (const [index, { name, value }] of weighted.entries()) {
          t.true(Math.abs(value - (repeated[index]?.value ?? Number.NaN)) < 1e-12, name);
          const { low, high } = resolveMetric(name, { task: 'classification' });
          t.true(value >= low && value <= high * (1 + 1e-12), `${name} ${value}`);
        }
      }),
    );
  });
}

test('a whole weight counts as that many rows in regression metrics', (t) => {
  const row = fc.record({ target: fc.nat(9), prediction: fc.nat(9), weight: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
      const measured = (given: typeof rows, weights?: number[]) =>
        regressionMetrics(
          given.map(({ prediction }) => prediction),
          given.map(({ target }) => target),
          { weights, names: namesOf('regression'), quantile: 0.2 },
        );
      const weights = rows.map(({ weight }) => weight);
      const repeated = valuesOf(measured(rows.flatMap((one) => Array<typeof one>(one.weight).fill(one))));
      for (const { name, value } of measured(rows, weights)) {
        // Two rows out of one are enough to repeat, one is not enough to vary.
        if (weights.filter((weight) => weight > 0).length < 2) continue;
        t.true(Math.abs(value - (repeated[name] ?? Number.NaN)) <= 1e-9 * Math.max(1, Math.abs(value)), name);
      }
    }),
  );
});

test('scores are put in ascending order, equal ones by place, whatever their sign, size and precision', (t) => {
  const score = fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, -0, 1, -1, 1e-310, Number.NEGATIVE_INFINITY));
  fc.assert(
    fc.property(fc.array(score, { maxLength: 100 }), (values) => {
      for (const scores of [Float64Array.from(values), Float32Array.from(values)]) {
        const wanted = [...scores.keys()].sort((a, b) => {
          const [left, right] = [scores[a] ?? 0, scores[b] ?? 0];
          return left < right ? -1 : left > right ? 1 : a - b;
        });
        t.deepEqual([...ascendingOrder(scores)], wanted);
      }
    }),
  );
});

test('what is not defined is left out', (t) => {
  const names = namesOf('classification');
  t.deepEqual(classificationMetrics([], [], 2), []);
  t.deepEqual(classificationMetrics([0.5, 0.5], [1], 2, { weights: [0] }), []);
  const oneClass = valuesOf(classificationMetrics([0.9, 0.1, 0.8, 0.2], [0, 0], 2, { names }));
  t.false('roc_auc' in oneClass || 'average_precision' in oneClass || 'matthews_corrcoef' in oneClass);
  t.is(oneClass['accuracy'], 1);
  t.is(oneClass['precision'], 0);
  const three = valuesOf(classificationMetrics([0.5, 0.3, 0.2], [0], 3));
  t.false('precision' in three || 'recall' in three || 'f1' in three);
  t.deepEqual(regressionMetrics([], []), []);
  const single = regressionMetrics([1], [2], { names: namesOf('regression') }).map(({ name }) => name);
  t.false(single.includes('r2') || single.includes('explained_variance'));
  t.is(measureOne({ task: 'regression', classCount: 0, outputs: [1], target: [2] }, 'r2'), null);
  t.is(expectedCalibrationError(calibrationBins([], [], 2)), null);
  const matrix = { data: new Float32Array(3), rowCount: 3, columnCount: 1 };
  t.is(silhouette(matrix, [0, 0, 0]), null);
  t.is(silhouette(matrix, [0, 1, 2]), null);
  t.is(inertia({ ...matrix, data: new Float32Array(), rowCount: 0 }, []), null);
});

test('predictions all of one class correlate with nothing', (t) => {
  const [metric] = classificationMetrics([0.9, 0.1, 0.8, 0.2], [0, 1], 2, { names: ['matthews_corrcoef'] });
  t.is(metric?.value, 0);
});

test('a sample of rows has about the silhouette of all, the same for the same seed', (t) => {
  const rowCount = 3000;
  const data = Float32Array.from({ length: rowCount }, (_, row) => (row % 2) * 3 + ((row * 7919) % 1000) / 1000);
  const labels = Uint32Array.from({ length: rowCount }, (_, row) => row % 2);
  const matrix = { data, rowCount, columnCount: 1 };
  const all = silhouette(matrix, labels) ?? 0;
  const some = silhouette(matrix, labels, { sampleRows: 500, seed: 3 });
  t.true(Math.abs((some ?? 0) - all) < 0.02);
  t.is(silhouette(matrix, labels, { sampleRows: 500, seed: 3 }), some);
  t.not(silhouette(matrix, labels, { sampleRows: 500, seed: 4 }), some);
});

test('wrong lengths, labels, weights and options are refused by name', (t) => {
  const refusals: [() => unknown, RegExp][] = [
    [() => classificationMetrics([1], [0], 2), /^probabilities: 1 values must be 2$/],
    [() => classificationMetrics([0.5, 0.5], [2], 2), /^labels\[0\]: 2 must be a class index below 2$/],
    [() => classificationMetrics([0.5, Number.NaN], [1], 2), /^probabilities\[1\]: NaN/],
    [() => classificationMetrics([0.5, 0.5], [1], 2, { weights: [] }), /^weights: 0 values must be 1$/],
    [() => classificationMetrics([0.5, 0.5], [1], 2, { weights: [-1] }), /^weights\[0\]: -1 must be finite and >= 0$/],
    [() => regressionMetrics([1, 2], [1]), /^predictions: 2 values must be 1$/],
    [() => regressionMetrics([1], [1], { quantile: 1 }), /^quantile: 1 must be above 0 and below 1$/],
    [() => calibrationBins([0.5, 0.5], [1], 2, { binCount: 0 }), /^binCount: 0 must be an integer from 1 to 1000$/],
    [() => silhouette({ data: new Float32Array(2), rowCount: 2, columnCount: 1 }, [0]), /^labels: 1 values must be 2$/],
  ];
  for (const [refused, message] of refusals) t.throws(refused, { instanceOf: RangeError, message });
});

test('a metric of another task, of two classes alone or of no kind is refused with what would do', (t) => {
  const classification = { task: 'classification', classCount: 3 } as const;
  t.throws(() => resolveMetric('acuracy', classification, 'job.spec.metric'), {
    instanceOf: MetricError,
    message: /^job\.spec\.metric: "acuracy" must be a metric of classification: .*did you mean accuracy\?$/,
  });
  t.throws(() => resolveMetric('rmse', classification), { message: /^metric: "rmse" must be a metric of classif/ });
  t.throws(() => resolveMetric('f1', classification), { message: /^metric: "f1" must be defined for 3 classes/ });
  t.throws(() => resolveMetric('constructor', classification), { instanceOf: MetricError });
  t.throws(() => measure({ task: 'regression', classCount: 0, outputs: [1], target: [1] }, ['accuracy']), {
    message: /^names\[0\]: "accuracy" must be a metric of regression/,
  });
  t.is(resolveMetric('f1', { task: 'classification', classCount: 2 }).name, 'f1');
  t.is(resolveMetric('', classification).name, 'accuracy');
  t.is(defaultMetric('regression').name, 'rmse');
  t.is(defaultMetric('clustering').name, 'silhouette');
});

test('names are unique, and better is what the catalogue says', (t) => {
  t.is(new Set(metrics.map(({ name }) => name)).size, metrics.length);
  t.true(isBetter('accuracy', 0.9, 0.8));
  t.true(isBetter('rmse', 0.8, 0.9));
  t.false(isBetter('rmse', 0.9, 0.9));
});
