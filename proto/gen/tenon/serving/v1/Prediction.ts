// Original file: proto/tenon/serving/v1/prediction.proto

import type { Value as _tenon_common_v1_Value, Value__Output as _tenon_common_v1_Value__Output } from '../../../tenon/common/v1/Value.js';

/**
 * What is predicted for one row.
 */
export interface Prediction {
  /**
   * The class (of the target column's type), the number, or the number of the group that the
   * row belongs to, an integer.
   */
  'value'?: (_tenon_common_v1_Value | null);
  /**
   * The probability of each class, in the order of `PredictResponse.classes`, summing
   * to 1; empty but for classification.
   */
  'probabilities'?: (number | string)[];
}

/**
 * What is predicted for one row.
 */
export interface Prediction__Output {
  /**
   * The class (of the target column's type), the number, or the number of the group that the
   * row belongs to, an integer.
   */
  'value': (_tenon_common_v1_Value__Output | null);
  /**
   * The probability of each class, in the order of `PredictResponse.classes`, summing
   * to 1; empty but for classification.
   */
  'probabilities': (number)[];
}
