import test from 'ava';
import { readBundle, writeBundle } from '../../../native/bundle/bundle.js';
import { signatureOf } from '../../../native/bundle/signature.js';
import { fitEstimator } from '../../../native/estimators/fit.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import { fitRecipe } from '../../../native/recipe/fit-recipe.js';
import { tableFromRows } from '../../../native/table/from-rows.js';

const islands = ['Biscoe', 'Dream', 'Torgersen'];
const rows = Array.from({ length: 120 }, (_, index) => [30 + ((index * 7) % 30), islands[index % 3] ?? '']);
const columns = [
  { name: 'bill_length_mm', type: 'double' },
  { name: 'island', type: 'string' },
] as const;

for (const [estimator, task] of [
  ['random-forest', 'classification'],
  ['random-forest', 'regression'],
  ['logistic-regression', 'classification'],
  ['linear-regression', 'regression'],
] as const) {
  test(`a ${estimator} for ${task} gives the trainer's bits after its bundle is read`, async (t) => {
    const recipe = await fitRecipe(
      [{ kind: 'oneHot', columns: ['island'], unknown: 'error', maxCategories: 10 }],
      tableFromRows(columns, rows),
      { inputs: columns.map(({ name }) => name) },
    );
    const { features } = recipe.apply(tableFromRows(columns, rows), { training: true });
    const classified = task === 'classification';
    const classes = classified ? ['small', 'large'] : [];
    const target = Float64Array.from(rows, ([bill]) => (classified ? Number(Number(bill) > 45) : Number(bill) * 2));
    const model = await fitEstimator({
      estimator,
      parameters: {},
      task,
      features,
      target,
      classCount: classes.length,
      seed: 7,
    });
    const signature = signatureOf(recipe.data, {
      target: { name: 'size', type: classified ? 'string' : 'double' },
      task,
      classes,
      acceptsMissing: false,
    });
    const scoring = readBundle(writeBundle({ model, recipe, signature, parityRows: rows }), loadModel);
    await scoring.verifyParity();
    const records = rows.map(([bill, island]) => ({
      fields: {
        bill_length_mm: { kind: 'numberValue', numberValue: Number(bill) },
        island: { kind: 'stringValue', stringValue: String(island) },
      },
    }));
    t.deepEqual(scoring.predictRecords(records), await model.predict(features));
    t.deepEqual(await scoring.predictBatch({ records }), scoring.predictRecords(records));
    scoring.dispose();
    model.dispose();
  });
}
