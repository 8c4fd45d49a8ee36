import test from 'ava';
import { fitRecipeOnRows } from '../../../native/recipe/fit-recipe.js';
import type { RecipeStep } from '../../../native/recipe/recipe-step.js';
import type { Table } from '../../../native/table/table.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { type ColumnKind, columnKinds, firstRows, makeTable } from './tables.js';

const dropDuplicates: RecipeStep = { kind: 'dropDuplicates', columns: [] };
const dropMissing: RecipeStep = { kind: 'dropMissing', columns: [] };
const encode: RecipeStep = { kind: 'ordinal', columns: ['string'], unknown: 'ignore' };

/** Which rows are left, once text has become numbers. */
async function kept(steps: readonly RecipeStep[], table: Table, rows?: Uint32Array): Promise<number[]> {
  const inputs = table.columns.map(({ name }) => name);
  const all = inputs.includes('string') ? [...steps, encode] : steps;
  const { recipe, apply } = await fitRecipeOnRows(all, table, rows === undefined ? { inputs } : { inputs, rows });
  const { keptRows } = apply();
  const again = recipe.apply(table, rows === undefined ? { training: true } : { training: true, rows });
  if (Buffer.compare(Buffer.from(again.keptRows), Buffer.from(keptRows)) !== 0) throw new Error('other rows are kept');
  return [...keptRows];
}

for (const kind of columnKinds) {
  test(`of equal rows the first is kept, in a column of kind ${kind} with nulls`, async (t) => {
    const table = makeTable({ rowCount: 5000, kinds: [kind], nulls: 0.1, copies: 0.3, seed: 1 });
    t.deepEqual(await kept([dropDuplicates], table), firstRows(table, Array(5000).keys()));
  });
}

for (const [name, kinds, rowCount] of [
  ['few distinct rows, which meet in all of their hash', ['boolean', 'few', 'string'], 200_000],
  ['one distinct row', [], 70_000],
  ['rows of every type', columnKinds, 60_000],
  ['many rows', ['many', 'boolean'], 300_000],
] as const satisfies readonly (readonly [string, readonly ColumnKind[], number])[]) {
  test.serial(`of equal rows the first is kept at any number of threads: ${name}`, async (t) => {
    const made = makeTable({ rowCount, kinds, nulls: 0.05, copies: 0.2, seed: 2 });
    const constant = { name: 'constant', type: 'double', values: new Float64Array(rowCount), validity: null } as const;
    const table: Table = kinds.length > 0 ? made : { rowCount, columns: [constant] };
    const wanted = firstRows(table, Array(rowCount).keys());
    t.true(wanted.length < rowCount);
    const before = threadCount();
    try {
      for (const threads of [1, 2, 3, 5]) {
        setThreads(threads);
        t.deepEqual(await kept([dropDuplicates], table), wanted, `${threads} threads`);
      }
    } finally {
      setThreads(before);
    }
  });
}

test('rows that differ in the last of many columns, or in one bit, are kept', async (t) => {
  const valueAt = (at: number, row: number) => (at === 299 ? 1 + row * 2 ** -52 : at);
  const columns = Array.from({ length: 300 }, (_, at) => {
    const values = Float64Array.from({ length: 64 }, (_value, row) => valueAt(at, row));
    return { name: `c${at}`, type: 'double' as const, values, validity: null };
  });
  t.is((await kept([dropDuplicates], { rowCount: 64, columns })).length, 64);
});

test('numbers beyond 2^53 are compared in all of their bits while they are integers, and as doubles once scaled', async (t) => {
  const values = BigInt64Array.of(2n ** 53n, 2n ** 53n + 1n, 2n ** 53n, 5n);
  const table: Table = { rowCount: 4, columns: [{ name: 'n', type: 'integer', values, validity: null }] };
  t.deepEqual(await kept([dropDuplicates], table), [0, 1, 3]);
  t.deepEqual(await kept([{ kind: 'maxAbs', columns: [] }, dropDuplicates], table), [0, 3]);
});

test('a null that was replaced equals the value that replaced it, scaled or not', async (t) => {
  const validity = Uint8Array.of(1, 0, 1, 0);
  const table: Table = {
    rowCount: 4,
    columns: [{ name: 'x', type: 'double', values: Float64Array.of(7, 0, -0, 0), validity }],
  };
  const fill: RecipeStep = { kind: 'fillMissing', columns: [], strategy: 'constant', constant: 7 };
  t.deepEqual(await kept([dropDuplicates], table), [0, 1, 2]);
  t.deepEqual(await kept([fill, dropDuplicates], table), [0, 2]);
  const scale: RecipeStep = { kind: 'standardize', columns: [] };
  t.deepEqual(await kept([fill, scale, dropDuplicates], table), [0, 2]);
  t.deepEqual(await kept([scale, dropDuplicates], table), [0, 1, 2]);
});

test('nulls are dropped before duplicates are looked for, among any rows in any order', async (t) => {
  const table = makeTable({ rowCount: 40_000, kinds: ['few', 'integer', 'floats'], nulls: 0.2, copies: 0.1, seed: 3 });
  const complete = (row: number) => table.columns.every(({ validity }) => validity?.[row] === 1);
  const rows = Uint32Array.from({ length: 30_000 }, (_, at) => (at * 7919) % 40_000);
  t.deepEqual(await kept([dropMissing], table, rows), [...rows].filter(complete));
  const wanted = firstRows(table, [...rows].filter(complete));
  t.deepEqual(await kept([dropMissing, dropDuplicates], table, rows), wanted);
});

test('a table whose rows are all dropped is refused in a fit and left empty otherwise', async (t) => {
  const full = makeTable({ rowCount: 3, kinds: ['few', 'floats'], nulls: 0, copies: 0, seed: 4 });
  const none: Table = {
    rowCount: 3,
    columns: full.columns.map((column) => ({ ...column, validity: new Uint8Array(3) })),
  };
  const inputs = ['few', 'floats'];
  await t.throwsAsync(fitRecipeOnRows([dropMissing], none, { inputs }), { message: /steps\[0\]: 0 rows are left/ });
  const { recipe } = await fitRecipeOnRows([dropMissing, dropDuplicates], full, { inputs });
  const { features, keptRows } = recipe.apply(none, { training: true });
  t.is(features.rowCount, 0);
  t.is(features.data.length, 0);
  t.is(keptRows.length, 0);
  t.is(recipe.apply(full, { training: true, rows: new Uint32Array(0) }).keptRows.length, 0);
});
