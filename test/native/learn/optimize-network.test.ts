import test from 'ava';
import { fitEstimator } from '../../../native/estimators/fit.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import type { Model } from '../../../native/estimators/model.js';
import { pruneNetwork, quantizeNetwork } from '../../../native/estimators/optimize-network.js';
import { readSafetensors, writeSafetensors } from '../../../native/safetensors.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { accuracyOf, r2Of } from './data.js';
import { data, fitNetwork } from './network-cases.js';

const { features, target, three, numeric } = data;

const trained = {
  'two classes': () => fitNetwork({ hidden_layer_sizes: '60,33', max_iter: 40 }, { features, target, classCount: 2 }),
  'three classes, gelu and layer normalization': () =>
    fitNetwork(
      { hidden_layer_sizes: '70', activation: 'gelu', normalization: 'layer', max_iter: 40 },
      { features, target: three, classCount: 3 },
    ),
  'three classes, tanh and batch normalization': () =>
    fitNetwork(
      { hidden_layer_sizes: '129', activation: 'tanh', normalization: 'batch', max_iter: 40 },
      { features, target: three, classCount: 3 },
    ),
  numbers: () =>
    fitNetwork(
      { hidden_layer_sizes: '40', max_iter: 100, batch_size: 50 },
      { features, target: numeric, classCount: 0 },
    ),
} as const;

for (const [name, train] of Object.entries(trained)) {
  test(`in 8 bits a network of ${name} predicts nearly the same, in any batch, and survives its file`, async (t) => {
    const model = await train();
    const small = await quantizeNetwork(model, features);
    const [whole, reduced] = [await model.predict(features), await small.predict(features)];
    if (model.classCount === 0) {
      t.true(r2Of(reduced, numeric) > r2Of(whole, numeric) - 0.02);
    } else {
      const wanted = model.classCount === 2 ? target : three;
      const lost = accuracyOf(whole, wanted, model.classCount) - accuracyOf(reduced, wanted, model.classCount);
      t.true(Math.abs(lost) < 0.01, `${lost}`);
    }
    const width = Math.max(1, model.classCount);
    for (const rowCount of [1, 2, 5, 15, 57, 600]) {
      const part = { data: features.data.subarray(0, rowCount * 9), rowCount, columnCount: 9 };
      t.deepEqual(small.predictSync(part), reduced.slice(0, rowCount * width), `${rowCount} rows`);
    }
    const copy = loadModel(readSafetensors(writeSafetensors(small.toTensors())));
    t.deepEqual(await copy.predict(features), reduced);
    t.deepEqual(copy.toTensors(), small.toTensors());
    t.is(copy.sizeBytes, small.sizeBytes);
    t.deepEqual(await model.predict(features), whole);
  });
}

test('a large network in 8 bits takes a quarter of the memory', async (t) => {
  const wide = { data: Float32Array.from({ length: 50 * 300 }, (_, i) => Math.sin(i)), rowCount: 50, columnCount: 300 };
  const label = Float64Array.from({ length: 50 }, (_, row) => row % 2);
  const model = await fitNetwork(
    { hidden_layer_sizes: '256', max_iter: 1 },
    { features: wide, target: label, classCount: 2 },
  );
  const small = await quantizeNetwork(model, wide);
  t.true(model.sizeBytes / small.sizeBytes > 3.7);
  const bytes = (each: Model) => writeSafetensors(each.toTensors()).length;
  t.true(bytes(model) / bytes(small) > 3.7);
});

test.serial('calibration gives the same network on one thread as on five', async (t) => {
  const before = threadCount();
  t.teardown(() => setThreads(before));
  const model = await trained['two classes']();
  const files = [];
  for (const threads of [1, 5]) {
    setThreads(threads);
    files.push((await quantizeNetwork(model, features)).toTensors());
  }
  t.deepEqual(files[1], files[0]);
});

test('values beyond the calibrated range are held to its ends', async (t) => {
  const model = await trained['two classes']();
  const small = await quantizeNetwork(model, { data: features.data.subarray(0, 90), rowCount: 10, columnCount: 9 });
  const far = { data: new Float32Array(9).fill(1e30), rowCount: 1, columnCount: 9 };
  const farther = { data: new Float32Array(9).fill(3e38), rowCount: 1, columnCount: 9 };
  t.deepEqual(small.predictSync(far), small.predictSync(farther));
});

test('pruning sets exactly the share asked for to zero, the smallest first', async (t) => {
  const model = await trained['two classes']();
  for (const sparsity of [0, 0.5, 0.9, 1]) {
    const pruned = pruneNetwork(model, { sparsity });
    const layers = (each: Model) =>
      each
        .toTensors()
        .tensors.filter(({ name }) => name.endsWith('weights'))
        .map(({ data }) => new Float32Array(data.slice().buffer));
    const before = layers(model);
    layers(pruned).forEach((weights, layer) => {
      const zeros = weights.filter((value) => value === 0).length;
      t.is(zeros, Math.floor(weights.length * sparsity));
      const sizes = (before[layer] ?? new Float32Array()).map(Math.abs);
      const dropped = sizes.filter((_, index) => weights[index] === 0);
      const kept = sizes.filter((_, index) => weights[index] !== 0);
      t.true(Math.max(0, ...dropped) <= Math.min(Number.POSITIVE_INFINITY, ...kept));
    });
  }
  const half = pruneNetwork(model, { sparsity: 0.3 });
  t.true(accuracyOf(await half.predict(features), target, 2) > 0.85);
  t.is((await quantizeNetwork(half, features)).classCount, 2);
});

test('optimizing refuses other models, rows that do not fit, and a share that is none', async (t) => {
  const model = await trained['two classes']();
  const forest = await fitEstimator({
    estimator: 'random-forest',
    parameters: { n_estimators: 1 },
    task: 'classification',
    features,
    target,
    classCount: 2,
    seed: 1,
  });
  const refused = (given: Model, matrix = features) => quantizeNetwork(given, matrix);
  await t.throwsAsync(refused(forest), { message: 'model: "random-forest" must be a neural-network not disposed of' });
  await t.throwsAsync(refused(await refused(model)), { message: 'model: "int8" must be in single precision' });
  await t.throwsAsync(refused(model, { data: new Float32Array(8), rowCount: 1, columnCount: 8 }), {
    message: 'calibrationRows.columnCount: 8 must be 9',
  });
  await t.throwsAsync(refused(model, { data: new Float32Array(0), rowCount: 0, columnCount: 9 }), {
    message: /^calibrationRows.rowCount: 0 must be >= 1/,
  });
  await t.throwsAsync(refused(model, { data: new Float32Array(9).fill(Number.NaN), rowCount: 1, columnCount: 9 }), {
    message: /features column 0: NaN must be finite/,
  });
  for (const sparsity of [-0.1, 1.1, Number.NaN]) {
    t.throws(() => pruneNetwork(model, { sparsity }), { message: /^sparsity: .* must be from 0 to 1$/ });
  }
  const reason = new Error('enough');
  await t.throwsAsync(quantizeNetwork(model, features, { signal: AbortSignal.abort(reason) }), { is: reason });
  model.dispose();
  await t.throwsAsync(refused(model), { message: /not disposed of/ });
});

test('loading refuses codes and scales that mean nothing', async (t) => {
  const file = (await quantizeNetwork(await trained['two classes'](), features)).toTensors();
  const changed = (name: string, values: Float32Array) =>
    loadModel({
      ...file,
      tensors: file.tensors.map((tensor) =>
        tensor.name === name ? { ...tensor, data: new Uint8Array(values.buffer) } : tensor,
      ),
    });
  t.throws(() => changed('layers.0.input_zero', Float32Array.of(256)), { message: /whole number from 0 to 255/ });
  t.throws(() => changed('layers.0.input_zero', Float32Array.of(0.5)), { message: /whole number from 0 to 255/ });
  t.throws(() => changed('layers.1.input_scale', Float32Array.of(0)), { message: /scale must be at least/ });
  t.throws(() => changed('layers.0.scale', new Float32Array(60).fill(-1)), { message: /scale must be at least/ });
  t.throws(() => loadModel({ ...file, metadata: { ...file.metadata, precision: 'f32' } }), { name: 'ModelError' });
  t.throws(() => loadModel({ ...file, metadata: { ...file.metadata, precision: 'int4' } }), {
    message: /^metadata.precision: "int4" must be one of f32, int8/,
  });
});
