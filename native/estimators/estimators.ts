import type { Estimator } from './estimator-definition.js';
import { linearRegression } from './linear-regression.js';
import { logisticRegression } from './logistic-regression.js';
import { neuralNetwork } from './neural-network.js';
import { randomForest } from './random-forest.js';

const all: readonly Estimator[] = [randomForest, linearRegression, logisticRegression, neuralNetwork];

/** Every estimator, the most general first. */
export function allEstimators(): readonly Estimator[] {
  return all;
}

/** The estimator of that id, or undefined. */
export function estimatorNamed(id: string): Estimator | undefined {
  return all.find((estimator) => estimator.definition.id === id);
}
