// Original file: proto/tenon/serving/v1/prediction_service.proto

import type { Prediction as _tenon_serving_v1_Prediction, Prediction__Output as _tenon_serving_v1_Prediction__Output } from '../../../tenon/serving/v1/Prediction.js';

/**
 * Response of Predict.
 */
export interface PredictResponse {
  /**
   * The version that answered. Format: `models/{model}/versions/{version}`.
   */
  'modelVersion'?: (string);
  /**
   * One per row, in the order sent.
   */
  'predictions'?: (_tenon_serving_v1_Prediction)[];
  /**
   * The classes, in the order of `Prediction.probabilities`; empty but for
   * classification.
   */
  'classes'?: (string)[];
}

/**
 * Response of Predict.
 */
export interface PredictResponse__Output {
  /**
   * The version that answered. Format: `models/{model}/versions/{version}`.
   */
  'modelVersion': (string);
  /**
   * One per row, in the order sent.
   */
  'predictions': (_tenon_serving_v1_Prediction__Output)[];
  /**
   * The classes, in the order of `Prediction.probabilities`; empty but for
   * classification.
   */
  'classes': (string)[];
}
