import { setImmediate as turn } from 'node:timers/promises';
import test from 'ava';
import { EstimatorError } from '../../../native/estimators/estimator-error.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import type { Model } from '../../../native/estimators/model.js';
import { quantizeNetwork } from '../../../native/estimators/optimize-network.js';
import type { Matrix } from '../../../native/table/matrix.js';
import { floats } from '../kernels/inputs.js';

const featureCount = 200;
const usual = { units: 256, classCount: 10 };
const { classCount } = usual;
/** More rows than are scored before the event loop has its turn. */
const manyRows = 9000;

const matrixOf = (rowCount: number, seed = 1): Matrix => ({
  data: floats(rowCount * featureCount, seed),
  rowCount,
  columnCount: featureCount,
});

function network({ units, classCount } = usual): Model {
  const tensor = (name: string, shape: number[], seed: number) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const values = floats(count, seed).map((value) => value / 8);
    return { name, dtype: 'F32' as const, shape, data: new Uint8Array(values.buffer) };
  };
  return loadModel({
    tensors: [
      tensor('layers.0.weights', [featureCount, units], 2),
      tensor('layers.0.bias', [units], 3),
      tensor('layers.1.weights', [units, classCount], 4),
      tensor('layers.1.bias', [classCount], 5),
    ],
    metadata: {
      format: '1',
      estimator: 'neural-network',
      feature_count: String(featureCount),
      class_count: String(classCount),
      layer_sizes: `${units},${classCount}`,
      activation: 'relu',
      output: 'softmax',
      normalization: 'none',
      precision: 'f32',
    },
  });
}

const inBothPrecisions = async (
  run: (model: Model, precision: 'f32' | 'int8') => Promise<void> | void,
  sizes = usual,
) => {
  const model = network(sizes);
  const quantized = await quantizeNetwork(model, matrixOf(200));
  await run(model, 'f32');
  await run(quantized, 'int8');
};

test('a batch gives each row what it has alone, in 8 bits the same bits', async (t) => {
  await inBothPrecisions(async (model, precision) => {
    const rows = matrixOf(manyRows);
    const all = await model.predict(rows);
    t.is(all.length, manyRows * classCount);
    for (const row of [0, 1, 2047, 4095, 6000, manyRows - 1]) {
      const data = rows.data.slice(row * featureCount, (row + 1) * featureCount);
      const one = model.predictSync({ data, rowCount: 1, columnCount: featureCount });
      const here = all.slice(row * classCount, (row + 1) * classCount);
      if (precision === 'int8') t.deepEqual(here, one);
      else t.true(here.every((value, at) => Math.abs(value - (one[at] ?? 9)) <= 2e-6));
    }
  });
});

test('batches scored at once keep apart', async (t) => {
  await inBothPrecisions(async (model) => {
    const batches = [matrixOf(manyRows, 6), matrixOf(manyRows, 7), matrixOf(20, 8)];
    const alone = batches.map((rows) => model.predictSync(rows));
    const together = await Promise.all(batches.map((rows) => model.predict(rows)));
    t.deepEqual(together, alone);
    t.is(new Set([...alone, ...together].map(({ buffer }) => buffer)).size, 2 * batches.length);
    together[0]?.fill(-1);
    t.deepEqual(together[1], alone[1]);
    t.deepEqual(await model.predict(batches[0] as Matrix), alone[0]);
  });
});

test('a model disposed of while it scores a batch completes it, and takes no other', async (t) => {
  await inBothPrecisions(async (model) => {
    const rows = matrixOf(manyRows);
    const expected = model.predictSync(rows);
    const under = model.predict(rows);
    model.dispose();
    model.dispose();
    await t.throwsAsync(model.predict(rows), { message: /disposed of/ });
    await t.throwsAsync(quantizeNetwork(model, matrixOf(2)), { message: /not disposed of/ });
    t.deepEqual(await under, expected);
    t.throws(() => model.predictSync(rows), { message: /disposed of/ });
  });
});

test('a bad row far into a batch is named by its place in the whole', async (t) => {
  await inBothPrecisions(async (model) => {
    const rows = matrixOf(manyRows);
    rows.data[(manyRows - 2) * featureCount + 7] = Number.NaN;
    const error = await t.throwsAsync(model.predict(rows), { instanceOf: EstimatorError });
    t.is(error.reason, 'NOT_FINITE');
    t.is(error.field, 'features column 7');
    t.deepEqual(error.cell, { row: manyRows - 2, column: 7 });
  });
});

test('a signal aborted between the parts of a batch ends it with its reason', async (t) => {
  await inBothPrecisions(async (model) => {
    const controller = new AbortController();
    const reason = new Error('changed our mind');
    const under = model.predict(matrixOf(manyRows), { signal: controller.signal });
    controller.abort(reason);
    await t.throwsAsync(under, { is: reason });
  });
});

test('rows transferred away while they are scored are an error, not a crash', async (t) => {
  await inBothPrecisions(async (model) => {
    const rows = matrixOf(manyRows);
    const under = model.predict(rows).then(
      ({ length }) => length,
      (error: unknown) => error,
    );
    structuredClone(rows.data, { transfer: [rows.data.buffer as ArrayBuffer] });
    const ended = await under;
    t.true(ended === manyRows * classCount || ended instanceof Error);
  });
});

test('scoring again and again holds no more memory in the end', async (t) => {
  // Answers are large beside the work that they are.
  const wide = { units: 16, classCount: 500 };
  const [small, large] = [matrixOf(300), matrixOf(25_000)];
  const used = async (model: Model, times: number) => {
    for (let time = 0; time < times; time++) {
      await model.predict(small);
      await model.predict(large);
    }
    await turn();
    const { external, arrayBuffers, rss } = process.memoryUsage();
    return { external, arrayBuffers, rss };
  };
  await inBothPrecisions(async (model) => {
    const before = await used(model, 3);
    // 500 MB of answers; some of them wait for garbage collection.
    const after = await used(model, 10);
    for (const kind of ['external', 'arrayBuffers', 'rss'] as const) {
      t.true(after[kind] - before[kind] < 300e6, `${kind} ${before[kind]} became ${after[kind]}`);
    }
  }, wide);
});
