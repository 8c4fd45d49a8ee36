import test from 'ava';
import { fitEstimator } from '../../../native/estimators/fit.js';
import type { Model } from '../../../native/estimators/model.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { accuracyOf, digestOf, fixture, r2Of, rowsOf, twoClasses } from './data.js';

interface LinearExpected {
  coefficients: number[];
  intercept: number;
  r2: number;
}

interface RegressionExpected {
  linear: LinearExpected;
  ridge: LinearExpected;
  lasso: LinearExpected;
  elastic: LinearExpected;
}

interface ClassificationExpected {
  mean: number[];
  deviation: number[];
  logisticAccuracy: number;
  logisticTrainLogLoss: number;
  logisticProbabilities: number[][];
}

function numbersIn(model: Model, name: string): Float64Array {
  const tensor = model.toTensors().tensors.find((candidate) => candidate.name === name);
  return new Float64Array((tensor?.data ?? new Uint8Array()).slice().buffer);
}

function closeTo(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): boolean {
  const scale = Math.max(...Array.from(expected, Math.abs));
  return Array.from(expected).every(
    (value, index) => Math.abs((actual[index] ?? Number.NaN) - value) <= tolerance * scale,
  );
}

for (const [name, parameters] of [
  ['linear', {}],
  ['ridge', { penalty: 'l2', alpha: 0.001 }],
  ['lasso', { penalty: 'l1', alpha: 0.1, tol: 1e-12 }],
  ['elastic', { penalty: 'elasticnet', alpha: 0.01, l1_ratio: 0.3, tol: 1e-12 }],
] as const) {
  test(`the exact solver finds scikit-learn's ${name} coefficients`, async (t) => {
    const { features, target, train, test: held, expected } = fixture<RegressionExpected>('diabetes');
    const model = await fitEstimator({
      estimator: 'linear-regression',
      parameters,
      task: 'regression',
      features,
      target,
      classCount: 0,
      rows: train,
      seed: 0,
    });
    const wanted = expected[name];
    // Columns are rounded to single precision once scaled; nearly dependent ones magnify that.
    t.true(closeTo(numbersIn(model, 'weights'), wanted.coefficients, 2e-4), String(numbersIn(model, 'weights')));
    t.true(closeTo(numbersIn(model, 'intercept'), [wanted.intercept], 1e-5));
    const r2 = r2Of(
      await model.predict(rowsOf(features, held)),
      Float64Array.from(held, (row) => target[row] ?? 0),
    );
    t.true(Math.abs(r2 - wanted.r2) < 1e-4);
  });
}

for (const [solver, parameters] of [
  ['gd', { learning_rate_init: 0.2, max_iter: 5000 }],
  ['sgd', {}],
  ['momentum', {}],
  ['nesterov', {}],
  ['adagrad', { learning_rate_init: 0.3 }],
  ['rmsprop', {}],
  ['adam', {}],
  ['adamw', { penalty: 'l2', alpha: 1e-6 }],
  ['lbfgs', { tol: 1e-6 }],
  ['gd', { learning_rate_init: 0.2, max_iter: 5000, clip_norm: 0.5 }],
  ['sgd', { learning_rate: 'step' }],
  ['sgd', { learning_rate: 'cosine', max_iter: 60, warmup_epochs: 3 }],
  ['momentum', { learning_rate: 'one-cycle', max_iter: 60, learning_rate_init: 0.02 }],
  ['adam', { learning_rate: 'plateau', max_iter: 300, n_iter_no_change: 20 }],
] as const) {
  test(`${solver} ${JSON.stringify(parameters)} comes near the exact linear regression`, async (t) => {
    const { features, target, train, test: held, expected } = fixture<RegressionExpected>('diabetes');
    const model = await fitEstimator({
      estimator: 'linear-regression',
      parameters: { solver, ...parameters },
      task: 'regression',
      features,
      target,
      classCount: 0,
      rows: train,
      seed: 0,
    });
    const r2 = r2Of(
      await model.predict(rowsOf(features, held)),
      Float64Array.from(held, (row) => target[row] ?? 0),
    );
    t.true(r2 > expected.linear.r2 - 0.03, `${r2}`);
  });
}

for (const [name, classCount] of [
  ['iris', 3],
  ['breast-cancer', 2],
] as const) {
  test(`every logistic solver comes near scikit-learn's on standardized ${name}, the default to its probabilities`, async (t) => {
    const { features, target, train, test: held, expected } = fixture<ClassificationExpected>(name);
    const data = features.data.map((x, index) => {
      const column = index % features.columnCount;
      return (x - (expected.mean[column] ?? 0)) / (expected.deviation[column] ?? 1);
    });
    const scaled = { ...features, data };
    for (const solver of ['lbfgs', 'gd', 'sgd', 'momentum', 'nesterov', 'rmsprop', 'adam', 'adamw']) {
      const model = await fitEstimator({
        estimator: 'logistic-regression',
        parameters: {
          solver,
          ...(solver === 'lbfgs' ? { tol: 1e-7 } : {}),
          ...(solver === 'sgd' ? { learning_rate_init: 0.2 } : {}),
          ...(solver === 'gd' ? { learning_rate_init: 0.3, max_iter: 3000 } : {}),
        },
        task: 'classification',
        features: scaled,
        target,
        classCount,
        rows: train,
        seed: 1,
      });
      const out = await model.predict(rowsOf(scaled, held));
      const accuracy = accuracyOf(
        out,
        Array.from(held, (row) => target[row] ?? -1),
        classCount,
      );
      t.true(accuracy >= expected.logisticAccuracy - 2.01 / held.length, `${solver} ${accuracy}`);
      if (solver === 'lbfgs') {
        const furthest = Math.max(
          ...expected.logisticProbabilities.flat().map((value, index) => Math.abs(value - (out[index] ?? Number.NaN))),
        );
        t.true(furthest < 2e-3, `probabilities differ by ${furthest}`);
      }
      for (let row = 0; row < held.length; row++) {
        const sum = out.subarray(row * classCount, (row + 1) * classCount).reduce((a, b) => a + b, 0);
        t.true(Math.abs(sum - 1) < 1e-6);
      }
    }
  });
}

test('features of any scale and offset are learned from as they are', async (t) => {
  const { features, target } = twoClasses(2000, 4);
  const moved = { ...features, data: features.data.map((x, index) => x * 10 ** (index % 4) + 1000 * (index % 4)) };
  const trained = (matrix: typeof features) =>
    fitEstimator({
      estimator: 'logistic-regression',
      parameters: { penalty: 'none' },
      task: 'classification',
      features: matrix,
      target,
      classCount: 2,
      seed: 0,
    });
  const plain = await (await trained(features)).predict(features);
  const other = await (await trained(moved)).predict(moved);
  t.true(plain.every((value, index) => Math.abs(value - (other[index] ?? 0)) < 0.01));
});

test('dependent columns, as of a one-hot group, are no obstacle', async (t) => {
  const rowCount = 300;
  const data = new Float32Array(rowCount * 3);
  for (let row = 0; row < rowCount; row++) data[row * 3 + (row % 3)] = 1;
  const target = Float64Array.from({ length: rowCount }, (_, row) => [5, 7, 11][row % 3] ?? 0);
  const features = { data, rowCount, columnCount: 3 };
  const model = await fitEstimator({
    estimator: 'linear-regression',
    parameters: {},
    task: 'regression',
    features,
    target,
    classCount: 0,
    seed: 0,
  });
  const out = await model.predict(features);
  t.true(out.every((value, row) => Math.abs(value - (target[row] ?? 0)) < 1e-4));
});

test.serial(
  'many columns are solved for in blocks: residuals are orthogonal to each, on 1, 2, 3 and 5 threads',
  async (t) => {
    const rowCount = 700;
    const { features } = twoClasses(rowCount, 170);
    const { columnCount } = features;
    const data = features.data.slice();
    for (let row = 0; row < rowCount; row++) {
      // Determined by columns of other blocks, and by none but itself.
      data[row * columnCount + 150] = 2 * (data[row * columnCount + 3] ?? 0) - (data[row * columnCount + 60] ?? 0);
      data[row * columnCount + 90] = 7;
    }
    const target = Float64Array.from({ length: rowCount }, (_, row) => Math.sin(row) + (data[row * columnCount] ?? 0));
    const before = threadCount();
    t.teardown(() => setThreads(before));
    for (const weights of [null, Float64Array.from({ length: rowCount }, (_, row) => 1 + (row % 5))]) {
      const fits = new Map<string, Model>();
      const before = threadCount();
      for (const threads of [1, 2, 3, 5]) {
        setThreads(threads);
        const model = await fitEstimator({
          estimator: 'linear-regression',
          parameters: {},
          task: 'regression',
          features: { ...features, data },
          target,
          weights,
          classCount: 0,
          seed: 0,
        });
        fits.set(digestOf(model), model);
      }
      setThreads(before);
      t.is(fits.size, 1);
      for (const model of fits.values()) {
        const coefficients = numbersIn(model, 'weights');
        t.is(coefficients[90], 0);
        t.is(coefficients[150], 0);
        const intercept = numbersIn(model, 'intercept')[0] ?? Number.NaN;
        const residuals = target.map((wanted, row) => {
          const line = data.subarray(row * columnCount, (row + 1) * columnCount);
          return wanted - line.reduce((sum, x, column) => sum + x * (coefficients[column] ?? Number.NaN), intercept);
        });
        for (let column = 0; column < columnCount; column++) {
          let [product, square] = [0, 0];
          for (let row = 0; row < rowCount; row++) {
            const x = data[row * columnCount + column] ?? Number.NaN;
            const weight = weights?.[row] ?? 1;
            product += weight * x * (residuals[row] ?? Number.NaN);
            square += weight * x * x;
          }
          // Scaled columns are rounded to single precision.
          t.true(Math.abs(product) < 1e-5 * Math.sqrt(square * rowCount), `column ${column}: ${product}`);
        }
      }
    }
  },
);

test('l1 sets the coefficients of idle columns to zero', async (t) => {
  const { features, target } = twoClasses(1000, 6);
  for (const solver of ['gd', 'sgd']) {
    const model = await fitEstimator({
      estimator: 'logistic-regression',
      parameters: { solver, penalty: 'l1', C: 0.01, learning_rate_init: 0.1 },
      task: 'classification',
      features,
      target,
      classCount: 2,
      seed: 0,
    });
    const weights = numbersIn(model, 'weights');
    t.true((weights[0] ?? 0) > 0.1, solver);
    t.is(weights.filter((weight) => weight === 0).length >= 3, true, `${solver}: ${weights}`);
  }
});

test('without an intercept the origin predicts zero', async (t) => {
  const { features, target } = twoClasses(500, 3);
  const model = await fitEstimator({
    estimator: 'linear-regression',
    parameters: { fit_intercept: false },
    task: 'regression',
    features,
    target,
    classCount: 0,
    seed: 0,
  });
  t.is(model.predictSync({ data: new Float32Array(3), rowCount: 1, columnCount: 3 })[0], 0);
});

test('a learning rate that is too large is an error, never a model', async (t) => {
  const { features, target } = twoClasses(500, 3);
  for (const solver of ['gd', 'sgd', 'momentum']) {
    await t.throwsAsync(
      fitEstimator({
        estimator: 'linear-regression',
        parameters: { solver, learning_rate_init: 50 },
        task: 'regression',
        features,
        target,
        classCount: 0,
        seed: 0,
      }),
      { name: 'EstimatorError', message: /parameters\["learning_rate_init"\]: 50 must be smaller: .* diverged/ },
    );
  }
});

test.serial('every solver gives the same bits on 1, 2, 3 and 5 threads', async (t) => {
  const { features, target } = twoClasses(5000, 5);
  const before = threadCount();
  t.teardown(() => setThreads(before));
  for (const [estimator, solvers] of [
    ['linear-regression', ['exact', 'lbfgs', 'gd', 'sgd', 'adagrad', 'adam']],
    ['logistic-regression', ['lbfgs', 'gd', 'momentum']],
  ] as const) {
    for (const solver of solvers) {
      const digests = new Set<string>();
      for (const threads of [1, 2, 3, 5]) {
        setThreads(threads);
        const model = await fitEstimator({
          estimator,
          parameters: solver === 'exact' ? {} : { solver, max_iter: 20 },
          task: estimator === 'linear-regression' ? 'regression' : 'classification',
          features,
          target,
          classCount: estimator === 'linear-regression' ? 0 : 2,
          seed: 4,
        });
        digests.add(digestOf(model));
      }
      t.is(digests.size, 1, `${estimator} ${solver}`);
    }
  }
});

test.serial('stochastic steps over many blocks of rows give the same bits on 1, 2 and 5 threads', async (t) => {
  const { features, target } = twoClasses(40_000, 12);
  const three = target.map((value, row) => (row % 7 === 0 ? 2 : value));
  const weights = target.map((_, row) => 1 + (row % 3));
  const before = threadCount();
  t.teardown(() => setThreads(before));
  for (const [parameters, classes, weighted] of [
    [{ solver: 'sgd' }, 2, null],
    [{ solver: 'adam', batch_size: 999 }, 2, weights],
    [{ solver: 'momentum', batch_size: 30_000, early_stopping: true }, 3, weights],
  ] as const) {
    const digests = new Set<string>();
    for (const threads of [1, 2, 5]) {
      setThreads(threads);
      const model = await fitEstimator({
        estimator: 'logistic-regression',
        parameters: { ...parameters, max_iter: 3 },
        task: 'classification',
        features,
        target: classes === 3 ? three : target,
        classCount: classes,
        weights: weighted,
        seed: 4,
      });
      digests.add(digestOf(model));
    }
    t.is(digests.size, 1, JSON.stringify(parameters));
  }
});

for (const classCount of [0, 2]) {
  test(`all rows, chosen one by one, give the bits of rows not chosen (${classCount} classes)`, async (t) => {
    const { features, target } = twoClasses(30_000, 12);
    const [given, copied] = await Promise.all(
      [undefined, Uint32Array.from(target.keys())].map((rows) =>
        fitEstimator({
          estimator: classCount === 0 ? 'linear-regression' : 'logistic-regression',
          parameters: { solver: 'sgd', max_iter: 1, batch_size: 64 },
          task: classCount === 0 ? 'regression' : 'classification',
          features,
          target,
          classCount,
          rows,
          seed: 3,
        }),
      ),
    );
    if (given === undefined || copied === undefined) throw new Error('two models are fitted');
    t.is(digestOf(given), digestOf(copied));
  });
}

test('steps along batches of all rows are those of gradient descent, in however many blocks they come', async (t) => {
  const { features, target } = twoClasses(30_000, 12);
  const [descent, steps] = await Promise.all(
    ['gd', 'sgd'].map((solver) =>
      fitEstimator({
        estimator: 'logistic-regression',
        parameters: {
          solver,
          learning_rate: 'constant',
          learning_rate_init: 0.5,
          max_iter: 10,
          tol: 0,
          ...(solver === 'sgd' ? { batch_size: 30_000 } : {}),
        },
        task: 'classification',
        features,
        target,
        classCount: 2,
        seed: 0,
      }),
    ),
  );
  if (descent === undefined || steps === undefined) throw new Error('two models are fitted');
  t.true(closeTo(numbersIn(steps, 'weights'), numbersIn(descent, 'weights'), 1e-4));
  t.true(closeTo(numbersIn(steps, 'intercept'), numbersIn(descent, 'intercept'), 1e-3));
});

for (const solver of ['exact', 'lbfgs', 'sgd']) {
  test(`the means of the training rows are kept, weighted and of the chosen ones alone (${solver})`, async (t) => {
    const { features, target } = twoClasses(900, 4);
    const weights = target.map((_, row) => row % 4);
    const rows = Uint32Array.from({ length: 600 }, (_, index) => 899 - index);
    for (const [chosen, weighted] of [
      [undefined, null],
      [rows, weights],
    ] as const) {
      const model = await fitEstimator({
        estimator: 'linear-regression',
        parameters: solver === 'exact' ? {} : { solver },
        task: 'regression',
        features,
        target,
        classCount: 0,
        rows: chosen,
        weights: weighted,
        seed: 0,
      });
      const sums = new Float64Array(4);
      let total = 0;
      for (const row of chosen ?? target.keys()) {
        const weight = weighted?.[row] ?? 1;
        total += weight;
        sums.forEach((_, c) => {
          sums[c] = (sums[c] ?? 0) + weight * (features.data[row * 4 + c] ?? Number.NaN);
        });
      }
      const means = numbersIn(model, 'means');
      sums.forEach((sum, c) => {
        t.true(Math.abs((means[c] ?? Number.NaN) - sum / total) < 1e-6);
      });
    }
  });
}

test('one row, and a target that does not vary, are learned', async (t) => {
  const model = await fitEstimator({
    estimator: 'linear-regression',
    parameters: {},
    task: 'regression',
    features: { data: Float32Array.of(1, 2), rowCount: 1, columnCount: 2 },
    target: Float64Array.of(42.5),
    classCount: 0,
    seed: 0,
  });
  t.is(model.predictSync({ data: Float32Array.of(7, 7), rowCount: 1, columnCount: 2 })[0], 42.5);
});

test('early stopping returns the coefficients that were best on the rows held out', async (t) => {
  // A rate at which the loss wanders: most passes are no better than the best one before.
  const { features, target } = twoClasses(400, 6, 8);
  const distinct = async (more: Record<string, unknown>) => {
    const digests = new Set<string>();
    for (let max_iter = 1; max_iter <= 20; max_iter++) {
      const wandering = { solver: 'sgd', learning_rate: 'constant', learning_rate_init: 3, batch_size: 4 };
      const model = await fitEstimator({
        estimator: 'logistic-regression',
        parameters: { ...wandering, n_iter_no_change: 1000, max_iter, ...more },
        task: 'classification',
        features,
        target,
        classCount: 2,
        seed: 1,
      });
      digests.add(digestOf(model));
    }
    return digests.size;
  };
  t.is(await distinct({}), 20);
  t.true((await distinct({ early_stopping: true })) < 12);
});

test('balanced class weights count as weights of the same size', async (t) => {
  const { features, target } = twoClasses(900, 4, 5);
  const rare = target.map((value, row) => (row % 10 === 0 ? value : 0));
  const ones = rare.reduce((sum, value) => sum + value, 0);
  const request = {
    estimator: 'logistic-regression',
    task: 'classification',
    features,
    classCount: 2,
    seed: 0,
  } as const;
  const balanced = await fitEstimator({ ...request, target: rare, parameters: { class_weight: 'balanced' } });
  const weights = rare.map((value) => 450 / (value === 1 ? ones : 900 - ones));
  const weighted = await fitEstimator({ ...request, target: rare, parameters: {}, weights });
  const expected = await weighted.predict(features);
  const out = await balanced.predict(features);
  t.true(out.every((value, at) => Math.abs(value - (expected[at] ?? 9)) < 1e-5));
});
