import type { BundledModel } from '../../native/bundle/bundle.js';
import type { Matrix } from '../../native/table/matrix.js';
import type { ParameterValue, TaskId } from './estimators.js';

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
  task: TaskId;
  features: Matrix;
  /** Class indices or numbers, one per row; empty for clustering. */
  target: Float64Array;
  /** 0 unless the task is classification. */
  classCount: number;
  /** 1 for each feature that holds numbers of categories; null for none. */
  categorical: Uint8Array | null;
  /** 1 or -1 for each feature that predictions follow or go against; null for none. */
  monotone: Int8Array | null;
  /** What each row counts; null where every row counts once. */
  weights: Float64Array | null;
  /** [height, width] or [height, width, channels] where the features are the elements of images; else null. */
  imageShape: readonly number[] | null;
  seed: number;
  signal: AbortSignal;
  onProgress(step: number, total: number): void;
  /** How it is kept while it runs; null for not at all. */
  kept: FitKeeping | null;
}

/** How a fit is kept while it runs, if its estimator can go on from a snapshot. */
export interface FitKeeping {
  /** The least time between two snapshots, in milliseconds. */
  intervalMs: number;
  /** A snapshot to go on from, of any origin. */
  resume: Uint8Array | undefined;
  save(snapshot: Uint8Array, step: number): Promise<void>;
  /** The step gone on from, or why the fit begins anew; only with `resume`. */
  onResume(step: number, refusal: string | null): void;
}

/** Fits an estimator. Rejects when the signal aborts. */
export type Fit = (request: FitRequest) => Promise<FittedModel>;
