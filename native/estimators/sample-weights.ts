import type { CheckedFit } from './estimator-definition.js';

/** The sum of the weights of the rows to learn from: their number where all count alike. */
export function totalWeight({ rows, weights, features }: CheckedFit): number {
  if (weights === null) return rows?.length ?? features.rowCount;
  let sum = 0;
  if (rows === null) for (const weight of weights) sum += weight;
  else for (const row of rows) sum += weights[row] as number;
  return sum;
}

/**
 * The weights with every class made to count alike: each row's weight times the inverse of its
 * class's share. Rows that are not learned from get weight zero.
 */
export function balancedWeights(request: CheckedFit): Float64Array {
  const { rows, weights, target, classCount, features } = request;
  const count = rows?.length ?? features.rowCount;
  const perClass = new Float64Array(classCount);
  const each = (visit: (row: number, weight: number) => void) => {
    for (let index = 0; index < count; index++) {
      const row = rows === null ? index : (rows[index] as number);
      visit(row, weights === null ? 1 : (weights[row] as number));
    }
  };
  each((row, weight) => {
    perClass[target[row] as number] = (perClass[target[row] as number] as number) + weight;
  });
  const share = totalWeight(request) / classCount;
  const balanced = new Float64Array(features.rowCount);
  each((row, weight) => {
    balanced[row] = (weight * share) / (perClass[target[row] as number] as number);
  });
  return balanced;
}
