import { threadCount } from '../../native/threads.js';
import { contest, type PeerTurn } from './contest.js';
import { fashionMnist } from './fashion-mnist.js';
import { accuracySlack, batchRows, fitNetwork, type NetworkKind, networkAccuracy } from './network.js';
import { runPeer } from './peers.js';
import type { BenchRow } from './row.js';

interface PeerEpochs extends PeerTurn {
  seconds: number[];
}

/** What epochs to measure. */
export interface EpochsPlan {
  /** What the row says it is, without the number of images: `dense network 784-256-10`. */
  work: string;
  network: NetworkKind;
  /** The ways to run the peer, of which the best counts: the last arguments of network.py and the environment. */
  ways: readonly { layout: string; env: NodeJS.ProcessEnv }[];
  rounds: number;
  /** In a fit; the first warms up and does not count. */
  epochs: number;
  goal: number;
  smoke: boolean;
}

/** With its own pool alone PyTorch may be faster if that spins between operations. */
export const spinning: NodeJS.ProcessEnv = { GOMP_SPINCOUNT: '300000', OMP_WAIT_POLICY: undefined };

/** One epoch of Adam on Fashion-MNIST, beside PyTorch with fused Adam. */
export async function measureEpochs(plan: EpochsPlan): Promise<BenchRow[]> {
  const { work, network, ways, rounds, epochs, goal, smoke } = plan;
  const rowCount = smoke ? 2000 : 60_000;
  const [train, held] = [await fashionMnist('train', rowCount), await fashionMnist('t10k')];
  const row = await contest({
    work: `${work}, one epoch of Adam, ${rowCount} images in batches of ${batchRows}`,
    peer: 'PyTorch (fused)',
    rounds: smoke ? 1 : rounds,
    goal,
    slack: smoke ? 0.1 : accuracySlack,
    theirs: ways.map(({ layout, env }) => async () => {
      const given = ['epoch', threadCount(), epochs, rowCount, layout];
      const { seconds, ...turn } = await runPeer<PeerEpochs>('network.py', given, { group: 'pytorch', env });
      return { seconds: seconds.slice(1), ...turn };
    }),
    ours: async () => {
      const { model, seconds } = await fitNetwork(train, epochs, network);
      const quality = await networkAccuracy(model, held);
      model.dispose();
      return { seconds, quality };
    },
  });
  return [row];
}
