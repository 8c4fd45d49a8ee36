// Original file: proto/tenon/training/v1/search.proto

import type { ValueList as _tenon_training_v1_ValueList, ValueList__Output as _tenon_training_v1_ValueList__Output } from '../../../tenon/training/v1/ValueList.js';
import type { ValueRange as _tenon_training_v1_ValueRange, ValueRange__Output as _tenon_training_v1_ValueRange__Output } from '../../../tenon/training/v1/ValueRange.js';

/**
 * One parameter to vary.
 */
export interface SearchDimension {
  /**
   * A parameter of the estimator by its name (`max_depth`), or a field of a recipe step
   * by its path (`steps[1].min_max.upper`), which counts the candidate's own steps or
   * those of the job.
   */
  'parameter'?: (string);
  /**
   * These values.
   */
  'list'?: (_tenon_training_v1_ValueList | null);
  /**
   * Numbers from an interval; random and halving search only.
   */
  'range'?: (_tenon_training_v1_ValueRange | null);
  /**
   * The values to try.
   */
  'values'?: "list"|"range";
}

/**
 * One parameter to vary.
 */
export interface SearchDimension__Output {
  /**
   * A parameter of the estimator by its name (`max_depth`), or a field of a recipe step
   * by its path (`steps[1].min_max.upper`), which counts the candidate's own steps or
   * those of the job.
   */
  'parameter': (string);
  /**
   * These values.
   */
  'list'?: (_tenon_training_v1_ValueList__Output | null);
  /**
   * Numbers from an interval; random and halving search only.
   */
  'range'?: (_tenon_training_v1_ValueRange__Output | null);
  /**
   * The values to try.
   */
  'values'?: "list"|"range";
}
