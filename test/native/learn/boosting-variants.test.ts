import test from 'ava';
import { type EstimatorFit, fitEstimator } from '../../../native/estimators/fit.js';
import { ParameterError } from '../../../native/estimators/parameters.js';
import { accuracyOf, digestOf, fixture, numbers, rowsOf, twoClasses } from './data.js';

type Given = Partial<EstimatorFit> & Pick<EstimatorFit, 'features' | 'target'>;

const regress = (given: Given) =>
  fitEstimator({
    estimator: 'gradient-boosting',
    task: 'regression',
    classCount: 0,
    parameters: {},
    seed: 7,
    ...given,
  });

const next = numbers(43);
const rowCount = 4_000;
const features = { data: Float32Array.from({ length: rowCount }, () => next()), rowCount, columnCount: 1 };
const sides = { data: Float32Array.of(0.25, 0.75), rowCount: 2, columnCount: 1 };

/** The constant of least Huber loss, where its slope is zero. */
function huberCentre(values: readonly number[], delta: number): number {
  let low = Math.min(...values);
  let high = Math.max(...values);
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    const slope = values.reduce((sum, y) => sum + Math.max(-delta, Math.min(delta, middle - y)), 0);
    if (slope < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

test('huber finds the constants of least Huber loss, whatever the outliers', async (t) => {
  const target = Float64Array.from(features.data, (x) => (x > 0.5 ? 10 : 0) - Math.log(1 - next()));
  const delta = 1.5;
  const of = (values: Float64Array, side: (x: number) => boolean) =>
    Array.from(values.filter((_, row) => side(features.data[row] ?? 0)));
  const parameters = { loss: 'huber', huber_delta: delta, min_samples_leaf: 300, n_estimators: 200 };
  for (const outliers of [0, 1e6]) {
    const wanted = target.map((y, row) => (row % 50 === 0 ? y + outliers : y));
    const model = await regress({ features, target: wanted, parameters });
    const [low = 0, high = 0] = model.predictSync(sides);
    const lowCentre = huberCentre(
      of(wanted, (x) => x <= 0.5),
      delta,
    );
    const highCentre = huberCentre(
      of(wanted, (x) => x > 0.5),
      delta,
    );
    t.true(Math.abs(low - lowCentre) < 0.2, `${low} against ${lowCentre}`);
    t.true(Math.abs(high - highCentre) < 0.2, `${high} against ${highCentre}`);
  }
});

test('huber begins at the constant of least loss, and with a large delta is the squared error', async (t) => {
  const target = Float64Array.from(features.data, () => -Math.log(1 - next()));
  // A tree without splits moves by the slope at the start, which is zero.
  const parameters = { loss: 'huber', huber_delta: 0.3, max_leaf_nodes: 1, n_estimators: 1 };
  const [start = 0] = (await regress({ features, target, parameters })).predictSync(sides);
  t.true(Math.abs(start - huberCentre(Array.from(target), 0.3)) < 1e-4);
  const wide = await regress({ features, target, parameters: { loss: 'huber', huber_delta: 1e9 } });
  const squared = await regress({ features, target });
  const apart = wide.predictSync(sides).map((value, side) => Math.abs(value - (squared.predictSync(sides)[side] ?? 0)));
  t.true(Math.max(...apart) < 1e-4);
});

test('huber takes its delta from the target, which may be of any unit and nearly constant', async (t) => {
  for (const unit of [1e-6, 1, 1e6]) {
    const target = Float64Array.from(
      features.data,
      (x, row) => unit * ((x > 0.5 ? 10 : 0) + (row % 40 === 0 ? 1e4 : 0)),
    );
    const [low = 0, high = 0] = (await regress({ features, target, parameters: { loss: 'huber' } })).predictSync(sides);
    t.true(Math.abs(low / unit) < 3 && Math.abs(high / unit - 10) < 3, `${low} and ${high} in units of ${unit}`);
  }
  const constant = await regress({
    features,
    target: new Float64Array(rowCount).fill(4),
    parameters: { loss: 'huber' },
  });
  t.deepEqual([...constant.predictSync(sides)], [4, 4]);
});

test('huber keeps to monotone constraints', async (t) => {
  const target = Float64Array.from(features.data, (x) => Math.sin(9 * x) + next());
  const model = await regress({ features, target, monotone: Int8Array.of(1), parameters: { loss: 'huber' } });
  const grid = { data: Float32Array.from({ length: 500 }, (_, at) => at / 500), rowCount: 500, columnCount: 1 };
  const values = model.predictSync(grid);
  t.true(values.every((value, at) => at === 0 || value >= (values[at - 1] ?? 0)));
});

test('dart that drops none is plain boosting, bit for bit', async (t) => {
  const { features, target } = twoClasses(2_000, 5);
  const given = { features, target, task: 'classification', classCount: 2 } as const;
  const plain = digestOf(await regress({ ...given, parameters: { n_estimators: 8 } }));
  for (const chances of [{ skip_drop: 1 }, { rate_drop: 0, skip_drop: 0 }]) {
    const dart = await regress({ ...given, parameters: { n_estimators: 8, boosting: 'dart', ...chances } });
    t.is(digestOf(dart), plain);
  }
  const dropped = await regress({
    ...given,
    parameters: { n_estimators: 8, boosting: 'dart', skip_drop: 0, rate_drop: 0.5 },
  });
  t.not(digestOf(dropped), plain);
});

test('dart that drops all weighs every round as its definition says', async (t) => {
  // Every round learns the same tree again: only the weights tell.
  const two = { ...features, data: features.data.map((x) => (x > 0.5 ? 0.75 : 0.25)) };
  const target = Float64Array.from(two.data, (x) => (x > 0.5 ? 10 : 0));
  const mean = target.reduce((sum, y) => sum + y, 0) / rowCount;
  const parameters = {
    boosting: 'dart',
    skip_drop: 0,
    rate_drop: 1,
    reg_lambda: 0,
    max_leaf_nodes: 2,
    min_samples_leaf: 1,
  };
  for (const rate of [1, 0.5, 0.1]) {
    let share = rate;
    for (let rounds = 1; rounds <= 6; rounds++) {
      if (rounds > 1) share = (share * (rounds - 1) + rate) / (rounds - 1 + rate);
      const given = { ...parameters, learning_rate: rate, n_estimators: rounds };
      const [low = 0, high = 0] = (await regress({ features: two, target, parameters: given })).predictSync(sides);
      t.true(Math.abs(low - mean * (1 - share)) < 1e-3, `${low} after ${rounds} rounds`);
      t.true(Math.abs(high - mean - (10 - mean) * share) < 1e-3, `${high} after ${rounds} rounds`);
    }
  }
});

test('dart is about as accurate as plain boosting on breast-cancer', async (t) => {
  const { features, target, train, test: held } = fixture('breast-cancer');
  const accuracy = async (boosting: string) => {
    const parameters = { boosting };
    const model = await regress({ task: 'classification', classCount: 2, features, target, rows: train, parameters });
    const wanted = Array.from(held, (row) => target[row] ?? -1);
    return accuracyOf(await model.predict(rowsOf(features, held)), wanted, 2);
  };
  const [plain, dart] = [await accuracy('gbtree'), await accuracy('dart')];
  t.true(dart >= plain - 0.03, `${dart} against ${plain}`);
});

test('what does not go together with dart and huber is refused', async (t) => {
  const target = Float64Array.from(features.data);
  for (const [parameters, message] of [
    [
      { boosting: 'dart', early_stopping: true },
      /parameters\["early_stopping"\] true must be false with boosting dart/,
    ],
    [{ rate_drop: 0.2 }, /parameters\["rate_drop"\]/],
    [{ boosting: 'dart', skip_drop: 1.5 }, /parameters\["skip_drop"\]/],
    [{ huber_delta: 2 }, /parameters\["huber_delta"\]/],
    [{ loss: 'huber', huber_delta: -1 }, /parameters\["huber_delta"\]/],
  ] as const) {
    await t.throwsAsync(regress({ features, target, parameters }), { instanceOf: ParameterError, message });
  }
});
