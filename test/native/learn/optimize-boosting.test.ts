import test from 'ava';
import { fitEstimator } from '../../../native/estimators/fit.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import type { Model, ModelFile } from '../../../native/estimators/model.js';
import { ModelError } from '../../../native/estimators/model.js';
import type { OptimizationMethod, Variant } from '../../../native/optimize/variants.js';
import { variantsOf } from '../../../native/optimize/variants.js';
import { readSafetensors, writeSafetensors } from '../../../native/safetensors.js';
import type { Matrix } from '../../../native/table/matrix.js';
import { createRandom } from '../../../native/validation/random.js';

const columnCount = 6;
const all: OptimizationMethod[] = ['fewer-trees', 'prune', 'merge-leaves', 'quantize', 'pack'];

/** Five numbers, some missing, and a column of forty categories of which every third counts. */
function rowsOf(rowCount: number, seed: number): { features: Matrix; target: Float64Array } {
  const random = createRandom(seed);
  const next = () => random.next() / 2 ** 32;
  const target = new Float64Array(rowCount);
  const data = new Float32Array(rowCount * columnCount);
  for (let row = 0; row < rowCount; row++) {
    const category = random.below(40);
    const numbers = Array.from({ length: 5 }, next);
    data.set([...numbers.map((value) => (next() < 0.03 ? Number.NaN : value)), category], row * columnCount);
    target[row] = (category % 3 === 0 ? 2 : 0) + (numbers[0] ?? 0) * 3 + (numbers[1] ?? 0) ** 2 + next();
  }
  return { features: { data, rowCount, columnCount }, target };
}

const train = rowsOf(2_000, 1);
const held = rowsOf(1_500, 2);
const tasks = { regression: 0, 'two classes': 2, 'four classes': 4 } as const;

function model(classCount: number, categorical = true): Promise<Model> {
  const target = classCount === 0 ? train.target : train.target.map((value) => classOf(value, classCount));
  return fitEstimator({
    estimator: 'gradient-boosting',
    parameters: { n_estimators: 40 },
    task: classCount === 0 ? 'regression' : 'classification',
    features: train.features,
    target,
    classCount,
    categorical: categorical ? Uint8Array.of(0, 0, 0, 0, 0, 1) : null,
    seed: 5,
  });
}

const classOf = (value: number, classCount: number) => Math.min(classCount - 1, Math.floor((value * classCount) / 7));

async function variants(of: Model, methods: readonly OptimizationMethod[]): Promise<Variant[]> {
  const found: Variant[] = [];
  const request = { methods: new Set(methods), calibrationRows: train.features, trainingRows: () => train.features };
  for await (const variant of variantsOf(of.estimator)?.variants(of, request) ?? []) found.push(variant);
  return found;
}

const bytesOf = (file: ModelFile) => writeSafetensors(file).length;
const errorOf = async (of: Model) => {
  const predicted = await of.predict(held.features);
  const squares = predicted.reduce((sum, value, row) => sum + (value - (held.target[row] ?? 0)) ** 2, 0);
  return Math.sqrt(squares / predicted.length);
};

for (const [task, classCount] of Object.entries(tasks)) {
  for (const categorical of [true, false]) {
    const kind = categorical ? 'with categories' : 'without categories';
    test(`a packed model for ${task} ${kind} predicts the same bits from fewer bytes`, async (t) => {
      const whole = await model(classCount, categorical);
      const [packed] = await variants(whole, ['pack']);
      const file = packed?.file ?? whole.toTensors();
      const loaded = loadModel(readSafetensors(writeSafetensors(file)));
      t.deepEqual(await loaded.predict(held.features), await whole.predict(held.features));
      t.deepEqual(loaded.importances, whole.importances);
      t.true(bytesOf(file) < bytesOf(whole.toTensors()) * 0.6, `${bytesOf(file)} of ${bytesOf(whole.toTensors())}`);
      // What was packed can be optimized again.
      const [again] = await variants(loaded, ['pack']);
      t.is(bytesOf(again?.file ?? whole.toTensors()), bytesOf(file));
      t.deepEqual(await loadModel(again?.file ?? file).predict(held.features), await whole.predict(held.features));
    });
  }
}

for (const [task, classCount] of Object.entries(tasks)) {
  test(`every variant for ${task} loads and is no larger than the packed model`, async (t) => {
    const whole = await model(classCount);
    const found = await variants(whole, all);
    t.is(new Set(found.map(({ description }) => description)).size, found.length);
    t.is(found.length, 36);
    const packed = bytesOf(found[0]?.file ?? whole.toTensors());
    for (const { file, description } of found) {
      t.true(bytesOf(file) <= packed, description);
      const loaded = loadModel(file);
      const outputs = await loaded.predict(held.features);
      t.true(outputs.every(Number.isFinite), description);
      loaded.dispose();
    }
  });
}

test('half the rounds are the first half, and rounding costs little', async (t) => {
  const whole = await model(0);
  const short = await fitEstimator({
    estimator: 'gradient-boosting',
    parameters: { n_estimators: 20 },
    task: 'regression',
    ...train,
    classCount: 0,
    categorical: Uint8Array.of(0, 0, 0, 0, 0, 1),
    seed: 5,
  });
  const fewer = await variants(whole, ['fewer-trees']);
  const half = fewer.find(({ description }) => description === 'the first 20 of 40 rounds, packed');
  t.deepEqual(
    await loadModel(half?.file ?? whole.toTensors()).predict(held.features),
    await short.predict(held.features),
  );
  const [rounded] = await variants(whole, ['quantize']);
  const before = await errorOf(whole);
  t.true((await errorOf(loadModel(rounded?.file ?? whole.toTensors()))) < before * 1.02);
  const [pruned] = await variants(whole, ['prune']);
  t.true((await errorOf(loadModel(pruned?.file ?? whole.toTensors()))) < before * 1.1);
});

test('without covers pruning and merging say what the file lacks', async (t) => {
  const whole = await model(0);
  const maker = variantsOf(whole.estimator);
  t.deepEqual([...(maker?.lacking?.(whole) ?? [])], []);
  const { tensors, metadata } = whole.toTensors();
  const bare = loadModel({ tensors: tensors.filter(({ name }) => name !== 'cover'), metadata });
  t.deepEqual([...(maker?.lacking?.(bare).keys() ?? [])], ['prune', 'merge-leaves']);
});

test('methods that are not allowed are not used', async (t) => {
  const whole = await model(0);
  for (const method of all) {
    const used = new Set((await variants(whole, [method])).flatMap(({ methods }) => methods));
    used.delete('pack');
    used.delete(method);
    t.is(used.size, 0, method);
  }
});

test('a packed model of any origin is checked', async (t) => {
  const [packed] = await variants(await model(0), ['pack']);
  const { tensors, metadata } = packed?.file ?? { tensors: [], metadata: {} };
  const changed = (name: string, change: object) =>
    tensors.map((tensor) => (tensor.name === name ? { ...tensor, ...change } : tensor));
  const cut = (name: string, count: number) => {
    const tensor = tensors.find((each) => each.name === name);
    const size = (tensor?.data.length ?? 0) / (tensor?.shape[0] ?? 1);
    return changed(name, {
      shape: [count, ...(tensor?.shape.slice(1) ?? [])],
      data: tensor?.data.slice(0, count * size),
    });
  };
  for (const bad of [
    { tensors, metadata: { ...metadata, encoding: 'zipped' } },
    { tensors: tensors.filter(({ name }) => name !== 'sets'), metadata },
    { tensors: cut('sets', 1), metadata },
    { tensors: cut('sets', 0), metadata },
    { tensors: cut('categories', 3), metadata },
    { tensors: cut('base', 0), metadata },
    { tensors: changed('categories_start', { data: new Uint8Array(28).fill(255) }), metadata },
    {
      tensors: changed('table', {
        data: new Uint8Array(tensors.find(({ name }) => name === 'table')?.data.length ?? 0).fill(255),
      }),
      metadata,
    },
    { tensors: [...tensors, { name: 'more', dtype: 'U8' as const, shape: [1], data: new Uint8Array(1) }], metadata },
  ]) {
    t.throws(() => loadModel(bad), { instanceOf: ModelError });
  }
});
