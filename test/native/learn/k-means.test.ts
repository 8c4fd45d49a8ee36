import test from 'ava';
import { fitEstimator } from '../../../native/estimators/fit.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import type { Matrix } from '../../../native/table/matrix.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { digestOf, fixture, numbers, rowsOf, twoClasses } from './data.js';

interface Expected {
  mean: number[];
  deviation: number[];
  kmeansInertia: number;
}

async function clusters(
  features: Matrix,
  count: number,
  more: { parameters?: Record<string, unknown>; rows?: Uint32Array; weights?: Float64Array; seed?: number } = {},
) {
  const { parameters = {}, ...rest } = more;
  return await fitEstimator({
    estimator: 'k-means',
    parameters: { n_clusters: count, ...parameters },
    task: 'clustering',
    features,
    target: new Float64Array(0),
    classCount: 0,
    seed: 0,
    ...rest,
  });
}

/** The sum over rows of the squared distance to the mean of their group. */
function inertiaOf({ data, columnCount }: Matrix, labels: Float32Array, count: number): number {
  const sums = new Float64Array(count * columnCount);
  const sizes = new Float64Array(count);
  const each = (visit: (row: number, column: number, at: number) => void) => {
    labels.forEach((label, row) => {
      for (let column = 0; column < columnCount; column++) visit(row, column, label * columnCount + column);
    });
  };
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1;
  each((row, column, at) => {
    sums[at] = (sums[at] ?? 0) + (data[row * columnCount + column] ?? 0);
  });
  let total = 0;
  each((row, column, at) => {
    const mean = (sums[at] ?? 0) / (sizes[Math.floor(at / columnCount)] ?? 1);
    total += ((data[row * columnCount + column] ?? 0) - mean) ** 2;
  });
  return total;
}

for (const [name, count] of [
  ['iris', 3],
  ['breast-cancer', 2],
] as const) {
  test(`${name} is grouped as tightly as by scikit-learn, from ten starts`, async (t) => {
    const { features, expected } = fixture<Expected>(name);
    const data = features.data.map((x, index) => {
      const column = index % features.columnCount;
      return (x - (expected.mean[column] ?? 0)) / (expected.deviation[column] ?? 1);
    });
    const scaled = { ...features, data };
    const model = await clusters(scaled, count, { parameters: { n_init: 10, tol: 0 } });
    const reached = inertiaOf(scaled, await model.predict(scaled), count);
    t.true(reached <= expected.kmeansInertia * 1.001, `${reached} against ${expected.kmeansInertia}`);
  });
}

test('groups far from each other and from the origin are found from one start', async (t) => {
  const next = numbers(4);
  const rowCount = 2000;
  const data = Float32Array.from({ length: rowCount * 2 }, (_, at) => {
    const group = (at >> 1) % 40;
    return 5000 + (at % 2 === 0 ? group % 8 : group >> 3) * 10 + next();
  });
  const features = { data, rowCount, columnCount: 2 };
  for (let seed = 0; seed < 5; seed++) {
    const labels = await (await clusters(features, 40, { seed })).predict(features);
    const groups = new Set(Array.from(labels, (label, row) => `${label} ${row % 40}`));
    t.true(groups.size <= 42, `${groups.size}`);
  }
});

test.serial('the same seed groups alike on 1, 2, 3 and 5 threads, alone and from a file', async (t) => {
  const { features } = twoClasses(3000, 7);
  const before = threadCount();
  t.teardown(() => setThreads(before));
  const digests = new Set<string>();
  for (const threads of [1, 2, 3, 5]) {
    setThreads(threads);
    digests.add(digestOf(await clusters(features, 12)));
  }
  t.is(digests.size, 1);
  const model = await clusters(features, 12);
  const labels = await model.predict(features);
  const copy = loadModel(model.toTensors());
  t.is(copy.task, 'clustering');
  t.deepEqual(copy.predictSync(features), labels);
  t.deepEqual(await copy.predict(rowsOf(features, Uint32Array.of(9))), labels.slice(9, 10));
  t.is(model.sizeBytes, 12 * 7 * 8);
});

test('rows of weight zero are as if absent, and one of weight two counts as two', async (t) => {
  const { features } = twoClasses(300, 3);
  const weights = Float64Array.from({ length: 300 }, (_, row) => row % 3);
  const rows = Uint32Array.from({ length: 300 }, (_, row) => row).filter((row) => row % 3 > 0);
  const without = await clusters(features, 4, { rows, weights: weights.map((weight) => Math.max(weight, 1)) });
  const alike = weights.map((weight) => Math.min(weight, 1));
  t.is(
    digestOf(await clusters(features, 4, { weights: alike })),
    digestOf(await clusters(features, 4, { rows, weights: alike })),
  );
  // One centre is the weighted mean.
  const [tensor] = (await clusters(features, 1, { weights })).toTensors().tensors;
  const center = new Float64Array(tensor?.data.slice().buffer ?? new ArrayBuffer(0));
  const mean = rows.reduce((sum, row) => sum + (weights[row] ?? 0) * (features.data[row * 3] ?? 0), 0) / 300;
  t.true(Math.abs((center[0] ?? 9) - mean) < 1e-6);
  t.is(without.featureCount, 3);
});

test('duplicate rows, a constant column, one row and as many groups as rows', async (t) => {
  const same = { data: new Float32Array(12).fill(4), rowCount: 6, columnCount: 2 };
  t.true((await (await clusters(same, 3)).predict(same)).every((label) => label < 3));
  const one = { data: Float32Array.of(3e38, -3e38), rowCount: 1, columnCount: 2 };
  t.deepEqual([...(await clusters(one, 1)).predictSync(one)], [0]);
  const each = { data: Float32Array.from({ length: 1000 }, (_, at) => at), rowCount: 1000, columnCount: 1 };
  const labels = await (await clusters(each, 1000)).predict(each);
  t.is(new Set(labels).size, 1000);
});

test('more groups than rows, a target and another task are refused', async (t) => {
  const { features, target } = twoClasses(20, 2);
  await t.throwsAsync(clusters(features, 21), {
    message: 'parameters["n_clusters"] 21 must be <= 20, the number of rows',
  });
  const request = {
    estimator: 'k-means',
    parameters: {},
    task: 'clustering',
    features,
    classCount: 0,
    seed: 0,
  } as const;
  await t.throwsAsync(fitEstimator({ ...request, target }), { message: 'target: "of length 20" must be of length 0' });
  await t.throwsAsync(fitEstimator({ ...request, target, task: 'regression' }), {
    message: /^task: "regression" must be clustering/,
  });
  const empty = new Float64Array(0);
  await t.throwsAsync(fitEstimator({ ...request, target: empty, classCount: 3 }), {
    message: /^classCount: 3 must be 0 for clustering/,
  });
});

test('centres that are not finite are refused', (t) => {
  const data = new Uint8Array(Float64Array.of(1, Number.NaN).buffer);
  const metadata = { format: '1', estimator: 'k-means', feature_count: '2', cluster_count: '1' };
  const centers = { name: 'centers', dtype: 'F64', shape: [1, 2], data } as const;
  t.throws(() => loadModel({ tensors: [centers], metadata }), {
    name: 'ModelError',
    message: /centers\[1\] must be finite/,
  });
  t.throws(() => loadModel({ tensors: [centers], metadata: { ...metadata, cluster_count: '65535' } }), {
    name: 'ModelError',
  });
});
