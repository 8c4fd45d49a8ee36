// Original file: proto/tenon/serving/v1/explanation.proto

import type { Prediction as _tenon_serving_v1_Prediction, Prediction__Output as _tenon_serving_v1_Prediction__Output } from '../../../tenon/serving/v1/Prediction.js';
import type { OutputExplanation as _tenon_serving_v1_OutputExplanation, OutputExplanation__Output as _tenon_serving_v1_OutputExplanation__Output } from '../../../tenon/serving/v1/OutputExplanation.js';

/**
 * Why one row got its prediction.
 */
export interface Explanation {
  /**
   * What Predict answers for the row.
   */
  'prediction'?: (_tenon_serving_v1_Prediction | null);
  /**
   * The class predicted, or with `all_classes` every class in the order of
   * `ExplainResponse.classes`; one output for regression.
   */
  'outputs'?: (_tenon_serving_v1_OutputExplanation)[];
}

/**
 * Why one row got its prediction.
 */
export interface Explanation__Output {
  /**
   * What Predict answers for the row.
   */
  'prediction': (_tenon_serving_v1_Prediction__Output | null);
  /**
   * The class predicted, or with `all_classes` every class in the order of
   * `ExplainResponse.classes`; one output for regression.
   */
  'outputs': (_tenon_serving_v1_OutputExplanation__Output)[];
}
