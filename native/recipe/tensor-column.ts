import type { TensorColumn } from '../table/table.js';
import { entryPath } from '../table/table-error.js';
import type { ElementType } from '../table/tensor-type.js';
import { elementCount } from '../table/tensor-type.js';
import type { ScaleOp } from './fitted-op.js';
import { scaled } from './fitted-op.js';
import { beyondFloatBound, RecipeError } from './recipe-error.js';
import type { NumberStatistics } from './statistics.js';

/**
 * A tensor column between two operations. Its elements stay as they are in the table handed
 * in, bytes as bytes; the scales are applied when features are written.
 */
export interface WorkingTensor {
  readonly type: 'tensor';
  readonly name: string;
  /** All rows of the table handed in. */
  readonly source: TensorColumn;
  readonly scales: readonly ScaleOp[];
}

/** Turns an element into a feature; `bytes` holds the feature of each byte where elements are bytes. */
export interface ElementScale {
  readonly of: (value: number) => number;
  readonly bytes: Float32Array | null;
}

/** The scales of a column as one function of an element: the only place where elements become features. */
export function elementScale(dtype: ElementType, scales: readonly ScaleOp[]): ElementScale {
  const of = (value: number) => scales.reduce((number, op) => scaled(op, number), value);
  return { of, bytes: dtype === 'u8' ? Float32Array.from({ length: 256 }, (_, byte) => of(byte)) : null };
}

/** The row of `source` that each working row is; all rows in order when null. */
type Rows = Uint32Array | null;

/**
 * Writes a column's features: `elements` f32 per row from `offset` on, rows `stride` apart, NaN for a null. Throws
 * RecipeError NOT_FINITE for a feature beyond f32.
 */
export function writeTensors(
  { name, source, scales }: WorkingTensor,
  { kept, rowCount, stride, offset }: { kept: Rows; rowCount: number; stride: number; offset: number },
  features: Float32Array,
): void {
  const elements = elementCount(source.shape);
  const { values, validity } = source;
  const { of, bytes } = elementScale(source.dtype, scales);
  const plain = bytes === null && scales.length === 0;
  for (let row = 0; row < rowCount; row++) {
    const original = kept === null ? row : (kept[row] as number);
    const at = row * stride + offset;
    if (validity !== null && validity[original] === 0) {
      features.fill(Number.NaN, at, at + elements);
      continue;
    }
    const start = original * elements;
    if (plain) {
      features.set(values.subarray(start, start + elements), at);
      continue;
    }
    for (let index = 0; index < elements; index++) {
      const value = values[start + index] as number;
      const feature = bytes === null ? of(value) : (bytes[value] as number);
      features[at + index] = feature;
      if (!Number.isFinite(features[at + index])) throw beyondFloat(original, name, index, value);
    }
  }
}

function beyondFloat(row: number, column: string, element: number, value: number): RecipeError {
  const field = `${entryPath(`rows[${row}]`, column)}[${element}]`;
  return new RecipeError('NOT_FINITE', field, value, beyondFloatBound, { row, column });
}

/** What scaling needs of the elements of all present rows, as they stand after the scales so far. */
export function tensorStatistics({ source, scales }: WorkingTensor, kept: Rows, rowCount: number): NumberStatistics {
  const elements = elementCount(source.shape);
  const present: number[] = [];
  for (let row = 0; row < rowCount; row++) {
    const original = kept === null ? row : (kept[row] as number);
    if (source.validity === null || source.validity[original] === 1) present.push(original * elements);
  }
  const { of } = elementScale(source.dtype, scales);
  return source.values instanceof Uint8Array
    ? byteStatistics(source.values, elements, present, of)
    : floatStatistics(source.values, elements, present, of);
}

/** How often each byte occurs says everything, without a pass per number. */
function byteStatistics(
  values: Uint8Array,
  elements: number,
  starts: readonly number[],
  of: (value: number) => number,
): NumberStatistics {
  const counts = new Float64Array(256);
  for (const start of starts) {
    for (let at = start; at < start + elements; at++) {
      const byte = values[at] as number;
      counts[byte] = (counts[byte] as number) + 1;
    }
  }
  const found = Array.from(counts, (count, byte) => ({ count, value: of(byte) })).filter(({ count }) => count > 0);
  const count = starts.length * elements;
  if (count === 0) return { count, mean: 0, stdDev: 0, min: 0, max: 0 };
  const min = Math.min(...found.map(({ value }) => value));
  const max = Math.max(...found.map(({ value }) => value));
  if (min === max) return { count, mean: min, stdDev: 0, min, max };
  const mean = found.reduce((sum, each) => sum + each.count * each.value, 0) / count;
  const variance = found.reduce((sum, each) => sum + each.count * (each.value - mean) ** 2, 0) / count;
  return { count, mean, stdDev: Math.sqrt(variance), min, max };
}

/** Two passes in f64, as `numberStatistics`, over elements in place. */
function floatStatistics(
  values: Float32Array,
  elements: number,
  starts: readonly number[],
  of: (value: number) => number,
): NumberStatistics {
  const count = starts.length * elements;
  if (count === 0) return { count, mean: 0, stdDev: 0, min: 0, max: 0 };
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (const start of starts) {
    for (let at = start; at < start + elements; at++) {
      const value = of(values[at] as number);
      sum += value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  if (min === max) return { count, mean: min, stdDev: 0, min, max };
  const rough = sum / count;
  let residual = 0;
  let squares = 0;
  for (const start of starts) {
    for (let at = start; at < start + elements; at++) {
      const difference = of(values[at] as number) - rough;
      residual += difference;
      squares += difference * difference;
    }
  }
  const variance = (squares - (residual * residual) / count) / count;
  return { count, mean: rough + residual / count, stdDev: Math.sqrt(Math.max(variance, 0)), min, max };
}
