import { fitPca } from '../../native/decomposition/pca.js';
import { NativeMatrix } from '../../native/matrix.js';
import { contest, type PeerTurn, type Turn } from '../lib/contest.js';
import { fashionMnist } from '../lib/fashion-mnist.js';
import { runPeer } from '../lib/peers.js';
import type { Benchmark } from '../lib/row.js';

const components = 50;

/** Fitting principal components to Fashion-MNIST, beside scikit-learn's `covariance_eigh`. */
export const pcaBenchmark: Benchmark = {
  name: 'pca',
  async run({ smoke }) {
    const { data, rowCount, columnCount } = (await fashionMnist('train', smoke ? 5000 : 60_000)).features;
    const times = smoke ? 1 : 5;
    // Where each side keeps rows that it fits to: a recipe's lie in native memory.
    const matrix = NativeMatrix.from(data, rowCount, columnCount);
    const fits = async (): Promise<Turn> => {
      const seconds: number[] = [];
      let quality = Number.NaN;
      // The first is to warm up, as the peer's is.
      for (let time = -1; time < times; time++) {
        const begin = performance.now();
        const { explainedVarianceRatio } = await fitPca(matrix, components);
        if (time >= 0) seconds.push((performance.now() - begin) / 1000);
        quality = explainedVarianceRatio.reduce((a, b) => a + b);
      }
      return { seconds, quality };
    };
    const row = await contest({
      work: `${components} principal components, ${rowCount} x ${columnCount}`,
      peer: 'scikit-learn',
      rounds: smoke ? 1 : 3,
      goal: 1.1,
      slack: 1e-5,
      theirs: [() => runPeer<PeerTurn>('pca.py', [rowCount, components, times])],
      ours: fits,
    });
    matrix.dispose();
    return [row];
  },
};
