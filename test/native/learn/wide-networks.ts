import type { EstimatorFit } from '../../../native/estimators/fit.js';
import { twoClasses } from './data.js';

const { features, target } = twoClasses(2_070, 70);
const classes = {
  task: 'classification',
  classCount: 2,
  features,
  target,
  seed: 5,
  estimator: 'neural-network',
} as const;

/**
 * Networks wide enough for tiles of bfloat16, with widths that end within a panel of 32 and last
 * batches of 22 to 54 rows. All of 6 steps and more.
 */
export const wideNetworks: Record<string, EstimatorFit> = {
  'a wide network by Adam': {
    ...classes,
    parameters: { hidden_layer_sizes: '100,72', batch_size: 96, max_iter: 8 },
  },
  'a wide network with batch normalization, dropout and clipped gradients': {
    ...classes,
    parameters: {
      hidden_layer_sizes: '72,64',
      normalization: 'batch',
      activation: 'gelu',
      dropout: 0.1,
      clip_norm: 0.5,
      batch_size: 62,
      max_iter: 8,
    },
  },
  'a wide network by lbfgs': {
    ...classes,
    parameters: { hidden_layer_sizes: '96', solver: 'lbfgs', activation: 'tanh', max_iter: 12 },
  },
  'a network of convolutions with wide layers': {
    ...classes,
    estimator: 'convolutional-network',
    parameters: {
      image_height: 10,
      convolution_channels: '4',
      pool: 'none',
      hidden_layer_sizes: '64,66',
      batch_size: 64,
      max_iter: 6,
    },
  },
};
