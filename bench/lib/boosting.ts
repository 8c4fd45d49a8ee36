import { fitEstimator } from '../../native/estimators/fit.js';
import type { Model } from '../../native/estimators/model.js';
import type { Matrix } from '../../native/table/matrix.js';
import type { PeerTurn } from './contest.js';
import { runPeer } from './peers.js';

/** The libraries measured beside, with the shape of trees that each grows by default. */
export const boostingPeers = ['xgboost', 'lightgbm', 'scikit-learn'] as const;
export type BoostingPeer = (typeof boostingPeers)[number];

/** Accuracy may be this far below the peer's: a fit of another seed differs by as much. */
export const boostingSlack = 0.0025;

/** The same with fewer rows and rounds. */
export const boostingSmokeSlack = 0.03;

/** Features, the first `trainCount` rows of which are learned from, in `folder` for the peers. */
export interface BoostingData {
  folder: string;
  features: Matrix;
  labels: Float64Array;
  classCount: number;
  trainCount: number;
  rounds: number;
}

/** What a peer reports: the seconds of its fit, and the accuracy on the rows it scored. */
export interface PeerBoosting extends PeerTurn {
  /** Seconds of scoring all other rows, and one row. */
  batch: number[];
  single: number;
}

/** Fits and scores a peer in a process of its own. */
export function runBoostingPeer(
  { folder, features, trainCount, rounds }: BoostingData,
  peer: BoostingPeer,
): Promise<PeerBoosting> {
  const { rowCount, columnCount } = features;
  return runPeer('boosting.py', ['fit', folder, rowCount, columnCount, trainCount, rounds, peer], {
    group: 'boosting',
    env: { OMP_NUM_THREADS: '2' },
  });
}

/** Fits ours with trees of the peer's shape. */
export function fitLikePeer(
  { features, labels, classCount, trainCount, rounds }: BoostingData,
  peer: BoostingPeer,
  seed: number,
): Promise<Model> {
  const shape = peer === 'xgboost' ? { grow_policy: 'depth', max_depth: 6, max_leaf_nodes: 0 } : { max_leaf_nodes: 31 };
  return fitEstimator({
    estimator: 'gradient-boosting',
    parameters: { n_estimators: rounds, learning_rate: 0.1, ...shape },
    task: 'classification',
    features: rowsOf(features, 0, trainCount),
    target: labels.subarray(0, trainCount),
    classCount,
    seed,
  });
}

/** The rows from `first` up to `end`, without a copy. */
export function rowsOf({ data, columnCount }: Matrix, first: number, end: number): Matrix {
  return { data: data.subarray(first * columnCount, end * columnCount), rowCount: end - first, columnCount };
}

/** The share of rows whose likeliest class is theirs. */
export function sharesAccuracy(shares: Float32Array, labels: Float64Array, classCount: number): number {
  let right = 0;
  for (let row = 0; row < labels.length; row++) {
    const of = shares.subarray(row * classCount, (row + 1) * classCount);
    if (of.indexOf(Math.max(...of)) === labels[row]) right++;
  }
  return right / labels.length;
}

/** Seconds of each call, after some that warm up and one following the other as in the peers' scripts; and the shares. */
export async function timedBatches(model: Model, test: Matrix): Promise<{ batch: number[]; shares: Float32Array }> {
  const batch: number[] = [];
  let shares: Float32Array = new Float32Array();
  for (let time = 0; time < 13; time++) {
    const start = performance.now();
    shares = await model.predict(test);
    if (time > 2) batch.push((performance.now() - start) / 1000);
  }
  return { batch, shares };
}
