import test from 'ava';
import { fitRecipe } from '../../../native/recipe/fit-recipe.js';
import type { RecipeStep } from '../../../native/recipe/recipe-step.js';
import { quantileBetween } from '../../../native/recipe/statistics.js';
import type { ScalarColumn, Table } from '../../../native/table/table.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { type ColumnKind, makeTable } from './tables.js';

/** The quantile of the present numbers, all of them in order. */
function quantileOf({ values, validity }: Exclude<ScalarColumn, { type: 'string' }>, share: number): number {
  const sorted = Float64Array.from(
    [...values].filter((_, row) => validity?.[row] !== 0),
    Number,
  ).sort();
  const below = Math.floor(share * (sorted.length - 1));
  const next = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return quantileBetween(sorted[below] as number, next, share, sorted.length);
}

const kinds: readonly ColumnKind[] = ['many', 'few', 'wholes', 'integer'];

for (const rowCount of [1, 2, 7, 4096, 4097, 60_001]) {
  test.serial(`medians and other quantiles are those of all numbers in order: ${rowCount} rows`, async (t) => {
    const table = makeTable({ rowCount, kinds, nulls: rowCount < 10 ? 0 : 0.1, copies: 0.1, seed: rowCount });
    const columns = table.columns.flatMap((column) =>
      column.type === 'double' || column.type === 'integer' ? [column] : [],
    );
    const fill: RecipeStep = { kind: 'fillMissing', columns: [], strategy: 'median', constant: null };
    const robust: RecipeStep = { kind: 'robust', columns: [], lowerQuantile: 0.1, upperQuantile: 0.85 };
    const before = threadCount();
    try {
      for (const threads of [1, 3]) {
        setThreads(threads);
        const filled = await fitRecipe([fill], table, { inputs: kinds });
        for (const [index, op] of filled.data.ops.entries()) {
          const column = columns[index] as (typeof columns)[number];
          t.deepEqual(op, {
            kind: 'fill',
            column: column.name,
            fill: { type: 'double', value: quantileOf(column, 0.5) + 0 },
          });
        }
        const scaled = await fitRecipe([robust], table, { inputs: kinds });
        for (const [index, op] of scaled.data.ops.entries()) {
          const column = columns[index] as (typeof columns)[number];
          const divisor = quantileOf(column, 0.85) - quantileOf(column, 0.1);
          t.like(op, { kind: 'scale', center: quantileOf(column, 0.5) + 0, divisor });
        }
      }
    } finally {
      setThreads(before);
    }
  });
}

test('a quantile between numbers whose difference is beyond the largest is still between them', async (t) => {
  const values = Float64Array.of(-1.7e308, 1.7e308);
  const table: Table = { rowCount: 2, columns: [{ name: 'x', type: 'double', values, validity: null }] };
  const fill: RecipeStep = { kind: 'fillMissing', columns: ['x'], strategy: 'median', constant: null };
  const { data } = await fitRecipe([fill], table, { inputs: ['x'] });
  t.like(data.ops[0], { fill: { value: 0 } });
});
