import type { NamedTensor } from '../safetensors.js';
import type { Matrix } from '../table/matrix.js';

/** What explanations need of a model: a part of Model and of BundledModel. */
export interface ExplainedModel {
  /** Its id among the estimators; a model without one has no exact explanation. */
  readonly estimator?: string | undefined;
  readonly classCount: number;
  readonly featureCount: number;
  /** What it holds in native memory, in bytes. */
  readonly sizeBytes?: number | undefined;
  predict(matrix: Matrix, options: { signal?: AbortSignal }): Promise<Float32Array>;
  toTensors(): { readonly tensors: readonly NamedTensor[] };
}
