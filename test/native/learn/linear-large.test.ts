import test from 'ava';
import { type EstimatorFit, fitEstimator } from '../../../native/estimators/fit.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { accuracyOf, digestOf, rowsOf, twoClasses } from './data.js';

// So many numbers that stochastic solvers draw neighbouring rows together.
const { features, target } = twoClasses(90_001, 100);

const request: Omit<EstimatorFit, 'features' | 'target'> = {
  estimator: 'logistic-regression',
  parameters: { solver: 'sgd', max_iter: 1, batch_size: 50 },
  task: 'classification',
  classCount: 2,
  seed: 1,
};

async function accuracyIn(order: Uint32Array): Promise<number> {
  const rows = { features: rowsOf(features, order), target: Float64Array.from(order, (row) => target[row] ?? 0) };
  const model = await fitEstimator({ ...request, ...rows });
  return accuracyOf(await model.predict(rows.features), rows.target, 2);
}

test('rows in order of their class, or in its rhythm, are learned from as well as those in no order', async (t) => {
  const all = Uint32Array.from(target.keys());
  const ones = all.filter((row) => target[row] === 1);
  const zeros = all.filter((row) => target[row] === 0);
  // Eight rows of one class, then eight of the other.
  const rhythm = all.map((_, at) => {
    const rows = Math.floor(at / 8) % 2 === 0 ? ones : zeros;
    return rows[(Math.floor(at / 16) * 8 + (at % 8)) % rows.length] ?? 0;
  });
  const wanted = await accuracyIn(all);
  t.true(wanted > 0.75, String(wanted));
  for (const order of [Uint32Array.from([...zeros, ...ones]), rhythm]) {
    const found = await accuracyIn(order);
    t.true(Math.abs(found - wanted) < 0.005, `${found} instead of ${wanted}`);
  }
});

test('a pass learns from each row once', async (t) => {
  // Each column is one in one row alone: what its weight becomes is what was learned from that row.
  const [rowCount, columnCount] = [90_001, 100];
  const data = new Float32Array(rowCount * columnCount);
  for (let column = 0; column < columnCount; column++) data[column * 900 * columnCount + column] = 1;
  const [descent, steps] = await Promise.all(
    [{ solver: 'gd' }, { solver: 'sgd', batch_size: rowCount }].map(async (parameters) => {
      const model = await fitEstimator({
        ...request,
        parameters: { ...parameters, learning_rate: 'constant', learning_rate_init: 0.5, max_iter: 1, tol: 0 },
        features: { data, rowCount, columnCount },
        target: Float64Array.from({ length: rowCount }, (_, row) => (row % 7 === 0 ? 1 : 0)),
      });
      const weights = model.toTensors().tensors.find(({ name }) => name === 'weights');
      return new Float64Array(weights?.data.slice().buffer ?? new ArrayBuffer(0));
    }),
  );
  t.is(descent?.length, columnCount);
  const most = Math.max(...(descent ?? []).map(Math.abs));
  descent?.forEach((weight, column) => {
    t.true(Math.abs(weight - (steps?.[column] ?? Number.NaN)) < 1e-3 * most, `column ${column}`);
  });
});

test.serial('many rows give the same bits on 1, 2 and 5 threads', async (t) => {
  const before = threadCount();
  t.teardown(() => setThreads(before));
  const weights = target.map((_, row) => 1 + (row % 3));
  for (const [parameters, weighted] of [
    [{ solver: 'sgd', max_iter: 2 }, null],
    [{ solver: 'adam', max_iter: 2, batch_size: 999, early_stopping: true }, weights],
    [{ solver: 'momentum', max_iter: 2, batch_size: 90_000 }, null],
  ] as const) {
    const digests = new Set<string>();
    for (const threads of [1, 2, 5]) {
      setThreads(threads);
      digests.add(digestOf(await fitEstimator({ ...request, parameters, features, target, weights: weighted })));
    }
    t.is(digests.size, 1, JSON.stringify(parameters));
  }
});
