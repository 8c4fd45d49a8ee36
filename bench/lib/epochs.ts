import { threadCount } from '../../native/threads.js';
import { fashionMnist } from './fashion-mnist.js';
import { accuracySlack, batchRows, fitNetwork, type NetworkKind, networkAccuracy } from './network.js';
import { PeerSession, withSessions } from './peer-session.js';
import type { BenchRow } from './row.js';
import { median } from './statistics.js';
import { rowsInTurns } from './turns.js';

/** What epochs to measure. */
export interface EpochsPlan {
  /** What the row says it is, without the number of images: `dense network 784-256-10`. */
  work: string;
  network: NetworkKind;
  /** The ways to run the peer, of which the best counts: the last arguments of network.py and the environment. */
  ways: readonly { layout: string; env: NodeJS.ProcessEnv }[];
  rounds: number;
  /** After so many both sides' accuracies are compared. */
  epochs: number;
  goal: number;
  smoke: boolean;
}

/** One epoch of Adam on Fashion-MNIST, beside PyTorch with fused Adam. */
export async function measureEpochs(plan: EpochsPlan): Promise<BenchRow[]> {
  const { work, network, ways, rounds, epochs, goal, smoke } = plan;
  const rowCount = smoke ? 2000 : 60_000;
  const [train, held] = [await fashionMnist('train', rowCount), await fashionMnist('t10k')];
  const { model } = await fitNetwork(train, epochs, network);
  const accuracy = await networkAccuracy(model, held);
  model.dispose();
  const peers = ways.map(({ layout, env }) =>
    PeerSession.open('network.py', ['epoch', threadCount(), epochs, rowCount, layout], { group: 'pytorch', env }),
  );
  return await withSessions(peers, async (...sessions) => {
    const accuracies: number[] = [];
    for (const session of sessions) accuracies.push(await session.check('epoch'));
    return await rowsInTurns({
      work: `${work}, one epoch of Adam, ${rowCount} images in batches of ${batchRows}`,
      rounds: smoke ? 1 : rounds,
      rivals: sessions.map((session) => ({
        kind: 'PyTorch',
        peer: 'PyTorch (fused)',
        version: session.about.version,
        turn: () => session.turn('epoch', 0),
      })),
      // As theirs: a new model, one epoch to warm up, and one that counts.
      ours: async () => {
        const turn = await fitNetwork(train, 2, network);
        turn.model.dispose();
        return median(turn.seconds);
      },
      figure: (seconds) => seconds,
      unit: 's',
      better: 'smaller',
      goal,
      quality: { ours: accuracy, theirs: median(accuracies), slack: smoke ? 0.1 : accuracySlack },
    });
  });
}
