import type { ScalarColumn } from '../table/table.js';

/** What scaling needs of the present values of a numeric column; all 0 when there are none. */
export interface NumberStatistics {
  readonly count: number;
  readonly mean: number;
  /** The standard deviation with divisor n; exactly 0 for a constant column. */
  readonly stdDev: number;
  readonly min: number;
  readonly max: number;
}

/**
 * The quantile `share` of `count` numbers: the one at place `share * (count - 1)` of ascending order, or linearly
 * between it and the next.
 */
export function quantileBetween(low: number, high: number, share: number, count: number): number {
  const place = share * (count - 1);
  const part = place - Math.floor(place);
  // Rounding would make a constant column one with a small range.
  if (low === high || part === 0) return low;
  // Twice a product, as the difference of two large numbers may be beyond the largest.
  return low * (1 - part) + high * part;
}

/** How often each present value occurs, as a map from value to count. */
export function valueCounts(column: ScalarColumn): Map<string | number | bigint, number> {
  const counts = new Map<string | number | bigint, number>();
  if (column.type === 'string') {
    const perCode = new Uint32Array(column.dictionary.length);
    for (let row = 0; row < column.codes.length; row++) {
      if (column.validity !== null && column.validity[row] === 0) continue;
      const code = column.codes[row] as number;
      perCode[code] = (perCode[code] as number) + 1;
    }
    for (const [code, text] of column.dictionary.entries()) {
      const count = perCode[code] as number;
      if (count > 0) counts.set(text, count);
    }
    return counts;
  }
  const { values, validity } = column;
  for (let row = 0; row < values.length; row++) {
    if (validity !== null && validity[row] === 0) continue;
    const value = values[row] as number | bigint;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

/** The most frequent value; of equally frequent ones the smallest; undefined for none. */
export function modeOf(counts: ReadonlyMap<string | number | bigint, number>): string | number | bigint | undefined {
  let mode: string | number | bigint | undefined;
  let most = 0;
  for (const [value, count] of counts) {
    if (count > most || (count === most && mode !== undefined && value < mode)) {
      mode = value;
      most = count;
    }
  }
  return mode;
}
