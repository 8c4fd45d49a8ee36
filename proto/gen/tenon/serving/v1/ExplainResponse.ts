// Original file: proto/tenon/serving/v1/prediction_service.proto

import type { ExplanationSpace as _tenon_serving_v1_ExplanationSpace, ExplanationSpace__Output as _tenon_serving_v1_ExplanationSpace__Output } from '../../../tenon/serving/v1/ExplanationSpace.js';
import type { ExplanationMethod as _tenon_serving_v1_ExplanationMethod, ExplanationMethod__Output as _tenon_serving_v1_ExplanationMethod__Output } from '../../../tenon/serving/v1/ExplanationMethod.js';
import type { Explanation as _tenon_serving_v1_Explanation, Explanation__Output as _tenon_serving_v1_Explanation__Output } from '../../../tenon/serving/v1/Explanation.js';

/**
 * Response of Explain.
 */
export interface ExplainResponse {
  /**
   * The version that answered. Format: `models/{model}/versions/{version}`.
   */
  'modelVersion'?: (string);
  /**
   * The unit of outputs, base values and contributions.
   */
  'space'?: (_tenon_serving_v1_ExplanationSpace);
  /**
   * The method that was used.
   */
  'method'?: (_tenon_serving_v1_ExplanationMethod);
  /**
   * The columns or features that contributions belong to. Columns that a `pca` step
   * reduces are told of together, as `pca0..pca7`.
   */
  'names'?: (string)[];
  /**
   * One per row, in the order sent.
   */
  'explanations'?: (_tenon_serving_v1_Explanation)[];
  /**
   * The classes, in the order of `Prediction.probabilities`; empty but for
   * classification.
   */
  'classes'?: (string)[];
}

/**
 * Response of Explain.
 */
export interface ExplainResponse__Output {
  /**
   * The version that answered. Format: `models/{model}/versions/{version}`.
   */
  'modelVersion': (string);
  /**
   * The unit of outputs, base values and contributions.
   */
  'space': (_tenon_serving_v1_ExplanationSpace__Output);
  /**
   * The method that was used.
   */
  'method': (_tenon_serving_v1_ExplanationMethod__Output);
  /**
   * The columns or features that contributions belong to. Columns that a `pca` step
   * reduces are told of together, as `pca0..pca7`.
   */
  'names': (string)[];
  /**
   * One per row, in the order sent.
   */
  'explanations': (_tenon_serving_v1_Explanation__Output)[];
  /**
   * The classes, in the order of `Prediction.probabilities`; empty but for
   * classification.
   */
  'classes': (string)[];
}
