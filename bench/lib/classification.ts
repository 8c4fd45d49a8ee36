import { join } from 'node:path';
import type { Matrix } from '../../native/table/matrix.js';
import { readDoubles, readFloats } from './arrays.js';
import { runPeer } from './peers.js';

/** The columns of the data set below. */
export const columnCount = 20;

/** Rows with a class each, 0 or 1. */
export interface Labelled {
  features: Matrix;
  labels: Float64Array;
}

/**
 * Two classes over twenty columns, ten of them informative, made by scikit-learn's
 * make_classification into `folder`, where the peer's script finds them.
 */
export async function makeClassification(folder: string, rowCount: number): Promise<Labelled> {
  await runPeer('forest.py', ['make', folder, rowCount]);
  const data = await readFloats(join(folder, 'features.f32'));
  return { features: { data, rowCount, columnCount }, labels: await readDoubles(join(folder, 'labels.f64')) };
}

/** The rows from `first` up to `end`, without a copy. */
export function slice({ features, labels }: Labelled, first: number, end: number): Labelled {
  const data = features.data.subarray(first * columnCount, end * columnCount);
  return { features: { data, rowCount: end - first, columnCount }, labels: labels.subarray(first, end) };
}

/** The share of rows whose likelier class is theirs; `shares` holds two probabilities per row. */
export function accuracyOf(shares: Float32Array, labels: Float64Array): number {
  let right = 0;
  for (let row = 0; row < labels.length; row++) {
    if (((shares[2 * row + 1] ?? 0) > (shares[2 * row] ?? 0) ? 1 : 0) === labels[row]) right++;
  }
  return right / labels.length;
}
