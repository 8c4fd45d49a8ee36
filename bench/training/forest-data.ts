import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Matrix } from '../../native/table/matrix.js';
import { benchData } from './peer.js';

/** make_classification(120000, 20, n_informative=10, n_redundant=5), as bench/peers/forest.py wrote it. */
export interface ForestData {
  readonly train: Matrix;
  readonly target: Float64Array;
  readonly test: Matrix;
  readonly testTarget: Float64Array;
}

const columnCount = 20;
const trainRows = 100_000;

/** Reads the data; the peer must have been asked something before. */
export function forestData(): ForestData {
  const bytes = readFileSync(join(benchData, 'mc.f32'));
  const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const labels = Float64Array.from(readFileSync(join(benchData, 'mc.u8')));
  const cut = trainRows * columnCount;
  return {
    train: { data: all.slice(0, cut), rowCount: trainRows, columnCount },
    target: labels.slice(0, trainRows),
    test: { data: all.slice(cut), rowCount: labels.length - trainRows, columnCount },
    testTarget: labels.slice(trainRows),
  };
}

/** The share of rows whose second probability is on the target's side of a half. */
export function binaryAccuracy(probabilities: Float32Array, target: Float64Array): number {
  let right = 0;
  target.forEach((label, row) => {
    right += Number(Number((probabilities[2 * row + 1] ?? 0) > 0.5) === label);
  });
  return right / target.length;
}
