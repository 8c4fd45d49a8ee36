// Original file: proto/tenon/training/v1/training_service.proto


/**
 * Request of OptimizeModel.
 */
export interface OptimizeModelRequest {
  /**
   * The version to optimize. Format: `models/{model}/versions/{version}`.
   */
  'modelVersion'?: (string);
  /**
   * The most of the primary metric that may be lost, in its own unit; at least 0.
   */
  'maxLoss'?: (number | string);
  /**
   * Makes a retry safe: a repeated id returns the first result. At most 64 characters.
   */
  'requestId'?: (string);
}

/**
 * Request of OptimizeModel.
 */
export interface OptimizeModelRequest__Output {
  /**
   * The version to optimize. Format: `models/{model}/versions/{version}`.
   */
  'modelVersion': (string);
  /**
   * The most of the primary metric that may be lost, in its own unit; at least 0.
   */
  'maxLoss': (number);
  /**
   * Makes a retry safe: a repeated id returns the first result. At most 64 characters.
   */
  'requestId': (string);
}
