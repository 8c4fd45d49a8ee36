import type { NamedTensor } from '../safetensors.js';
import { ModelError } from './model-error.js';
import { type TensorReader, tensorOf } from './tensors.js';

// What a feature that is left out of a linear model's explanation is taken to be; known here alone.
const means = new WeakMap<object, Float64Array>();

/** Notes the means of a model's features over its training rows, and returns the model. */
export function keepMeans<Kept extends object>(model: Kept, columnMeans: Float64Array | null): Kept {
  if (columnMeans !== null) means.set(model, columnMeans);
  return model;
}

/** The means of a model's features; undefined where they are not known. */
export function meansOf(model: object): Float64Array | undefined {
  return means.get(model);
}

const tensorName = 'means';

/** The means as tensors, none where they are not known; in a smaller version in single precision. */
export function meansTensors(columnMeans: Float64Array | null, precision: 'F64' | 'F32' = 'F64'): NamedTensor[] {
  if (columnMeans === null) return [];
  const stored = precision === 'F64' ? columnMeans : Float32Array.from(columnMeans);
  return [tensorOf(tensorName, precision, [columnMeans.length], stored)];
}

/** Reads means of any origin; null where the file has none. Throws ModelError. */
export function takeMeans(reader: TensorReader, featureCount: number): Float64Array | null {
  if (!reader.has(tensorName)) return null;
  const columnMeans = Float64Array.from(reader.takeAny(tensorName, ['F64', 'F32'], [featureCount]));
  const wrong = columnMeans.findIndex((mean) => !Number.isFinite(mean));
  if (wrong < 0) return columnMeans;
  throw new ModelError(`tensors["${tensorName}"][${wrong}]`, columnMeans[wrong], 'must be finite');
}
