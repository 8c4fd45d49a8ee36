// Original file: proto/tenon/training/v1/training_service.proto

import type { Job as _tenon_training_v1_Job, Job__Output as _tenon_training_v1_Job__Output } from '../../../tenon/training/v1/Job.js';

/**
 * Response of ListJobs.
 */
export interface ListJobsResponse {
  /**
   * The jobs of this page.
   */
  'jobs'?: (_tenon_training_v1_Job)[];
  /**
   * The token of the next page; empty on the last.
   */
  'nextPageToken'?: (string);
}

/**
 * Response of ListJobs.
 */
export interface ListJobsResponse__Output {
  /**
   * The jobs of this page.
   */
  'jobs': (_tenon_training_v1_Job__Output)[];
  /**
   * The token of the next page; empty on the last.
   */
  'nextPageToken': (string);
}
