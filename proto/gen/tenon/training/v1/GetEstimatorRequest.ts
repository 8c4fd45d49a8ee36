// Original file: proto/tenon/training/v1/training_service.proto


/**
 * Request of GetEstimator.
 */
export interface GetEstimatorRequest {
  /**
   * The estimator. Format: `estimators/{estimator}`.
   */
  'name'?: (string);
}

/**
 * Request of GetEstimator.
 */
export interface GetEstimatorRequest__Output {
  /**
   * The estimator. Format: `estimators/{estimator}`.
   */
  'name': (string);
}
