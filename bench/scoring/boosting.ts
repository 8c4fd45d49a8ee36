import type { Model } from '../../native/estimators/model.js';
import { threadCount } from '../../native/threads.js';
import {
  type BoostingData,
  boostingSlack,
  boostingSmokeSlack,
  fitLikePeer,
  rowsOf,
  runBoostingPeer,
  sharesAccuracy,
  timedBatches,
} from '../lib/boosting.js';
import { makeClassification } from '../lib/classification.js';
import { inFolder } from '../lib/folder.js';
import { inTurn } from '../lib/in-turn.js';
import { type Benchmark, type BenchRow, rowOf } from '../lib/row.js';
import { median } from '../lib/statistics.js';

async function scoreOnce(model: Model, { features, labels, trainCount, classCount }: BoostingData) {
  const test = rowsOf(features, trainCount, features.rowCount);
  const { batch, shares } = await timedBatches(model, test);
  const accuracy = sharesAccuracy(shares, labels.subarray(trainCount), classCount);
  const rows = Math.min(2000, test.rowCount);
  const start = performance.now();
  for (let row = 0; row < rows; row++) model.predictSync(rowsOf(test, row, row + 1));
  return { batch, single: (performance.now() - start) / 1000 / rows, accuracy };
}

async function scoreRows(folder: string, smoke: boolean): Promise<BenchRow[]> {
  const [rowCount, trainCount, rounds] = smoke ? [3000, 2000, 10] : [120_000, 100_000, 100];
  const made = await makeClassification(folder, rowCount);
  const data = { ...made, folder, classCount: 2, trainCount, rounds };
  const model = await fitLikePeer(data, 'xgboost', 0);
  const { ours, theirs } = await inTurn(smoke ? 1 : 3, {
    theirs: () => runBoostingPeer(data, 'xgboost'),
    ours: () => scoreOnce(model, data),
  });
  model.dispose();
  const testCount = rowCount - trainCount;
  const rate = (seconds: number) => testCount / seconds;
  const common = {
    peer: 'xgboost',
    peerVersion: theirs[0]?.version ?? '',
    quality: {
      ours: median(ours.map(({ accuracy }) => accuracy)),
      theirs: median(theirs.map(({ quality }) => quality)),
      slack: smoke ? boostingSmokeSlack : boostingSlack,
    },
  };
  return [
    rowOf({
      ...common,
      work: `boosted trees score, ${testCount} rows, ${rounds} trees of depth 6`,
      threads: threadCount(),
      ours: ours.flatMap(({ batch }) => batch.map(rate)),
      theirs: theirs.flatMap(({ batch }) => batch.map(rate)),
      unit: 'rows/s',
      better: 'larger',
      goal: 5,
    }),
    rowOf({
      ...common,
      work: `boosted trees score of one row, ${rounds} trees of depth 6`,
      threads: 1,
      ours: ours.map(({ single }) => single * 1e6),
      theirs: theirs.map(({ single }) => single * 1e6),
      unit: 'us',
      better: 'smaller',
      // xgboost's Python face is not made for single rows: no goal but to be far ahead.
      goal: 5,
    }),
  ];
}

/** Scoring boosted trees beside xgboost, each its own, fitted on the same rows. */
export const boostingScoreBenchmark: Benchmark = {
  name: 'boosting-score',
  run: ({ smoke }) => inFolder((folder) => scoreRows(folder, smoke)),
};
