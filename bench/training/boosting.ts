import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { threadCount } from '../../native/threads.js';
import { readDoubles, readFloats } from '../lib/arrays.js';
import {
  type BoostingData,
  type BoostingPeer,
  boostingPeers,
  boostingSlack,
  boostingSmokeSlack,
  fitLikePeer,
  rowsOf,
  runBoostingPeer,
  sharesAccuracy,
} from '../lib/boosting.js';
import { makeClassification } from '../lib/classification.js';
import { inFolder } from '../lib/folder.js';
import { inTurn } from '../lib/in-turn.js';
import { MissingTool } from '../lib/missing-tool.js';
import { runPeer } from '../lib/peers.js';
import { type Benchmark, type BenchRow, rowOf } from '../lib/row.js';
import { median } from '../lib/statistics.js';

async function fitOnce(data: BoostingData, peer: BoostingPeer, seed: number) {
  const begin = performance.now();
  const model = await fitLikePeer(data, peer, seed);
  const seconds = (performance.now() - begin) / 1000;
  const { features, labels, trainCount, classCount } = data;
  const shares = await model.predict(rowsOf(features, trainCount, features.rowCount));
  model.dispose();
  return { seconds, accuracy: sharesAccuracy(shares, labels.subarray(trainCount), classCount) };
}

async function fitRow(data: BoostingData, peer: BoostingPeer, repetitions: number, slack: number): Promise<BenchRow> {
  let seed = 0;
  const { ours, theirs } = await inTurn(repetitions, {
    theirs: () => runBoostingPeer(data, peer),
    ours: () => fitOnce(data, peer, seed++),
  });
  const { trainCount, rounds, features, classCount } = data;
  const shape = peer === 'xgboost' ? 'depth 6' : '31 leaves';
  return rowOf({
    work: `gradient boosting fit, ${rounds} rounds, ${shape}, ${classCount} classes, ${trainCount} x ${features.columnCount}`,
    peer,
    peerVersion: theirs[0]?.version ?? '',
    threads: threadCount(),
    ours: ours.map(({ seconds }) => seconds),
    theirs: theirs.map(({ seconds }) => seconds),
    unit: 's',
    better: 'smaller',
    goal: 1.5,
    quality: {
      ours: median(ours.map(({ accuracy }) => accuracy)),
      theirs: median(theirs.map(({ accuracy }) => accuracy)),
      slack,
    },
  });
}

/** Gradient boosting beside xgboost, LightGBM and scikit-learn, with trees of each one's shape, on the same rows. */
export const boostingBenchmark: Benchmark = {
  name: 'boosting',
  run: ({ smoke }) =>
    inFolder(async (folder) => {
      const [rowCount, trainCount, rounds] = smoke ? [3000, 2000, 10] : [120_000, 100_000, 100];
      const made = await makeClassification(folder, rowCount);
      const data = { ...made, folder, classCount: 2, trainCount, rounds };
      const rows: BenchRow[] = [];
      for (const peer of boostingPeers) {
        rows.push(await fitRow(data, peer, smoke ? 1 : 5, smoke ? boostingSmokeSlack : boostingSlack));
      }
      return rows;
    }),
};

const imagesFolder = '/usr/share/datasets/fashion-mnist';

/** The same with images of ten classes, beside the fastest of the others there. Takes minutes. */
export const boostingImagesBenchmark: Benchmark = {
  name: 'boosting-images',
  run: ({ smoke }) =>
    inFolder(async (folder) => {
      if (!existsSync(join(imagesFolder, 'train-images-idx3-ubyte.gz'))) {
        throw new MissingTool('Fashion-MNIST', 'Debian: apt-get install dataset-fashion-mnist');
      }
      await runPeer('boosting.py', ['fashion', folder, imagesFolder]);
      const data = await readFloats(join(folder, 'features.f32'));
      const labels = await readDoubles(join(folder, 'labels.f64'));
      const features = { data, rowCount: labels.length, columnCount: 784 };
      const rounds = smoke ? 1 : 100;
      const all = { folder, features, labels, classCount: 10, trainCount: 60_000, rounds };
      return [await fitRow(all, 'lightgbm', 1, smoke ? boostingSmokeSlack : 0.005)];
    }),
};
