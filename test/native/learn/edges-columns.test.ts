import test from 'ava';
import type { Matrix } from '../../../native/table/matrix.js';
import { drawn, type EdgeCase, edgeCases, fitsOrRefuses, fitsSoundly, refuses } from './edges.js';

const each = (title: string, body: (t: Parameters<typeof fitsSoundly>[0], edge: EdgeCase) => Promise<unknown>) => {
  for (const edge of edgeCases()) {
    test(`${edge.name}: ${title}`, async (t) => {
      await body(t, edge);
    });
  }
};

const some = drawn(60, 4);
const other = drawn(40, 4, 2);

/** The same with other values where `change` gives one. */
function changed(matrix: Matrix, change: (row: number, column: number) => number | undefined): Matrix {
  const { data, columnCount } = matrix;
  return { ...matrix, data: data.map((x, at) => change(Math.floor(at / columnCount), at % columnCount) ?? x) };
}

each('a constant column does no harm, nor do constant columns alone', async (t, { request }) => {
  const constant = (matrix: Matrix) => changed(matrix, (_row, column) => (column === 1 ? 3 : undefined));
  await fitsSoundly(t, request(constant(some)), constant(other));
  // Scored where it is no longer constant.
  await fitsSoundly(t, request(constant(some)), other);
  for (const value of [0, 3]) {
    await fitsSoundly(t, request(changed(some, () => value)));
  }
});

each('a column given twice does no harm', async (t, { request }) => {
  const twice = (matrix: Matrix) =>
    changed(matrix, (row, column) => (column === 3 ? matrix.data[row * 4 + 2] : undefined));
  await fitsSoundly(t, request(twice(some)), twice(other));
});

each('a missing column, row or value is learnt from or refused by its column', async (t, edge) => {
  const { request, acceptsMissing } = edge;
  const missing = [
    changed(some, (_row, column) => (column === 1 ? Number.NaN : undefined)),
    changed(some, (row) => (row === 7 ? Number.NaN : undefined)),
    changed(some, (row, column) => ((row + column) % 3 === 0 ? Number.NaN : undefined)),
    changed(some, () => Number.NaN),
  ];
  for (const features of missing) {
    if (acceptsMissing) await fitsSoundly(t, request(features), other);
    else {
      const message = /^features column [0-3]: NaN must be finite: this estimator takes no missing values; row \d+$/;
      await refuses(t, request(features), message);
    }
  }
  const model = await fitsSoundly(t, request(some));
  const predict = model.predict(changed(other, (row) => (row === 3 ? Number.NaN : undefined)));
  if (acceptsMissing) t.true((await predict).every(Number.isFinite));
  else await t.throwsAsync(predict, { message: /^features column 0: NaN must be finite.*; row 3$/ });
});

each('infinite values are refused by their column', async (t, { request, acceptsMissing }) => {
  for (const value of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const infinite = changed(some, (row, column) => (row === 7 && column === 2 ? value : undefined));
    await refuses(t, request(infinite), /^features column 2: -?Infinity must be finite.*; row 7$/);
  }
  const model = await fitsSoundly(t, request(some));
  const infinite = model.predict(changed(other, () => Number.POSITIVE_INFINITY));
  // Trees only compare: an infinite value is merely large.
  if (acceptsMissing) t.true((await infinite).every(Number.isFinite));
  else await t.throwsAsync(infinite, { message: /^features column 0: Infinity must be finite/ });
});

each('features as small and as large as floats can be are learnt', async (t, edge) => {
  const { request, estimator } = edge;
  for (const scale of [1e-44, 1e-30, 1e15, 3e38]) {
    const all = (matrix: Matrix) => ({ ...matrix, data: matrix.data.map((x) => x * scale) });
    // One column so, the others not.
    const mixed = (matrix: Matrix) =>
      changed(matrix, (row, column) => (column === 0 ? (matrix.data[row * 4] ?? 0) * scale : undefined));
    for (const scaled of [all, mixed]) {
      if (!estimator.endsWith('-network') || scale < 1) await fitsSoundly(t, request(scaled(some)), scaled(other));
      // Its weights start at a size that suits features of about unit variance.
      else
        await fitsOrRefuses(
          t,
          request(scaled(some)),
          scaled(other),
          /^parameters\["learning_rate_init"\]: 0.001 must be smaller: adam diverged in epoch \d+$/,
        );
    }
  }
});

each('more columns than rows, a hundred thousand of them, are learnt', async (t, { estimator, request }) => {
  const wide = drawn(12, 100_000);
  const next = drawn(3, 100_000, 2);
  if (estimator === 'linear-regression') {
    const message = /^features\.columnCount: 100000 must be <= 4096 for solver exact; choose lbfgs or another$/;
    await refuses(t, request(wide), message);
    await fitsSoundly(t, request(wide, { parameters: { solver: 'lbfgs' } }), next);
    return;
  }
  await fitsSoundly(t, request(wide), next);
});
