import { fitEstimator } from '../../../native/estimators/fit.js';
import type { Model } from '../../../native/estimators/model.js';
import type { Matrix } from '../../../native/table/matrix.js';
import { twoClasses } from './data.js';

/** What to fit a network to. */
export interface NetworkFit {
  readonly features: Matrix;
  readonly target: Float64Array;
  readonly classCount: number;
  readonly rows?: Uint32Array;
  readonly seed?: number;
}

/** Fits a network with the given parameters. */
export function fitNetwork(parameters: Record<string, unknown>, { seed = 3, ...wanted }: NetworkFit): Promise<Model> {
  const task = wanted.classCount === 0 ? 'regression' : 'classification';
  return fitEstimator({ estimator: 'neural-network', parameters, task, seed, ...wanted });
}

const { features, target } = twoClasses(1200, 9);
const three = target.map((value, row) => (row % 5 === 0 ? 2 : value));
const numeric = target.map((_, row) => 100 + 7 * Math.sin(3 * (features.data[row * 9] ?? 0)));

/** Rows of nine columns with targets of two classes, of three and of numbers. */
export const data = { features, target, three, numeric };

/** One fit for every part of the estimator, small enough to run in each combination. */
export const recipes: readonly [Record<string, unknown>, NetworkFit][] = [
  [{}, { features, target, classCount: 2 }],
  [
    { loss: 'softmax', solver: 'sgd', learning_rate_init: 0.1 },
    { features, target, classCount: 2 },
  ],
  [
    { hidden_layer_sizes: '40,20,33', activation: 'gelu' },
    { features, target: three, classCount: 3 },
  ],
  [
    { normalization: 'batch', activation: 'tanh', dropout: 0.2 },
    { features, target: three, classCount: 3 },
  ],
  [
    { normalization: 'layer', activation: 'gelu', solver: 'adamw' },
    { features, target: numeric, classCount: 0 },
  ],
  [
    { activation: 'logistic', solver: 'rmsprop', clip_norm: 0.5, learning_rate_init: 0.01 },
    { features, target: numeric, classCount: 0 },
  ],
  [
    { loss: 'huber', solver: 'adagrad', learning_rate_init: 0.05 },
    { features, target: numeric, classCount: 0 },
  ],
  [
    { solver: 'momentum', learning_rate_init: 0.1, learning_rate: 'cosine', warmup_epochs: 1, penalty: 'l1' },
    { features, target, classCount: 2 },
  ],
  [
    { solver: 'nesterov', learning_rate_init: 0.1, learning_rate: 'one-cycle', class_weight: 'balanced' },
    { features, target: three, classCount: 3 },
  ],
  [
    { early_stopping: true, learning_rate: 'plateau' },
    { features, target: three, classCount: 3 },
  ],
  [
    { solver: 'lbfgs', activation: 'tanh' },
    { features, target: numeric, classCount: 0 },
  ],
];
