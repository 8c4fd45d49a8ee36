// Original file: proto/tenon/training/v1/training_service.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Request of WatchJob.
 */
export interface WatchJobRequest {
  /**
   * The job. Format: `jobs/{job}`.
   */
  'name'?: (string);
  /**
   * Events up to this one are left out; 0 for all.
   */
  'afterSequence'?: (number | string | Long);
}

/**
 * Request of WatchJob.
 */
export interface WatchJobRequest__Output {
  /**
   * The job. Format: `jobs/{job}`.
   */
  'name': (string);
  /**
   * Events up to this one are left out; 0 for all.
   */
  'afterSequence': (number);
}
