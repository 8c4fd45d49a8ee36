import test from 'ava';
import { fitPca, transformPca } from '../../../native/decomposition/pca.js';
import { NativeMatrix } from '../../../native/matrix.js';
import { fitRecipe } from '../../../native/recipe/fit-recipe.js';
import { fittedRecipeFromJSON } from '../../../native/recipe/fitted-recipe-from-json.js';
import { RecipeError } from '../../../native/recipe/recipe-error.js';
import type { RecipeStep } from '../../../native/recipe/recipe-step.js';
import { compileRowEncoder } from '../../../native/recipe/row-encoder.js';
import { quantileBetween } from '../../../native/recipe/statistics.js';
import { tableFromRows } from '../../../native/table/from-rows.js';
import type { Cell } from '../../../native/table/table.js';
import { createRandom } from '../../../native/validation/random.js';

const names = ['a', 'b', 'c', 'd'];
const columns = names.map((name) => ({ name, type: 'double' as const }));
const pca = (changes: object = {}): RecipeStep => ({
  kind: 'pca',
  columns: [],
  components: 0,
  explainedVariance: 0.95,
  whiten: false,
  ...changes,
});

/** Two hidden numbers per row, seen through four columns with a little noise. */
function rowsOf(count: number): number[][] {
  const random = createRandom(5);
  const next = () => random.next() / 2 ** 32 - 0.5;
  return Array.from({ length: count }, () => {
    const [u, v] = [next() * 10, next() * 4];
    return [u + 100, u + v, v - u, v].map((value) => value + next() * 0.01);
  });
}

const refusal = (body: Promise<unknown>) =>
  body.then(
    () => null,
    (error: unknown) => (error instanceof RecipeError ? [error.reason, error.field, error.column ?? ''] : error),
  );

test('components are those of the decomposition, and as many as explain the share asked for', async (t) => {
  const rows = rowsOf(200);
  const table = tableFromRows(columns, rows);
  const recipe = await fitRecipe([pca()], table, { inputs: names });
  t.deepEqual(recipe.featureNames, ['pca0', 'pca1']);
  const { features } = recipe.apply(table, { training: true });
  const matrix = NativeMatrix.from(Float32Array.from(rows.flat()), rows.length, names.length);
  const expected = await transformPca(await fitPca(matrix, 2), matrix);
  const wanted = expected.toFloat32Array();
  t.true(features.data.every((value, at) => Math.abs(value - (wanted[at] ?? 0)) < 1e-4));
  expected.dispose();
  matrix.dispose();
  const all = await fitRecipe([pca({ explainedVariance: 1 })], table, { inputs: names });
  t.is(all.featureNames.length, 4);
});

test('the same rows give the same components, signs too, and whitened ones have unit variance', async (t) => {
  const table = tableFromRows(columns, rowsOf(150));
  const steps = [pca({ components: 3, whiten: true })];
  const one = await fitRecipe(steps, table, { inputs: names });
  const other = await fitRecipe(steps, table, { inputs: names });
  t.deepEqual(one.toJSON(), other.toJSON());
  const { data, rowCount, columnCount } = one.apply(table, { training: true }).features;
  for (let column = 0; column < columnCount; column++) {
    let squares = 0;
    for (let row = 0; row < rowCount; row++) squares += (data[row * columnCount + column] ?? 0) ** 2;
    t.true(Math.abs(squares / (rowCount - 1) - 1) < 0.01);
  }
});

test('components stand behind the features of other columns and count on over steps', async (t) => {
  const mixed = [...columns, { name: 'kind', type: 'string' as const }];
  const rows = rowsOf(60).map((row, index): Cell[] => [...row, index % 2 === 0 ? 'x' : 'y']);
  const table = tableFromRows(mixed, rows);
  const steps: RecipeStep[] = [
    pca({ columns: ['c', 'a'], components: 1 }),
    { kind: 'oneHot', columns: ['kind'], unknown: 'error', maxCategories: 5 },
    pca({ columns: ['b'], components: 1 }),
  ];
  const recipe = await fitRecipe(steps, table, { inputs: ['a', 'b', 'kind', 'c', 'd'] });
  t.deepEqual(recipe.featureNames, ['kind=x', 'kind=y', 'd', 'pca0', 'pca1']);
  const read = fittedRecipeFromJSON(JSON.parse(JSON.stringify(recipe)));
  t.deepEqual(read.apply(table, { training: false }), recipe.apply(table, { training: false }));
});

test('a missing value is refused by name when a reduction is fitted, and in a prediction', async (t) => {
  const rows: Cell[][] = rowsOf(20);
  rows[7] = [1, null, 3, 4];
  const table = tableFromRows(columns, rows);
  const refused = await refusal(fitRecipe([pca()], table, { inputs: names }));
  t.deepEqual(refused, ['NOT_FINITE', 'steps[0].pca', 'b']);
  const dropped = await fitRecipe([{ kind: 'dropMissing', columns: [] }, pca()], table, { inputs: names });
  t.is(dropped.apply(table, { training: true }).keptRows.length, 19);
  t.is(dropped.apply(table, { training: false, leaveOut: true }).keptRows.length, 19);
  const encoder = compileRowEncoder(dropped.data, { acceptsMissing: true });
  const fields = Object.fromEntries(names.map((name) => [name, { kind: 'numberValue', numberValue: 1 }]));
  const missing = { ...fields, b: { kind: 'nullValue' } };
  const thrown = t.throws(() => encoder.encodeRecord(missing, 2, new Float32Array(4), 0), { instanceOf: RecipeError });
  t.is((thrown as RecipeError).field, 'records[2].fields["b"]');
  t.notThrows(() => encoder.encodeRecord(fields, 2, new Float32Array(4), 0));
});

test('components are computed of as many rows as are asked for, and all rows are told as left', async (t) => {
  const table = tableFromRows(columns, rowsOf(30));
  const recipe = await fitRecipe([pca({ columns: ['a', 'b'], components: 2 })], table, { inputs: names });
  const all = recipe.apply(table, { training: true });
  const some = recipe.apply(table, { training: true, componentRows: 7 });
  t.deepEqual(some.keptRows, all.keptRows);
  t.deepEqual(some.features.data.subarray(0, 28), all.features.data.subarray(0, 28));
  t.deepEqual(some.features.data.subarray(28, 32), Float32Array.of(...all.features.data.subarray(28, 30), 0, 0));
});

test('a row costs two operations for each weight of its reductions', async (t) => {
  const table = tableFromRows(columns, rowsOf(20));
  for (const [steps, cost] of [
    [[], 0],
    [[pca({ components: 3 })], 24],
  ] as const) {
    const { data } = await fitRecipe(steps, table, { inputs: names });
    t.is(compileRowEncoder(data, { acceptsMissing: false }).rowCost, cost);
  }
});

test('what no reduction can do is refused at its field', async (t) => {
  const fitted = (steps: RecipeStep[], rows: Cell[][] = rowsOf(20), inputs = names) =>
    refusal(fitRecipe(steps, tableFromRows(columns, rows), { inputs }));
  t.deepEqual(await fitted([pca({ components: 5 })]), ['INVALID_FIELD', 'steps[0].pca.components', '']);
  t.deepEqual(await fitted([pca({ components: 4 })], rowsOf(3)), ['INVALID_FIELD', 'steps[0].pca.components', '']);
  t.deepEqual(await fitted([pca()], rowsOf(1)), ['EMPTY_TABLE', 'steps[0].pca', '']);
  t.deepEqual(await fitted([pca(), { kind: 'standardize', columns: ['a'] }]), [
    'INVALID_FIELD',
    'steps[1].columns[0]',
    'a',
  ]);
  t.deepEqual(await fitted([pca({ columns: ['nope'] })]), ['UNKNOWN_COLUMN', 'steps[0].columns[0]', 'nope']);
  const named = tableFromRows(
    [{ name: 'pca0', type: 'double' }, ...columns],
    [
      [1, 2, 3, 4, 5],
      [2, 2, 1, 4, 9],
    ],
  );
  const clash = fitRecipe([pca({ columns: ['a', 'b'] })], named, { inputs: ['pca0', ...names] });
  t.deepEqual(await refusal(clash), ['INVALID_FIELD', 'inputs[0]', 'pca0']);
});

test('rows that do not vary become zeros', async (t) => {
  const table = tableFromRows(
    columns,
    Array.from({ length: 5 }, () => [1, 2, 3, 4]),
  );
  const recipe = await fitRecipe([pca({ whiten: true })], table, { inputs: names });
  t.deepEqual([...recipe.apply(table, { training: true }).features.data], [0, 0, 0, 0, 0]);
});

test('a fitted reduction of any origin is checked', async (t) => {
  const table = tableFromRows(columns, rowsOf(20));
  const good = (await fitRecipe([pca({ components: 2 })], table, { inputs: names })).toJSON();
  for (const [change, field] of [
    [{ componentCount: 0 }, 'ops[0].componentCount'],
    [{ componentCount: 5 }, 'ops[0].componentCount'],
    [{ componentCount: 1 }, 'ops[0].weights'],
    [{ columns: ['a', 'b', 'c', 'c'] }, 'ops[0].columns[3]'],
    [{ columns: [] }, 'ops[0].columns'],
    [{ mean: 'AAAA' }, 'ops[0].mean'],
    [{ mean: 7 }, 'ops[0].mean'],
    [
      { weights: Buffer.from(Float32Array.of(1, 2, 3, 4, 5, 6, 7, Number.NaN).buffer).toString('base64') },
      'ops[0].weights',
    ],
    [{ extra: 1 }, 'ops[0].extra'],
  ] as const) {
    const bad = { ...good, ops: [{ ...good.ops[0], ...change }] };
    const error = t.throws(() => fittedRecipeFromJSON(bad), { instanceOf: RecipeError }, field);
    t.is((error as RecipeError).field, field);
  }
});

test('scaling by the largest value and by quantiles', async (t) => {
  const one = [{ name: 'x', type: 'double' as const }];
  const values = [-4, 0, 1, 2, 3, 8, 100];
  const table = tableFromRows(
    one,
    values.map((value) => [value]),
  );
  const by = async (step: RecipeStep) => [
    ...(await fitRecipe([step], table, { inputs: ['x'] })).apply(table, { training: true }).features.data,
  ];
  t.deepEqual(await by({ kind: 'maxAbs', columns: [] }), [...Float32Array.from(values, (value) => value / 100)]);
  // The quartiles of seven numbers lie halfway between the second and third, and the fifth and sixth.
  const robust = await by({ kind: 'robust', columns: [], lowerQuantile: 0.25, upperQuantile: 0.75 });
  t.deepEqual(robust, [...Float32Array.from(values, (value) => (value - 2) / 5)]);
});

test('a quantile between equal numbers is that number', (t) => {
  // A tenth and nine tenths of it add up to less.
  const number = 4.387531480808878e-229;
  for (const share of [0.1, 0.3, 0.8]) t.is(quantileBetween(number, number, share, 2), number);
});
