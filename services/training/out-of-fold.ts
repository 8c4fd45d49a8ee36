import type { BundleFile } from '../../native/bundle/bundle.js';
import { writeSafetensors } from '../../native/safetensors.js';

/** The name of the file inside a version. */
export const outOfFoldPath = 'out_of_fold.safetensors';

/** What one fold's model predicted for the rows it had not seen. */
export interface FoldOutputs {
  /** From 1. */
  fold: number;
  /** Rows of the table. */
  rows: Uint32Array;
  /** Row-major, as many numbers per row for every fold. */
  outputs: Float32Array;
}

/**
 * The out-of-fold predictions as a file: `row` (of the dataset version, from 0), `fold` and `prediction` (rows x width),
 * ordered by row. `datasetRow` says where a row of the table stood in the dataset version.
 */
export function outOfFoldFile(
  folds: readonly FoldOutputs[],
  width: number,
  datasetRow: (row: number) => number,
): BundleFile {
  const places = folds.flatMap(({ rows }, fold) => Array.from(rows, (row, index) => ({ row, fold, index })));
  places.sort((a, b) => a.row - b.row || a.fold - b.fold);
  const row = Uint32Array.from(places, (place) => datasetRow(place.row));
  const fold = Uint32Array.from(places, (place) => folds[place.fold]?.fold ?? 0);
  const prediction = new Float32Array(places.length * width);
  for (const [at, place] of places.entries()) {
    const outputs = folds[place.fold]?.outputs.subarray(place.index * width, (place.index + 1) * width);
    if (outputs !== undefined) prediction.set(outputs, at * width);
  }
  const bytesOf = (array: Uint32Array | Float32Array) => new Uint8Array(array.buffer);
  const bytes = writeSafetensors({
    tensors: [
      { name: 'row', dtype: 'U32', shape: [row.length], data: bytesOf(row) },
      { name: 'fold', dtype: 'U32', shape: [fold.length], data: bytesOf(fold) },
      { name: 'prediction', dtype: 'F32', shape: [places.length, width], data: bytesOf(prediction) },
    ],
    metadata: {},
  });
  return { path: outOfFoldPath, bytes };
}
