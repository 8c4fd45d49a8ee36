// Original file: proto/tenon/training/v1/estimator.proto

import type { Value as _tenon_common_v1_Value, Value__Output as _tenon_common_v1_Value__Output } from '../../../tenon/common/v1/Value.js';

/**
 * An estimator with parameter values.
 */
export interface EstimatorSpec {
  /**
   * The estimator. Format: `estimators/{estimator}`.
   */
  'estimator'?: (string);
  /**
   * Parameter name to value; parameters left out take their defaults. An unknown name or
   * a value out of range is an error.
   */
  'parameters'?: ({[key: string]: _tenon_common_v1_Value});
}

/**
 * An estimator with parameter values.
 */
export interface EstimatorSpec__Output {
  /**
   * The estimator. Format: `estimators/{estimator}`.
   */
  'estimator': (string);
  /**
   * Parameter name to value; parameters left out take their defaults. An unknown name or
   * a value out of range is an error.
   */
  'parameters': ({[key: string]: _tenon_common_v1_Value__Output});
}
