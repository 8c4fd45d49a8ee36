import { measureEpochs } from '../lib/epochs.js';
import { denseNetwork, hiddenUnits } from '../lib/network.js';
import { spinningBriefly } from '../lib/peers.js';
import type { Benchmark } from '../lib/row.js';

/** One epoch of a dense network on Fashion-MNIST, beside PyTorch. */
export const networkBenchmark: Benchmark = {
  name: 'network',
  needs: 'pytorch',
  run: ({ smoke }) =>
    measureEpochs({
      work: `dense network 784-${hiddenUnits}-10`,
      network: denseNetwork,
      ways: [
        { layout: 'dense', env: {} },
        { layout: 'dense', env: spinningBriefly },
      ],
      rounds: 15,
      epochs: smoke ? 2 : 5,
      goal: 2,
      smoke,
    }),
};
