import test from 'ava';
import { estimators } from '../../../native/estimators/catalogue.js';
import { type EstimatorFit, fitEstimator } from '../../../native/estimators/fit.js';
import type { Model } from '../../../native/estimators/model.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { digestOf, rowsOf, twoClasses } from './data.js';

const { features: drawn, target } = twoClasses(400, 4, 11);
// Few values per column, so that repeating rows moves no quantile.
// None is negative, for counts.
const features = { ...drawn, data: drawn.data.map((x) => Math.round(x * 20 + 20) / 20) };
const three = target.map((value, row) => (row % 5 === 0 ? 2 : value));
const numeric = target.map((value, row) => value + Math.sin(row));

/** Estimators fitted so that only the data decides, and for each task that they take. */
const exact: Record<string, Record<string, unknown>> = {
  'random-forest': { n_estimators: 3, bootstrap: false, max_features: 'all', max_depth: 4 },
  'extra-trees': { n_estimators: 3, max_features: 'all', max_depth: 4 },
  // Few enough leaves that rounding gradients, by chance, decides none of the splits.
  'gradient-boosting': { n_estimators: 2, max_leaf_nodes: 4, min_samples_leaf: 1 },
  'logistic-regression': { tol: 1e-8 },
  'k-nearest-neighbors': { n_neighbors: 1000 },
  'linear-svm': { tol: 1e-9, max_iter: 100_000 },
  // The whole gradient, as batches of repeated rows are other batches; few steps, as rounding grows with them.
  'neural-network': { solver: 'lbfgs', max_iter: 5 },
  'convolutional-network': { convolution_channels: 4, pool: 'none', solver: 'sgd', batch_size: 1000, max_iter: 5 },
};

const targets = { two: [target, 2], three: [three, 3], numbers: [numeric, 0] } as const;

function cases(): { name: string; fitted: (change: Partial<EstimatorFit>) => Promise<Model>; request: EstimatorFit }[] {
  return estimators.flatMap(({ id, tasks }) =>
    Object.entries(targets)
      .filter(([, [, classCount]]) => (tasks as string[]).includes(classCount === 0 ? 'regression' : 'classification'))
      .map(([kind, [wanted, classCount]]) => {
        const request: EstimatorFit = {
          estimator: id,
          parameters: exact[id] ?? {},
          task: classCount === 0 ? 'regression' : 'classification',
          features,
          target: wanted,
          classCount,
          seed: 3,
        };
        return { name: `${id}, ${kind}`, request, fitted: (change) => fitEstimator({ ...request, ...change }) };
      }),
  );
}

const some = Float64Array.from(target, (_, row) => row % 3);

for (const { name, fitted, request } of cases()) {
  test(`${name}: rows of weight zero are as if absent`, async (t) => {
    const weights = some.map((weight) => (weight === 0 ? 0 : 1));
    const rows = Uint32Array.from(target.keys()).filter((row) => weights[row] !== 0);
    const without = await fitted({ rows, weights: weights.map(() => 1) });
    t.is(digestOf(await fitted({ weights })), digestOf(without));
    // What they hold does not matter, either.
    const broken = { ...features, data: features.data.slice().fill(Number.POSITIVE_INFINITY, 0, features.columnCount) };
    t.is(digestOf(await fitted({ weights, features: broken })), digestOf(without));
  });

  test(`${name}: a row of weight two counts as two rows`, async (t) => {
    const twice = [...target.keys()].flatMap((row) => new Array<number>(some[row] ?? 0).fill(row));
    const rows = new Uint32Array(twice);
    const weighted = await (await fitted({ weights: some })).predict(features);
    const repeated = await (await fitted({ rows })).predict(features);
    const furthest = weighted.reduce((most, value, at) => Math.max(most, Math.abs(value - (repeated[at] ?? 9))), 0);
    t.true(furthest < 2e-4, `${furthest}`);
  });

  test(`${name}: tiny and huge weights leave finite predictions that sum to one`, async (t) => {
    const next = twoClasses(100, 4, 2).features.data;
    const weights = Float64Array.from(target, (_, row) => 10 ** ((next[row] ?? 0) * 200));
    const model = await fitted({ weights });
    const out = await model.predict(rowsOf(features, Uint32Array.of(0, 1, 2, 3, 4)));
    t.true(out.every(Number.isFinite));
    if (request.classCount === 0) return;
    for (let row = 0; row < 5; row++) {
      const values = out.subarray(row * request.classCount, (row + 1) * request.classCount);
      t.true(Math.abs(values.reduce((a, b) => a + b, 0) - 1) < 1e-6);
    }
  });

  test.serial(`${name}: weighted fits are the same on 1, 2, 3 and 5 threads`, async (t) => {
    const before = threadCount();
    t.teardown(() => setThreads(before));
    const digests = new Set<string>();
    for (const threads of [1, 2, 3, 5]) {
      setThreads(threads);
      digests.add(digestOf(await fitted({ weights: some.map((weight) => weight + 0.3) })));
    }
    t.is(digests.size, 1);
  });
}

const refused: Record<string, [Float64Array, RegExp]> = {
  'another number of weights': [new Float64Array(3), /^weights: "of length 3" must be of length 400/],
  'a negative weight': [some.with(7, -1), /^weights\[7\]: -1 must be finite and >= 0/],
  'a NaN weight': [some.with(7, Number.NaN), /^weights\[7\]: NaN must be finite and >= 0/],
  'an infinite weight': [some.with(7, Number.POSITIVE_INFINITY), /^weights\[7\]: Infinity must be finite/],
  'weights that are all zero': [new Float64Array(400), /^weights: "all zero" must be positive for some row/],
  'weights whose sum overflows': [new Float64Array(400).fill(1e306), /^weights: Infinity must have a finite sum/],
  'weights that leave one class': [target.map((value) => value), /^target: "only class 1" must hold/],
};

for (const [what, [weights, message]] of Object.entries(refused)) {
  test(`a fit refuses ${what}`, async (t) => {
    const [{ fitted } = t.fail()] = cases();
    await t.throwsAsync(fitted({ weights }), { name: 'EstimatorError', message });
  });
}
