// Original file: proto/tenon/training/v1/training_service.proto


/**
 * Request of GetJob.
 */
export interface GetJobRequest {
  /**
   * The job. Format: `jobs/{job}`.
   */
  'name'?: (string);
}

/**
 * Request of GetJob.
 */
export interface GetJobRequest__Output {
  /**
   * The job. Format: `jobs/{job}`.
   */
  'name': (string);
}
