import test from 'ava';
import { fitEstimator } from '../../../native/estimators/fit.js';
import type { Model } from '../../../native/estimators/model.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { accuracyOf, digestOf, fixture, numbers, r2Of, rowsOf, twoClasses } from './data.js';

interface ClassificationExpected {
  forestAccuracy: number;
}

const forest = { estimator: 'random-forest', parameters: {}, seed: 7 } as const;

for (const [name, classCount] of [
  ['iris', 3],
  ['breast-cancer', 2],
] as const) {
  test(`a forest is as accurate on ${name} as scikit-learn's`, async (t) => {
    const { features, target, train, test: held, expected } = fixture<ClassificationExpected>(name);
    const model = await fitEstimator({ ...forest, task: 'classification', features, target, classCount, rows: train });
    const probabilities = await model.predict(rowsOf(features, held));
    const accuracy = accuracyOf(
      probabilities,
      Array.from(held, (row) => target[row] ?? -1),
      classCount,
    );
    // Two rows' worth of the luck of the draw.
    t.true(accuracy >= expected.forestAccuracy - 2 / held.length, `${accuracy} against ${expected.forestAccuracy}`);
    for (let row = 0; row < held.length; row++) {
      const sum = probabilities.subarray(row * classCount, (row + 1) * classCount).reduce((a, b) => a + b, 0);
      t.true(Math.abs(sum - 1) < 1e-6);
    }
  });
}

test("a regression forest explains as much of diabetes as scikit-learn's", async (t) => {
  const { features, target, train, test: held, expected } = fixture<{ forestR2: number }>('diabetes');
  const model = await fitEstimator({ ...forest, task: 'regression', features, target, classCount: 0, rows: train });
  const r2 = r2Of(
    await model.predict(rowsOf(features, held)),
    Float64Array.from(held, (row) => target[row] ?? 0),
  );
  t.true(Math.abs(r2 - expected.forestR2) < 0.05, `${r2} against ${expected.forestR2}`);
});

test.serial('the same seed grows the same forest on 1, 2, 3 and 5 threads, another seed another', async (t) => {
  const { features, target } = twoClasses(3000, 9);
  const before = threadCount();
  t.teardown(() => setThreads(before));
  const digests = new Set<string>();
  for (const threads of [1, 2, 3, 5]) {
    setThreads(threads);
    const model = await fitEstimator({
      ...forest,
      parameters: { n_estimators: 13 },
      task: 'classification',
      features,
      target,
      classCount: 2,
    });
    digests.add(digestOf(model));
  }
  t.is(digests.size, 1);
  const other = await fitEstimator({
    ...forest,
    parameters: { n_estimators: 13 },
    seed: 8,
    task: 'classification',
    features,
    target,
    classCount: 2,
  });
  t.false(digests.has(digestOf(other)));
});

test('one tree that sees every row and feature learns every row by heart', async (t) => {
  const { features, target } = twoClasses(2000, 6);
  const model = await fitEstimator({
    ...forest,
    parameters: { n_estimators: 1, bootstrap: false, max_features: 'all' },
    task: 'classification',
    features,
    target,
    classCount: 2,
  });
  t.is(accuracyOf(await model.predict(features), target, 2), 1);
});

test('depth, leaf and split limits hold', async (t) => {
  const { features, target } = twoClasses(2000, 6);
  const grow = async (parameters: Record<string, unknown>) => {
    const model = await fitEstimator({
      ...forest,
      parameters: { n_estimators: 1, bootstrap: false, ...parameters },
      task: 'classification',
      features,
      target,
      classCount: 2,
    });
    const feature = model.toTensors().tensors.find((tensor) => tensor.name === 'feature');
    const counts = new Map<string, number>();
    const out = await model.predict(features);
    for (let row = 0; row < features.rowCount; row++) {
      const key = String(out[2 * row + 1]);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return { nodes: feature?.shape[0] ?? 0, smallest: Math.min(...counts.values()) };
  };
  t.is((await grow({ max_depth: 1 })).nodes, 3);
  t.true((await grow({ max_depth: 3 })).nodes <= 15);
  t.true((await grow({ min_samples_leaf: 100 })).smallest >= 100);
  t.is((await grow({ min_samples_split: 2001 })).nodes, 1);
  t.is((await grow({ min_impurity_decrease: 0.49 })).nodes, 1);
});

test('a missing value goes to the side that explains the target, in training and in scoring', async (t) => {
  const rowCount = 600;
  const next = numbers(5);
  for (const classOfMissing of [0, 1]) {
    // High values are class 1; missing ones are of one class throughout.
    const data = Float32Array.from({ length: rowCount }, (_, row) => (row % 3 === 0 ? Number.NaN : next()));
    const target = Float64Array.from(data, (x) => (Number.isNaN(x) ? classOfMissing : Number(x > 0.5)));
    const features = { data, rowCount, columnCount: 1 };
    const model = await fitEstimator({ ...forest, task: 'classification', features, target, classCount: 2 });
    t.true(accuracyOf(await model.predict(features), target, 2) > 0.99);
    const [, missing = -1] = model.predictSync({ data: Float32Array.of(Number.NaN), rowCount: 1, columnCount: 1 });
    t.true(Math.abs(missing - classOfMissing) < 0.05);
  }
});

test('a column without missing values in training is scored with one without complaint', async (t) => {
  const { features, target } = twoClasses(500, 3);
  const model = await fitEstimator({ ...forest, task: 'classification', features, target, classCount: 2 });
  const out = model.predictSync({ data: new Float32Array(3).fill(Number.NaN), rowCount: 1, columnCount: 3 });
  t.true(out.every((value) => value >= 0 && value <= 1));
});

test('balanced class weights make a rare class predicted', async (t) => {
  const next = numbers(3);
  const rowCount = 2000;
  const data = Float32Array.from({ length: rowCount }, () => next());
  const target = Float64Array.from(data, (x) => Number(x > 0.9 && next() < 0.3));
  const features = { data, rowCount, columnCount: 1 };
  const share = async (weight: string) => {
    const model = await fitEstimator({
      ...forest,
      parameters: { class_weight: weight, max_depth: 2 },
      task: 'classification',
      features,
      target,
      classCount: 2,
    });
    return model.predictSync({ data: Float32Array.of(0.95), rowCount: 1, columnCount: 1 })[1] ?? 0;
  };
  t.true((await share('none')) < 0.5);
  t.true((await share('balanced')) > 0.5);
});

test('importances sum to one and name the columns that matter', async (t) => {
  const { features, target } = twoClasses(3000, 8);
  const model = await fitEstimator({ ...forest, task: 'classification', features, target, classCount: 2 });
  const importances = Array.from(model.importances ?? []);
  t.true(Math.abs(importances.reduce((a, b) => a + b, 0) - 1) < 1e-9);
  t.true(Math.min(...importances.slice(0, 3)) > Math.max(...importances.slice(3)));
});

test('constant features, a single row and equal targets give a model of one leaf', async (t) => {
  const constant = { data: new Float32Array(20).fill(3), rowCount: 10, columnCount: 2 };
  const classes = await fitEstimator({
    ...forest,
    parameters: { bootstrap: false },
    task: 'classification',
    features: constant,
    target: Float64Array.from({ length: 10 }, (_, row) => Number(row < 3)),
    classCount: 2,
  });
  t.deepEqual(
    [...classes.predictSync({ data: Float32Array.of(9, -9), rowCount: 1, columnCount: 2 })],
    [Math.fround(1 - Math.fround(0.3)), Math.fround(0.3)],
  );
  const single = await fitEstimator({
    ...forest,
    task: 'regression',
    features: { data: Float32Array.of(1, 2), rowCount: 1, columnCount: 2 },
    target: Float64Array.of(42.5),
    classCount: 0,
  });
  t.deepEqual([...single.predictSync({ data: Float32Array.of(9, -9), rowCount: 1, columnCount: 2 })], [42.5]);
});

test('a regression forest keeps small differences between large targets', async (t) => {
  const { features } = twoClasses(1000, 2);
  const target = Float64Array.from({ length: 1000 }, (_, row) => 1e6 + (features.data[2 * row] ?? 0));
  const model = await fitEstimator({ ...forest, task: 'regression', features, target, classCount: 0 });
  const predicted = await model.predict(features);
  t.true(r2Of(predicted, target) > 0.9);
});

test('many classes are told apart', async (t) => {
  const next = numbers(11);
  const classCount = 40;
  const rowCount = 4000;
  const target = Float64Array.from({ length: rowCount }, () => Math.floor(next() * classCount));
  const data = Float32Array.from({ length: rowCount * 2 }, (_, index) => {
    const label = target[index >> 1] ?? 0;
    return (index % 2 === 0 ? label % 8 : Math.floor(label / 8)) + next() * 0.5;
  });
  const features = { data, rowCount, columnCount: 2 };
  const model = await fitEstimator({ ...forest, task: 'classification', features, target, classCount });
  t.true(accuracyOf(await model.predict(features), target, classCount) > 0.999);
});

for (const [classCount, columnCount, what] of [
  [3, 8, 'few classes and columns'],
  [10, 160, 'many columns'],
  [40, 160, 'many classes and columns'],
] as const) {
  test(`rows counted by class are divided as rows that are weighed are: ${what}`, async (t) => {
    const rowCount = 120 * 50;
    const { features } = twoClasses(rowCount, columnCount, 3);
    const value = (row: number, column: number) => features.data[row * columnCount + column] ?? 0;
    // By rank, so that all classes are equally many and balancing weighs each row by exactly one.
    const order = Array.from({ length: rowCount }, (_, row) => row);
    order.sort((a, b) => value(a, 0) + value(a, 1) * value(a, 2) - value(b, 0) - value(b, 1) * value(b, 2));
    const target = new Float64Array(rowCount);
    for (const [rank, row] of order.entries()) target[row] = Math.floor((rank * classCount) / rowCount);
    const data = features.data.map((x, index) => (index % 17 === 0 ? Number.NaN : Math.round(x * 50)));
    const gaps = { ...features, data };
    for (const given of [{}, { min_samples_leaf: 7, max_features: 'log2' }, { bootstrap: false, max_depth: 6 }]) {
      const fitted = (class_weight: string) =>
        fitEstimator({
          ...forest,
          parameters: { n_estimators: 5, ...given, class_weight },
          task: 'classification',
          features: gaps,
          target,
          classCount,
        });
      const [counted, weighed] = [await fitted('none'), await fitted('balanced')];
      t.is(digestOf(counted), digestOf(weighed));
      t.true(accuracyOf(await counted.predict(gaps), target, classCount) > 2 / classCount);
    }
  });
}

test("a node's cover is the weight of its training rows, which its children share", async (t) => {
  const { features, target } = twoClasses(1000, 4);
  const array = <Kind>(model: Model, name: string, of: new (bytes: ArrayBuffer) => Kind): Kind => {
    const found = model.toTensors().tensors.find((tensor) => tensor.name === name);
    return new of(Uint8Array.from(found?.data ?? []).buffer);
  };
  for (const classCount of [0, 2]) {
    const task = classCount === 0 ? 'regression' : 'classification';
    const parameters = { n_estimators: 5 };
    const model = await fitEstimator({ ...forest, parameters, task, features, target, classCount });
    const cover = array(model, 'cover', Float32Array);
    const feature = array(model, 'feature', Int32Array);
    const child = array(model, 'child', Int32Array);
    const starts = array(model, 'tree_start', Uint32Array);
    for (let tree = 0; tree < 5; tree++) {
      const start = starts[tree] ?? -1;
      t.is(cover[start], 1000);
      for (let node = start; node < (starts[tree + 1] ?? -1); node++) {
        if (feature[node] === -1) continue;
        const left = start + (child[node] ?? -1);
        t.is((cover[left] ?? 0) + (cover[left + 1] ?? 0), cover[node] ?? -1);
      }
    }
  }
});
