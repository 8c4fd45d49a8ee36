import { stratifiedKFold } from '../../native/validation/folds.js';
import { accuracyOf, columnCount, type Labelled, makeClassification } from '../lib/classification.js';
import { contest, type Turn } from '../lib/contest.js';
import { inFolder } from '../lib/folder.js';
import { accuracySlack, fitForest, smokeSlack } from '../lib/forest.js';
import { runPeer } from '../lib/peers.js';
import type { Benchmark, BenchRow } from '../lib/row.js';

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

async function validate(data: Labelled, folds: number, trees: number): Promise<Turn> {
  const begin = performance.now();
  let accuracy = 0;
  for (const { train, test } of stratifiedKFold({ labels: Uint32Array.from(data.labels), folds, seed: 0 })) {
    const model = await fitForest(data, { trees, seed: 0, rows: train });
    const held = rowsFrom(data, test);
    accuracy += accuracyOf(await model.predict(held.features), held.labels) / folds;
    model.dispose();
  }
  return { seconds: (performance.now() - begin) / 1000, quality: accuracy };
}

async function rowsOf(folder: string, smoke: boolean): Promise<BenchRow[]> {
  const [rowCount, trees, folds] = smoke ? [1000, 10, 3] : [20_000, 100, 5];
  const data = await makeClassification(folder, rowCount);
  const row = await contest({
    work: `${folds}-fold cross-validation of a random forest, ${trees} trees, ${rowCount} x ${columnCount}`,
    peer: 'scikit-learn',
    rounds: smoke ? 1 : 5,
    goal: 10,
    slack: smoke ? smokeSlack : accuracySlack,
    theirs: [() => runPeer('forest.py', ['validate', folder, rowCount, folds, trees])],
    ours: () => validate(data, folds, trees),
  });
  return [row];
}

/** Stratified cross-validation of a random forest beside scikit-learn's; the quality is the folds' mean accuracy. */
export const crossValidationBenchmark: Benchmark = {
  name: 'cross-validation',
  run: ({ smoke }) => inFolder((folder) => rowsOf(folder, smoke)),
};
