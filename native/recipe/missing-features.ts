import { addon } from '../addon.js';
import type { Matrix } from '../table/matrix.js';

/** The place in `data` of the first missing feature; -1 for none. */
export function firstMissingFeature({ data }: Matrix): number {
  return addon.allFinite(data) ? -1 : data.findIndex(Number.isNaN);
}

/** Which rows miss no feature: their indices, ascending. */
export function completeRows({ data, rowCount, columnCount }: Matrix): Uint32Array {
  const complete = new Uint32Array(rowCount);
  let count = 0;
  for (let row = 0; row < rowCount; row++) {
    const end = (row + 1) * columnCount;
    let at = row * columnCount;
    while (at < end && !Number.isNaN(data[at])) at++;
    if (at === end) complete[count++] = row;
  }
  return complete.subarray(0, count);
}
