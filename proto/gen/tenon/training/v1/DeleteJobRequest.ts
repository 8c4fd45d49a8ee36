// Original file: proto/tenon/training/v1/training_service.proto


/**
 * Request of DeleteJob.
 */
export interface DeleteJobRequest {
  /**
   * The job. Format: `jobs/{job}`.
   */
  'name'?: (string);
  /**
   * Guards against deleting what has changed; empty for no guard.
   */
  'etag'?: (string);
}

/**
 * Request of DeleteJob.
 */
export interface DeleteJobRequest__Output {
  /**
   * The job. Format: `jobs/{job}`.
   */
  'name': (string);
  /**
   * Guards against deleting what has changed; empty for no guard.
   */
  'etag': (string);
}
