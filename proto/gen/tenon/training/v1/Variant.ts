// Original file: proto/tenon/training/v1/optimize.proto

import type { _tenon_training_v1_OptimizeSpec_Method, _tenon_training_v1_OptimizeSpec_Method__Output } from '../../../tenon/training/v1/OptimizeSpec.js';
import type { Long } from '@grpc/proto-loader';

/**
 * A form of a model and what was measured of it, on the machine that ran the job.
 */
export interface Variant {
  /**
   * What was done: `the first 50 of 100 trees, packed`; `original` for the model itself.
   */
  'description'?: (string);
  /**
   * The methods, in the order in which they were applied; empty for the original.
   */
  'methods'?: (_tenon_training_v1_OptimizeSpec_Method)[];
  /**
   * The metric on the held-out rows.
   */
  'value'?: (number | string);
  /**
   * By how much the metric is worse than the original's; negative where it is better.
   */
  'loss'?: (number | string);
  /**
   * The bytes of the weights file.
   */
  'sizeBytes'?: (number | string | Long);
  /**
   * The median time to score 1,000 rows at once, in seconds, without the recipe.
   */
  'batchSeconds'?: (number | string);
  /**
   * The median time to score a single row, in seconds, without the recipe.
   */
  'rowSeconds'?: (number | string);
  /**
   * `size_bytes` as a share of the original's.
   */
  'sizeRatio'?: (number | string);
  /**
   * `row_seconds` as a share of the original's, measured in turns with this one.
   */
  'timeRatio'?: (number | string);
  /**
   * Whether no other is at least as good in loss, size and time, and better in one.
   */
  'pareto'?: (boolean);
  /**
   * Whether the loss is within the bound.
   */
  'withinBudget'?: (boolean);
  /**
   * Whether it was registered.
   */
  'chosen'?: (boolean);
}

/**
 * A form of a model and what was measured of it, on the machine that ran the job.
 */
export interface Variant__Output {
  /**
   * What was done: `the first 50 of 100 trees, packed`; `original` for the model itself.
   */
  'description': (string);
  /**
   * The methods, in the order in which they were applied; empty for the original.
   */
  'methods': (_tenon_training_v1_OptimizeSpec_Method__Output)[];
  /**
   * The metric on the held-out rows.
   */
  'value': (number);
  /**
   * By how much the metric is worse than the original's; negative where it is better.
   */
  'loss': (number);
  /**
   * The bytes of the weights file.
   */
  'sizeBytes': (number);
  /**
   * The median time to score 1,000 rows at once, in seconds, without the recipe.
   */
  'batchSeconds': (number);
  /**
   * The median time to score a single row, in seconds, without the recipe.
   */
  'rowSeconds': (number);
  /**
   * `size_bytes` as a share of the original's.
   */
  'sizeRatio': (number);
  /**
   * `row_seconds` as a share of the original's, measured in turns with this one.
   */
  'timeRatio': (number);
  /**
   * Whether no other is at least as good in loss, size and time, and better in one.
   */
  'pareto': (boolean);
  /**
   * Whether the loss is within the bound.
   */
  'withinBudget': (boolean);
  /**
   * Whether it was registered.
   */
  'chosen': (boolean);
}
