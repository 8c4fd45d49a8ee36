import { threadCount } from '../../native/threads.js';
import { fashionMnist } from '../lib/fashion-mnist.js';
import { inTurn } from '../lib/in-turn.js';
import { accuracySlack, batchRows, fitNetwork, networkAccuracy } from '../lib/network.js';
import { runPeer } from '../lib/peers.js';
import { type Benchmark, rowOf } from '../lib/row.js';
import { median } from '../lib/statistics.js';

interface PeerEpochs {
  seconds: number[];
  accuracy: number;
  version: string;
}

/** One epoch of a convolutional network on Fashion-MNIST, beside PyTorch with fused Adam in both of its layouts. */
export const convolutionBenchmark: Benchmark = {
  name: 'convolution',
  needs: 'pytorch',
  async run({ smoke }) {
    const rowCount = smoke ? 2000 : 60_000;
    const epochs = 2;
    const [train, held] = [await fashionMnist('train', rowCount), await fashionMnist('t10k')];
    const threads = threadCount();
    // With its own pool alone PyTorch may be faster if it spins between operations.
    const spinning = { GOMP_SPINCOUNT: '300000', OMP_WAIT_POLICY: undefined };
    const peer = (env: NodeJS.ProcessEnv, ...layout: string[]) =>
      runPeer<PeerEpochs>('convolution.py', [threads, epochs, rowCount, ...layout], { group: 'pytorch', env });
    const { ours, theirs } = await inTurn(smoke ? 1 : 2, {
      theirs: async () => [await peer({}), await peer({}, 'channels_last'), await peer(spinning, 'channels_last')],
      ours: async () => {
        const { model, seconds } = await fitNetwork(train, epochs, {
          estimator: 'convolutional-network',
          parameters: { convolution_channels: '16,32', hidden_layer_sizes: 128 },
        });
        const accuracy = await networkAccuracy(model, held);
        model.dispose();
        return { seconds, accuracy };
      },
    });
    const all = theirs.flat();
    // Its best way, over all rounds; the first epoch warms up.
    const ways = [0, 1, 2].map((way) => theirs.flatMap((round) => round[way]?.seconds.slice(1) ?? []));
    const best = ways.reduce((a, b) => (median(a) <= median(b) ? a : b));
    return [
      rowOf({
        work: `convolutional network 16-32-128, one epoch of Adam, ${rowCount} images in batches of ${batchRows}`,
        peer: 'PyTorch (fused)',
        peerVersion: all[0]?.version ?? '',
        threads,
        ours: ours.flatMap(({ seconds }) => seconds),
        theirs: best,
        unit: 's',
        better: 'smaller',
        goal: 1,
        quality: {
          ours: median(ours.map(({ accuracy }) => accuracy)),
          theirs: median(all.map(({ accuracy }) => accuracy)),
          slack: smoke ? 0.1 : accuracySlack,
        },
      }),
    ];
  },
};
