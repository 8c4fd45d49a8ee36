// Original file: proto/tenon/data/v1/recipe.proto

import type { Value as _tenon_common_v1_Value, Value__Output as _tenon_common_v1_Value__Output } from '../../../tenon/common/v1/Value.js';

// Original file: proto/tenon/data/v1/recipe.proto

/**
 * How the replacement is found.
 */
export const _tenon_data_v1_FillMissing_Strategy = {
  /**
   * Not stated: MEDIAN for numbers, MODE for text and booleans.
   */
  STRATEGY_UNSPECIFIED: 'STRATEGY_UNSPECIFIED',
  /**
   * The mean; numbers only.
   */
  STRATEGY_MEAN: 'STRATEGY_MEAN',
  /**
   * The median; numbers only.
   */
  STRATEGY_MEDIAN: 'STRATEGY_MEDIAN',
  /**
   * The most frequent value; of equally frequent ones the smallest.
   */
  STRATEGY_MODE: 'STRATEGY_MODE',
  /**
   * The value in `constant`.
   */
  STRATEGY_CONSTANT: 'STRATEGY_CONSTANT',
} as const;

/**
 * How the replacement is found.
 */
export type _tenon_data_v1_FillMissing_Strategy =
  /**
   * Not stated: MEDIAN for numbers, MODE for text and booleans.
   */
  | 'STRATEGY_UNSPECIFIED'
  | 0
  /**
   * The mean; numbers only.
   */
  | 'STRATEGY_MEAN'
  | 1
  /**
   * The median; numbers only.
   */
  | 'STRATEGY_MEDIAN'
  | 2
  /**
   * The most frequent value; of equally frequent ones the smallest.
   */
  | 'STRATEGY_MODE'
  | 3
  /**
   * The value in `constant`.
   */
  | 'STRATEGY_CONSTANT'
  | 4

/**
 * How the replacement is found.
 */
export type _tenon_data_v1_FillMissing_Strategy__Output = typeof _tenon_data_v1_FillMissing_Strategy[keyof typeof _tenon_data_v1_FillMissing_Strategy]

/**
 * Replaces nulls by a value found in the training rows, or by a constant.
 */
export interface FillMissing {
  /**
   * How the replacement is found.
   */
  'strategy'?: (_tenon_data_v1_FillMissing_Strategy);
  /**
   * The replacement, of the column's type; only with CONSTANT.
   */
  'constant'?: (_tenon_common_v1_Value | null);
}

/**
 * Replaces nulls by a value found in the training rows, or by a constant.
 */
export interface FillMissing__Output {
  /**
   * How the replacement is found.
   */
  'strategy': (_tenon_data_v1_FillMissing_Strategy__Output);
  /**
   * The replacement, of the column's type; only with CONSTANT.
   */
  'constant': (_tenon_common_v1_Value__Output | null);
}
