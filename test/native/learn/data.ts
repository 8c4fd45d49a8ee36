import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Model } from '../../../native/estimators/model.js';
import type { Matrix } from '../../../native/table/matrix.js';
import { packageRoot } from '../../../proto/root.js';

/** A data set with what scikit-learn makes of it; see scripts/fixtures/learn.py. */
export interface Fixture<Expected> {
  readonly features: Matrix;
  readonly target: Float64Array;
  readonly expected: Expected;
  /** Every fifth row is held out. */
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/** Reads test/fixtures/learn/NAME.json. */
export function fixture<Expected>(name: string): Fixture<Expected> {
  const text = readFileSync(join(packageRoot, 'test', 'fixtures', 'learn', `${name}.json`), 'utf8');
  const { columnCount, features, target, expected } = JSON.parse(text) as {
    columnCount: number;
    features: number[];
    target: number[];
    expected: Expected;
  };
  const rows = Uint32Array.from(target.keys());
  return {
    features: { data: Float32Array.from(features), rowCount: target.length, columnCount },
    target: Float64Array.from(target),
    expected,
    train: rows.filter((row) => row % 5 !== 0),
    test: rows.filter((row) => row % 5 === 0),
  };
}

/** The chosen rows as a matrix of their own. */
export function rowsOf({ data, columnCount }: Matrix, rows: Uint32Array): Matrix {
  const chosen = new Float32Array(rows.length * columnCount);
  rows.forEach((row, index) => {
    chosen.set(data.subarray(row * columnCount, (row + 1) * columnCount), index * columnCount);
  });
  return { data: chosen, rowCount: rows.length, columnCount };
}

/** The share of rows whose likeliest class is the target. */
export function accuracyOf(probabilities: Float32Array, target: ArrayLike<number>, classCount: number): number {
  let right = 0;
  for (let row = 0; row < target.length; row++) {
    const values = probabilities.subarray(row * classCount, (row + 1) * classCount);
    if (values.indexOf(Math.max(...values)) === target[row]) right++;
  }
  return right / target.length;
}

/** The coefficient of determination. */
export function r2Of(predicted: Float32Array, target: Float64Array): number {
  const mean = target.reduce((sum, value) => sum + value, 0) / target.length;
  const left = target.reduce((sum, value, row) => sum + (value - (predicted[row] ?? Number.NaN)) ** 2, 0);
  return 1 - left / target.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

/** A small generator of numbers in [0, 1), so that tests see the same data everywhere. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    // The low bits of such a generator repeat soon.
    return (state >>> 8) / 2 ** 24;
  };
}

/** Rows of two overlapping classes; the class depends on the first three columns and on chance. */
export function twoClasses(
  rowCount: number,
  columnCount: number,
  seed = 1,
): { features: Matrix; target: Float64Array } {
  const next = numbers(seed);
  const data = Float32Array.from({ length: rowCount * columnCount }, () => next() * 2 - 1);
  const target = Float64Array.from({ length: rowCount }, (_, row) => {
    const at = (column: number) => data[row * columnCount + column] ?? 0;
    return at(0) + at(1) * at(2) * 2 + (next() - 0.5) * 0.5 > 0 ? 1 : 0;
  });
  return { features: { data, rowCount, columnCount }, target };
}

/** A digest of a model's tensors and metadata: equal only for equal bits. */
export function digestOf(model: Model): string {
  const { tensors, metadata } = model.toTensors();
  const hash = createHash('sha256');
  for (const { name, dtype, shape, data } of tensors) hash.update(`${name} ${dtype} ${shape.join(',')}\n`).update(data);
  return hash.update(JSON.stringify(metadata)).digest('hex');
}
