import { threadCount } from '../../native/threads.js';
import { fashionMnist } from './fashion-mnist.js';
import { inTurn } from './in-turn.js';
import { accuracySlack, batchRows, fitNetwork, type NetworkKind, networkAccuracy } from './network.js';
import { runPeer } from './peers.js';
import { type BenchRow, rowOf } from './row.js';
import { median } from './statistics.js';

interface PeerEpochs {
  seconds: number[];
  accuracy: number;
  version: string;
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
  const threads = threadCount();
  const { ours, theirs } = await inTurn(smoke ? 1 : rounds, {
    theirs: async () => {
      const runs: PeerEpochs[] = [];
      for (const { layout, env } of ways) {
        const given = ['epoch', threads, epochs, rowCount, layout];
        runs.push(await runPeer<PeerEpochs>('network.py', given, { group: 'pytorch', env }));
      }
      return runs;
    },
    ours: async () => {
      const { model, seconds } = await fitNetwork(train, epochs, network);
      const accuracy = await networkAccuracy(model, held);
      model.dispose();
      return { seconds, accuracy };
    },
  });
  const all = theirs.flat();
  const timings = ways.map((_, way) => theirs.flatMap((round) => round[way]?.seconds.slice(1) ?? []));
  return [
    rowOf({
      work: `${work}, one epoch of Adam, ${rowCount} images in batches of ${batchRows}`,
      peer: 'PyTorch (fused)',
      peerVersion: all[0]?.version ?? '',
      threads,
      ours: ours.flatMap(({ seconds }) => seconds),
      theirs: timings.reduce((a, b) => (median(a) <= median(b) ? a : b)),
      unit: 's',
      better: 'smaller',
      goal,
      quality: {
        ours: median(ours.map(({ accuracy }) => accuracy)),
        theirs: median(all.map(({ accuracy }) => accuracy)),
        slack: smoke ? 0.1 : accuracySlack,
      },
    }),
  ];
}
