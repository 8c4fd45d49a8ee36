import test from 'ava';
import fc from 'fast-check';
import { fitRecipe } from '../../../native/recipe/fit-recipe.js';
import { fittedRecipeFromJSON } from '../../../native/recipe/fitted-recipe-from-json.js';
import type { ValueLike } from '../../../native/recipe/from-message.js';
import { RecipeError } from '../../../native/recipe/recipe-error.js';
import type { RecipeStep } from '../../../native/recipe/recipe-step.js';
import { compileRowEncoder } from '../../../native/recipe/row-encoder.js';
import { tableFromRows } from '../../../native/table/from-rows.js';
import type { Cell } from '../../../native/table/table.js';

const columns = [
  { name: 'mass', type: 'double' },
  { name: 'year', type: 'integer' },
  { name: 'tame', type: 'boolean' },
  { name: 'island', type: 'string' },
] as const;

const row = fc.tuple(
  fc.option(fc.double({ noNaN: true, min: -1e6, max: 1e6 })),
  fc.option(fc.integer({ min: -5, max: 5 })),
  fc.option(fc.boolean()),
  fc.option(fc.constantFrom('Biscoe', 'Dream', 'Torgersen', '')),
);

const step: fc.Arbitrary<RecipeStep> = fc.oneof(
  fc.record({
    kind: fc.constant('fillMissing' as const),
    columns: fc.constant([]),
    strategy: fc.constantFrom('default' as const, 'mode' as const, 'mean' as const),
    constant: fc.constant(null),
  }),
  fc.record({ kind: fc.constantFrom('standardize' as const, 'dropDuplicates' as const), columns: fc.constant([]) }),
  fc.record({
    kind: fc.constant('minMax' as const),
    columns: fc.constant([]),
    lower: fc.constant(-1),
    upper: fc.constant(3),
  }),
  fc.record({
    kind: fc.constant('robust' as const),
    columns: fc.constant([]),
    lowerQuantile: fc.constant(0.1),
    upperQuantile: fc.constant(0.8),
  }),
  fc.record({ kind: fc.constant('maxAbs' as const), columns: fc.constant([]) }),
);
const reduction: fc.Arbitrary<RecipeStep> = fc.record({
  kind: fc.constant('pca' as const),
  columns: fc.constantFrom([], ['mass']),
  components: fc.constantFrom(0, 1),
  explainedVariance: fc.constant(0.9),
  whiten: fc.boolean(),
});
const encoder: fc.Arbitrary<RecipeStep> = fc.oneof(
  fc.record({
    kind: fc.constant('oneHot' as const),
    columns: fc.constantFrom([], ['island']),
    unknown: fc.constantFrom('error' as const, 'ignore' as const),
    maxCategories: fc.constant(100),
  }),
  fc.record({
    kind: fc.constant('ordinal' as const),
    columns: fc.constantFrom([], ['island', 'year']),
    unknown: fc.constantFrom('error' as const, 'ignore' as const),
  }),
);

function messageOf(cell: Cell): ValueLike {
  if (cell === null) return { kind: 'nullValue' };
  if (typeof cell === 'boolean') return { kind: 'boolValue', boolValue: cell };
  if (typeof cell === 'string') return { kind: 'stringValue', stringValue: cell };
  return { kind: 'doubleValue', doubleValue: Number(cell) };
}

test('a row encoded alone equals the same row in a table, for any recipe and any row', async (t) => {
  let compared = 0;
  let reduced = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 2, maxLength: 20 }),
      fc.array(row, { minLength: 1, maxLength: 10 }),
      fc.array(step, { maxLength: 3 }),
      encoder,
      fc.array(step, { maxLength: 2 }),
      fc.option(reduction),
      async (train, rows, before, encode, after, reduce) => {
        const fitted = await fitRecipe(
          [
            ...before.filter(({ kind }) => kind !== 'standardize' && kind !== 'minMax'),
            encode,
            ...after,
            ...(reduce === null ? [] : [reduce]),
          ],
          tableFromRows(columns, train),
          { inputs: columns.map(({ name }) => name) },
        ).catch((error: unknown) => {
          if (error instanceof RecipeError) return error;
          throw error;
        });
        if (fitted instanceof RecipeError) return;
        const recipe = fittedRecipeFromJSON(JSON.parse(JSON.stringify(fitted)));
        const compiled = compileRowEncoder(recipe.data, { acceptsMissing: true });
        for (const cells of rows) {
          const fromTable = outcome(
            () => recipe.apply(tableFromRows(columns, [cells]), { training: false }).features.data,
          );
          const alone = outcome(() => {
            const out = new Float32Array(compiled.featureCount);
            const values = Object.fromEntries(
              columns.map(({ name, type }, index) => [
                name,
                type === 'integer' && cells[index] !== null
                  ? { kind: 'integerValue', integerValue: Number(cells[index]) }
                  : messageOf(cells[index] as Cell),
              ]),
            );
            compiled.encodeRow(values, 0, out, 0);
            return out;
          });
          if (fromTable instanceof RecipeError || alone instanceof RecipeError) {
            t.true(fromTable instanceof RecipeError && alone instanceof RecipeError);
          } else {
            t.deepEqual(alone, fromTable);
            compared++;
            if (recipe.featureNames.includes('pca0')) reduced++;
          }
        }
      },
    ),
    { numRuns: 400 },
  );
  t.true(compared > 100);
  t.true(reduced > 20);
});

test('a row is refused with its path, the value and what would be right', async (t) => {
  const recipe = await fitRecipe(
    [{ kind: 'oneHot', columns: ['island'], unknown: 'error', maxCategories: 10 }],
    tableFromRows(columns, [
      [1, 2, true, 'Biscoe'],
      [2, 3, false, 'Dream'],
    ]),
    { inputs: columns.map(({ name }) => name) },
  );
  const compiled = compileRowEncoder(recipe.data, { acceptsMissing: false });
  const good = {
    mass: { kind: 'numberValue', numberValue: 1 },
    year: { kind: 'numberValue', numberValue: 2 },
    tame: { kind: 'boolValue', boolValue: true },
    island: { kind: 'stringValue', stringValue: 'Dream' },
  };
  const refused = (change: object) => {
    const error = outcome(() => compiled.encodeRecord({ ...good, ...change }, 4, new Float32Array(5), 0));
    return error instanceof RecipeError ? [error.reason, error.field] : null;
  };
  t.is(refused({}), null);
  t.deepEqual(refused({ mass: { kind: 'stringValue', stringValue: '39.1' } }), [
    'WRONG_TYPE',
    'records[4].fields["mass"]',
  ]);
  t.deepEqual(refused({ mass: { kind: 'boolValue', boolValue: true } }), ['WRONG_TYPE', 'records[4].fields["mass"]']);
  t.deepEqual(refused({ mass: { kind: 'numberValue', numberValue: Number.NaN } }), [
    'NOT_FINITE',
    'records[4].fields["mass"]',
  ]);
  t.deepEqual(refused({ mass: { kind: 'numberValue', numberValue: 1e39 } }), [
    'NOT_FINITE',
    'records[4].fields["mass"]',
  ]);
  t.deepEqual(refused({ mass: { kind: 'nullValue' } }), ['NOT_FINITE', 'records[4].fields["mass"]']);
  t.deepEqual(refused({ year: { kind: 'numberValue', numberValue: 1.5 } }), [
    'WRONG_TYPE',
    'records[4].fields["year"]',
  ]);
  t.deepEqual(refused({ year: { kind: 'numberValue', numberValue: 2 ** 53 } }), [
    'WRONG_TYPE',
    'records[4].fields["year"]',
  ]);
  t.is(refused({ year: { kind: 'stringValue', stringValue: '9007199254740993' } }), null);
  t.deepEqual(refused({ year: { kind: 'stringValue', stringValue: '9223372036854775808' } }), [
    'WRONG_TYPE',
    'records[4].fields["year"]',
  ]);
  t.deepEqual(refused({ island: { kind: 'stringValue', stringValue: 'Mars' } }), [
    'UNKNOWN_CATEGORY',
    'records[4].fields["island"]',
  ]);
  t.deepEqual(refused({ Mass: { kind: 'numberValue', numberValue: 1 } }), [
    'UNKNOWN_COLUMN',
    'records[4].fields["Mass"]',
  ]);
  t.deepEqual(refused({ tame: undefined }), ['MISSING_COLUMN', 'records[4].fields["tame"]']);
});

function outcome<Result>(body: () => Result): Result | RecipeError {
  try {
    return body();
  } catch (error) {
    if (error instanceof RecipeError) return error;
    throw error;
  }
}
