import test from 'ava';
import { fitEstimator } from '../../../native/estimators/fit.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import type { Model } from '../../../native/estimators/model.js';
import type { Matrix } from '../../../native/table/matrix.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { accuracyOf, digestOf, fixture, r2Of, rowsOf, twoClasses } from './data.js';

interface Expected {
  mean: number[];
  deviation: number[];
  svmAccuracy: number;
  hingeAccuracy: number;
  svmCoefficients: number[];
  svr: { coefficients: number[]; intercept: number; r2: number };
}

async function svm(
  features: Matrix,
  target: Float64Array,
  classCount: number,
  more: {
    parameters?: Record<string, unknown>;
    rows?: Uint32Array;
    weights?: Float64Array;
    signal?: AbortSignal;
  } = {},
) {
  return await fitEstimator({
    estimator: 'linear-svm',
    parameters: {},
    task: classCount === 0 ? 'regression' : 'classification',
    features,
    target,
    classCount,
    seed: 1,
    ...more,
  });
}

for (const [name, classCount] of [
  ['iris', 3],
  ['breast-cancer', 2],
] as const) {
  test(`${name} is learned as well as by scikit-learn's LinearSVC, with either loss`, async (t) => {
    const { features, target, train, test: held, expected } = fixture<Expected>(name);
    const data = features.data.map((x, index) => {
      const column = index % features.columnCount;
      return (x - (expected.mean[column] ?? 0)) / (expected.deviation[column] ?? 1);
    });
    const scaled = { ...features, data };
    for (const [loss, theirs] of [
      ['squared', expected.svmAccuracy],
      ['plain', expected.hingeAccuracy],
    ] as const) {
      const parameters = { loss, tol: 1e-6, max_iter: 100_000 };
      const model = await svm(scaled, target, classCount, { rows: train, parameters });
      const out = await model.predict(rowsOf(scaled, held));
      const wanted = Array.from(held, (row) => target[row] ?? -1);
      const error = Math.sqrt((theirs * (1 - theirs)) / held.length);
      t.true(
        accuracyOf(out, wanted, classCount) >= theirs - error - 1e-9,
        `${loss} ${accuracyOf(out, wanted, classCount)} against ${theirs}`,
      );
      if (loss === 'plain') continue;
      // Platt's scaling turns and lengthens no coefficient against another.
      const bytes = model
        .toTensors()
        .tensors.find((tensor) => tensor.name === 'weights')
        ?.data.slice().buffer;
      const weights = new Float64Array(bytes ?? new ArrayBuffer(0));
      for (let at = 0; at < weights.length; at += features.columnCount) {
        const ours = weights.subarray(at, at + features.columnCount);
        const others = expected.svmCoefficients.slice(at, at + features.columnCount);
        const factor = Math.hypot(...ours) / Math.hypot(...others);
        t.true(others.every((value, c) => Math.abs(value * factor - (ours[c] ?? 9)) < 2e-3 * Math.hypot(...ours)));
      }
    }
  });
}

test("diabetes has scikit-learn's LinearSVR's coefficients", async (t) => {
  const { features, target, train, test: held, expected } = fixture<Expected>('diabetes');
  const parameters = { loss: 'plain', C: 100, epsilon: 5, tol: 1e-7, max_iter: 100_000 };
  const model = await svm(features, target, 0, { rows: train, parameters });
  const out = await model.predict(rowsOf(features, held));
  const r2 = r2Of(
    out,
    Float64Array.from(held, (row) => target[row] ?? 0),
  );
  t.true(Math.abs(r2 - expected.svr.r2) < 2e-3, `${r2} against ${expected.svr.r2}`);
});

test.serial('numbers are fitted to the minimum of the squared loss, weighted, on 1, 2, 3 and 5 threads', async (t) => {
  const rowCount = 5000;
  const { features } = twoClasses(rowCount, 60);
  const { data, columnCount } = features;
  const target = Float64Array.from(
    { length: rowCount },
    (_, row) => 3 * Math.sin(row) + (data[row * columnCount] ?? 0),
  );
  const weights = Float64Array.from({ length: rowCount }, (_, row) => 1 + (row % 3));
  const before = threadCount();
  t.teardown(() => setThreads(before));
  for (const [C, epsilon] of [
    [1e-4, 0],
    [0.7, 0.5],
    [50, 2.5],
  ] as const) {
    const fits = new Map<string, Model>();
    for (const threads of [1, 2, 3, 5]) {
      setThreads(threads);
      const model = await svm(features, target, 0, { weights, parameters: { C, epsilon, tol: 1e-9 } });
      fits.set(digestOf(model), model);
    }
    t.is(fits.size, 1);
    for (const model of fits.values()) {
      const [coefficients, intercept] = ['weights', 'intercept'].map((name) => {
        const tensor = model.toTensors().tensors.find((each) => each.name === name);
        return new Float64Array((tensor?.data ?? new Uint8Array()).slice().buffer);
      });
      const w = [...(coefficients ?? []), intercept?.[0] ?? Number.NaN];
      const slope = w.slice();
      const sizes = w.map(Math.abs);
      for (let row = 0; row < rowCount; row++) {
        const line = [...data.subarray(row * columnCount, (row + 1) * columnCount), 1];
        const off = line.reduce((sum, x, column) => sum + x * (w[column] ?? 0), 0) - (target[row] ?? 0);
        const beyond = Math.sign(off) * Math.max(0, Math.abs(off) - epsilon);
        for (let column = 0; column <= columnCount; column++) {
          const pull = 2 * C * (weights[row] ?? 0) * beyond * (line[column] ?? 0);
          slope[column] = (slope[column] ?? 0) + pull;
          sizes[column] = (sizes[column] ?? 0) + Math.abs(pull);
        }
      }
      const worst = Math.max(...slope.map((each, column) => Math.abs(each) / (sizes[column] ?? 1)));
      t.true(worst < 1e-7, `C ${C}: ${worst}`);
    }
  }
});

test('classes have one minimum, by whichever method: more columns than rows are descended along', async (t) => {
  const { features, target } = twoClasses(50, 40);
  const wide = new Float32Array(50 * 60);
  for (let row = 0; row < 50; row++) wide.set(features.data.subarray(row * 40, (row + 1) * 40), row * 60);
  for (const C of [0.01, 1, 100]) {
    const parameters = { C, tol: 1e-9, max_iter: 1_000_000 };
    const newton = await svm(features, target, 2, { parameters });
    const descent = await svm({ data: wide, rowCount: 50, columnCount: 60 }, target, 2, { parameters });
    const [a, b] = [
      await newton.predict(features),
      await descent.predict({ data: wide, rowCount: 50, columnCount: 60 }),
    ];
    const worst = Math.max(...a.map((share, at) => Math.abs(share - (b[at] ?? 2))));
    t.true(worst < 1e-5, `C ${C}: ${worst}`);
  }
});

test('values as large and as small as they come give a finite model or say what is too large', async (t) => {
  const { features, target } = twoClasses(200, 5);
  const scaled = (by: number) => ({ ...features, data: features.data.map((x) => x * by) });
  const heavy = new Float64Array(200).fill(1e300);
  for (const classCount of [2, 0]) {
    for (const [matrix, wanted, more] of [
      [scaled(1e37), target, {}],
      [scaled(1e-30), target, {}],
      [features, target, { parameters: { C: 1e9 } }],
      [features, target, { parameters: { C: 1e-300 } }],
      [features, target, { weights: heavy, parameters: { C: 1e9 } }],
      [features, target, { parameters: { tol: 0 } }],
      [features, classCount === 0 ? target.map((y) => y * 1e155) : target, {}],
      [features, classCount === 0 ? target.map(() => 1) : target, {}],
    ] as const) {
      try {
        const model = await svm(matrix, wanted, classCount, more);
        t.true((await model.predict(matrix)).every(Number.isFinite));
      } catch (error) {
        t.regex(String(error), /EstimatorError: parameters\["C"\]: .* must be smaller/);
      }
    }
  }
});

test.serial("Newton's method ends when its signal aborts, with the reason", async (t) => {
  const { features, target } = twoClasses(100_000, 200);
  const abort = new AbortController();
  const reason = new Error('enough');
  setTimeout(() => abort.abort(reason), 30);
  const fit = svm(features, target, 2, { signal: abort.signal, parameters: { C: 1e6, tol: 0 } });
  t.is(await t.throwsAsync(fit), reason);
});

test('a row of another company keeps its probabilities, and a file its model', async (t) => {
  const { features, target } = twoClasses(300, 5);
  const three = target.map((value, row) => (row % 4 === 0 ? 2 : value));
  const model = await svm(features, three, 3);
  const out = await model.predict(features);
  t.deepEqual(model.predictSync(rowsOf(features, Uint32Array.of(7))), out.slice(21, 24));
  for (let row = 0; row < 300; row++) {
    t.true(Math.abs((out[3 * row] ?? 9) + (out[3 * row + 1] ?? 9) + (out[3 * row + 2] ?? 9) - 1) < 1e-6);
  }
  const copy = loadModel(model.toTensors());
  t.deepEqual(await copy.predict(features), out);
  t.is(digestOf(copy), digestOf(model));
  const far = model.predictSync({ data: new Float32Array(5).fill(-3e38), rowCount: 1, columnCount: 5 });
  t.true(Math.abs(far.reduce((a, b) => a + b, 0) - 1) < 1e-6);
});

test('a constant column, duplicate rows, two rows and a thousand classes are learned', async (t) => {
  const same = { data: Float32Array.of(1, 5, 1, 5, 1, -5, 1, -5), rowCount: 4, columnCount: 2 };
  const out = (await svm(same, Float64Array.of(0, 0, 1, 1), 2)).predictSync(same);
  t.true((out[0] ?? 0) > 0.5 && (out[4] ?? 1) < 0.5 && (out[7] ?? 0) > 0.5);
  const data = Float32Array.from({ length: 4000 }, (_, at) => Math.sin(at * 1.7));
  const many = { data, rowCount: 1000, columnCount: 4 };
  const classes = Float64Array.from({ length: 1000 }, (_, row) => row);
  const model = await svm(many, classes, 1000, { parameters: { max_iter: 2 } });
  t.is((await model.predict(rowsOf(many, Uint32Array.of(3)))).length, 1000);
});

test('a hundred thousand columns are learned from', async (t) => {
  const data = new Float32Array(4 * 100_000);
  for (let row = 0; row < 4; row++) data[row * 100_000 + 10 * row + (row % 2)] = 1;
  const wide = { data, rowCount: 4, columnCount: 100_000 };
  const model = await svm(wide, Float64Array.of(0, 1, 0, 1), 2);
  const out = model.predictSync(wide);
  t.true((out[0] ?? 0) > 0.5 && (out[3] ?? 0) > 0.5);
});

test('epsilon is refused for classes, and balanced weights for numbers', async (t) => {
  const { features, target } = twoClasses(30, 3);
  await t.throwsAsync(svm(features, target, 2, { parameters: { epsilon: 0.1 } }), {
    message: 'parameters["epsilon"] 0.1 must be 0 for classification',
  });
  await t.throwsAsync(svm(features, target, 0, { parameters: { class_weight: 'balanced' } }), {
    message: /class_weight.* must be none for regression/,
  });
});

test.serial('the same seed gives the same model on 1, 2, 3 and 5 threads', async (t) => {
  const { features, target } = twoClasses(1500, 5);
  const three = target.map((value, row) => (row % 4 === 0 ? 2 : value));
  const before = threadCount();
  t.teardown(() => setThreads(before));
  const digests = new Set<string>();
  for (const threads of [1, 2, 3, 5]) {
    setThreads(threads);
    digests.add(digestOf(await svm(features, three, 3)));
  }
  t.is(digests.size, 1);
});
