import { threadCount } from '../../native/threads.js';
import { fashionMnist } from '../lib/fashion-mnist.js';
import { inTurn } from '../lib/in-turn.js';
import { accuracySlack, batchRows, fitNetwork, hiddenUnits, networkAccuracy } from '../lib/network.js';
import { runPeer } from '../lib/peers.js';
import { type Benchmark, rowOf } from '../lib/row.js';
import { median } from '../lib/statistics.js';

interface PeerEpochs {
  seconds: number[];
  accuracy: number;
  version: string;
}

/** One epoch of a dense network on Fashion-MNIST, beside PyTorch with fused Adam. */
export const networkBenchmark: Benchmark = {
  name: 'network',
  needs: 'pytorch',
  async run({ smoke }) {
    const rowCount = smoke ? 2000 : 60_000;
    const epochs = smoke ? 2 : 5;
    const [train, held] = [await fashionMnist('train', rowCount), await fashionMnist('t10k')];
    const threads = threadCount();
    // With its own pool alone PyTorch is faster if it may spin between operations, here both ways.
    const spinning = { GOMP_SPINCOUNT: '300000', OMP_WAIT_POLICY: undefined };
    const peer = (env: NodeJS.ProcessEnv) =>
      runPeer<PeerEpochs>('network.py', ['epoch', threads, epochs, rowCount], { group: 'pytorch', env });
    const { ours, theirs } = await inTurn(smoke ? 1 : 3, {
      theirs: async () => [await peer({}), await peer(spinning)],
      ours: async () => {
        const { model, seconds } = await fitNetwork(train, epochs);
        const accuracy = await networkAccuracy(model, held);
        model.dispose();
        return { seconds, accuracy };
      },
    });
    const all = theirs.flat();
    // Its best way, over all rounds; the first epoch warms up.
    const ways = [0, 1].map((way) => theirs.flatMap((round) => round[way]?.seconds.slice(1) ?? []));
    const best = ways.reduce((a, b) => (median(a) <= median(b) ? a : b));
    return [
      rowOf({
        work: `dense network 784-${hiddenUnits}-10, one epoch of Adam, ${rowCount} rows in batches of ${batchRows}`,
        peer: 'PyTorch (fused)',
        peerVersion: all[0]?.version ?? '',
        threads,
        ours: ours.flatMap(({ seconds }) => seconds),
        theirs: best,
        unit: 's',
        better: 'smaller',
        goal: 2,
        quality: {
          ours: median(ours.map(({ accuracy }) => accuracy)),
          theirs: median(all.map(({ accuracy }) => accuracy)),
          slack: smoke ? 0.1 : accuracySlack,
        },
      }),
    ];
  },
};
