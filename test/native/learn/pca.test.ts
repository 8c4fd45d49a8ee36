import test from 'ava';
import { fitPca, transformPca } from '../../../native/decomposition/pca.js';
import { NativeMatrix } from '../../../native/matrix.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { fixture, numbers } from './data.js';

interface Expected {
  pcaVariance: number[];
  pcaComponents: number[];
}

/** Rows whose columns mix a few hidden ones of falling size, with a little noise, far from the origin. */
function mixed(rowCount: number, columnCount: number, hidden: number, noise: number): NativeMatrix {
  const next = numbers(rowCount + columnCount);
  const directions = Float64Array.from({ length: hidden * columnCount }, () => next() - 0.5);
  const data = new Float32Array(rowCount * columnCount);
  for (let row = 0; row < rowCount; row++) {
    const strengths = Float64Array.from({ length: hidden }, (_, k) => (next() - 0.5) / (k + 1));
    for (let column = 0; column < columnCount; column++) {
      let value = 3 + (next() - 0.5) * noise;
      for (let k = 0; k < hidden; k++) value += (strengths[k] ?? 0) * (directions[k * columnCount + column] ?? 0);
      data[row * columnCount + column] = value;
    }
  }
  return NativeMatrix.from(data, rowCount, columnCount);
}

/** The largest difference of the components' products from those of orthonormal ones. */
function skew(components: Float64Array, count: number, columns: number): number {
  let worst = 0;
  for (let a = 0; a < count; a++) {
    for (let b = a; b < count; b++) {
      let product = 0;
      for (let c = 0; c < columns; c++)
        product += (components[a * columns + c] ?? 0) * (components[b * columns + c] ?? 0);
      worst = Math.max(worst, Math.abs(product - (a === b ? 1 : 0)));
    }
  }
  return worst;
}

for (const name of ['iris', 'breast-cancer']) {
  test(`${name} has scikit-learn's components, signs included`, async (t) => {
    const { features, expected } = fixture<Expected>(name);
    const matrix = NativeMatrix.from(features.data, features.rowCount, features.columnCount);
    const pca = await fitPca(matrix, 2);
    expected.pcaVariance.forEach((value, k) => {
      t.true(Math.abs((pca.explainedVariance[k] ?? 0) / value - 1) < 1e-5);
    });
    const furthest = expected.pcaComponents.reduce(
      (most, value, at) => Math.max(most, Math.abs(value - (pca.components[at] ?? 9))),
      0,
    );
    t.true(furthest < 1e-4, `${furthest}`);
  });
}

for (const [columns, rows, hidden] of [
  [300, 700, 300],
  [40, 3000, 5],
  [70, 9000, 12],
  [5, 20, 5],
] as const) {
  test(`all components of ${rows} x ${columns} are orthonormal, and keep what varies`, async (t) => {
    const matrix = mixed(rows, columns, hidden, 0);
    const pca = await fitPca(matrix, columns);
    t.true(skew(pca.components, columns, columns) < 1e-9);
    t.true(Math.abs(pca.explainedVarianceRatio.reduce((a, b) => a + b) - 1) < 1e-4);
    t.deepEqual(
      [...pca.explainedVariance],
      [...pca.explainedVariance].sort((a, b) => b - a),
    );
    // Turned there and back the rows are what they were.
    const turned = (await transformPca(pca, matrix)).toFloat32Array();
    const first = matrix.toFloat32Array().subarray(0, columns);
    for (let column = 0; column < columns; column++) {
      let value = pca.mean[column] ?? 0;
      for (let k = 0; k < columns; k++) value += (turned[k] ?? 0) * (pca.components[k * columns + column] ?? 0);
      t.true(Math.abs(value - (first[column] ?? 9)) < 1e-4);
    }
  });
}

test('beyond 2,000 columns the components found from random directions are the true ones', async (t) => {
  const matrix = mixed(300, 2200, 6, 0.001);
  const pca = await fitPca(matrix, 4, { seed: 3 });
  t.true(skew(pca.components, 4, 2200) < 1e-4);
  t.true((pca.explainedVarianceRatio.reduce((a, b) => a + b) ?? 0) > 0.9);
  // The scores along different components do not go together.
  const scores = (await transformPca(pca, matrix)).toFloat32Array();
  for (let k = 1; k < 4; k++) {
    let product = 0;
    for (let row = 0; row < 300; row++) product += (scores[row * 4] ?? 0) * (scores[row * 4 + k] ?? 0);
    t.true(Math.abs(product / 299) < 1e-3 * (pca.explainedVariance[k] ?? 0));
  }
  const other = await fitPca(matrix, 4, { seed: 4 });
  t.true(other.explainedVariance.every((value, k) => Math.abs(value / (pca.explainedVariance[k] ?? 0) - 1) < 1e-3));
});

test('equal variances, constant columns and equal rows still give components of length one', async (t) => {
  const corners = NativeMatrix.from(Float32Array.of(1, 0, 7, 0, 1, 7, -1, 0, 7, 0, -1, 7), 4, 3);
  const pca = await fitPca(corners, 3);
  t.true(skew(pca.components, 3, 3) < 1e-9);
  t.true(Math.abs((pca.explainedVariance[0] ?? 0) - (pca.explainedVariance[1] ?? 9)) < 1e-9);
  t.true((pca.explainedVariance[2] ?? 9) < 1e-9);
  const same = await fitPca(NativeMatrix.from(new Float32Array(8).fill(2), 4, 2), 2);
  t.true(skew(same.components, 2, 2) < 1e-9);
  t.deepEqual([...same.explainedVarianceRatio], [0, 0]);
});

test.serial('components and transformed rows have the same bits on 1, 2, 3 and 5 threads', async (t) => {
  const before = threadCount();
  t.teardown(() => setThreads(before));
  for (const matrix of [mixed(3000, 250, 20, 0.1), mixed(200, 2100, 5, 0.01)]) {
    const seen = new Set<string>();
    for (const threads of [1, 2, 3, 5]) {
      setThreads(threads);
      const pca = await fitPca(matrix, 6);
      const turned = (await transformPca(pca, matrix)).toFloat32Array();
      seen.add(JSON.stringify([[...pca.components], [...pca.explainedVariance], [...turned.subarray(0, 600)]]));
      const alone = NativeMatrix.from(matrix.toFloat32Array().slice(0, matrix.columnCount), 1, matrix.columnCount);
      t.deepEqual((await transformPca(pca, alone)).toFloat32Array(), turned.slice(0, 6));
    }
    t.is(seen.size, 1);
  }
});

test('one row, too many components, a missing value and other columns are refused by name', async (t) => {
  const matrix = mixed(10, 4, 2, 0);
  await t.throwsAsync(fitPca(NativeMatrix.from(new Float32Array(4), 1, 4), 1), {
    message: /^matrix.rowCount 1 must be >= 2/,
  });
  await t.throwsAsync(fitPca(matrix, 5), { message: /^componentCount 5 must be an integer from 1 to 4/ });
  const holes = matrix.toFloat32Array();
  holes[6] = Number.NaN;
  await t.throwsAsync(fitPca(NativeMatrix.from(holes, 10, 4), 2), { message: /^matrix column 2 with missing/ });
  const pca = await fitPca(matrix, 2);
  await t.throwsAsync(transformPca(pca, mixed(10, 5, 2, 0)), { message: /^matrix.columnCount 5 must be 4/ });
});

test('an aborted fit ends with the reason, and progress ends with the last step', async (t) => {
  const matrix = mixed(6000, 1500, 4, 1);
  const abort = new AbortController();
  const reason = new Error('enough');
  const running = fitPca(matrix, 300, { signal: abort.signal, onProgress: () => abort.abort(reason) });
  await t.throwsAsync(running, { is: reason });
  const steps: [number, number][] = [];
  await fitPca(mixed(100, 10, 3, 1), 3, { onProgress: (step, total) => steps.push([step, total]) });
  const [step, total] = steps.at(-1) ?? t.fail();
  t.is(step, total);
});
