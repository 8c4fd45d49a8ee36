import type { ExecutionContext } from 'ava';
import { writeBundle } from '../../native/bundle/bundle.js';
import { signatureOf } from '../../native/bundle/signature.js';
import { signatureMessage } from '../../native/bundle/signature-message.js';
import { fitEstimator } from '../../native/estimators/fit.js';
import { loadModel } from '../../native/estimators/load-model.js';
import { fitRecipe } from '../../native/recipe/fit-recipe.js';
import { tableFromRows } from '../../native/table/from-rows.js';
import { type SignedBundle, startServing } from './serving-harness.js';

const columns = [
  { name: 'bill', type: 'double' },
  { name: 'mass', type: 'integer' },
  { name: 'island', type: 'string' },
] as const;

/** A row: bill, mass and island. */
export type Bird = [bill: number, mass: number, island: string];

function birds(islands: readonly string[]): Bird[] {
  return Array.from({ length: 240 }, (_, row) => [
    30 + ((row * 7) % 31),
    3000 + ((row * 37) % 41) * 50,
    islands[row % islands.length] ?? '',
  ]);
}

/** Rows that are learned from: bill, mass and island. */
export const trainingRows = birds(['Biscoe', 'Dream', 'Torgersen']);

/** A row as a record. */
export const recordOf = ([bill, mass, island]: Readonly<Bird>) => ({
  fields: {
    bill: { numberValue: bill },
    mass: { numberValue: mass },
    island: { stringValue: island },
  },
});
/** A row with typed values. */
export const rowOf = ([bill, mass, island]: Readonly<Bird>) => ({
  values: { bill: { doubleValue: bill }, mass: { integerValue: mass }, island: { stringValue: island } },
});
/** What is predicted: 0, 1 or 2 classes above, or a number. */
function targetOf([bill, mass, island]: Bird, classCount: number): number {
  const size = bill / 10 + mass / 500 + (island === 'Dream' ? 2 : 0);
  if (classCount === 0) return size;
  return classCount === 2 ? Number(size > 14) : Math.floor(Math.min(2, Math.max(0, (size - 11) / 2)));
}

/** A version of an estimator fitted to `trainingRows`; its recipe makes a feature of each island. */
export async function explainedBundle(
  estimator: string,
  classCount: 0 | 2 | 3,
  parameters: Record<string, unknown> = {},
  islands?: readonly string[],
): Promise<SignedBundle> {
  const rows = islands === undefined ? trainingRows : birds(islands);
  const table = tableFromRows(columns, rows);
  const recipe = await fitRecipe(
    [{ kind: 'oneHot', columns: ['island'], unknown: 'error', maxCategories: 100 }],
    table,
    {
      inputs: columns.map(({ name }) => name),
    },
  );
  const { features } = recipe.apply(table, { training: true });
  const task = classCount === 0 ? ('regression' as const) : ('classification' as const);
  const target = Float64Array.from(rows, (row) => targetOf(row, classCount));
  const model = await fitEstimator({ estimator, parameters, task, features, target, classCount, seed: 5 });
  const signature = signatureOf(recipe.data, {
    target: { name: 'size', type: classCount === 0 ? 'double' : 'string' },
    task,
    classes: ['small', 'large', 'huge'].slice(0, classCount),
    acceptsMissing: false,
  });
  const files = writeBundle({ model, recipe, signature, parityRows: rows });
  model.dispose();
  return { files, signature: signatureMessage(signature, recipe.data) };
}

/** That bundle as a deployed version. */
export async function deployExplained(t: ExecutionContext, ...bundle: Parameters<typeof explainedBundle>) {
  const serving = await startServing(t, loadModel);
  const version = await serving.registerBundle(await explainedBundle(...bundle));
  const deployment = await serving.deploy({ version });
  return { version, deployment, predictions: serving.clients.predictions };
}
