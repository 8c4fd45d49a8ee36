import test from 'ava';
import { fitEstimator } from '../../../native/estimators/fit.js';
import { halfBits, halfValue } from '../../../native/estimators/half.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import type { Model, ModelFile } from '../../../native/estimators/model.js';
import { ModelError } from '../../../native/estimators/model.js';
import type { OptimizationMethod, Variant } from '../../../native/optimize/variants.js';
import { variantsOf } from '../../../native/optimize/variants.js';
import { writeSafetensors } from '../../../native/safetensors.js';
import type { Matrix } from '../../../native/table/matrix.js';
import { accuracyOf } from './data.js';

const columnCount = 12;
const classCount = 5;

/** Rows of which five features of twelve and much noise decide one of five classes. */
function noisy(rowCount: number, salt: number): { features: Matrix; target: Float64Array } {
  let state = salt;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const data = Float32Array.from({ length: rowCount * columnCount }, next);
  const target = Float64Array.from({ length: rowCount }, (_, row) => {
    const score = data.subarray(row * columnCount, row * columnCount + 5).reduce((sum, value) => sum + value, 0);
    return Math.max(0, Math.min(classCount - 1, Math.floor((score + 0.6 * (next() - 0.5) - 1.5) * 2.5)));
  });
  return { features: { data, rowCount, columnCount }, target };
}

const train = noisy(3_000, 1);
const held = noisy(2_000, 2);
const all: OptimizationMethod[] = ['fewer-trees', 'prune', 'merge-leaves', 'quantize', 'pack'];

async function forestOf(task: 'classification' | 'regression', parameters = {}): Promise<Model> {
  const target = task === 'classification' ? train.target : train.target.map((value, row) => value + (row % 7) / 70);
  const classes = task === 'classification' ? classCount : 0;
  const { features } = train;
  return fitEstimator({
    estimator: 'random-forest',
    parameters: { n_estimators: 40, ...parameters },
    task,
    features,
    target,
    classCount: classes,
    seed: 5,
  });
}

async function variants(model: Model, methods: readonly OptimizationMethod[]): Promise<Variant[]> {
  const found: Variant[] = [];
  const request = { methods: new Set(methods), calibrationRows: train.features, trainingRows: () => train.features };
  for await (const variant of variantsOf(model.estimator)?.variants(model, request) ?? []) found.push(variant);
  return found;
}

const bytesOf = (file: ModelFile) => writeSafetensors(file).length;

test('half precision rounds to nearest, ties to even, and keeps what it can hold', (t) => {
  for (const value of [0, 1, -2, 0.5, 65_504, 2 ** -14, 2 ** -24, -(2 ** -20), 1 / 1024]) {
    t.is(halfValue(halfBits(value)), value);
  }
  t.is(halfValue(halfBits(1 + 2 ** -11)), 1);
  t.is(halfValue(halfBits(1 + 3 * 2 ** -11)), 1 + 2 ** -9);
  t.is(halfValue(halfBits(2 ** -25)), 0);
  t.is(halfValue(halfBits(3 * 2 ** -25)), 2 ** -23);
  t.is(halfValue(halfBits(65_520)), Number.POSITIVE_INFINITY);
  t.true(Number.isNaN(halfValue(halfBits(Number.NaN))));
  for (let bits = 0; bits < 0x7c00; bits++) if (halfBits(halfValue(bits)) !== bits) t.fail(`${bits}`);
});

for (const task of ['classification', 'regression'] as const) {
  test(`a packed forest for ${task} predicts the same bits from fewer bytes`, async (t) => {
    const model = await forestOf(task, { max_depth: task === 'regression' ? 0 : 6 });
    const [packed] = await variants(model, ['pack']);
    const file = packed?.file ?? model.toTensors();
    const loaded = loadModel(file);
    t.deepEqual(await loaded.predict(held.features), await model.predict(held.features));
    t.deepEqual(loaded.importances, model.importances);
    t.true(bytesOf(file) < bytesOf(model.toTensors()) * 0.62);
  });
}

test('leaves in 16 bits change no probability by more than rounding to them does', async (t) => {
  const model = await forestOf('classification');
  const [quantized] = await variants(model, ['quantize']);
  const loaded = loadModel(quantized?.file ?? model.toTensors());
  const before = await model.predict(held.features);
  const after = await loaded.predict(held.features);
  // Half an ulp of numbers up to 1; thresholds are no more than 255 per feature and stay.
  t.true(after.every((value, at) => Math.abs(value - (before[at] ?? 0)) <= 2 ** -12 + 1e-6));
});

test('numbers of any size keep three digits of their range in 16 bits', async (t) => {
  const target = train.target.map((value) => 1e7 + value * 1e5);
  const { features } = train;
  const model = await fitEstimator({
    estimator: 'random-forest',
    parameters: { n_estimators: 5 },
    task: 'regression',
    features,
    target,
    classCount: 0,
    seed: 1,
  });
  const [quantized] = await variants(model, ['quantize']);
  const before = await model.predict(held.features);
  const after = await loadModel(quantized?.file ?? model.toTensors()).predict(held.features);
  t.true(after.every((value, at) => Math.abs(value - (before[at] ?? 0)) <= 2e5 * 2 ** -11));
});

test('a deep forest takes half of its bytes within 0.3 points of accuracy', async (t) => {
  const model = await forestOf('classification');
  const accuracy = accuracyOf(await model.predict(held.features), held.target, classCount);
  const bytes = bytesOf(model.toTensors());
  const within: number[] = [];
  for (const { file } of await variants(model, all)) {
    const loaded = loadModel(file);
    const loss = accuracy - accuracyOf(await loaded.predict(held.features), held.target, classCount);
    if (loss <= 0.003) within.push(bytesOf(file) / bytes);
  }
  t.true(Math.min(...within) <= 0.5, `${within}`);
});

test('pruned trees are trees: no larger than asked for, with the covers of the whole, and the same at the same price', async (t) => {
  const model = await forestOf('classification');
  const nodesOf = (file: ModelFile) => file.tensors.find(({ name }) => name === 'split')?.shape[0] ?? 0;
  const [whole = 0, half = 0, quarter = 0, eighth = 0] = (await variants(model, ['prune', 'pack'])).map(({ file }) =>
    nodesOf(file),
  );
  for (const [share, nodes] of [
    [1 / 2, half],
    [1 / 4, quarter],
    [1 / 8, eighth],
  ] as const) {
    t.true(nodes <= share * whole && nodes > share * whole * 0.7, `${nodes} of ${whole}`);
  }
  t.deepEqual(await variants(model, ['prune']), await variants(model, ['prune']));
  for (const { file } of await variants(model, ['prune'])) {
    const arrays = loadModel(file).toTensors();
    const cover = new Float32Array(arrays.tensors.find(({ name }) => name === 'cover')?.data.slice().buffer ?? []);
    t.is(cover[0], train.features.rowCount);
  }
});

test('merging leaves within a distance moves no prediction further than the merges allow', async (t) => {
  const model = await forestOf('regression', { n_estimators: 1, max_depth: 1, bootstrap: false });
  const deep = await forestOf('regression', { n_estimators: 1, bootstrap: false });
  const merged = await variants(deep, ['merge-leaves']);
  t.is(merged.length, 2);
  const before = await deep.predict(train.features);
  for (const { file, description } of merged) {
    t.regex(description, /merged/);
    const after = await loadModel(file).predict(train.features);
    t.true(after.some((value, at) => value !== before[at]));
    t.true(after.every((value, at) => Math.abs(value - (before[at] ?? 0)) < 4));
    t.true(bytesOf(file) < bytesOf(deep.toTensors()));
  }
  // Both leaves of a stump lie further apart than a tenth of their range: it has no other leaves.
  const [stump] = await variants(model, ['merge-leaves']);
  t.deepEqual(
    await loadModel(stump?.file ?? model.toTensors()).predict(held.features),
    await model.predict(held.features),
  );
});

test('the first trees of a forest are the forest of so many trees', async (t) => {
  const model = await forestOf('classification');
  const half = await forestOf('classification', { n_estimators: 20 });
  const found = (await variants(model, ['fewer-trees'])).find(({ description }) => description.includes('20 of 40'));
  const loaded = loadModel(found?.file ?? model.toTensors());
  t.deepEqual(await loaded.predict(held.features), await half.predict(held.features));
});

test('a packed forest that was tampered with is refused with the tensor that is wrong', async (t) => {
  const model = await forestOf('classification', { n_estimators: 2, max_depth: 4 });
  const [packed] = await variants(model, ['pack']);
  const file = packed?.file ?? model.toTensors();
  const spoilt = (name: string, change: (data: Uint8Array) => void): ModelFile => ({
    ...file,
    tensors: file.tensors.map((tensor) => {
      if (tensor.name !== name) return tensor;
      const data = tensor.data.slice();
      change(data);
      return { ...tensor, data };
    }),
  });
  const cases: [string, ModelFile][] = [
    ['split', spoilt('split', (data) => data.fill(200, 0, 1))],
    ['split', spoilt('split', (data) => data.fill(0, 0, 1))],
    ['split', spoilt('split', (data) => data.fill(1))],
    ['tree_start', spoilt('tree_start', (data) => data.fill(255, 4, 8))],
    ['table_start', spoilt('table_start', (data) => data.fill(0))],
    ['tensors', spoilt('values', (data) => data.fill(255))],
    ['encoding', { ...file, metadata: { ...file.metadata, encoding: 'zip' } }],
    ['cover', { ...file, tensors: file.tensors.filter(({ name }) => name !== 'missing_left') }],
  ];
  for (const [what, broken] of cases) t.throws(() => loadModel(broken), { instanceOf: ModelError }, what);
});
