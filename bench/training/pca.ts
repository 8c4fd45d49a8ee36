import { fitPca } from '../../native/decomposition/pca.js';
import { NativeMatrix } from '../../native/matrix.js';
import { threadCount } from '../../native/threads.js';
import { fashionMnist } from '../lib/fashion-mnist.js';
import { inTurn } from '../lib/in-turn.js';
import { runPeer } from '../lib/peers.js';
import { type Benchmark, type BenchRow, rowOf } from '../lib/row.js';
import { median } from '../lib/statistics.js';

const components = 50;

interface PeerFits {
  readonly seconds: number[];
  readonly quality: number;
  readonly version: string;
}

async function measure(smoke: boolean): Promise<BenchRow> {
  const { features } = await fashionMnist('train', smoke ? 5000 : 60_000);
  const { data, rowCount, columnCount } = features;
  const times = smoke ? 1 : 5;
  // Where each side keeps rows that it fits to: a recipe's lie in native memory.
  const matrix = NativeMatrix.from(data, rowCount, columnCount);
  let explained = Number.NaN;
  const { ours, theirs } = await inTurn(smoke ? 1 : 3, {
    theirs: () => runPeer<PeerFits>('pca.py', [rowCount, components, times]),
    ours: async () => {
      const seconds: number[] = [];
      for (let time = -1; time < times; time++) {
        const begin = performance.now();
        const { explainedVarianceRatio } = await fitPca(matrix, components);
        if (time >= 0) seconds.push((performance.now() - begin) / 1000);
        explained = explainedVarianceRatio.reduce((a, b) => a + b);
      }
      return median(seconds);
    },
  });
  matrix.dispose();
  return rowOf({
    work: `${components} principal components, ${rowCount} x ${columnCount}`,
    peer: 'scikit-learn',
    peerVersion: theirs[0]?.version ?? '',
    threads: threadCount(),
    ours,
    theirs: theirs.map(({ seconds }) => median(seconds)),
    unit: 's',
    better: 'smaller',
    goal: 1.1,
    quality: { ours: explained, theirs: median(theirs.map(({ quality }) => quality)), slack: 1e-5 },
  });
}

/** Fitting principal components to Fashion-MNIST, beside scikit-learn's `covariance_eigh`. */
export const pcaBenchmark: Benchmark = {
  name: 'pca',
  run: async ({ smoke }) => [await measure(smoke)],
};
