import { fitEstimator } from '../../native/estimators/fit.js';
import type { Model } from '../../native/estimators/model.js';
import { type Labelled, makeClassification, slice } from './classification.js';

/** The forest that is fitted and scored: 100 trees on 100,000 rows, and 20,000 rows to score. */
export interface ForestData {
  folder: string;
  rowCount: number;
  trees: number;
  train: Labelled;
  test: Labelled;
  /** For the row's `work`. */
  size: string;
}

/** A forest's accuracy may be this far below the peer's: both vary so much with the seed. */
export const accuracySlack = 0.002;

/** The same with fewer rows and trees, where one row more counts for more. */
export const smokeSlack = 0.03;

export async function makeForestData(folder: string, smoke: boolean): Promise<ForestData> {
  const [rowCount, trainCount, trees] = smoke ? [3000, 2000, 10] : [120_000, 100_000, 100];
  const all = await makeClassification(folder, rowCount);
  return {
    folder,
    rowCount,
    trees,
    train: slice(all, 0, trainCount),
    test: slice(all, trainCount, rowCount),
    size: `${trees} trees, ${trainCount} x ${all.features.columnCount}`,
  };
}

/** Fits a forest of two classes with default parameters but for the number of trees. */
export async function fitForest(
  { features, labels }: Labelled,
  { trees, seed, rows }: { trees: number; seed: number; rows?: Uint32Array },
): Promise<Model> {
  return await fitEstimator({
    estimator: 'random-forest',
    parameters: { n_estimators: trees },
    task: 'classification',
    features,
    target: labels,
    classCount: 2,
    rows,
    seed,
  });
}
