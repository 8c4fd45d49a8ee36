import test from 'ava';
import fc from 'fast-check';
import { ExchangeError } from '../../../native/exchange/exchange-error.js';
import { exportRecipe } from '../../../native/exchange/export-recipe.js';
import { OnnxGraph } from '../../../native/exchange/onnx-graph.js';
import { fitRecipe } from '../../../native/recipe/fit-recipe.js';
import { featureGroups, imageShape } from '../../../native/recipe/fitted-recipe-data.js';
import { fittedRecipeFromJSON } from '../../../native/recipe/fitted-recipe-from-json.js';
import type { ValueLike } from '../../../native/recipe/from-message.js';
import { RecipeError } from '../../../native/recipe/recipe-error.js';
import type { RecipeStep } from '../../../native/recipe/recipe-step.js';
import { compileRowEncoder } from '../../../native/recipe/row-encoder.js';
import type { StructValueLike } from '../../../native/recipe/row-values.js';
import { type ColumnShape, tableFromRows } from '../../../native/table/from-rows.js';
import type { Cell } from '../../../native/table/table.js';

const bytes: ColumnShape = { name: 'image', type: 'tensor', dtype: 'u8', shape: [2, 3] };
const floats: ColumnShape = { name: 'sound', type: 'tensor', dtype: 'f32', shape: [4] };
const size: ColumnShape = { name: 'size', type: 'double' };

const image = fc.uint8Array({ minLength: 6, maxLength: 6 });
// Eighths: a range so small that a scale leaves f32 is refused alike, and no case of this test.
const eighths = fc.integer({ min: -8000, max: 8000 }).map((value) => value / 8);
const sound = fc.array(eighths, { minLength: 4, maxLength: 4 }).map((values) => Float32Array.from(values));
const row = fc.tuple(fc.option(image), fc.option(sound), eighths);
const step: fc.Arbitrary<RecipeStep> = fc.oneof(
  fc.constant<RecipeStep>({ kind: 'standardize', columns: [] }),
  fc.constant<RecipeStep>({ kind: 'minMax', columns: ['image'], lower: -1, upper: 3 }),
  fc.constant<RecipeStep>({ kind: 'minMax', columns: [], lower: 0, upper: 1 }),
  fc.constant<RecipeStep>({ kind: 'dropDuplicates', columns: [] }),
);

const list = (numbers: Iterable<number>): StructValueLike => ({
  kind: 'listValue',
  listValue: { values: [...numbers].map((numberValue) => ({ kind: 'numberValue', numberValue })) },
});

/** A cell as plain JSON; of an image the rows nested, or flat. */
function plain(cell: Cell, nested: boolean): StructValueLike {
  if (cell === null) return { kind: 'nullValue' };
  if (typeof cell === 'number') return { kind: 'numberValue', numberValue: cell };
  const elements = cell as Uint8Array | Float32Array;
  if (!nested || elements.length !== 6) return list(elements);
  return { kind: 'listValue', listValue: { values: [list(elements.subarray(0, 3)), list(elements.subarray(3))] } };
}

function typed(cell: Cell): ValueLike {
  if (cell === null) return { kind: 'nullValue' };
  if (typeof cell === 'number') return { kind: 'doubleValue', doubleValue: cell };
  const elements = cell as Uint8Array | Float32Array;
  const isBytes = elements instanceof Uint8Array;
  // One byte off, as a message's bytes may stand anywhere.
  const shifted = new Uint8Array(elements.byteLength + 1);
  shifted.set(new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength), 1);
  const dtype = isBytes ? 'DATA_TYPE_UINT8' : 'DATA_TYPE_FP32';
  return { kind: 'tensorValue', tensorValue: { dtype, shape: isBytes ? [2, 3] : [4], data: shifted.subarray(1) } };
}

test('a tensor row encoded alone equals the same row in a table, for any recipe and any form', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 2, maxLength: 12 }),
      fc.array(row, { minLength: 1, maxLength: 6 }),
      fc.array(step, { maxLength: 3 }),
      async (train, rows, steps) => {
        const columns = [bytes, floats, size];
        const inputs = columns.map(({ name }) => name);
        const fitted = await fitRecipe(steps, tableFromRows(columns, train), { inputs });
        const recipe = fittedRecipeFromJSON(JSON.parse(JSON.stringify(fitted)));
        t.deepEqual(recipe.data, fitted.data);
        const applied = recipe.apply(tableFromRows(columns, rows), { training: false }).features;
        const encoder = compileRowEncoder(recipe.data, { acceptsMissing: true });
        t.is(encoder.featureCount, 11);
        t.is(encoder.rowCost, 10);
        for (const [index, [first, second, third]] of rows.entries()) {
          const wanted = applied.data.subarray(index * 11, (index + 1) * 11);
          const cells = { image: first, sound: second, size: third };
          const each = <Value>(form: (cell: Cell) => Value) =>
            Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, form(cell)]));
          for (const nested of [true, false]) {
            const out = new Float32Array(13);
            encoder.encodeRecord(
              each((cell) => plain(cell, nested)),
              index,
              out,
              2,
            );
            t.deepEqual(out.subarray(2), wanted);
          }
          const out = new Float32Array(11);
          encoder.encodeRow(each(typed), index, out, 0);
          t.deepEqual(out, wanted);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('all elements share one scale, taken over the training rows', async (t) => {
  const table = tableFromRows(
    [bytes],
    [[Uint8Array.of(0, 51, 102, 153, 204, 255)], [new Uint8Array(6).fill(10)], [new Uint8Array(6).fill(255)]],
  );
  const scale = await fitRecipe([{ kind: 'minMax', columns: [], lower: 0, upper: 1 }], table, {
    inputs: ['image'],
    rows: Uint32Array.of(0, 1),
  });
  const { features } = scale.apply(table, { training: false, rows: Uint32Array.of(0) });
  t.deepEqual([...features.data], [0, 0.2, 0.4, 0.6, 0.8, 1].map(Math.fround));
  const standard = await fitRecipe([{ kind: 'standardize', columns: ['image'] }], table, { inputs: ['image'] });
  const all = standard.apply(table, { training: false }).features.data;
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const variance = all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length;
  t.true(Math.abs(mean) < 1e-6 && Math.abs(variance - 1) < 1e-6);
});

test('rows with a null tensor are dropped, and equal tensors are duplicates', async (t) => {
  const same = [Uint8Array.of(1, 2, 3, 4, 5, 6), 1];
  const table = tableFromRows([bytes, size], [[null, 1], same, [Uint8Array.of(6, 5, 4, 3, 2, 1), 1], same, [null, 1]]);
  const inputs = ['image', 'size'];
  const keptBy = async (kind: 'dropMissing' | 'dropDuplicates') => {
    const recipe = await fitRecipe([{ kind, columns: [] }], table, { inputs });
    return [...recipe.apply(table, { training: true }).keptRows];
  };
  t.deepEqual(await keptBy('dropMissing'), [1, 2, 3]);
  t.deepEqual(await keptBy('dropDuplicates'), [0, 1, 2]);
});

test('features of tensors are named one by one only when asked, and messages name the column', async (t) => {
  const table = tableFromRows([bytes, size], [[new Uint8Array(6), 1]]);
  const { data, featureCount, featureNames } = await fitRecipe([], table, { inputs: ['image', 'size'] });
  t.is(featureCount, 7);
  t.deepEqual(featureNames.slice(4), ['image[4]', 'image[5]', 'size']);
  t.deepEqual(featureGroups(data), [
    { name: 'image', width: 6, shape: [2, 3] },
    { name: 'size', width: 1, shape: null },
  ]);
  t.is(imageShape(data), null);
  t.deepEqual(imageShape((await fitRecipe([], table, { inputs: ['image'] })).data), [2, 3]);
});

const refused: [string, StructValueLike, RecipeError['reason'], RegExp][] = [
  [
    'a number',
    { kind: 'numberValue', numberValue: 1 },
    'WRONG_TYPE',
    /a numberValue" must be a list of shape \[2, 3\], or a flat list of 6/,
  ],
  ['a list that is too long', list([1, 2, 3, 4, 5, 6, 7]), 'WRONG_TYPE', /shape \[7\]/],
  ['an empty list', list([]), 'WRONG_TYPE', /shape \[0\]/],
  [
    'transposed lists',
    { kind: 'listValue', listValue: { values: [list([1, 2]), list([3, 4]), list([5, 6])] } },
    'WRONG_TYPE',
    /shape \[3, 2\]/,
  ],
  [
    'ragged lists',
    { kind: 'listValue', listValue: { values: [list([1, 2, 3]), list([3, 4])] } },
    'WRONG_TYPE',
    /ragged/,
  ],
  [
    'text among the numbers',
    { kind: 'listValue', listValue: { values: [{ kind: 'stringValue', stringValue: 'x' }] } },
    'WRONG_TYPE',
    /holding a stringValue/,
  ],
  [
    'a fraction for a byte',
    list([0, 1, 2, 3, 4, 5.5]),
    'WRONG_TYPE',
    /5\.5 at element 5 must be a whole number from 0 to 255/,
  ],
  ['a byte of 256', list([256, 1, 2, 3, 4, 5]), 'WRONG_TYPE', /256 at element 0 must be/],
  ['a byte of -1', list([0, -1, 2, 3, 4, 5]), 'WRONG_TYPE', /-1 at element 1 must be/],
  ['NaN', list([0, 1, 2, Number.NaN, 4, 5]), 'NOT_FINITE', /NaN at element 3 must be/],
  ['null', { kind: 'nullValue' }, 'NOT_FINITE', /must not be null/],
];

for (const [what, value, reason, message] of refused) {
  test(`${what} in the place of a tensor is refused with row, column and shape`, async (t) => {
    const recipe = await fitRecipe([], tableFromRows([bytes], [[new Uint8Array(6)]]), { inputs: ['image'] });
    const encoder = compileRowEncoder(recipe.data, { acceptsMissing: false });
    const error = t.throws(() => encoder.encodeRecord({ image: value }, 3, new Float32Array(6), 0), {
      instanceOf: RecipeError,
    });
    t.is(error?.reason, reason);
    t.is(error?.field, 'records[3].fields["image"]');
    t.is(error?.row, 3);
    t.regex(error?.message ?? '', message);
  });
}

test('a typed tensor of another dtype, shape, length, or not finite is refused', async (t) => {
  const recipe = await fitRecipe([], tableFromRows([floats], [[new Float32Array(4)]]), { inputs: ['sound'] });
  const encoder = compileRowEncoder(recipe.data, { acceptsMissing: false });
  const encode = (value: ValueLike) =>
    t.throws(() => encoder.encodeRow({ sound: value }, 0, new Float32Array(4), 0), { instanceOf: RecipeError });
  const tensor = (dtype: string, shape: number[], data: Uint8Array) =>
    encode({ kind: 'tensorValue', tensorValue: { dtype, shape, data } })?.message ?? '';
  const data = new Uint8Array(16);
  t.regex(tensor('DATA_TYPE_UINT8', [4], data), /DATA_TYPE_UINT8 \[4\]" must be DATA_TYPE_FP32 \[4\]/);
  t.regex(tensor('DATA_TYPE_FP32', [2, 2], data), /\[2, 2\]" must be DATA_TYPE_FP32 \[4\]/);
  t.regex(tensor('DATA_TYPE_FP32', [4], data.subarray(1)), /15 bytes of data must be 16/);
  const nan = new Uint8Array(Float32Array.of(0, 0, Number.NaN, 0).buffer);
  t.regex(tensor('DATA_TYPE_FP32', [4], nan), /NaN at element 2 must be finite/);
  t.regex(
    encode({ kind: 'doubleValue', doubleValue: 1 })?.message ?? '',
    /must be a tensor_value of DATA_TYPE_FP32 \[4\]/,
  );
});

test('a recipe over tensors is refused by the export to ONNX, by the column’s name', async (t) => {
  const { data } = await fitRecipe([], tableFromRows([bytes], [[new Uint8Array(6)]]), { inputs: ['image'] });
  t.throws(() => exportRecipe(new OnnxGraph(), data), {
    instanceOf: ExchangeError,
    message: /"image" must not be a tensor column/,
  });
});

test('a recipe of any origin claims no shape that a column cannot have', (t) => {
  for (const shape of [[], [0], [-1], [1.5], [2 ** 11, 2 ** 10], new Array(9).fill(1), 'x', null]) {
    const json = { formatVersion: 1, inputs: [{ name: 'image', type: 'tensor', dtype: 'u8', shape }], ops: [] };
    t.throws(() => fittedRecipeFromJSON(json), { instanceOf: RecipeError, message: /inputs\[0\]\.shape/ });
  }
});
