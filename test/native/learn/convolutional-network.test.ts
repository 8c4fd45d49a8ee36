import test from 'ava';
import { fitEstimator } from '../../../native/estimators/fit.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { bars, fitConvolutional, recipes, side } from './convolution-cases.js';
import { networkSums } from './convolution-reference.js';
import { accuracyOf, digestOf, numbers, r2Of } from './data.js';

test.serial('the same seed gives the same network on 1, 2, 3 and 5 threads, another seed another', async (t) => {
  const before = threadCount();
  t.teardown(() => setThreads(before));
  for (const [parameters, wanted] of recipes) {
    const name = JSON.stringify(parameters);
    const given = { hidden_layer_sizes: 30, max_iter: 2, ...parameters };
    const digests = new Set<string>();
    const outputs = new Set<string>();
    for (const threads of [1, 2, 3, 5]) {
      setThreads(threads);
      const model = await fitConvolutional(given, wanted);
      digests.add(digestOf(model));
      outputs.add((await model.predict(wanted.features)).join());
    }
    t.is(digests.size, 1, name);
    t.is(outputs.size, 1, name);
    t.false(digests.has(digestOf(await fitConvolutional(given, { ...wanted, seed: 4 }))), name);
  }
});

test('bars that lie and bars that stand are told apart on images not seen', async (t) => {
  const train = bars(2000, 1);
  const held = bars(1000, 2);
  const model = await fitConvolutional({ max_iter: 15, batch_size: 50 }, { ...train, classCount: 2 });
  const accuracy = accuracyOf(await model.predict(held.features), held.target, 2);
  t.true(accuracy > 0.95, `${accuracy}`);
  t.is(model.estimator, 'convolutional-network');
  t.is(model.importances, null);
});

test('every solver, activation and pool learns', async (t) => {
  for (const [parameters, wanted] of recipes) {
    const name = JSON.stringify(parameters);
    const rate = parameters.solver === undefined ? 0.005 : 0.02;
    const given = { max_iter: 60, batch_size: 30, learning_rate_init: rate, ...parameters };
    const model = await fitConvolutional(given, wanted);
    const out = await model.predict(wanted.features);
    const { classCount } = wanted;
    const found = classCount === 0 ? r2Of(out, wanted.target) : accuracyOf(out, wanted.target, classCount);
    t.true(found > 0.8, `${name} ${found}`);
  }
});

test('predictions are those of the definition, in any company, and of the model saved and loaded', async (t) => {
  const next = numbers(9);
  const layers = { image_height: 6, image_width: 7, image_channels: 3, convolution_channels: '4,20', kernel_size: 5 };
  const columnCount = 6 * 7 * 3;
  const features = {
    data: Float32Array.from({ length: 70 * columnCount }, () => next() * 2 - 1),
    rowCount: 70,
    columnCount,
  };
  const target = Float64Array.from({ length: 70 }, () => next() * 3);
  const parameters = { ...layers, pool: 'average', pool_size: 1, max_iter: 3, hidden_layer_sizes: 5 };
  const model = await fitConvolutional(parameters, { features, target, classCount: 0 });
  const out = await model.predict(features);
  const { tensors } = model.toTensors();
  const values = tensors.flatMap(({ data }) => [...new Float32Array(data.slice().buffer)]);
  const layer = { kernel: 5, stride: 1, padding: 'same', pool: 'average', poolSize: 1 } as const;
  const convolutions = {
    image: { height: 6, width: 7, channels: 3 },
    layers: [
      { units: 4, ...layer },
      { units: 20, ...layer },
    ],
  };
  for (const row of [0, 33, 69]) {
    const pixels = [...features.data.subarray(row * columnCount, (row + 1) * columnCount)];
    const [wanted = Number.NaN] = networkSums(pixels, convolutions, [5, 1], 'relu', values);
    t.true(Math.abs((out[row] ?? Number.NaN) - wanted) < 1e-4, `${out[row]} ${wanted}`);
    const alone = model.predictSync({ data: Float32Array.from(pixels), rowCount: 1, columnCount });
    t.is(alone[0], out[row]);
  }
  const loaded = loadModel(model.toTensors());
  t.is(digestOf(loaded), digestOf(model));
  t.deepEqual(await loaded.predict(features), out);
  t.is(loaded.sizeBytes, model.sizeBytes);
});

test('large images are cancelled while an epoch is under way', async (t) => {
  const abort = new AbortController();
  const reason = new Error('enough');
  const size = 96;
  const features = { data: new Float32Array(64 * size * size * 3), rowCount: 64, columnCount: size * size * 3 };
  setTimeout(() => abort.abort(reason), 50);
  await t.throwsAsync(
    fitEstimator({
      estimator: 'convolutional-network',
      parameters: { image_channels: 3, convolution_channels: '64,64', pool: 'none', max_iter: 1000 },
      task: 'classification',
      features,
      target: Float64Array.from({ length: 64 }, (_, row) => row % 2),
      classCount: 2,
      seed: 0,
      signal: abort.signal,
    }),
    { is: reason },
  );
});

test('progress counts the epochs', async (t) => {
  const seen: [number, number][] = [];
  const { features, target } = bars(100);
  await fitEstimator({
    estimator: 'convolutional-network',
    parameters: { max_iter: 3, image_height: side, image_width: side },
    task: 'classification',
    features,
    target,
    classCount: 2,
    seed: 0,
    onProgress: (step, total) => seen.push([step, total]),
  });
  t.deepEqual(seen.at(-1), [3, 3]);
});
