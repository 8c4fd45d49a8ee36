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

/** The median, for an even count the middle of the two; NaN for none. Sorts in place. */
export function medianOf(numbers: Float64Array): number {
  if (numbers.length === 0) return Number.NaN;
  numbers.sort();
  const half = numbers.length >> 1;
  const upper = numbers[half] as number;
  if (numbers.length % 2 === 1) return upper;
  return (numbers[half - 1] as number) / 2 + upper / 2;
}

/** The quantile `share` (0 to 1), between two numbers linearly; NaN for none. Sorts in place. */
export function quantileOf(numbers: Float64Array, share: number): number {
  if (numbers.length === 0) return Number.NaN;
  numbers.sort();
  const place = share * (numbers.length - 1);
  const below = Math.floor(place);
  const low = numbers[below] as number;
  const high = numbers[Math.min(below + 1, numbers.length - 1)] as number;
  // Rounding would make a constant column one with a small range.
  if (low === high) return low;
  // Twice a product, as the difference of two large numbers may be beyond the largest.
  return low * (1 - (place - below)) + high * (place - below);
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
