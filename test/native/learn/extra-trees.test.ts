import test from 'ava';
import { fitEstimator } from '../../../native/estimators/fit.js';
import type { Matrix } from '../../../native/table/matrix.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { accuracyOf, digestOf, fixture, numbers, r2Of, rowsOf, twoClasses } from './data.js';

interface Expected {
  extraAccuracy: number;
  extraDeviation: number;
  extraR2: number;
}

async function trees(
  features: Matrix,
  target: Float64Array,
  classCount: number,
  more: { parameters?: Record<string, unknown>; rows?: Uint32Array; seed?: number } = {},
) {
  return await fitEstimator({
    estimator: 'extra-trees',
    parameters: {},
    task: classCount === 0 ? 'regression' : 'classification',
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
  ['diabetes', 0],
] as const) {
  test(`${name} is learned as well as by scikit-learn's ExtraTrees, over ten seeds`, async (t) => {
    const { features, target, train, test: held, expected } = fixture<Expected>(name);
    const wanted = Float64Array.from(held, (row) => target[row] ?? 0);
    let sum = 0;
    for (let seed = 0; seed < 10; seed++) {
      const model = await trees(features, target, classCount, { rows: train, seed });
      const out = await model.predict(rowsOf(features, held));
      sum += classCount === 0 ? r2Of(out, wanted) : accuracyOf(out, wanted, classCount);
    }
    const reached = sum / 10;
    const theirs = classCount === 0 ? expected.extraR2 : expected.extraAccuracy;
    // One standard error of an accuracy on the rows held out; of R2 on as few, as much.
    const error = Math.sqrt((Math.min(theirs, 0.99) * (1 - Math.min(theirs, 0.99))) / held.length);
    t.true(reached >= theirs - error, `${reached} against ${theirs}`);
  });
}

test('a threshold lies anywhere between two values, and splits the training rows as it splits others', async (t) => {
  const data = Float32Array.of(0, 0, 10, 10);
  const target = Float64Array.of(0, 0, 1, 1);
  const features = { data, rowCount: 4, columnCount: 1 };
  const thresholds = new Set<number>();
  for (let seed = 0; seed < 20; seed++) {
    const model = await trees(features, target, 2, { parameters: { n_estimators: 1 }, seed });
    const bytes = model
      .toTensors()
      .tensors.find(({ name }) => name === 'threshold')
      ?.data.slice().buffer;
    thresholds.add(new Float32Array(bytes ?? new ArrayBuffer(4))[0] ?? Number.NaN);
    t.deepEqual([...model.predictSync(features)], [1, 0, 1, 0, 0, 1, 0, 1]);
  }
  t.true(thresholds.size > 15);
  t.true([...thresholds].every((value) => value >= 0 && value < 10));
});

test('missing values are learned from on whichever side suits', async (t) => {
  const next = numbers(3);
  const data = Float32Array.from({ length: 400 }, () => (next() < 0.4 ? Number.NaN : next()));
  const target = Float64Array.from(data, (x) => (Number.isNaN(x) ? 1 : 0));
  const features = { data, rowCount: 400, columnCount: 1 };
  for (const classCount of [2, 0]) {
    const model = await trees(features, target, classCount, { parameters: { n_estimators: 5 } });
    const out = model.predictSync({ data: Float32Array.of(Number.NaN, 0.5), rowCount: 2, columnCount: 1 });
    const expected = classCount === 2 ? [0, 1, 1, 0] : [1, 0];
    t.true(
      expected.every((value, at) => Math.abs(value - (out[at] ?? 9)) < 1e-6),
      String(out),
    );
  }
});

test('a constant column, one row and duplicate rows are no obstacle', async (t) => {
  const constant = { data: new Float32Array(20).fill(3), rowCount: 20, columnCount: 1 };
  const half = Float64Array.from({ length: 20 }, (_, row) => row % 2);
  t.deepEqual(
    [...(await trees(constant, half, 2)).predictSync({ ...constant, rowCount: 1, data: Float32Array.of(9) })],
    [0.5, 0.5],
  );
  const one = { data: Float32Array.of(1, 2), rowCount: 1, columnCount: 2 };
  t.deepEqual([...(await trees(one, Float64Array.of(7), 0)).predictSync(one)], [7]);
});

test.serial('the same seed grows the same trees on 1, 2, 3 and 5 threads, another seed others', async (t) => {
  const { features, target } = twoClasses(3000, 6);
  const before = threadCount();
  t.teardown(() => setThreads(before));
  const digests = new Set<string>();
  for (const threads of [1, 2, 3, 5]) {
    setThreads(threads);
    digests.add(digestOf(await trees(features, target, 2, { parameters: { n_estimators: 8 } })));
  }
  t.is(digests.size, 1);
  t.false(digests.has(digestOf(await trees(features, target, 2, { parameters: { n_estimators: 8 }, seed: 1 }))));
});
