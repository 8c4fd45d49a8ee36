import { fitEstimator } from '../../../native/estimators/fit.js';
import type { Model } from '../../../native/estimators/model.js';
import type { Matrix } from '../../../native/table/matrix.js';
import { numbers } from './data.js';
import type { NetworkFit } from './network-cases.js';

/** Fits a convolutional network with the given parameters. */
export function fitConvolutional(
  parameters: Record<string, unknown>,
  { seed = 3, ...wanted }: NetworkFit,
): Promise<Model> {
  const task = wanted.classCount === 0 ? 'regression' : 'classification';
  return fitEstimator({ estimator: 'convolutional-network', parameters, task, seed, ...wanted });
}

/** The side of the images of bars. */
export const side = 10;

/**
 * Images of noise with a bar of five positions somewhere, and whether it lies or stands: what no single position tells.
 */
export function bars(rowCount: number, seed = 5): { features: Matrix; target: Float64Array } {
  const next = numbers(seed);
  const data = Float32Array.from({ length: rowCount * side * side }, () => (next() - 0.5) * 1.2);
  const target = new Float64Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    const stands = next() < 0.5;
    target[row] = Number(stands);
    const along = Math.floor(next() * (side - 4));
    const across = Math.floor(next() * side);
    for (let i = 0; i < 5; i++) {
      const [y, x] = stands ? [along + i, across] : [across, along + i];
      const at = (row * side + y) * side + x;
      data[at] = (data[at] ?? 0) + 1.5;
    }
  }
  return { features: { data, rowCount, columnCount: side * side }, target };
}

const { features, target } = bars(300);
const three = target.map((value, row) => (row % 5 === 0 ? 2 : value));
// How much is bright in the upper half: a number that a convolution can find.
const numeric = target.map((_, row) => {
  const upper = features.data.subarray(row * 100, row * 100 + 50);
  return 100 + upper.reduce((sum, value) => sum + Math.max(0, value - 0.6), 0);
});

/** One fit for every part of the estimator, small enough to run in each combination. */
export const recipes: readonly [Record<string, unknown>, NetworkFit][] = [
  [{}, { features, target, classCount: 2 }],
  [
    { convolution_channels: '5,33', activation: 'gelu', pool: 'average', kernel_size: 5 },
    { features, target: three, classCount: 3 },
  ],
  [
    { convolution_channels: '18', stride: 2, pool: 'none', padding: 'valid', activation: 'tanh', dropout: 0.2 },
    { features, target: three, classCount: 3 },
  ],
  [
    { image_height: 5, image_width: 10, convolution_channels: '20', activation: 'logistic', normalization: 'layer' },
    { features, target: numeric, classCount: 0 },
  ],
  [
    { convolution_channels: '8,40', solver: 'nesterov', clip_norm: 0.5, pool_size: 3, learning_rate: 'one-cycle' },
    { features, target, classCount: 2 },
  ],
  [
    { solver: 'momentum', penalty: 'l1', early_stopping: true, class_weight: 'balanced', activation: 'identity' },
    { features, target, classCount: 2 },
  ],
];
