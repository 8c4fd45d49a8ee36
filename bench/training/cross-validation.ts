import { threadCount } from '../../native/threads.js';
import { stratifiedKFold } from '../../native/validation/folds.js';
import { accuracyOf, columnCount, type Labelled, makeClassification } from '../lib/classification.js';
import { inFolder } from '../lib/folder.js';
import { accuracySlack, fitForest, smokeSlack } from '../lib/forest.js';
import { inTurn } from '../lib/in-turn.js';
import { runPeer } from '../lib/peers.js';
import { type Benchmark, type BenchRow, rowOf } from '../lib/row.js';
import { median } from '../lib/statistics.js';

interface Validation {
  seconds: number;
  accuracy: number;
}

/** Copies some rows out, as a fold's test part is when a job scores it. */
function rowsFrom({ features, labels }: Labelled, rows: Uint32Array): Labelled {
  const data = new Float32Array(rows.length * columnCount);
  for (const [index, row] of rows.entries()) {
    data.set(features.data.subarray(row * columnCount, (row + 1) * columnCount), index * columnCount);
  }
  return {
    features: { data, rowCount: rows.length, columnCount },
    labels: Float64Array.from(rows, (row) => labels[row] ?? Number.NaN),
  };
}

async function validate(data: Labelled, folds: number, trees: number): Promise<Validation> {
  const begin = performance.now();
  let accuracy = 0;
  for (const { train, test } of stratifiedKFold({ labels: Uint32Array.from(data.labels), folds, seed: 0 })) {
    const model = await fitForest(data, { trees, seed: 0, rows: train });
    const held = rowsFrom(data, test);
    accuracy += accuracyOf(await model.predict(held.features), held.labels) / folds;
    model.dispose();
  }
  return { seconds: (performance.now() - begin) / 1000, accuracy };
}

async function rowsOf(folder: string, smoke: boolean): Promise<BenchRow[]> {
  const [rowCount, trees, folds] = smoke ? [1000, 10, 3] : [20_000, 100, 5];
  const data = await makeClassification(folder, rowCount);
  const { ours, theirs } = await inTurn(smoke ? 1 : 5, {
    theirs: () => runPeer<Validation & { version: string }>('forest.py', ['validate', folder, rowCount, folds, trees]),
    ours: () => validate(data, folds, trees),
  });
  return [
    rowOf({
      work: `${folds}-fold cross-validation of a random forest, ${trees} trees, ${rowCount} x ${columnCount}`,
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

/** Stratified cross-validation of a random forest beside scikit-learn's; the quality is the folds' mean accuracy. */
export const crossValidationBenchmark: Benchmark = {
  name: 'cross-validation',
  run: ({ smoke }) => inFolder((folder) => rowsOf(folder, smoke)),
};
