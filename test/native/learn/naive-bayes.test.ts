import test from 'ava';
import { fitEstimator } from '../../../native/estimators/fit.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import type { ModelFile } from '../../../native/estimators/model.js';
import type { Matrix } from '../../../native/table/matrix.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { digestOf, fixture, rowsOf, twoClasses } from './data.js';

interface Expected {
  gaussianProbabilities: number[];
  multinomialProbabilities: number[];
}

async function bayes(
  kind: 'gaussian' | 'multinomial',
  features: Matrix,
  target: Float64Array,
  classCount: number,
  more: { parameters?: Record<string, unknown>; rows?: Uint32Array; weights?: Float64Array } = {},
) {
  return await fitEstimator({
    estimator: `${kind}-naive-bayes`,
    parameters: {},
    task: 'classification',
    features,
    target,
    classCount,
    seed: 0,
    ...more,
  });
}

for (const [name, classCount] of [
  ['iris', 3],
  ['breast-cancer', 2],
] as const) {
  for (const kind of ['gaussian', 'multinomial'] as const) {
    test(`${kind}: ${name} has scikit-learn's probabilities`, async (t) => {
      const { features, target, train, test: held, expected } = fixture<Expected>(name);
      const model = await bayes(kind, features, target, classCount, { rows: train });
      const out = await model.predict(rowsOf(features, held));
      const wanted = expected[`${kind}Probabilities`];
      const furthest = wanted.reduce((most, value, at) => Math.max(most, Math.abs(value - (out[at] ?? 9))), 0);
      t.true(furthest < 1e-5, `${furthest}`);
    });

    test(`${kind}: ${name} keeps its bits in a file, alone and on 1, 2, 3 and 5 threads`, async (t) => {
      const { features, target } = fixture<Expected>(name);
      const before = threadCount();
      t.teardown(() => setThreads(before));
      const digests = new Set<string>();
      for (const threads of [1, 2, 3, 5]) {
        setThreads(threads);
        digests.add(digestOf(await bayes(kind, features, target, classCount)));
      }
      t.is(digests.size, 1);
      const model = await bayes(kind, features, target, classCount);
      const out = await model.predict(features);
      const copy = loadModel(model.toTensors());
      t.deepEqual(await copy.predict(features), out);
      t.deepEqual(copy.predictSync(rowsOf(features, Uint32Array.of(4))), out.slice(4 * classCount, 5 * classCount));
    });
  }
}

test.serial(
  'many rows give the same bits on 1, 2, 3 and 5 threads, weighted, and each weight counts as so many rows',
  async (t) => {
    const { features, target } = twoClasses(30_000, 40);
    const data = features.data.map(Math.abs);
    const weights = Float64Array.from({ length: 30_000 }, (_, row) => 1 + (row % 3));
    const repeated = Uint32Array.from(Array.from(weights).flatMap((weight, row) => Array<number>(weight).fill(row)));
    const before = threadCount();
    t.teardown(() => setThreads(before));
    for (const kind of ['gaussian', 'multinomial'] as const) {
      const digests = new Set<string>();
      for (const threads of [1, 2, 3, 5]) {
        setThreads(threads);
        digests.add(digestOf(await bayes(kind, { ...features, data }, target, 2, { weights })));
      }
      t.is(digests.size, 1);
      const weighted = await bayes(kind, { ...features, data }, target, 2, { weights });
      const twice = await bayes(kind, { ...features, data }, target, 2, { rows: repeated });
      const [a, b] = [await weighted.predict({ ...features, data }), await twice.predict({ ...features, data })];
      t.true(a.every((share, at) => Math.abs(share - (b[at] ?? 2)) < 1e-5));
    }
  },
);

test('sums beyond the finite numbers are an error, never a model', async (t) => {
  const features = { data: new Float32Array(40).fill(3e38), rowCount: 20, columnCount: 2 };
  const target = Float64Array.from({ length: 20 }, (_, row) => row % 2);
  const weights = new Float64Array(20).fill(1e300);
  for (const kind of ['gaussian', 'multinomial'] as const) {
    await t.throwsAsync(bayes(kind, features, target, 2, { weights }), {
      name: 'EstimatorError',
      message: /^weights: Infinity must be smaller/,
    });
  }
});

test('multinomial refuses a negative feature and names its column', async (t) => {
  const { features, target } = twoClasses(20, 3);
  const data = features.data.map(Math.abs);
  data[3 * 7 + 1] = -0.5;
  await t.throwsAsync(bayes('multinomial', { ...features, data }, target, 2), {
    name: 'EstimatorError',
    message: 'features column 1: -0.5 must be >= 0; row 7',
  });
});

test('a class without rows is never the likeliest', async (t) => {
  const { features, target } = twoClasses(200, 3);
  for (const kind of ['gaussian', 'multinomial'] as const) {
    const model = await bayes(kind, { ...features, data: features.data.map(Math.abs) }, target, 4);
    const out = await model.predict(rowsOf(features, Uint32Array.of(0, 1, 2)));
    t.true(out.every(Number.isFinite));
    for (let row = 0; row < 3; row++) t.true((out[4 * row + 2] ?? 1) < 1e-6 && (out[4 * row + 3] ?? 1) < 1e-6);
  }
});

test('constant columns, a thousand classes and far-away rows give finite probabilities', async (t) => {
  const constant = { data: new Float32Array(20).fill(2), rowCount: 10, columnCount: 2 };
  const half = Float64Array.from({ length: 10 }, (_, row) => row % 2);
  for (const kind of ['gaussian', 'multinomial'] as const) {
    const out = (await bayes(kind, constant, half, 2)).predictSync(rowsOf(constant, Uint32Array.of(0)));
    t.true(Math.abs((out[0] ?? 9) - 0.5) < 1e-6, kind);
  }
  const many = { data: Float32Array.from({ length: 2000 }, (_, at) => at), rowCount: 1000, columnCount: 2 };
  const model = await bayes('gaussian', many, Float64Array.from(many.data.keys()).slice(0, 1000), 1000);
  const far = model.predictSync({ data: Float32Array.of(3e38, -3e38), rowCount: 1, columnCount: 2 });
  t.true(Math.abs(far.reduce((a, b) => a + b, 0) - 1) < 1e-5);
});

const bytes = (...values: number[]) => new Uint8Array(Float64Array.from(values).buffer);

function file(change: { mean?: number; variance?: number; prior?: number }): ModelFile {
  const { mean = 0, variance = 1, prior = -0.7 } = change;
  return {
    tensors: [
      { name: 'mean', dtype: 'F64', shape: [2, 1], data: bytes(mean, 1) },
      { name: 'variance', dtype: 'F64', shape: [2, 1], data: bytes(variance, 1) },
      { name: 'log_prior', dtype: 'F64', shape: [2], data: bytes(prior, -0.7) },
    ],
    metadata: { format: '1', estimator: 'gaussian-naive-bayes', feature_count: '1', class_count: '2' },
  };
}

test('files with numbers that are no distribution are refused', (t) => {
  t.is(loadModel(file({})).classCount, 2);
  t.throws(() => loadModel(file({ mean: Number.NaN })), { name: 'ModelError', message: /mean\[0\] must be finite/ });
  t.throws(() => loadModel(file({ variance: 0 })), { name: 'ModelError', message: /variance\[0\] must be at least/ });
  t.throws(() => loadModel(file({ variance: Number.POSITIVE_INFINITY })), { name: 'ModelError' });
  t.throws(() => loadModel(file({ prior: 1 })), { name: 'ModelError', message: /logPrior\[0\] must be <= 0/ });
});
