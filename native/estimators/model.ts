import type { NamedTensor } from '../safetensors.js';
import type { Matrix } from '../table/matrix.js';

export { ModelError } from './model-error.js';

/** What a model predicts: a class, a number, or the group of rows that a row belongs to. */
export type Task = 'classification' | 'regression' | 'clustering';

/** A model as arrays, with the texts stored beside them: what a safetensors file holds. */
export interface ModelFile {
  readonly tensors: readonly NamedTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** A trained model. Its numbers live in native memory until `dispose()` or garbage collection. */
export interface Model {
  readonly estimator: string;
  readonly task: Task;
  /** 0 unless the task is classification. */
  readonly classCount: number;
  readonly featureCount: number;
  /** One share per feature, summing to one; null where the estimator has none. */
  readonly importances: Float64Array | null;
  /** What it holds in native memory. */
  readonly sizeBytes: number;
  /** About how many additions and multiplications a row takes; left out where they are few. */
  readonly operationsPerRow?: number | undefined;
  /**
   * Scores rows on native threads. Returns `rowCount × classCount` probabilities, each row summing
   * to one within rounding, or `rowCount` numbers, for clustering those of the groups from 0. The
   * rows must stay as they are until then. Rejects with EstimatorError for another number of columns,
   * and for missing or infinite features where the estimator takes none; with the signal's reason
   * when it aborts.
   */
  predict(matrix: Matrix, options?: { signal?: AbortSignal | undefined }): Promise<Float32Array>;
  /** The same on the calling thread, for a few rows: the same bits. */
  predictSync(matrix: Matrix): Float32Array;
  /** The model as tensors; `loadModel` makes one of the same predictions, bit for bit. */
  toTensors(): ModelFile;
  /** Gives the memory back; predictions under way complete. A second call does nothing. */
  dispose(): void;
}
