import test from 'ava';
import { type EstimatorFit, fitEstimator } from '../../../native/estimators/fit.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import type { Model, ModelFile } from '../../../native/estimators/model.js';
import { type NamedTensor, readSafetensors, writeSafetensors } from '../../../native/safetensors.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { accuracyOf, digestOf, fixture, numbers, r2Of, rowsOf, twoClasses } from './data.js';

type Given = Omit<EstimatorFit, 'estimator' | 'seed' | 'parameters'> & Partial<EstimatorFit>;

const boost = (given: Given): Promise<Model> =>
  fitEstimator({ estimator: 'gradient-boosting', parameters: {}, seed: 7, ...given });

const classify = (given: Omit<Given, 'task' | 'classCount'>) =>
  boost({ task: 'classification', classCount: 2, ...given });

const regress = (given: Omit<Given, 'task' | 'classCount'>) => boost({ task: 'regression', classCount: 0, ...given });

for (const [name, classCount] of [
  ['iris', 3],
  ['breast-cancer', 2],
] as const) {
  test(`boosting is as accurate on ${name} as scikit-learn's`, async (t) => {
    const { features, target, train, test: held, expected } = fixture<{ boostingAccuracy: number }>(name);
    const model = await boost({ task: 'classification', features, target, classCount, rows: train });
    const probabilities = await model.predict(rowsOf(features, held));
    const wanted = Array.from(held, (row) => target[row] ?? -1);
    const accuracy = accuracyOf(probabilities, wanted, classCount);
    const share = expected.boostingAccuracy;
    const standardError = Math.sqrt((share * (1 - share)) / held.length);
    t.true(accuracy >= share - standardError, `${accuracy} against ${share}`);
    for (let row = 0; row < held.length; row++) {
      const sum = probabilities.subarray(row * classCount, (row + 1) * classCount).reduce((a, b) => a + b, 0);
      t.true(Math.abs(sum - 1) < 1e-6);
    }
  });
}

test("boosting explains as much of diabetes as scikit-learn's", async (t) => {
  const { features, target, train, test: held, expected } = fixture<{ boostingR2: number }>('diabetes');
  const model = await regress({ features, target, rows: train });
  const r2 = r2Of(
    await model.predict(rowsOf(features, held)),
    Float64Array.from(held, (row) => target[row] ?? 0),
  );
  t.true(r2 > expected.boostingR2 - 0.05, `${r2} against ${expected.boostingR2}`);
});

const gaps = (() => {
  const { features, target } = twoClasses(30_000, 9);
  const data = features.data.map((x, index) => (index % 11 === 0 ? Number.NaN : x));
  return { features: { ...features, data }, target };
})();

const configurations: Record<string, Given> = {
  'leaf by leaf': { task: 'classification', classCount: 2, ...gaps, parameters: { n_estimators: 5 } },
  'level by level, on samples of rows and features': {
    task: 'classification',
    classCount: 2,
    ...gaps,
    parameters: {
      n_estimators: 5,
      grow_policy: 'depth',
      max_depth: 5,
      subsample: 0.7,
      colsample_bytree: 0.8,
      colsample_bynode: 0.5,
    },
  },
  'three classes': {
    task: 'classification',
    classCount: 3,
    features: gaps.features,
    target: gaps.target.map((value, row) => (row % 7 === 0 ? 2 : value)),
    parameters: { n_estimators: 4 },
  },
  'numbers, with early stopping and weights': {
    task: 'regression',
    classCount: 0,
    features: gaps.features,
    target: gaps.target.map((value, row) => value * 5 + (row % 13)),
    weights: gaps.target.map((_, row) => 1 + (row % 3)),
    parameters: { n_estimators: 8, early_stopping: true },
  },
  'many columns': {
    task: 'classification',
    classCount: 2,
    ...twoClasses(2000, 150),
    parameters: { n_estimators: 4, max_leaf_nodes: 12 },
  },
};

test.serial('the same seed boosts the same model on 1, 2, 3 and 5 threads, another seed another', async (t) => {
  const before = threadCount();
  t.teardown(() => setThreads(before));
  for (const [name, given] of Object.entries(configurations)) {
    const digests = new Set<string>();
    for (const threads of [1, 2, 3, 5]) {
      setThreads(threads);
      digests.add(digestOf(await boost(given)));
    }
    t.is(digests.size, 1, name);
    t.false(digests.has(digestOf(await boost({ ...given, seed: 8 }))), name);
  }
});

test('a model read back from its file predicts the same bits, in batches of every size and row by row', async (t) => {
  for (const [name, given] of Object.entries(configurations)) {
    const model = await boost(given);
    const copy = loadModel(readSafetensors(writeSafetensors(model.toTensors())));
    t.is(digestOf(copy), digestOf(model), name);
    t.deepEqual(copy.importances, model.importances, name);
    const width = Math.max(1, model.classCount);
    const { columnCount } = given.features;
    const all = await model.predict(given.features);
    t.deepEqual(await copy.predict(given.features), all, name);
    for (const rowCount of [1, 2, 17, 23, 24, 47, 63, 64, 65, 511, 512, 513, 1500]) {
      const part = { data: given.features.data.subarray(0, rowCount * columnCount), rowCount, columnCount };
      t.deepEqual(await model.predict(part), all.slice(0, rowCount * width), `${name}, ${rowCount} rows`);
      t.deepEqual(model.predictSync(part), all.slice(0, rowCount * width), `${name}, ${rowCount} rows at once`);
    }
  }
});

test('trees too large for the engine of small ones are scored with the same bits', async (t) => {
  const { features, target } = twoClasses(6000, 5);
  const parameters = { n_estimators: 3, max_leaf_nodes: 300, min_samples_leaf: 2 };
  const model = await classify({ features, target, parameters });
  const all = await model.predict(features);
  for (const row of [0, 1, 77, 5999]) {
    const one = { data: features.data.subarray(row * 5, row * 5 + 5), rowCount: 1, columnCount: 5 };
    t.deepEqual(model.predictSync(one), all.slice(2 * row, 2 * row + 2));
  }
});

test('leaves, depth and rows per leaf keep to their limits', async (t) => {
  const { features, target } = twoClasses(3000, 6);
  const grow = async (parameters: Record<string, unknown>) => {
    const model = await classify({ features, target, parameters: { n_estimators: 1, ...parameters } });
    const out = await model.predict(features);
    const counts = new Map<number, number>();
    for (let row = 0; row < features.rowCount; row++) {
      const key = out[2 * row + 1] ?? 0;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const nodes = model.toTensors().tensors.find(({ name }) => name === 'feature')?.shape[0] ?? 0;
    return { leaves: (nodes + 1) / 2, smallest: Math.min(...counts.values()) };
  };
  const free = { min_samples_leaf: 1, min_child_weight: 0, max_leaf_nodes: 0 };
  t.is((await grow({ max_depth: 1 })).leaves, 2);
  t.is((await grow({ max_leaf_nodes: 1 })).leaves, 1);
  for (const policy of ['leaf', 'depth']) {
    t.is((await grow({ ...free, max_leaf_nodes: 9, grow_policy: policy })).leaves, 9, policy);
    t.true((await grow({ ...free, max_depth: 4, grow_policy: policy })).leaves <= 16, policy);
    t.true((await grow({ ...free, grow_policy: policy })).leaves > 100, policy);
    t.true((await grow({ min_samples_leaf: 200, grow_policy: policy })).smallest >= 200, policy);
  }
  t.is((await grow({ min_split_gain: 1e9 })).leaves, 1);
  t.is((await grow({ min_child_weight: 1e9 })).leaves, 1);
  t.is((await grow({ reg_alpha: 1e9 })).leaves, 1);
});

test('a missing value goes to the side that explains the target, in training and in scoring', async (t) => {
  const next = numbers(5);
  for (const classOfMissing of [0, 1]) {
    const data = Float32Array.from({ length: 600 }, (_, row) => (row % 3 === 0 ? Number.NaN : next()));
    const target = Float64Array.from(data, (x) => (Number.isNaN(x) ? classOfMissing : Number(x > 0.5)));
    const model = await classify({ features: { data, rowCount: 600, columnCount: 1 }, target });
    const [, missing = -1] = model.predictSync({ data: Float32Array.of(Number.NaN), rowCount: 1, columnCount: 1 });
    t.true(Math.abs(missing - classOfMissing) < 0.05);
  }
});

/** Categories whose order says nothing: the target is the parity of a scrambled number. */
function scrambled(rowCount: number, categoryCount: number) {
  const next = numbers(17);
  const effects = Float64Array.from({ length: categoryCount }, () => (next() > 0.5 ? 1 : 0));
  const data = Float32Array.from({ length: rowCount * 2 }, (_, index) =>
    index % 2 === 0 ? Math.floor(next() * categoryCount) * 3 : next(),
  );
  const target = Float64Array.from({ length: rowCount }, (_, row) => effects[(data[2 * row] ?? 0) / 3] ?? 0);
  return { features: { data, rowCount, columnCount: 2 }, target };
}

test('a categorical column is divided into sets of categories, better than by order', async (t) => {
  const { features, target } = scrambled(8000, 60);
  const parameters = { n_estimators: 1, max_leaf_nodes: 2, learning_rate: 1 };
  const loss = async (categorical: Uint8Array | null) =>
    1 - accuracyOf(await (await classify({ features, target, categorical, parameters })).predict(features), target, 2);
  t.true((await loss(null)) > 0.2);
  t.is(await loss(Uint8Array.of(1, 0)), 0);

  const model = await classify({ features, target, categorical: Uint8Array.of(1, 0) });
  const copy = loadModel(readSafetensors(writeSafetensors(model.toTensors())));
  const probe = { data: Float32Array.of(3, 0.5, 1e6, 0.5, Number.NaN, 0.5), rowCount: 3, columnCount: 2 };
  const out = model.predictSync(probe);
  t.deepEqual(copy.predictSync(probe), out);
  t.deepEqual(await copy.predict(features), await model.predict(features));
  // Unknown categories are as missing ones.
  t.deepEqual(out.slice(2, 4), out.slice(4, 6));
});

test('predictions never turn against a monotone constraint, on a grid', async (t) => {
  const next = numbers(31);
  const rowCount = 3000;
  const data = Float32Array.from({ length: rowCount * 3 }, () => next() * 4 - 2);
  const at = (row: number, column: number) => data[3 * row + column] ?? 0;
  // Rising with waves, falling with waves, and free.
  const target = Float64Array.from(
    { length: rowCount },
    (_, row) =>
      at(row, 0) + Math.sin(5 * at(row, 0)) - at(row, 1) + Math.cos(4 * at(row, 1)) + at(row, 2) ** 2 + next(),
  );
  const features = { data, rowCount, columnCount: 3 };
  const monotone = Int8Array.of(1, -1, 0);
  const classes = target.map((value) => Number(value > 1));
  for (const grow_policy of ['leaf', 'depth']) {
    const parameters = { grow_policy, min_samples_leaf: 5 };
    const models = [
      { model: await regress({ features, target, monotone, parameters }), width: 1 },
      { model: await classify({ features, target: classes, monotone, parameters }), width: 2 },
    ];
    for (const { model, width } of models) {
      for (const column of [0, 1]) {
        for (let line = 0; line < 50; line++) {
          const fixed = [next() * 4 - 2, next() * 4 - 2, next() * 4 - 2];
          const grid = Float32Array.from({ length: 41 * 3 }, (_, index) =>
            index % 3 === column ? Math.floor(index / 3) / 10 - 2 : (fixed[index % 3] ?? 0),
          );
          const out = model.predictSync({ data: grid, rowCount: 41, columnCount: 3 });
          for (let step = 1; step < 41; step++) {
            const rise = (out[(step + 1) * width - 1] ?? 0) - (out[step * width - 1] ?? 0);
            t.true(column === 0 ? rise >= 0 : rise <= 0);
          }
        }
      }
    }
  }
  const free = await regress({ features, target, parameters: { min_samples_leaf: 5 } });
  t.true(r2Of(await free.predict(features), target) > 0.9);
});

test('early stopping keeps the best round: as many trees as a fit of that length', async (t) => {
  const { features, target } = twoClasses(4000, 6);
  const noisy = target.map((value, row) => (row % 4 === 0 ? 1 - value : value));
  const parameters = { n_estimators: 300, learning_rate: 0.5, early_stopping: true, n_iter_no_change: 5 };
  const treesOf = (model: Model) =>
    (model.toTensors().tensors.find(({ name }) => name === 'tree_start')?.shape[0] ?? 0) - 1;
  const stopped = await classify({ features, target: noisy, parameters });
  const best = treesOf(stopped);
  t.true(best > 1 && best < 100, String(best));
  const short = await classify({ features, target: noisy, parameters: { ...parameters, n_estimators: best } });
  t.is(digestOf(short), digestOf(stopped));
  // One round less is another model.
  const shorter = await classify({ features, target: noisy, parameters: { ...parameters, n_estimators: best - 1 } });
  t.true(treesOf(shorter) < best);
});

test('a row of weight three counts as three rows; weights of any size do, with penalties to match', async (t) => {
  const { features, target } = twoClasses(1200, 4);
  const parameters = { n_estimators: 20, min_samples_leaf: 1, min_child_weight: 1, reg_lambda: 1 };
  const weights = target.map((_, row) => (row % 2 === 0 ? 3 : 1));
  const rows = Uint32Array.from([...target.keys()].flatMap((row) => (row % 2 === 0 ? [row, row, row] : [row])));
  const predicted = async (given: Omit<Given, 'features' | 'target' | 'task' | 'classCount'>) =>
    (await classify({ features, target, parameters, ...given })).predict(features);
  const weighted = await predicted({ weights });
  const scaled = { ...parameters, min_child_weight: 1024, reg_lambda: 1024 };
  t.deepEqual(await predicted({ weights: weights.map((weight) => weight * 1024), parameters: scaled }), weighted);
  const repeated = await predicted({ rows });
  // Roundings differ; the functions learned are alike.
  const apart = weighted.reduce((sum, value, index) => sum + Math.abs(value - (repeated[index] ?? 0)), 0);
  t.true(apart / weighted.length < 0.03, String(apart / weighted.length));
});

test('balanced class weights make a rare class predicted', async (t) => {
  const next = numbers(3);
  const data = Float32Array.from({ length: 2000 }, () => next());
  const target = Float64Array.from(data, (x) => Number(x > 0.9 && next() < 0.3));
  const share = async (class_weight: string) => {
    const features = { data, rowCount: 2000, columnCount: 1 };
    const model = await classify({ features, target, parameters: { class_weight } });
    return model.predictSync({ data: Float32Array.of(0.95), rowCount: 1, columnCount: 1 })[1] ?? 0;
  };
  t.true((await share('none')) < 0.5);
  t.true((await share('balanced')) > 0.5);
});

test('each loss of regression finds what it is for', async (t) => {
  const next = numbers(41);
  const rowCount = 4000;
  const data = Float32Array.from({ length: rowCount }, () => next());
  const features = { data, rowCount, columnCount: 1 };
  // Exponential noise above a step: mean 1, median ln 2, 0.9-quantile ln 10.
  const target = Float64Array.from(data, (x) => (x > 0.5 ? 10 : 0) - Math.log(1 - next()));
  const at = async (parameters: Record<string, unknown>, wanted: Float64Array) => {
    const model = await regress({ features, target: wanted, parameters: { min_samples_leaf: 300, ...parameters } });
    return model.predictSync({ data: Float32Array.of(0.25, 0.75), rowCount: 2, columnCount: 1 });
  };
  for (const [parameters, level] of [
    [{}, 1],
    [{ loss: 'absolute_error' }, Math.LN2],
    [{ loss: 'quantile', quantile: 0.9 }, Math.LN10],
  ] as const) {
    const [low = 0, high = 0] = await at(parameters, target);
    t.true(Math.abs(low - level) < 0.3, `${low} against ${level}`);
    t.true(Math.abs(high - level - 10) < 0.3, `${high} against ${level + 10}`);
  }
  const counts = target.map(Math.floor);
  const mean = (from: (x: number) => boolean) => {
    const chosen = counts.filter((_, row) => from(data[row] ?? 0));
    return chosen.reduce((sum, value) => sum + value, 0) / chosen.length;
  };
  const [low = 0, high = 0] = await at({ loss: 'poisson' }, counts);
  t.true(Math.abs(Math.log(low / mean((x) => x <= 0.5))) < 0.3);
  t.true(Math.abs(Math.log(high / mean((x) => x > 0.5))) < 0.1);
});

test('importances sum to one and name the columns that matter', async (t) => {
  const { features, target } = twoClasses(3000, 8);
  const importances = Array.from((await classify({ features, target })).importances ?? []);
  t.true(Math.abs(importances.reduce((a, b) => a + b, 0) - 1) < 1e-9);
  t.true(Math.min(...importances.slice(0, 3)) > Math.max(...importances.slice(3)));
});

test('columns that are constant, missing throughout or repeated rows do no harm', async (t) => {
  const { features, target } = twoClasses(500, 3);
  const data = new Float32Array(1000 * 5);
  for (let row = 0; row < 1000; row++) {
    data.set(features.data.subarray((row >> 1) * 3, (row >> 1) * 3 + 3), row * 5);
    data[row * 5 + 3] = 4;
    data[row * 5 + 4] = Number.NaN;
  }
  const twice = Float64Array.from({ length: 1000 }, (_, row) => target[row >> 1] ?? 0);
  const wide = { data, rowCount: 1000, columnCount: 5 };
  const model = await classify({ features: wide, target: twice });
  t.true(accuracyOf(await model.predict(wide), twice, 2) > 0.97);
  t.deepEqual(Array.from(model.importances ?? []).slice(3), [0, 0]);
});

test('one row, and only constant columns, give the constant of least loss', async (t) => {
  const one = await regress({
    features: { data: Float32Array.of(1, 2), rowCount: 1, columnCount: 2 },
    target: Float64Array.of(42.5),
  });
  t.deepEqual([...one.predictSync({ data: Float32Array.of(9, -9), rowCount: 1, columnCount: 2 })], [42.5]);
  const constant = await classify({
    features: { data: new Float32Array(20).fill(3), rowCount: 10, columnCount: 2 },
    target: Float64Array.from({ length: 10 }, (_, row) => Number(row < 3)),
  });
  const [, share = 0] = constant.predictSync({ data: Float32Array.of(9, -9), rowCount: 1, columnCount: 2 });
  t.true(Math.abs(share - 0.3) < 1e-6);
});

test('a thousand classes are told apart', async (t) => {
  const classCount = 1000;
  const rowCount = 4000;
  const next = numbers(11);
  const target = Float64Array.from({ length: rowCount }, (_, row) => row % classCount);
  const data = Float32Array.from({ length: rowCount }, (_, row) => (target[row] ?? 0) + next() * 0.5);
  const features = { data, rowCount, columnCount: 1 };
  const parameters = { n_estimators: 2, learning_rate: 1, min_samples_leaf: 1, min_child_weight: 0 };
  const model = await boost({ task: 'classification', features, target, classCount, parameters });
  // Four rows per class and 255 bins: a class among the four of its bin.
  t.true(accuracyOf(await model.predict(features), target, classCount) > 0.2);
});

test('a hundred thousand columns are searched for the one that matters', async (t) => {
  const columnCount = 100_000;
  const rowCount = 40;
  const next = numbers(23);
  const data = Float32Array.from({ length: rowCount * columnCount }, () => next());
  const target = Float64Array.from({ length: rowCount }, (_, row) => row % 2);
  for (let row = 0; row < rowCount; row++) data[row * columnCount + 77_777] = (target[row] ?? 0) + next() * 0.5;
  const parameters = { n_estimators: 2, min_samples_leaf: 5 };
  const model = await classify({ features: { data, rowCount, columnCount }, target, parameters });
  t.is(model.importances?.indexOf(Math.max(...(model.importances ?? []))), 77_777);
});

test('a fit ends when its signal aborts', async (t) => {
  const { features, target } = twoClasses(20_000, 20);
  const abort = new AbortController();
  const reason = new Error('enough');
  const steps: number[] = [];
  await t.throwsAsync(
    classify({
      features,
      target,
      parameters: { n_estimators: 100_000 },
      signal: abort.signal,
      onProgress(step) {
        steps.push(step);
        if (steps.length === 3) abort.abort(reason);
      },
    }),
    { is: reason },
  );
  t.deepEqual(
    steps,
    steps.toSorted((a, b) => a - b),
  );
});

const { features, target } = twoClasses(60, 3);
const refused: Record<string, [Partial<EstimatorFit>, RegExp]> = {
  'a loss of regression for classes': [{ parameters: { loss: 'poisson' } }, /parameters\["loss"\] "poisson" must not/],
  'class weights for regression': [
    { task: 'regression', classCount: 0, parameters: { class_weight: 'balanced' } },
    /parameters\["class_weight"\] "balanced" must be none/,
  ],
  'a negative count': [
    { task: 'regression', classCount: 0, target: target.map((value) => -value), parameters: { loss: 'poisson' } },
    /^target\[\d+\]: -1 must be >= 0 for loss poisson/,
  ],
  'a fraction that holds nothing out': [
    { parameters: { early_stopping: true, validation_fraction: 0.001 } },
    /parameters\["validation_fraction"\] 0.001 must hold out at least one and not all of 60 rows/,
  ],
  'a fraction without early stopping': [
    { parameters: { validation_fraction: 0.2 } },
    /parameters\["validation_fraction"\] 0.2 must not be given unless early_stopping is true/,
  ],
  'too many trees': [
    { classCount: 60_000, parameters: { n_estimators: 1000 } },
    /parameters\["n_estimators"\] 1000 must be <= 166 for 60000 classes/,
  ],
  'roles of another length': [{ categorical: Uint8Array.of(1, 0) }, /^categorical: "of length 2" must be of length 3/],
  'a role that is none': [{ categorical: Uint8Array.of(0, 0, 2) }, /^categorical\[2\]: 2 must be one of 0, 1/],
  'a direction that is none': [{ monotone: Int8Array.of(0, 2, 0) }, /^monotone\[1\]: 2 must be one of -1, 0, 1/],
  'an order of categories': [
    { categorical: Uint8Array.of(1, 0, 0), monotone: Int8Array.of(1, 0, 0) },
    /^monotone\[0\]: 1 must be 0 for a categorical column/,
  ],
  'an order among three classes': [
    { classCount: 3, monotone: Int8Array.of(0, 0, -1) },
    /^monotone\[2\]: -1 must be 0 with more than two classes/,
  ],
  'an order with a loss of quantiles': [
    { task: 'regression', classCount: 0, monotone: Int8Array.of(0, 1, 0), parameters: { loss: 'absolute_error' } },
    /parameters\["loss"\] "absolute_error" must be squared_error, poisson or huber with monotone features/,
  ],
};

for (const [what, [change, message]] of Object.entries(refused)) {
  test(`boosting refuses ${what}`, async (t) => {
    await t.throwsAsync(classify({ features, target, ...change }), { message });
  });
}

test('estimators that have no use for roles of columns refuse them', async (t) => {
  const estimator = 'random-forest';
  await t.throwsAsync(classify({ estimator, features, target, categorical: new Uint8Array(3) }), {
    message: /^categorical: .* must not be given: random-forest has no use for it/,
  });
});

/** A tree of one categorical split and one of a leaf, with some tensors and metadata changed. */
function stumps(change: Partial<Record<string, Partial<NamedTensor>>> = {}, metadata: Record<string, string> = {}) {
  const bytes = (array: ArrayBufferView) => new Uint8Array(array.buffer);
  const set = new Uint32Array(8);
  set[0] = 0b101;
  const tensors: NamedTensor[] = [
    { name: 'base', dtype: 'F64', shape: [1], data: bytes(Float64Array.of(10)) },
    { name: 'tree_start', dtype: 'U32', shape: [3], data: bytes(Uint32Array.of(0, 3, 4)) },
    { name: 'feature', dtype: 'I32', shape: [4], data: bytes(Int32Array.of(0, -1, -1, -1)) },
    { name: 'threshold', dtype: 'F32', shape: [4], data: bytes(new Float32Array(4)) },
    { name: 'child', dtype: 'I32', shape: [4], data: bytes(Int32Array.of(1, 0, 1, 2)) },
    { name: 'missing_left', dtype: 'U8', shape: [4], data: Uint8Array.of(1, 0, 0, 0) },
    { name: 'values', dtype: 'F32', shape: [3], data: bytes(Float32Array.of(-1, 1, 5)) },
    { name: 'importances', dtype: 'F64', shape: [1], data: bytes(Float64Array.of(1)) },
    { name: 'cover', dtype: 'F32', shape: [4], data: bytes(Float32Array.of(4, 2, 2, 4)) },
    { name: 'category_set', dtype: 'I32', shape: [4], data: bytes(Int32Array.of(0, -1, -1, -1)) },
    { name: 'sets', dtype: 'U32', shape: [1, 8], data: bytes(set) },
    { name: 'categories_start', dtype: 'U32', shape: [2], data: bytes(Uint32Array.of(0, 3)) },
    { name: 'categories', dtype: 'F32', shape: [3], data: bytes(Float32Array.of(2, 4, 7)) },
  ];
  return {
    tensors: tensors.map((tensor) => ({ ...tensor, ...change[tensor.name] })),
    metadata: {
      format: '1',
      estimator: 'gradient-boosting',
      feature_count: '1',
      class_count: '0',
      link: 'identity',
      ...metadata,
    },
  };
}

test('a file written by hand loads and scores: base, categories, unknown and missing ones', (t) => {
  const rows = { data: Float32Array.of(2, 4, 7, 5, Number.NaN), rowCount: 5, columnCount: 1 };
  t.deepEqual([...loadModel(stumps()).predictSync(rows)], [14, 16, 14, 14, 14]);
});

test('a file without covers, as other libraries may leave it, scores the same', (t) => {
  const rows = { data: Float32Array.of(2, 4), rowCount: 2, columnCount: 1 };
  const uncovered = { ...stumps(), tensors: stumps().tensors.filter(({ name }) => name !== 'cover') };
  const model = loadModel(uncovered);
  t.deepEqual([...model.predictSync(rows)], [14, 16]);
  t.false(model.toTensors().tensors.some(({ name }) => name === 'cover'));
});

const int32 = (...values: number[]) => ({ data: new Uint8Array(Int32Array.from(values).buffer) });
const float32 = (...values: number[]) => ({ data: new Uint8Array(Float32Array.from(values).buffer) });
const float64 = (...values: number[]) => ({ data: new Uint8Array(Float64Array.from(values).buffer) });

const hostile: Record<string, ModelFile> = {
  'a base that is no number': stumps({ base: float64(Number.NaN) }),
  'a base too many': stumps({ base: { shape: [2], ...float64(1, 2) } }),
  'a child that is its own parent': stumps({ child: int32(0, 0, 1, 2) }),
  'a leaf value that is no number': stumps({ values: float32(1, Number.POSITIVE_INFINITY, 2) }),
  'a set beyond the last': stumps({ category_set: int32(1, -1, -1, -1) }),
  'a set below none': stumps({ category_set: int32(-2, -1, -1, -1) }),
  'a set at a leaf': stumps({ category_set: int32(0, -1, -1, 0) }),
  'categories beyond the end': stumps({ categories_start: int32(0, 9) }),
  'categories that go back': stumps({ categories_start: int32(3, 3) }),
  'categories out of order': stumps({ categories: float32(4, 2, 7) }),
  'a category that is no number': stumps({ categories: float32(2, Number.NaN, 7) }),
  'sets of another width': stumps({ sets: { shape: [2, 4] } }),
  'sets without categories': { ...stumps(), tensors: stumps().tensors.slice(0, -1) },
  'a cover too few': stumps({ cover: { shape: [3], ...float32(4, 2, 2) } }),
  'a link that there is not': stumps({}, { link: 'logit' }),
  'trees that the classes do not divide': stumps({ base: { shape: [3], ...float64(0, 0, 0) } }, { class_count: '3' }),
  'one class': stumps({}, { class_count: '1' }),
};

for (const [what, file] of Object.entries(hostile)) {
  test(`a boosted model is refused for ${what}`, (t) => {
    t.throws(() => loadModel(file), { name: 'ModelError' });
  });
}
