import test from 'ava';
import { RecipeError } from '../../../native/recipe/recipe-error.js';
import { type ColumnShape, tableFromRows } from '../../../native/table/from-rows.js';
import { noCheckpoint } from '../../../services/training/checkpoint.js';
import { columnRolesOf } from '../../../services/training/column-parameters.js';
import { type FitPlan, fitOn } from '../../../services/training/evaluate.js';
import { featureShares } from '../../../services/training/feature-shares.js';
import type { FitRequest, FittedModel } from '../../../services/training/model-fit.js';
import { createProgressMeter } from '../../../services/training/progress.js';

const columns: ColumnShape[] = [
  { name: 'image', type: 'tensor', dtype: 'u8', shape: [2, 3] },
  { name: 'colour', type: 'tensor', dtype: 'f32', shape: [1, 2, 3] },
  { name: 'sound', type: 'tensor', dtype: 'f32', shape: [6] },
  { name: 'size', type: 'double' },
];
const rows = Array.from({ length: 4 }, (_, row) => [
  row === 2 ? null : new Uint8Array(6).fill(row),
  new Float32Array(6).fill(row / 2),
  new Float32Array(6).fill(-row),
  row,
]);

/** What an estimator is asked for when these inputs are fitted on the rows that have them all. */
async function requestFor(inputs: string[], trained = [0, 1, 3]): Promise<FitRequest> {
  const requests: FitRequest[] = [];
  const plan: FitPlan = {
    data: {
      table: tableFromRows(columns, rows),
      values: Float64Array.of(0, 1, 0, 1),
      classes: ['a', 'b'],
      targetType: 'string',
      droppedRows: 0,
      weights: null,
      sourceRows: Uint32Array.of(0, 1, 2, 3),
    },
    task: 'classification',
    inputs,
    metrics: [],
    seed: 0,
    maxCells: 1_000,
    signal: new AbortController().signal,
    steps: [],
    estimator: 'any',
    parameters: {},
    parametersField: 'job.spec.estimator.parameters',
    columns: null,
    acceptsMissing: false,
    async fit(request) {
      requests.push(request);
      return {} as FittedModel;
    },
  };
  const meter = createProgressMeter(
    () => 0,
    () => undefined,
  );
  const kept = noCheckpoint.fit('final', () => ({ elapsedMs: 0, cpuMs: 0 }));
  await fitOn(plan, Uint32Array.from(trained), { meter, kept });
  const [request] = requests;
  if (request === undefined) throw new Error('nothing was fitted');
  return request;
}

test('an estimator is told the shape of images where they are its only input', async (t) => {
  t.deepEqual((await requestFor(['image'])).imageShape, [2, 3]);
  t.deepEqual((await requestFor(['colour'])).imageShape, [1, 2, 3]);
  t.is((await requestFor(['sound'])).imageShape, null);
  t.is((await requestFor(['size'])).imageShape, null);
  t.is((await requestFor(['image', 'size'])).imageShape, null);
});

test('elements are features in row-major order, beside those of other columns', async (t) => {
  const { features } = await requestFor(['size', 'image']);
  t.is(features.columnCount, 7);
  t.deepEqual([...features.data], [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 3, 3, 3, 3]);
});

test('a null tensor in a training row is refused by its column, where the estimator takes none', async (t) => {
  const error = await t.throwsAsync(requestFor(['size', 'image'], [0, 1, 2, 3]), { instanceOf: RecipeError });
  t.is(error?.reason, 'NOT_FINITE');
  t.is(error?.column, 'image');
  t.is(error?.row, 2);
});

test('a tensor column is neither categories nor what predictions follow', (t) => {
  const recipe = {
    formatVersion: 1 as const,
    inputs: [
      { name: 'image', type: 'tensor' as const, dtype: 'u8' as const, shape: [2, 2] },
      { name: 'size', type: 'double' as const },
    ],
    ops: [],
  };
  const roles = (categorical: string[] | null, monotone: [string, number][]) =>
    columnRolesOf({ categorical, monotone: new Map(monotone), field: 'parameters' }, recipe, 2);
  t.throws(() => roles(['image'], []), { message: /is a tensor, whose elements are a feature each/ });
  t.throws(() => roles([], [['image', 1]]), { message: /is a tensor, whose elements are a feature each/ });
  t.deepEqual(roles(null, [['size', -1]]).monotone, Int8Array.of(0, 0, 0, 0, -1));
});

test('a result names a tensor once, with the sum of its shares', (t) => {
  const recipe = {
    formatVersion: 1 as const,
    inputs: [
      { name: 'size', type: 'double' as const },
      { name: 'image', type: 'tensor' as const, dtype: 'u8' as const, shape: [2, 2] },
      { name: 'mass', type: 'double' as const },
    ],
    ops: [],
  };
  t.deepEqual(featureShares(recipe, [0.25, 0.125, 0, 0.125, 0.25, 0.25]), {
    features: ['size', 'image', 'mass'],
    importances: [0.25, 0.5, 0.25],
  });
  t.deepEqual(featureShares(recipe, null).importances, []);
});
