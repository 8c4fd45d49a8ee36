// Original file: proto/tenon/training/v1/training_service.proto

import type { Job as _tenon_training_v1_Job, Job__Output as _tenon_training_v1_Job__Output } from '../../../tenon/training/v1/Job.js';

/**
 * Request of CreateJob.
 */
export interface CreateJobRequest {
  /**
   * The job to create; `name` may be empty for a generated one.
   */
  'job'?: (_tenon_training_v1_Job | null);
  /**
   * Makes a retry safe: a repeated id returns the first result. At most 64 characters.
   */
  'requestId'?: (string);
}

/**
 * Request of CreateJob.
 */
export interface CreateJobRequest__Output {
  /**
   * The job to create; `name` may be empty for a generated one.
   */
  'job': (_tenon_training_v1_Job__Output | null);
  /**
   * Makes a retry safe: a repeated id returns the first result. At most 64 characters.
   */
  'requestId': (string);
}
