// Prints what recipes learn from a large table and make of it, a line per recipe: run with different instruction sets
// and numbers of threads, the lines must be the same.
import { createHash } from 'node:crypto';
import { fitRecipeOnRows } from '../../../native/recipe/fit-recipe.js';
import type { RecipeStep } from '../../../native/recipe/recipe-step.js';
import { setThreads } from '../../../native/threads.js';
import { makeTable } from './tables.js';

const table = makeTable({
  rowCount: 50_021,
  kinds: ['many', 'few', 'wholes', 'integer', 'boolean', 'bytes', 'floats'],
  nulls: 0.02,
  copies: 0.02,
  seed: 7,
});
const inputs = table.columns.map(({ name }) => name);
const recipes: readonly (readonly RecipeStep[])[] = [
  [
    { kind: 'dropMissing', columns: [] },
    { kind: 'dropDuplicates', columns: [] },
    { kind: 'standardize', columns: [] },
  ],
  [
    { kind: 'fillMissing', columns: ['many', 'integer'], strategy: 'mean', constant: null },
    { kind: 'minMax', columns: [], lower: 0, upper: 1 },
    { kind: 'standardize', columns: [] },
  ],
  [
    { kind: 'fillMissing', columns: ['many', 'wholes'], strategy: 'median', constant: null },
    { kind: 'robust', columns: ['many', 'wholes'], lowerQuantile: 0.2, upperQuantile: 0.7 },
    { kind: 'maxAbs', columns: [] },
  ],
];

setThreads(Number(process.argv[2] ?? 1));
for (const steps of recipes) {
  const { recipe, apply } = await fitRecipeOnRows(steps, table, { inputs });
  const { features, keptRows } = apply();
  const digest = createHash('sha256').update(new Uint8Array(features.data.buffer)).update(new Uint8Array(keptRows));
  console.log(`${JSON.stringify(recipe)} ${keptRows.length} ${digest.digest('hex')}`);
}
