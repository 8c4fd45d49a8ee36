import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BundledModel } from '../../../native/bundle/bundle.js';
import type { Matrix } from '../../../native/table/matrix.js';

/** Median times of a model, in seconds, without the recipe. */
export interface Times {
  /** 1,000 rows at once, on the threads of the addon. */
  batchSeconds: number;
  /** One row, on the calling thread. */
  rowSeconds: number;
}

const batchRows = 1_000;
const singleRows = 64; // Scored one by one between two looks at the clock, which alone is too coarse.
const leastRounds = 5;
const mostRounds = 25;
const enoughMs = 400; // Enough for a median once there are `leastRounds`.

/**
 * Times two models in turns, so that what else the machine does meets both alike. Rows are repeated
 * where there are too few.
 */
export async function timeInTurns(
  pair: readonly [BundledModel, BundledModel],
  rows: Matrix,
  signal: AbortSignal,
): Promise<[Times, Times]> {
  const batch = repeated(rows, batchRows);
  const singles = Array.from({ length: singleRows }, (_, row) => repeated(slice(rows, row % rows.rowCount), 1));
  const batches: [number[], number[]] = [[], []];
  const rowTimes: [number[], number[]] = [[], []];
  const start = performance.now();
  for (let round = 0; round < mostRounds; round++) {
    if (round >= leastRounds && performance.now() - start > enoughMs) break;
    // Whoever comes second finds warmer caches: each does in half of the rounds.
    for (const side of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      signal.throwIfAborted();
      const model = pair[side];
      let from = performance.now();
      await model.predict(batch, { signal });
      batches[side].push((performance.now() - from) / 1_000);
      from = performance.now();
      for (const single of singles) model.predictSync(single);
      rowTimes[side].push((performance.now() - from) / 1_000 / singleRows);
    }
    await nextTurn();
  }
  const times = (side: 0 | 1) => ({ batchSeconds: median(batches[side]), rowSeconds: median(rowTimes[side]) });
  return [times(0), times(1)];
}

function slice({ data, columnCount }: Matrix, row: number): Matrix {
  return { data: data.subarray(row * columnCount, (row + 1) * columnCount), rowCount: 1, columnCount };
}

function repeated({ data, rowCount, columnCount }: Matrix, wanted: number): Matrix {
  const filled = new Float32Array(wanted * columnCount);
  for (let row = 0; row < wanted; row++) {
    const from = (row % rowCount) * columnCount;
    filled.set(data.subarray(from, from + columnCount), row * columnCount);
  }
  return { data: filled, rowCount: wanted, columnCount };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >>> 1] ?? 0;
}
