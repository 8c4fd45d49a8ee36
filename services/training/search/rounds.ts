import type { JobSpec__Output } from '../../../proto/gen/tenon/training/v1/index.js';
import { defaultHalvingFactor, defaultHalvingRows } from '../limits.js';

/** One pass over the candidates that are left. */
export interface Round {
  /** How many candidates take part. */
  readonly candidates: number;
  /** The share of each fold's training rows they are fitted on, in (0, 1]. */
  readonly share: number;
}

/**
 * The rounds of a search over `candidates` combinations. Only halving has more than one: the last round has all rows and
 * every one before a `factor`-th of the next, as far as `min_rows` of the `trainRows` of a fold allow.
 */
export function roundsOf(spec: JobSpec__Output, candidates: number, trainRows: number): Round[] {
  const strategy = spec.search?.strategy;
  if (strategy !== 'halving' && strategy !== 'automatic') return [{ candidates, share: 1 }];
  const factor = spec.search?.halving?.factor || defaultHalvingFactor;
  const minRows = spec.search?.halving?.minRows || defaultHalvingRows;
  let count = 1;
  while (Math.floor(candidates / factor ** count) >= 1 && trainRows / factor ** count >= minRows) count++;
  return Array.from({ length: count }, (_, round) => ({
    candidates: Math.max(1, Math.floor(candidates / factor ** round)),
    share: factor ** (round - count + 1),
  }));
}

/** The first rows of a shuffled run: a smaller share is part of every larger one. */
export function shareOf(rows: Uint32Array, share: number): Uint32Array {
  if (share >= 1) return rows;
  return rows.subarray(0, Math.max(1, Math.ceil(rows.length * share)));
}
