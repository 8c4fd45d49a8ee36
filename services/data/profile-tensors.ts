import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DuckDBBlobValue, DuckDBConnection } from '@duckdb/node-api';
import type { Profile, TensorType } from './store.js';

/** Elements added up before other work may run: a fraction of a millisecond. */
const elementsPerTurn = 65_536;

/** Mean, deviation and range over the elements of all rows of a tensor column. */
export type ElementProfile = Pick<Profile, 'mean' | 'stdDev' | 'min' | 'max'>;

/**
 * Profiles the elements of column `c<index>` of `relation` (SQL that we wrote). Deviations are merged row by row (Chan,
 * Golub and LeVeque, 1983), so that neither size nor mean costs accuracy.
 */
export async function profileTensors(
  connection: DuckDBConnection,
  relation: string,
  { index, tensor }: { index: number; tensor: TensorType },
): Promise<ElementProfile> {
  const sum = { count: 0, mean: 0, squares: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
  let sinceTurn = 0;
  const result = await connection.stream(`SELECT c${index} FROM ${relation} WHERE c${index} IS NOT NULL`);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    const vector = chunk.getColumnVector(0);
    for (let row = 0; row < chunk.rowCount; row++) {
      const { bytes } = vector.getItem(row) as DuckDBBlobValue;
      const elements = tensor.dtype === 'DATA_TYPE_UINT8' ? bytes : floatsOf(bytes);
      add(sum, elements);
      sinceTurn += elements.length;
      if (sinceTurn < elementsPerTurn) continue;
      sinceTurn = 0;
      await nextTurn();
    }
  }
  if (sum.count === 0) return { mean: 0, stdDev: 0, min: 0, max: 0 };
  const { count, mean, squares, min, max } = sum;
  return { mean, stdDev: count > 1 ? Math.sqrt(squares / (count - 1)) : 0, min, max };
}

/** The elements as floats; a copy, as the engine aligns nothing and a Buffer's own `slice` would not copy. */
export function floatsOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(new Uint8Array(bytes).buffer);
}

interface Sum {
  count: number;
  mean: number;
  /** Of differences from the mean. */
  squares: number;
  min: number;
  max: number;
}

function add(to: Sum, values: Uint8Array | Float32Array): void {
  let total = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    total += value;
    if (value < to.min) to.min = value;
    if (value > to.max) to.max = value;
  }
  const mean = total / values.length;
  let squares = 0;
  for (let index = 0; index < values.length; index++) squares += ((values[index] as number) - mean) ** 2;
  const count = to.count + values.length;
  const step = mean - to.mean;
  to.squares += squares + (step * step * to.count * values.length) / count;
  to.mean += (step * values.length) / count;
  to.count = count;
}
