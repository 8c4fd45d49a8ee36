import type { Matrix } from '../table/matrix.js';
import { createRandom, indices, shuffle } from '../validation/random.js';
import { checkWeights } from './weights.js';

/** Which rows the silhouette is taken over. */
export interface SilhouetteOptions {
  /** The most rows to compare, drawn at random, as the work grows with their square; 2 to 50000, 10000 by default. */
  readonly sampleRows?: number | undefined;
  /** 0 to 2^53 - 1; 0 by default. */
  readonly seed?: number | undefined;
}

/**
 * Rousseeuw's silhouette by Euclidean distance, as scikit-learn's `silhouette_score`: how much
 * nearer a row is to its own cluster than to the next, from -1 to 1, on average; 0 for a row alone
 * in its cluster. `labels` holds a cluster per row. Null unless there are 2 clusters or more
 * and fewer than rows. Throws RangeError for another length or an option out of bounds.
 */
export function silhouette(
  { data, rowCount, columnCount }: Matrix,
  labels: ArrayLike<number>,
  { sampleRows = 10_000, seed = 0 }: SilhouetteOptions = {},
): number | null {
  if (labels.length !== rowCount) throw new RangeError(`labels: ${labels.length} values must be ${rowCount}`);
  if (!Number.isInteger(sampleRows) || sampleRows < 2 || sampleRows > 50_000) {
    throw new RangeError(`sampleRows: ${sampleRows} must be an integer from 2 to 50000`);
  }
  const all = indices(rowCount);
  const rows = rowCount <= sampleRows ? all : shuffle(all, createRandom(seed)).slice(0, sampleRows).sort();
  const { codes, clusterCount } = numbered(rows, labels);
  if (clusterCount < 2 || clusterCount >= rows.length) return null;
  const sizes = new Float64Array(clusterCount);
  for (const code of codes) sizes[code] = (sizes[code] as number) + 1;
  // Per row and cluster, the sum of distances.
  const sums = new Float64Array(rows.length * clusterCount);
  for (let i = 0; i < rows.length; i++) {
    const from = (rows[i] as number) * columnCount;
    const own = codes[i] as number;
    for (let j = 0; j < i; j++) {
      const to = (rows[j] as number) * columnCount;
      let squares = 0;
      for (let c = 0; c < columnCount; c++) squares += ((data[from + c] as number) - (data[to + c] as number)) ** 2;
      const distance = Math.sqrt(squares);
      const here = i * clusterCount + (codes[j] as number);
      const there = j * clusterCount + own;
      sums[here] = (sums[here] as number) + distance;
      sums[there] = (sums[there] as number) + distance;
    }
  }
  let total = 0;
  for (let i = 0; i < rows.length; i++) {
    const own = codes[i] as number;
    const company = (sizes[own] as number) - 1;
    if (company === 0) continue;
    let nearest = Number.POSITIVE_INFINITY;
    for (let k = 0; k < clusterCount; k++) {
      if (k !== own) nearest = Math.min(nearest, (sums[i * clusterCount + k] as number) / (sizes[k] as number));
    }
    const inside = (sums[i * clusterCount + own] as number) / company;
    const larger = Math.max(inside, nearest);
    if (larger > 0) total += (nearest - inside) / larger;
  }
  return total / rows.length;
}

/**
 * The sum of squared distances of rows from their cluster's mean, what k-means makes small; times
 * the rows' weights, which the means take too. Null without rows. Throws RangeError for another
 * length or a weight below 0.
 */
export function inertia(
  { data, rowCount, columnCount }: Matrix,
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number | null {
  if (labels.length !== rowCount) throw new RangeError(`labels: ${labels.length} values must be ${rowCount}`);
  checkWeights(weights, rowCount);
  if (rowCount === 0) return null;
  const { codes, clusterCount } = numbered(indices(rowCount), labels);
  const totals = new Float64Array(clusterCount);
  const means = new Float64Array(clusterCount * columnCount);
  for (let row = 0; row < rowCount; row++) {
    const weight = weights === undefined ? 1 : (weights[row] as number);
    if (weight === 0) continue;
    const code = codes[row] as number;
    const sum = (totals[code] as number) + weight;
    totals[code] = sum;
    for (let c = 0; c < columnCount; c++) {
      const at = code * columnCount + c;
      means[at] =
        (means[at] as number) + ((data[row * columnCount + c] as number) - (means[at] as number)) * (weight / sum);
    }
  }
  let result = 0;
  for (let row = 0; row < rowCount; row++) {
    const weight = weights === undefined ? 1 : (weights[row] as number);
    const mean = (codes[row] as number) * columnCount;
    let squares = 0;
    for (let c = 0; c < columnCount; c++) {
      squares += ((data[row * columnCount + c] as number) - (means[mean + c] as number)) ** 2;
    }
    result += weight * squares;
  }
  return result;
}

/** Clusters of the rows as numbers from 0, in order of appearance. */
function numbered(rows: Uint32Array, labels: ArrayLike<number>): { codes: Uint32Array; clusterCount: number } {
  const known = new Map<number, number>();
  const codes = rows.map((row) => {
    const label = labels[row] as number;
    const code = known.get(label) ?? known.size;
    known.set(label, code);
    return code;
  });
  return { codes, clusterCount: known.size };
}
