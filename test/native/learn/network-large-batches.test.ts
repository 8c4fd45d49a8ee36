import test from 'ava';
import { fitEstimator } from '../../../native/estimators/fit.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import type { Model } from '../../../native/estimators/model.js';
import { projector } from '../../../native/estimators/reduced-model.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { numbers } from './data.js';

// Batches so large that a processor with tiles of bfloat16 splits a network's weights for them.

const [rowCount, columnCount, classCount] = [700, 100, 3];
const next = numbers(8);
const data = Float32Array.from({ length: rowCount * columnCount }, () => next() * 4 - 2);
const target = Float64Array.from({ length: rowCount }, (_, row) => row % classCount);

const fitted = (parameters: Record<string, number | string>): Promise<Model> =>
  fitEstimator({
    estimator: 'neural-network',
    parameters: { hidden_layer_sizes: '70,40', max_iter: 3, ...parameters },
    task: 'classification',
    features: { data, rowCount, columnCount },
    target,
    classCount,
    seed: 1,
  });

/** Scored one after the other. */
function alone(model: Model, values: Float32Array): Float32Array {
  const rows = values.length / columnCount;
  const out = new Float32Array(rows * classCount);
  for (let row = 0; row < rows; row++) {
    const one = values.slice(row * columnCount, (row + 1) * columnCount);
    out.set(model.predictSync({ data: one, rowCount: 1, columnCount }), row * classCount);
  }
  return out;
}

for (const parameters of [
  {} as Record<string, string>,
  { activation: 'gelu', normalization: 'layer' },
  { hidden_layer_sizes: '20,64,64', activation: 'tanh' },
]) {
  test(`a large batch is scored as its rows are: ${JSON.stringify(parameters)}`, async (t) => {
    const model = await fitted(parameters);
    const expected = alone(model, data);
    for (const rows of [256, 257, 319, 700]) {
      const part = { data: data.slice(0, rows * columnCount), rowCount: rows, columnCount };
      const seen = await model.predict(part);
      const furthest = seen.reduce((most, value, at) => Math.max(most, Math.abs(value - (expected[at] ?? 9))), 0);
      t.true(furthest <= 2e-6, `${rows} rows: ${furthest}`);
      t.deepEqual(model.predictSync(part), seen, `${rows} rows at once`);
    }
    const few = { data: data.slice(0, 255 * columnCount), rowCount: 255, columnCount };
    t.deepEqual(await model.predict(few), expected.slice(0, 255 * classCount), 'a batch that is not large');
  });
}

test.serial('a large batch gives the same bits on 1, 2, 3 and 5 threads', async (t) => {
  const threads = threadCount();
  t.teardown(() => setThreads(threads));
  const model = await fitted({});
  const expected = await model.predict({ data, rowCount, columnCount });
  for (const count of [1, 2, 3, 5]) {
    setThreads(count);
    t.deepEqual(await model.predict({ data, rowCount, columnCount }), expected, `${count} threads`);
  }
});

test('a large batch refuses a feature that is not finite, and names its column and row', async (t) => {
  for (const hidden of ['70,40', '20,64']) {
    const model = await fitted({ hidden_layer_sizes: hidden });
    for (const bad of [Number.NaN, Number.NEGATIVE_INFINITY]) {
      const values = data.with(699 * columnCount + 5, bad);
      await t.throwsAsync(model.predict({ data: values, rowCount, columnCount }), {
        message: /^features column 5: .* must be finite.*; row 699$/,
      });
    }
  }
});

test('a large batch of rows that are only reduced has the bits of its rows alone', async (t) => {
  const componentCount = 40;
  const weights = Float32Array.from({ length: columnCount * componentCount }, () => next() - 0.5);
  const front = projector({ featureCount: columnCount, componentCount, weights });
  const seen = await front.predict({ data, rowCount, columnCount });
  for (const row of [0, 300, rowCount - 1]) {
    const one = data.slice(row * columnCount, (row + 1) * columnCount);
    const expected = front.predictSync({ data: one, rowCount: 1, columnCount });
    t.deepEqual(seen.slice(row * componentCount, (row + 1) * componentCount), expected);
  }
  front.dispose();
});

test('what overflows in a large batch is what overflows alone', async (t) => {
  const huge = async (activation: string): Promise<Model> => {
    const { tensors, metadata } = (await fitted({ hidden_layer_sizes: '64,64', activation })).toTensors();
    const scaled = tensors.map((tensor) => {
      if (tensor.name !== 'layers.0.weights') return tensor;
      const values = new Float32Array(tensor.data.slice().buffer).map((value) => value * 1e38);
      return { ...tensor, data: new Uint8Array(values.buffer) };
    });
    return loadModel({ tensors: scaled, metadata });
  };
  const values = data.map((value) => value * 1e3);
  // Sums beyond the largest number, which tanh brings back to one.
  const bounded = await huge('tanh');
  const expected = alone(bounded, values);
  const seen = await bounded.predict({ data: values, rowCount, columnCount });
  t.true(seen.every((value, at) => Math.abs(value - (expected[at] ?? 9)) <= 2e-6));
  const unbounded = await huge('relu');
  const error = t.throws(() => alone(unbounded, values));
  await t.throwsAsync(unbounded.predict({ data: values, rowCount, columnCount }), { message: error?.message ?? '' });
});
