import { fitEstimator } from '../../native/estimators/fit.js';
import type { Model } from '../../native/estimators/model.js';
import { threadCount } from '../../native/threads.js';
import { accuracyOf } from '../lib/classification.js';
import { fashionMnist } from '../lib/fashion-mnist.js';
import { inFolder } from '../lib/folder.js';
import { accuracySlack, fitForest, makeForestData, smokeSlack } from '../lib/forest.js';
import { inTurn } from '../lib/in-turn.js';
import { accuracySlack as imagesSlack, networkAccuracy } from '../lib/network.js';
import { runPeer } from '../lib/peers.js';
import { type Benchmark, type BenchRow, rowOf } from '../lib/row.js';
import { median } from '../lib/statistics.js';

interface Fit {
  seconds: number;
  accuracy: number;
}

/** Two ways to fit the same rows. */
interface Sides {
  work: string;
  repetitions: number;
  goal: number;
  slack: number;
  theirs(): Promise<Fit & { version: string }>;
  fitOurs(seed: number): Promise<Model>;
  accuracy(model: Model): Promise<number>;
}

async function fitRow({ work, repetitions, goal, slack, theirs: peer, fitOurs, accuracy }: Sides): Promise<BenchRow> {
  let seed = 0;
  const { ours, theirs } = await inTurn(repetitions, {
    theirs: peer,
    ours: async (): Promise<Fit> => {
      const begin = performance.now();
      const model = await fitOurs(seed++);
      const seconds = (performance.now() - begin) / 1000;
      const reached = await accuracy(model);
      model.dispose();
      return { seconds, accuracy: reached };
    },
  });
  return rowOf({
    work,
    peer: 'scikit-learn',
    peerVersion: theirs[0]?.version ?? '',
    threads: threadCount(),
    ours: ours.map(({ seconds }) => seconds),
    theirs: theirs.map(({ seconds }) => seconds),
    unit: 's',
    better: 'smaller',
    goal,
    quality: {
      ours: median(ours.map((each) => each.accuracy)),
      theirs: median(theirs.map((each) => each.accuracy)),
      slack,
    },
  });
}

/** Fitting a random forest beside scikit-learn on the same rows; the quality is the accuracy on other rows. */
export const forestBenchmark: Benchmark = {
  name: 'forest',
  run: ({ smoke }) =>
    inFolder(async (folder) => {
      const { rowCount, train, test, trees, size } = await makeForestData(folder, smoke);
      const row = await fitRow({
        work: `random forest fit, ${size}`,
        repetitions: smoke ? 1 : 3,
        goal: 10,
        slack: smoke ? smokeSlack : accuracySlack,
        theirs: () => runPeer('forest.py', ['fit', folder, rowCount, train.features.rowCount, trees]),
        fitOurs: (seed) => fitForest(train, { trees, seed }),
        accuracy: async (model) => accuracyOf(await model.predict(test.features), test.labels),
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
    const row = await fitRow({
      work: `random forest fit, ${trees} trees, ${rowCount} x 784, 10 classes`,
      repetitions: smoke ? 1 : 2,
      goal: 8,
      slack: smoke ? smokeSlack : imagesSlack,
      theirs: () => runPeer('forest.py', ['images', rowCount, trees]),
      fitOurs: (seed) =>
        fitEstimator({
          estimator: 'random-forest',
          parameters: { n_estimators: trees },
          task: 'classification',
          ...train,
          classCount: 10,
          seed,
        }),
      accuracy: (model) => networkAccuracy(model, held),
    });
    return [row];
  },
};
