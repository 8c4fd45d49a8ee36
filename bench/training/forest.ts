import { fitEstimator } from '../../native/estimators/fit.js';
import { accuracyOf } from '../lib/classification.js';
import { contest, timedFit } from '../lib/contest.js';
import { fashionMnist } from '../lib/fashion-mnist.js';
import { inFolder } from '../lib/folder.js';
import { accuracySlack, fitForest, makeForestData, smokeSlack } from '../lib/forest.js';
import { accuracySlack as imagesSlack, networkAccuracy } from '../lib/network.js';
import { runPeer } from '../lib/peers.js';
import type { Benchmark } from '../lib/row.js';

/** Fitting a random forest beside scikit-learn on the same rows; the quality is the accuracy on other rows. */
export const forestBenchmark: Benchmark = {
  name: 'forest',
  run: ({ smoke }) =>
    inFolder(async (folder) => {
      const { rowCount, train, test, trees, size } = await makeForestData(folder, smoke);
      const row = await contest({
        work: `random forest fit, ${size}`,
        peer: 'scikit-learn',
        rounds: smoke ? 1 : 3,
        goal: 10,
        slack: smoke ? smokeSlack : accuracySlack,
        theirs: [() => runPeer('forest.py', ['fit', folder, rowCount, train.features.rowCount, trees])],
        ours: (seed) =>
          timedFit(
            () => fitForest(train, { trees, seed }),
            async (model) => accuracyOf(await model.predict(test.features), test.labels),
          ),
      });
      return [row];
    }),
};

/** The same with Fashion-MNIST. */
export const forestImagesBenchmark: Benchmark = {
  name: 'forest-images',
  async run({ smoke }) {
    const [rowCount, trees] = smoke ? [2000, 10] : [60_000, 100];
    const [train, held] = [await fashionMnist('train', rowCount), await fashionMnist('t10k')];
    const common = { estimator: 'random-forest', task: 'classification', classCount: 10, ...train } as const;
    const row = await contest({
      work: `random forest fit, ${trees} trees, ${rowCount} x 784, 10 classes`,
      peer: 'scikit-learn',
      rounds: smoke ? 1 : 2,
      goal: 8,
      slack: smoke ? smokeSlack : imagesSlack,
      theirs: [() => runPeer('forest.py', ['images', rowCount, trees])],
      ours: (seed) =>
        timedFit(
          () => fitEstimator({ ...common, parameters: { n_estimators: trees }, seed }),
          (model) => networkAccuracy(model, held),
        ),
    });
    return [row];
  },
};
