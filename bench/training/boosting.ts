import { existsSync } from 'node:fs';
import { join } from 'node:path';
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
import { contest, timedFit } from '../lib/contest.js';
import { inFolder } from '../lib/folder.js';
import { MissingTool } from '../lib/missing-tool.js';
import { runPeer } from '../lib/peers.js';
import type { Benchmark, BenchRow } from '../lib/row.js';

function fitRow(data: BoostingData, peer: BoostingPeer, rounds: number, slack: number): Promise<BenchRow> {
  const { features, labels, trainCount, classCount } = data;
  const shape = peer === 'xgboost' ? 'depth 6' : '31 leaves';
  const held = rowsOf(features, trainCount, features.rowCount);
  const wanted = labels.subarray(trainCount);
  return contest({
    work: `gradient boosting fit, ${data.rounds} rounds, ${shape}, ${classCount} classes, ${trainCount} x ${features.columnCount}`,
    peer,
    rounds,
    goal: 1.5,
    slack,
    theirs: [() => runBoostingPeer(data, peer)],
    ours: (round) =>
      timedFit(
        () => fitLikePeer(data, peer, round),
        async (model) => sharesAccuracy(await model.predict(held), wanted, classCount),
      ),
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
      const [rowCount, trainCount, rounds] = smoke ? [6000, 3000, 5] : [70_000, 60_000, 100];
      await runPeer('boosting.py', ['fashion', folder, imagesFolder, rowCount]);
      const data = await readFloats(join(folder, 'features.f32'));
      const labels = await readDoubles(join(folder, 'labels.f64'));
      const features = { data, rowCount, columnCount: 784 };
      const all = { folder, features, labels, classCount: 10, trainCount, rounds };
      return [await fitRow(all, 'lightgbm', 1, smoke ? boostingSmokeSlack : 0.005)];
    }),
};
