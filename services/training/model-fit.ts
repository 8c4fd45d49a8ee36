import type { BundledModel } from '../../native/bundle/bundle.js';
import type { Matrix } from '../../native/table/matrix.js';
import type { ParameterValue } from './estimators.js';

/** A trained model as the pipeline uses it. */
export interface FittedModel extends BundledModel {
  /** One share per feature; null where the estimator has none. */
  readonly importances: Float64Array | null;
  /** What it holds in native memory. */
  readonly sizeBytes: number;
}

/** What a fit is asked for. */
export interface FitRequest {
  /** Without `estimators/`. */
  estimator: string;
  parameters: Readonly<Record<string, ParameterValue>>;
  task: 'classification' | 'regression';
  features: Matrix;
  /** Class indices or numbers, one per row. */
  target: Float64Array;
  /** 0 for regression. */
  classCount: number;
  /** What each row counts; null where every row counts once. */
  weights: Float64Array | null;
  /** [height, width] or [height, width, channels] where the features are the elements of images; else null. */
  imageShape: readonly number[] | null;
  seed: number;
  signal: AbortSignal;
  onProgress(step: number, total: number): void;
}

/** Fits an estimator. Rejects when the signal aborts. */
export type Fit = (request: FitRequest) => Promise<FittedModel>;
