import { threadCount } from '../../native/threads.js';
import { accuracyOf } from '../lib/classification.js';
import { inFolder } from '../lib/folder.js';
import { accuracySlack, type ForestData, fitForest, makeForestData, smokeSlack } from '../lib/forest.js';
import { inTurn } from '../lib/in-turn.js';
import { runPeer } from '../lib/peers.js';
import { type Benchmark, type BenchRow, rowOf } from '../lib/row.js';
import { median } from '../lib/statistics.js';

interface PeerFit {
  seconds: number;
  accuracy: number;
  version: string;
}

async function fitOnce({ train, test, trees }: ForestData, seed: number) {
  const begin = performance.now();
  const model = await fitForest(train, { trees, seed });
  const seconds = (performance.now() - begin) / 1000;
  const accuracy = accuracyOf(await model.predict(test.features), test.labels);
  model.dispose();
  return { seconds, accuracy };
}

async function rowsOf(folder: string, smoke: boolean): Promise<BenchRow[]> {
  const data = await makeForestData(folder, smoke);
  const { rowCount, train, trees } = data;
  let seed = 0;
  const { ours, theirs } = await inTurn(smoke ? 1 : 3, {
    theirs: () => runPeer<PeerFit>('forest.py', ['fit', folder, rowCount, train.features.rowCount, trees]),
    ours: () => fitOnce(data, seed++),
  });
  return [
    rowOf({
      work: `random forest fit, ${data.size}`,
      peer: 'scikit-learn',
      peerVersion: theirs[0]?.version ?? '',
      threads: threadCount(),
      ours: ours.map(({ seconds }) => seconds),
      theirs: theirs.map(({ seconds }) => seconds),
      unit: 's',
      better: 'smaller',
      goal: 10,
      quality: {
        ours: median(ours.map(({ accuracy }) => accuracy)),
        theirs: median(theirs.map(({ accuracy }) => accuracy)),
        slack: smoke ? smokeSlack : accuracySlack,
      },
    }),
  ];
}

/** Fitting a random forest beside scikit-learn on the same rows; the quality is the accuracy on other rows. */
export const forestBenchmark: Benchmark = {
  name: 'forest',
  run: ({ smoke }) => inFolder((folder) => rowsOf(folder, smoke)),
};
