// Original file: proto/tenon/serving/v1/explanation.proto

import type { Value as _tenon_common_v1_Value, Value__Output as _tenon_common_v1_Value__Output } from '../../../tenon/common/v1/Value.js';

/**
 * What is predicted on average where a column has one value.
 */
export interface PartialDependencePoint {
  /**
   * The column's value.
   */
  'value'?: (_tenon_common_v1_Value | null);
  /**
   * The mean probability of each class, or the mean of the number predicted.
   */
  'predictions'?: (number | string)[];
}

/**
 * What is predicted on average where a column has one value.
 */
export interface PartialDependencePoint__Output {
  /**
   * The column's value.
   */
  'value': (_tenon_common_v1_Value__Output | null);
  /**
   * The mean probability of each class, or the mean of the number predicted.
   */
  'predictions': (number)[];
}
