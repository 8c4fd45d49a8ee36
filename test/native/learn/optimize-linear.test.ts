import test from 'ava';
import { fitEstimator } from '../../../native/estimators/fit.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import type { Model, ModelFile } from '../../../native/estimators/model.js';
import { ModelError } from '../../../native/estimators/model.js';
import type { OptimizationMethod, Variant } from '../../../native/optimize/variants.js';
import { variantsOf } from '../../../native/optimize/variants.js';
import { fixture } from './data.js';

const { features, target } = fixture<unknown>('breast-cancer');

function fitted(): Promise<Model> {
  const scaled = Float32Array.from(features.data, (value) => value / 100);
  return fitEstimator({
    estimator: 'logistic-regression',
    parameters: {},
    task: 'classification',
    features: { ...features, data: scaled },
    target,
    classCount: 2,
    seed: 1,
  });
}

async function variants(model: Model, methods: readonly OptimizationMethod[]): Promise<Variant[]> {
  const found: Variant[] = [];
  const request = { methods: new Set(methods), calibrationRows: features, trainingRows: () => features };
  for await (const variant of variantsOf(model.estimator)?.variants(model, request) ?? []) found.push(variant);
  return found;
}

const weightsOf = ({ tensors }: ModelFile) =>
  new Float64Array(tensors.find(({ name }) => name === 'weights')?.data.slice().buffer ?? []);
const dataBytes = ({ tensors }: ModelFile) => tensors.reduce((sum, { data }) => sum + data.length, 0);

test('pruned weights are the largest ones, unchanged, in fewer bytes', async (t) => {
  const model = await fitted();
  const before = weightsOf(model.toTensors());
  const pruned = await variants(model, ['prune']);
  t.deepEqual(
    pruned.map(({ description }) => description),
    ['the 75 % largest weights', 'the 50 % largest weights', 'the 25 % largest weights'],
  );
  for (const [index, { file }] of pruned.entries()) {
    const after = weightsOf(loadModel(file).toTensors());
    const kept = after.filter((weight) => weight !== 0);
    t.is(kept.length, [23, 15, 8][index] ?? 0);
    const least = Math.min(...kept.map(Math.abs));
    after.forEach((weight, at) => {
      t.true(weight === before[at] || (weight === 0 && Math.abs(before[at] ?? 0) <= least));
    });
    t.true(dataBytes(file) < dataBytes(model.toTensors()));
  }
});

test('weights in 16 and 8 bits are within their rounding, in a quarter and an eighth of the bytes', async (t) => {
  const model = await fitted();
  const before = weightsOf(model.toTensors());
  const most = Math.max(...before.map(Math.abs));
  const [half, byte] = await variants(model, ['quantize']);
  for (const [variant, within, share] of [
    [half, most * 2 ** -11, 1 / 4],
    [byte, most / 254 + 1e-12, 1 / 8],
  ] as const) {
    const file = variant?.file ?? model.toTensors();
    const after = weightsOf(loadModel(file).toTensors());
    after.forEach((weight, at) => {
      t.true(Math.abs(weight - (before[at] ?? 0)) <= within);
    });
    // Besides the intercept, the means in single precision, and for bytes the scale.
    t.is(file.tensors.find(({ name }) => name === 'means')?.dtype, 'F32');
    t.true(dataBytes(file) - 16 - features.columnCount * 4 <= before.length * 8 * share);
  }
});

test('weights that do not fit their mask are refused', async (t) => {
  const model = await fitted();
  const [pruned] = await variants(model, ['prune']);
  const file = pruned?.file ?? model.toTensors();
  const tensors = file.tensors.map((tensor) =>
    tensor.name === 'mask' ? { ...tensor, data: tensor.data.map(() => 255) } : tensor,
  );
  const error = t.throws(() => loadModel({ ...file, tensors }), { instanceOf: ModelError });
  t.regex(error?.message ?? '', /weights.*\.shape/);
});
