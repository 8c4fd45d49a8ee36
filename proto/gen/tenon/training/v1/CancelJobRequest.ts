// Original file: proto/tenon/training/v1/training_service.proto


/**
 * Request of CancelJob.
 */
export interface CancelJobRequest {
  /**
   * The job. Format: `jobs/{job}`.
   */
  'name'?: (string);
}

/**
 * Request of CancelJob.
 */
export interface CancelJobRequest__Output {
  /**
   * The job. Format: `jobs/{job}`.
   */
  'name': (string);
}
