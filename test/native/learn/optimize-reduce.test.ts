import test from 'ava';
import { fitEstimator } from '../../../native/estimators/fit.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import type { Model, ModelFile } from '../../../native/estimators/model.js';
import type { Variant } from '../../../native/optimize/variants.js';
import { variantsOf } from '../../../native/optimize/variants.js';
import { writeSafetensors } from '../../../native/safetensors.js';
import type { Matrix } from '../../../native/table/matrix.js';
import { numbers } from './data.js';

const rowCount = 600;
const columnCount = 48;
const factorCount = 4;

/** Rows that hang on four factors but for little noise, around a mean far from zero; the factors decide the class. */
function factored(seed: number): { features: Matrix; target: Float64Array } {
  const next = numbers(seed);
  const loadings = numbers(1);
  const mixing = Float64Array.from({ length: factorCount * columnCount }, () => loadings() * 2 - 1);
  const data = new Float32Array(rowCount * columnCount);
  const target = new Float64Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    const factors = Float64Array.from({ length: factorCount }, () => next() * 2 - 1);
    target[row] = Number((factors[0] ?? 0) + (factors[1] ?? 0) > 0) + Number((factors[2] ?? 0) > 0.4);
    for (let column = 0; column < columnCount; column++) {
      let value = 3 + column / 10 + (next() - 0.5) * 0.02;
      for (const [place, factor] of factors.entries()) value += factor * (mixing[place * columnCount + column] ?? 0);
      data[row * columnCount + column] = value;
    }
  }
  return { features: { data, rowCount, columnCount }, target };
}

const train = factored(2);
const held = factored(3);

function fitted(estimator: string, parameters: Readonly<Record<string, unknown>>): Promise<Model> {
  const task = 'classification' as const;
  return fitEstimator({ estimator, parameters, task, ...train, classCount: 3, seed: 1 });
}

const network = { hidden_layer_sizes: '64,32', max_iter: 30 };

async function variants(model: Model, methods: Variant['methods']): Promise<Variant[]> {
  const found: Variant[] = [];
  const request = {
    methods: new Set(methods),
    calibrationRows: train.features,
    trainingRows: () => train.features,
  };
  for await (const variant of variantsOf(model.estimator)?.variants(model, request) ?? []) found.push(variant);
  return found;
}

function largestDifference(one: Float32Array, other: Float32Array): number {
  return one.reduce((most, value, index) => Math.max(most, Math.abs(value - (other[index] ?? Number.NaN))), 0);
}

test('a network behind the components that rows vary along answers as the whole one does, from less work', async (t) => {
  const model = await fitted('neural-network', network);
  const [first, ...others] = await variants(model, ['reduce']);
  t.deepEqual(first?.methods, ['reduce']);
  t.is(first?.description, `${factorCount} principal components`);
  t.true(others.every(({ methods }) => methods.length === 1));
  const reduced = loadModel(first?.file as ModelFile);
  t.is(reduced.featureCount, columnCount);
  t.true((reduced.operationsPerRow ?? 0) < (model.operationsPerRow ?? 0) / 1.5);
  t.true(writeSafetensors(first?.file as ModelFile).length < writeSafetensors(model.toTensors()).length * 0.8);
  const away = largestDifference(await reduced.predict(held.features), await model.predict(held.features));
  t.true(away < 0.05, `${away}`);
});

test('components and 8 bits come together, calibrated on reduced rows', async (t) => {
  const model = await fitted('neural-network', network);
  const both = (await variants(model, ['quantize', 'reduce'])).filter(({ methods }) => methods.length === 2);
  t.deepEqual(both[0]?.methods, ['reduce', 'quantize']);
  const small = loadModel(both[0]?.file as ModelFile);
  const away = largestDifference(await small.predict(held.features), await model.predict(held.features));
  t.true(away < 0.15, `${away}`);
});

test('nearest neighbours keep reduced rows, and a row equal to a training row is at distance zero', async (t) => {
  const model = await fitted('k-nearest-neighbors', { weights: 'distance' });
  const [first] = await variants(model, ['reduce']);
  t.is(first?.description, `${factorCount} principal components`);
  const size = writeSafetensors(first?.file as ModelFile).length;
  t.true(size < writeSafetensors(model.toTensors()).length / 4, `${size}`);
  const reduced = loadModel(first?.file as ModelFile);
  const shares = await reduced.predict(train.features);
  for (const [row, label] of train.target.entries()) t.is(shares[row * 3 + label], 1);
  const before = await model.predict(held.features);
  const after = await reduced.predict(held.features);
  const winner = (all: Float32Array, row: number) => {
    const own = all.subarray(row * 3, row * 3 + 3);
    return own.indexOf(Math.max(...own));
  };
  const same = Array.from(held.target).filter((_, row) => winner(before, row) === winner(after, row)).length;
  t.true(same >= rowCount * 0.98, `${same} of ${rowCount}`);
});

test('neighbours by another distance than the euclidean have no reduced variant', async (t) => {
  t.deepEqual(await variants(await fitted('k-nearest-neighbors', { metric: 'manhattan' }), ['reduce']), []);
});

test('a reduced model gives the same bits from its file, alone and in company, and refuses what it did', async (t) => {
  for (const [estimator, parameters] of [
    ['neural-network', network],
    ['k-nearest-neighbors', {}],
  ] as const) {
    const [variant] = await variants(await fitted(estimator, parameters), ['reduce']);
    const model = loadModel(variant?.file as ModelFile);
    // Larger batches of a network may round in another way.
    const some = { data: held.features.data.slice(0, 200 * columnCount), rowCount: 200, columnCount };
    const whole = await model.predict(some);
    t.deepEqual(await loadModel(model.toTensors()).predict(some), whole, estimator);
    for (const row of [0, 7, 199]) {
      const data = held.features.data.slice(row * columnCount, (row + 1) * columnCount);
      t.deepEqual(model.predictSync({ data, rowCount: 1, columnCount }), whole.slice(row * 3, row * 3 + 3), estimator);
    }
    const data = held.features.data.slice(0, 3 * columnCount);
    data[columnCount + 5] = Number.NaN;
    await t.throwsAsync(model.predict({ data, rowCount: 3, columnCount }), {
      message: /^features column 5: NaN must be finite.*; row 1$/,
    });
    t.throws(() => model.predictSync({ data: data.slice(0, 7), rowCount: 1, columnCount: 7 }), {
      message: new RegExp(`must be ${columnCount}`),
    });
    model.dispose();
    await t.throwsAsync(model.predict(held.features), { message: /disposed/ });
  }
});

test('a reduced model has no variants of its own', async (t) => {
  for (const [estimator, parameters] of [
    ['neural-network', network],
    ['k-nearest-neighbors', {}],
  ] as const) {
    const [variant] = await variants(await fitted(estimator, parameters), ['reduce']);
    t.deepEqual(await variants(loadModel(variant?.file as ModelFile), ['prune', 'quantize', 'reduce']), [], estimator);
  }
});

test('a file with a reduction of another shape, that is not finite, or that fits no model is refused', async (t) => {
  const [variant] = await variants(await fitted('neural-network', network), ['reduce']);
  const file = variant?.file as ModelFile;
  const changed = (metadata: Record<string, string>, tensors = file.tensors): ModelFile => ({
    tensors,
    metadata: { ...file.metadata, ...metadata },
  });
  const bad: [ModelFile, RegExp][] = [
    [changed({ reduced_from: '47' }), /tensors\["reduction"\].shape.*must be \[47, 4\]/],
    [changed({ reduced_from: 'all' }), /metadata.reduced_from/],
    [changed({ feature_count: '49' }), /metadata.feature_count/],
    [
      changed(
        {},
        file.tensors.filter(({ name }) => name !== 'reduction'),
      ),
      /tensors\["reduction"\].*must be there/,
    ],
    [
      changed(
        {},
        file.tensors.map((tensor) =>
          tensor.name === 'reduction' ? { ...tensor, data: tensor.data.map(() => 255) } : tensor,
        ),
      ),
      /finite/,
    ],
    [changed({ output: 'identity' }), /metadata.output/],
  ];
  for (const [each, message] of bad) t.throws(() => loadModel(each), { name: 'ModelError', message });
});
