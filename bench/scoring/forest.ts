import type { Model } from '../../native/estimators/model.js';
import { threadCount } from '../../native/threads.js';
import { accuracyOf, columnCount } from '../lib/classification.js';
import { inFolder } from '../lib/folder.js';
import { accuracySlack, type ForestData, fitForest, makeForestData, smokeSlack } from '../lib/forest.js';
import { inTurn } from '../lib/in-turn.js';
import { runPeer } from '../lib/peers.js';
import { type Benchmark, type BenchRow, rowOf } from '../lib/row.js';
import { median } from '../lib/statistics.js';

/** Seconds of scoring all rows, and one row, by repetition. */
interface Side {
  batch: number[];
  single: number[];
  accuracy: number;
}

async function scoreOnce(model: Model, { test }: ForestData): Promise<Side> {
  const batch: number[] = [];
  let shares: Float32Array = new Float32Array();
  // The first one warms up. One follows the other, as in the peer's script.
  for (let time = 0; time < 4; time++) {
    const start = performance.now();
    shares = await model.predict(test.features);
    if (time > 0) batch.push((performance.now() - start) / 1000);
  }
  const accuracy = accuracyOf(shares, test.labels);
  // Different rows, so that no tree's path is in the cache for its own sake.
  const rows = Math.min(2000, test.features.rowCount);
  const start = performance.now();
  for (let row = 0; row < rows; row++) {
    const data = test.features.data.subarray(row * columnCount, (row + 1) * columnCount);
    model.predictSync({ data, rowCount: 1, columnCount });
  }
  return { batch, single: [(performance.now() - start) / 1000 / rows], accuracy };
}

async function rowsOf(folder: string, smoke: boolean): Promise<BenchRow[]> {
  const data = await makeForestData(folder, smoke);
  const trainCount = data.train.features.rowCount;
  const testCount = data.test.features.rowCount;
  await runPeer('forest.py', ['fit', folder, data.rowCount, trainCount, data.trees]);
  const model = await fitForest(data.train, { trees: data.trees, seed: 0 });
  const { ours, theirs } = await inTurn(smoke ? 1 : 5, {
    theirs: () => runPeer<Side & { version: string }>('forest.py', ['score', folder, data.rowCount, trainCount]),
    ours: () => scoreOnce(model, data),
  });
  model.dispose();
  const common = {
    peer: 'scikit-learn',
    peerVersion: theirs[0]?.version ?? '',
    quality: {
      ours: median(ours.map(({ accuracy }) => accuracy)),
      theirs: median(theirs.map(({ accuracy }) => accuracy)),
      slack: smoke ? smokeSlack : accuracySlack,
    },
  };
  const rates = (sides: readonly Side[]) => sides.flatMap(({ batch }) => batch.map((seconds) => testCount / seconds));
  const microseconds = (sides: readonly Side[]) => sides.flatMap(({ single }) => single.map((time) => time * 1e6));
  return [
    rowOf({
      ...common,
      work: `random forest score, ${testCount} rows, ${data.size}`,
      threads: threadCount(),
      ours: rates(ours),
      theirs: rates(theirs),
      unit: 'rows/s',
      better: 'larger',
      goal: 4,
    }),
    rowOf({
      ...common,
      work: `random forest score of one row, ${data.size}`,
      threads: 1,
      ours: microseconds(ours),
      theirs: microseconds(theirs),
      unit: 'us',
      better: 'smaller',
      // scikit-learn is not made for single rows, so this says little: no goal but to be ahead.
      goal: 1,
    }),
  ];
}

/** Scoring with a random forest beside scikit-learn's, each its own, fitted on the same rows. */
export const forestScoreBenchmark: Benchmark = {
  name: 'forest-score',
  run: ({ smoke }) => inFolder((folder) => rowsOf(folder, smoke)),
};
