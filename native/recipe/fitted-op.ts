import type { UnknownCategory } from './recipe-step.js';

/** A replacement for nulls; an integer is kept as decimal text so that all 64 bits survive JSON. */
export type FillValue =
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'integer'; readonly value: string }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string };

/** Leaves out training rows with a null in a column; refuses such a row in a prediction. */
export interface DropMissingOp {
  readonly kind: 'dropMissing';
  readonly columns: readonly string[];
}

/** Leaves out training rows equal to an earlier one. */
export interface DropDuplicatesOp {
  readonly kind: 'dropDuplicates';
  readonly columns: readonly string[];
}

/** Replaces nulls. A double value turns an integer column into a double column. */
export interface FillOp {
  readonly kind: 'fill';
  readonly column: string;
  readonly fill: FillValue;
}

/** `(x - center) / divisor * span + lower`; a divisor of 0 gives `lower`. The column becomes double. */
export interface ScaleOp {
  readonly kind: 'scale';
  readonly column: string;
  readonly center: number;
  readonly divisor: number;
  readonly span: number;
  readonly lower: number;
}

/** Replaces a category by one 0/1 feature per category (`oneHot`) or by its index (`ordinal`). */
export interface EncodeOp {
  readonly kind: 'oneHot' | 'ordinal';
  readonly column: string;
  /** Ordered by UTF-16 code units. */
  readonly categories: readonly string[];
  readonly unknown: UnknownCategory;
}

/**
 * Replaces columns by `componentCount` features, `weights × (values - mean)`; whitening is part of
 * the weights. The numbers are little-endian in base64: `mean` f64, one per column; `weights` f32,
 * a row per component.
 */
export interface PcaOp {
  readonly kind: 'pca';
  readonly columns: readonly string[];
  readonly componentCount: number;
  readonly mean: string;
  readonly weights: string;
}

/** One fitted operation; all but the two drops and `pca` work on one column. */
export type FittedOp = DropMissingOp | DropDuplicatesOp | FillOp | ScaleOp | EncodeOp | PcaOp;

/**
 * Applies a scale to one number. Whole columns are scaled by native/src/algorithms/view_kernels.cc, in the same order of
 * the same operations: tests hold both to the same bits.
 */
export function scaled({ center, divisor, span, lower }: ScaleOp, value: number): number {
  return divisor === 0 ? lower : ((value - center) / divisor) * span + lower;
}
