import { convolutionalNetwork } from './convolutional-network.js';
import type { Estimator } from './estimator-definition.js';
import { extraTrees } from './extra-trees.js';
import { gaussianNaiveBayes } from './gaussian-naive-bayes.js';
import { gradientBoosting } from './gradient-boosting.js';
import { kMeans } from './k-means.js';
import { kNearestNeighbors } from './k-nearest-neighbors.js';
import { linearRegression } from './linear-regression.js';
import { linearSvm } from './linear-svm.js';
import { logisticRegression } from './logistic-regression.js';
import { multinomialNaiveBayes } from './multinomial-naive-bayes.js';
import { neuralNetwork } from './neural-network.js';
import { randomForest } from './random-forest.js';

const all: readonly Estimator[] = [
  randomForest,
  gradientBoosting,
  linearRegression,
  logisticRegression,
  extraTrees,
  linearSvm,
  kNearestNeighbors,
  gaussianNaiveBayes,
  multinomialNaiveBayes,
  neuralNetwork,
  convolutionalNetwork,
  kMeans,
];

/** Every estimator, the most general first. */
export function allEstimators(): readonly Estimator[] {
  return all;
}

/** The estimator of that id, or undefined. */
export function estimatorNamed(id: string): Estimator | undefined {
  return all.find((estimator) => estimator.definition.id === id);
}
