import { fitEstimator } from '../../native/estimators/fit.js';
import type { Model } from '../../native/estimators/model.js';
import { measureOne } from '../../native/metrics/measure.js';
import { fitRecipe } from '../../native/recipe/fit-recipe.js';
import type { Matrix } from '../../native/table/matrix.js';
import type { Table } from '../../native/table/table.js';
import type { ScoreCase } from './cases.js';
import type { ScoreData } from './datasets.js';

/** The features of some rows, each as it is. */
function rowsOf({ data, columnCount }: Matrix, rows: Uint32Array): Matrix {
  const taken = new Float32Array(rows.length * columnCount);
  for (const [index, row] of rows.entries()) {
    taken.set(data.subarray(row * columnCount, (row + 1) * columnCount), index * columnCount);
  }
  return { data: taken, rowCount: rows.length, columnCount };
}

function tableOf({ data, rowCount, columnCount }: Matrix): Table {
  const columns = Array.from({ length: columnCount }, (_, column) => ({
    name: `x${column}`,
    type: 'double' as const,
    values: Float64Array.from({ length: rowCount }, (_, row) => data[row * columnCount + column] ?? 0),
    validity: null,
  }));
  return { rowCount, columns };
}

/** The features of both parts, standardized by a recipe that has seen the training rows alone. */
async function standardized(features: Matrix, train: Uint32Array, test: Uint32Array): Promise<[Matrix, Matrix]> {
  const table = tableOf(features);
  const inputs = table.columns.map(({ name }) => name);
  const recipe = await fitRecipe([{ kind: 'standardize', columns: inputs }], table, { inputs, rows: train });
  const of = (rows: Uint32Array) => recipe.apply(table, { training: false, rows }).features;
  return [of(train), of(test)];
}

/** The share of the rows' squared distances to their mean that is gone when they are taken to the nearest centre. */
async function explained(model: Model, { data, rowCount, columnCount }: Matrix): Promise<number> {
  const [tensor] = model.toTensors().tensors;
  const centers = new Float64Array(tensor?.data.slice().buffer ?? new ArrayBuffer(0));
  const groups = await model.predict({ data, rowCount, columnCount });
  const mean = new Float64Array(columnCount);
  for (const [at, value] of data.entries()) mean[at % columnCount] = (mean[at % columnCount] ?? 0) + value / rowCount;
  let left = 0;
  let total = 0;
  for (const [at, value] of data.entries()) {
    const group = groups[Math.floor(at / columnCount)] ?? 0;
    left += (value - (centers[group * columnCount + (at % columnCount)] ?? 0)) ** 2;
    total += (value - (mean[at % columnCount] ?? 0)) ** 2;
  }
  return 1 - left / total;
}

/** How many seeds a fold is scored with; on images the folds are few but large. */
export function seedsOf({ images }: ScoreData, { seeds }: ScoreCase): number {
  return images ? 1 : seeds;
}

/** Our score on each fold: the mean over the case's seeds. */
export async function ourScores(data: ScoreData, given: ScoreCase): Promise<number[]> {
  const { estimator, task, standardize } = given;
  const seeds = seedsOf(data, given);
  const classCount = task === 'classification' ? data.classCount : 0;
  const { parameters } = (data.images && given.onImages) || given;
  const scores: number[] = [];
  for (const { train, test } of data.folds) {
    const [features, held] = standardize
      ? await standardized(data.features, train, test)
      : [rowsOf(data.features, train), rowsOf(data.features, test)];
    const targetOf = (rows: Uint32Array) => Float64Array.from(rows, (row) => data.target[row] ?? Number.NaN);
    const target = task === 'clustering' ? new Float64Array(0) : targetOf(train);
    let sum = 0;
    for (let seed = 0; seed < seeds; seed++) {
      const model = await fitEstimator({ estimator, parameters, task, features, target, classCount, seed });
      if (task === 'clustering') sum += await explained(model, held);
      else {
        const outputs = await model.predict(held);
        const name = task === 'classification' ? 'accuracy' : 'r2';
        sum += measureOne({ task, classCount, outputs, target: targetOf(test) }, name) ?? Number.NaN;
      }
      model.dispose();
    }
    scores.push(sum / seeds);
  }
  return scores;
}
