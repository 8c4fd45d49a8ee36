import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Matrix } from '../../native/table/matrix.js';
import { kFold, stratifiedKFold } from '../../native/validation/folds.js';
import { createRandom, indices, shuffle } from '../../native/validation/random.js';
import { readDoubles, readFloats } from '../lib/arrays.js';
import { fashionMnist } from '../lib/fashion-mnist.js';
import { runPeer } from '../lib/peers.js';

/** Rows and how they are divided, the same on both sides. */
export interface ScoreData {
  readonly name: string;
  readonly features: Matrix;
  readonly target: Float64Array;
  /** 0 for regression. */
  readonly classCount: number;
  readonly folds: readonly { readonly train: Uint32Array; readonly test: Uint32Array }[];
  /** How often all rows have been judged by the folds together. */
  readonly repeats: number;
  readonly images: boolean;
}

/** The data sets of scikit-learn, and one in the manner of its California housing, in equal folds, divided anew a few times. */
export async function tables(folder: string, smoke: boolean): Promise<ScoreData[]> {
  type Made = Record<string, { rows: number; columns: number; classes: number }>;
  const made = await runPeer<Made>('scores.py', ['make', folder, smoke ? 150 : 1_000_000]);
  const [count, repeats] = smoke ? [2, 1] : [5, 2];
  return await Promise.all(
    Object.entries(made).map(async ([name, { rows: rowCount, columns: columnCount, classes: classCount }]) => {
      const data = await readFloats(join(folder, `${name}.f32`));
      const target = await readDoubles(join(folder, `${name}.f64`));
      const labels = Uint32Array.from(target);
      const folds = Array.from({ length: repeats }, (_, seed) =>
        classCount > 0 ? stratifiedKFold({ labels, folds: count, seed }) : kFold({ rowCount, folds: count, seed }),
      ).flat();
      return { name, features: { data, rowCount, columnCount }, target, classCount, folds, repeats, images: false };
    }),
  );
}

/** Fashion-MNIST: pixels from 0 to 1; as many training and test rows, drawn anew for each repetition. */
export async function images(folder: string, smoke: boolean): Promise<ScoreData> {
  const [splits, trainCount, testCount] = smoke ? [1, 300, 200] : [3, 10_000, 2_000];
  const { features, target } = await fashionMnist('train', smoke ? 1_000 : 36_000);
  const pixels = { ...features, data: features.data.map((value) => Math.max(0, value * 0.353 + 0.286)) };
  const name = 'fashion-mnist';
  await writeFile(join(folder, `${name}.f32`), pixels.data);
  await writeFile(join(folder, `${name}.f64`), target);
  const random = createRandom(0);
  const folds = Array.from({ length: splits }, () => {
    const order = shuffle(indices(features.rowCount), random);
    return { train: order.slice(0, trainCount), test: order.slice(trainCount, trainCount + testCount) };
  });
  return { name, features: pixels, target, classCount: 10, folds, repeats: 1, images: true };
}
