import test from 'ava';
import { fitRecipe, fitRecipeOnRows } from '../../../native/recipe/fit-recipe.js';
import type { ScaleOp } from '../../../native/recipe/fitted-op.js';
import { scaled } from '../../../native/recipe/fitted-op.js';
import type { FittedRecipe } from '../../../native/recipe/fitted-recipe.js';
import type { RecipeStep } from '../../../native/recipe/recipe-step.js';
import type { DoubleColumn, Table } from '../../../native/table/table.js';
import { randomNumbers } from '../kernels/inputs.js';
import { makeTable } from './tables.js';

const standardize: RecipeStep = { kind: 'standardize', columns: [] };

const scales = ({ data }: FittedRecipe) => data.ops.filter((op): op is ScaleOp => op.kind === 'scale');

function doubles(name: string, values: Float64Array, validity: Uint8Array | null = null): DoubleColumn {
  return { name, type: 'double', values, validity };
}

/** Mean and deviation of whole numbers without any rounding but the last. */
function exactly(wholes: readonly bigint[]): { mean: number; deviation: number } {
  const count = BigInt(wholes.length);
  const sum = wholes.reduce((total, value) => total + value, 0n);
  const squares = wholes.reduce((total, value) => total + (value * count - sum) ** 2n, 0n);
  // In 2^-64 of a unit, so that what division cuts off is below a double's rounding.
  const part = 2 ** 64;
  return {
    mean: Number((sum * BigInt(part)) / count) / part,
    deviation: Math.sqrt(Number((squares * BigInt(part)) / count ** 3n) / part),
  };
}

for (const [name, offset, rowCount] of [
  ['about zero', 0, 50_003],
  ['far from zero', 2 ** 40, 50_003],
  ['in a single block', 2 ** 40, 1_001],
  ['of two rows', 12, 2],
] as const) {
  test(`mean and deviation have the accuracy of doubles: numbers ${name}`, async (t) => {
    const random = randomNumbers(5);
    const values = Float64Array.from({ length: rowCount }, () => offset + Math.floor(random() * 2000));
    const validity = Uint8Array.from(values, (_, row) => (rowCount > 2 && row % 7 === 3 ? 0 : 1));
    const present = [...values].filter((_, row) => validity[row] === 1);
    const recipe = await fitRecipe(
      [standardize],
      { rowCount, columns: [doubles('x', values, validity)] },
      {
        inputs: ['x'],
      },
    );
    const [found] = scales(recipe);
    const wanted = exactly(present.map(BigInt));
    t.true(Math.abs((found?.center ?? Number.NaN) - wanted.mean) <= 2 ** -51 * Math.abs(wanted.mean));
    t.true(Math.abs((found?.divisor ?? Number.NaN) - wanted.deviation) <= 1e-13 * wanted.deviation);
  });
}

test('a column whose first rows are far from the others loses no accuracy', async (t) => {
  const values = Float64Array.from({ length: 100_000 }, (_, row) => (row < 5000 ? 2 ** 30 : row % 5));
  const recipe = await fitRecipe(
    [standardize],
    { rowCount: 100_000, columns: [doubles('x', values)] },
    { inputs: ['x'] },
  );
  const wanted = exactly([...values].map(BigInt));
  t.true(Math.abs((scales(recipe)[0]?.center ?? 0) / wanted.mean - 1) <= 1e-15);
  t.true(Math.abs((scales(recipe)[0]?.divisor ?? 0) / wanted.deviation - 1) <= 1e-14);
});

test('a constant column has no deviation, and zeros of both signs are constant', async (t) => {
  const rowCount = 30_001;
  const columns = [
    doubles('tenth', new Float64Array(rowCount).fill(0.1)),
    doubles(
      'zeros',
      Float64Array.from({ length: rowCount }, (_, row) => (row % 3 === 0 ? -0 : 0)),
    ),
    doubles('none', new Float64Array(rowCount), new Uint8Array(rowCount)),
  ];
  const inputs = ['tenth', 'zeros', 'none'];
  const { recipe, apply } = await fitRecipeOnRows([standardize], { rowCount, columns }, { inputs });
  t.deepEqual(
    scales(recipe).map(({ center, divisor }) => [center, divisor]),
    [
      [0.1, 0],
      [0, 0],
      [0, 0],
    ],
  );
  const { data } = apply().features;
  t.true(data.every((value, at) => (at % 3 === 2 ? Number.isNaN(value) : value === 0)));
});

test('features are the scaled values rounded once, whatever was dropped or replaced before', async (t) => {
  const rowCount = 20_011;
  const table = makeTable({
    rowCount,
    kinds: ['many', 'few', 'wholes', 'integer', 'boolean', 'bytes', 'floats'],
    nulls: 0.03,
    copies: 0.02,
    seed: 6,
  });
  const inputs = table.columns.map(({ name }) => name);
  const steps: RecipeStep[] = [
    { kind: 'dropMissing', columns: ['few', 'bytes'] },
    { kind: 'fillMissing', columns: ['many', 'integer'], strategy: 'mean', constant: null },
    standardize,
    { kind: 'dropDuplicates', columns: [] },
    { kind: 'minMax', columns: ['many', 'floats'], lower: -1, upper: 3 },
  ];
  const { recipe, apply } = await fitRecipeOnRows(steps, table, { inputs });
  const { features, keptRows } = apply();
  t.deepEqual(recipe.apply(table, { training: true }), { features, keptRows });
  t.true(keptRows.length > 15_000 && keptRows.length < rowCount);
  const wanted = new Float32Array(features.data.length);
  let offset = 0;
  for (const column of table.columns) {
    if (column.type === 'string') throw new Error('no text here');
    const elements = column.type === 'tensor' ? (column.shape[0] as number) : 1;
    for (const [at, row] of keptRows.entries()) {
      for (let element = 0; element < elements; element++) {
        let value = column.validity?.[row] === 0 ? null : Number(column.values[row * elements + element]);
        for (const op of recipe.data.ops) {
          if (op.kind === 'fill' && op.column === column.name && op.fill.type === 'double') value ??= op.fill.value;
          if (op.kind === 'scale' && op.column === column.name && value !== null) value = scaled(op, value);
        }
        wanted[at * features.columnCount + offset + element] = value ?? Number.NaN;
      }
    }
    offset += elements;
  }
  t.is(offset, features.columnCount);
  t.deepEqual(features.data, wanted);
});

test('a feature beyond 32 bits is told at the first row of the first column that has one', async (t) => {
  const rowCount = 60_000;
  const far = (rows: readonly number[]) => {
    const values = new Float64Array(rowCount).fill(1);
    for (const row of rows) values[row] = 1e300;
    return values;
  };
  const missing = new Uint8Array(rowCount).fill(1);
  missing[100] = 0;
  const pixels = new Float32Array(rowCount * 2);
  const table: Table = {
    rowCount,
    columns: [
      doubles('fine', far([])),
      // The infinity at row 100 is none: its cell is null.
      doubles('late', far([100, 50_000, 59_999]), missing),
      doubles('early', far([3])),
      { name: 'pair', type: 'tensor', dtype: 'f32', shape: [2], values: pixels, validity: null },
    ],
  };
  const told = async (inputs: string[], rows?: Uint32Array) => {
    const recipe = await fitRecipe([], table, { inputs });
    return t.throws(() => recipe.apply(table, rows === undefined ? { training: true } : { training: true, rows }));
  };
  const bound = 'becomes a feature beyond ±3.4e38, the range of 32-bit floats';
  t.is((await told(['fine', 'late', 'early']))?.message, `rows[50000]["late"]: 1e+300 ${bound}`);
  t.is((await told(['early', 'late']))?.message, `rows[3]["early"]: 1e+300 ${bound}`);
  t.is((await told(['early'], Uint32Array.of(9, 3)))?.message, `rows[3]["early"]: 1e+300 ${bound}`);
  const wide: RecipeStep = { kind: 'minMax', columns: ['pair'], lower: 0, upper: 1e300 };
  pixels[2 * 7 + 1] = 2;
  const recipe = await fitRecipe([wide], table, { inputs: ['pair'] });
  const refused = t.throws(() => recipe.apply(table, { training: true }));
  t.is(refused?.message, `rows[7]["pair"][1]: 2 ${bound}`);
});

test('rows beyond the table are refused', async (t) => {
  const table: Table = { rowCount: 3, columns: [doubles('x', Float64Array.of(1, 2, 3))] };
  const recipe = await fitRecipe([], table, { inputs: ['x'] });
  t.throws(() => recipe.apply(table, { training: true, rows: Uint32Array.of(0, 3) }), {
    instanceOf: RangeError,
    message: /rows beyond/,
  });
});
