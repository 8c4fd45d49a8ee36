import test from 'ava';
import { fitEstimator } from '../../../native/estimators/fit.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import type { Model } from '../../../native/estimators/model.js';
import { readSafetensors, writeSafetensors } from '../../../native/safetensors.js';
import type { Matrix } from '../../../native/table/matrix.js';
import { numbers, twoClasses } from './data.js';

async function models(): Promise<Record<string, { model: Model; features: Matrix }>> {
  const { features, target } = twoClasses(1500, 7);
  const three = target.map((value, row) => (row % 7 === 0 ? 2 : value));
  const numbersOf = target.map((_, row) => Math.sin(features.data[row * 7] ?? 0) * 3);
  const trained = (
    estimator: string,
    task: 'classification' | 'regression',
    wanted: Float64Array,
    classCount: number,
  ) =>
    fitEstimator({
      estimator,
      parameters: estimator === 'random-forest' ? { n_estimators: 150 } : {},
      task,
      features,
      target: wanted,
      classCount,
      seed: 2,
    });
  return {
    'a forest of two classes': { model: await trained('random-forest', 'classification', target, 2), features },
    'a forest of three classes': { model: await trained('random-forest', 'classification', three, 3), features },
    'a regression forest': { model: await trained('random-forest', 'regression', numbersOf, 0), features },
    'linear regression': { model: await trained('linear-regression', 'regression', numbersOf, 0), features },
    'logistic regression of two classes': {
      model: await trained('logistic-regression', 'classification', target, 2),
      features,
    },
    'logistic regression of three classes': {
      model: await trained('logistic-regression', 'classification', three, 3),
      features,
    },
  };
}

test('batch, single row and every batch size give the same bits', async (t) => {
  for (const [name, { model, features }] of Object.entries(await models())) {
    const width = Math.max(1, model.classCount);
    const all = await model.predict(features);
    t.is(all.length, features.rowCount * width, name);
    for (const rowCount of [1, 2, 16, 17, 63, 65, 129, 700]) {
      const part = { data: features.data.subarray(0, rowCount * features.columnCount), rowCount, columnCount: 7 };
      t.deepEqual(await model.predict(part), all.slice(0, rowCount * width), `${name}, ${rowCount} rows`);
      t.deepEqual(model.predictSync(part), all.slice(0, rowCount * width), `${name}, ${rowCount} rows at once`);
    }
    t.is((await model.predict({ data: new Float32Array(0), rowCount: 0, columnCount: 7 })).length, 0, name);
  }
});

test('a model read back from its file predicts the same bits', async (t) => {
  for (const [name, { model, features }] of Object.entries(await models())) {
    const copy = loadModel(readSafetensors(writeSafetensors(model.toTensors())));
    t.deepEqual(await copy.predict(features), await model.predict(features), name);
    t.deepEqual(
      [copy.estimator, copy.task, copy.classCount, copy.featureCount, copy.importances],
      [model.estimator, model.task, model.classCount, model.featureCount, model.importances],
      name,
    );
    t.deepEqual(copy.toTensors(), model.toTensors(), name);
  }
});

test('scoring refuses another number of columns and a shape the data does not have', async (t) => {
  for (const { model } of Object.values(await models())) {
    const wrong = { data: new Float32Array(6), rowCount: 1, columnCount: 6 };
    const columns = await t.throwsAsync(model.predict(wrong), { name: 'EstimatorError' });
    t.is(columns?.message, 'features.columnCount: 6 must be 7');
    t.throws(() => model.predictSync({ data: new Float32Array(7), rowCount: 2 ** 30, columnCount: 7 }), {
      name: 'EstimatorError',
      message: /features\.data/,
    });
  }
});

test('linear models refuse missing and infinite features and name the column', async (t) => {
  const all = await models();
  for (const name of ['linear regression', 'logistic regression of three classes']) {
    const model = all[name]?.model;
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const data = new Float32Array(7);
      data[4] = bad;
      t.throws(() => model?.predictSync({ data, rowCount: 1, columnCount: 7 }), { message: /features column 4/ });
    }
  }
});

test('extreme features give finite probabilities that sum to one', async (t) => {
  const next = numbers(9);
  for (const [name, { model }] of Object.entries(await models())) {
    if (model.classCount === 0) continue;
    const data = Float32Array.from({ length: 70 }, () => (next() - 0.5) * 6e38);
    const out = model.predictSync({ data, rowCount: 10, columnCount: 7 });
    for (let row = 0; row < 10; row++) {
      const sum = out.subarray(row * model.classCount, (row + 1) * model.classCount).reduce((a, b) => a + b, 0);
      t.true(Math.abs(sum - 1) < 1e-6, name);
    }
  }
});

test('a disposed model refuses to score; scoring under way completes', async (t) => {
  for (const { model, features } of Object.values(await models())) {
    const pending = model.predict(features);
    model.dispose();
    model.dispose();
    t.true((await pending).length > 0);
    t.throws(() => model.predictSync(features), { message: /disposed/ });
    await t.throwsAsync(model.predict(features), { message: /disposed/ });
    t.throws(() => model.toTensors(), { message: /disposed/ });
  }
});

test('an aborted signal ends scoring', async (t) => {
  const { model, features } = Object.values(await models())[0] ?? t.fail();
  const reason = new Error('enough');
  await t.throwsAsync(model.predict(features, { signal: AbortSignal.abort(reason) }), { is: reason });
});
