import { measureEpochs } from '../lib/epochs.js';
import { spinningBriefly } from '../lib/peers.js';
import type { Benchmark } from '../lib/row.js';

/** One epoch of a convolutional network on Fashion-MNIST, beside PyTorch in both of its layouts. */
export const convolutionBenchmark: Benchmark = {
  name: 'convolution',
  needs: 'pytorch',
  run: ({ smoke }) =>
    measureEpochs({
      work: 'convolutional network 16-32-128',
      network: {
        estimator: 'convolutional-network',
        parameters: { convolution_channels: '16,32', hidden_layer_sizes: 128 },
      },
      ways: [
        { layout: 'channels_first', env: {} },
        { layout: 'channels_last', env: {} },
        { layout: 'channels_last', env: spinningBriefly },
      ],
      rounds: 2,
      epochs: 2,
      goal: 1,
      smoke,
    }),
};
