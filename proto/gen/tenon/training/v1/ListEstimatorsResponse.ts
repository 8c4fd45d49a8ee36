// Original file: proto/tenon/training/v1/training_service.proto

import type { Estimator as _tenon_training_v1_Estimator, Estimator__Output as _tenon_training_v1_Estimator__Output } from '../../../tenon/training/v1/Estimator.js';

/**
 * Response of ListEstimators.
 */
export interface ListEstimatorsResponse {
  /**
   * The estimators of this page.
   */
  'estimators'?: (_tenon_training_v1_Estimator)[];
  /**
   * The token of the next page; empty on the last.
   */
  'nextPageToken'?: (string);
}

/**
 * Response of ListEstimators.
 */
export interface ListEstimatorsResponse__Output {
  /**
   * The estimators of this page.
   */
  'estimators': (_tenon_training_v1_Estimator__Output)[];
  /**
   * The token of the next page; empty on the last.
   */
  'nextPageToken': (string);
}
