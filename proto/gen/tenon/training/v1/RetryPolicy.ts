// Original file: proto/tenon/training/v1/job_limits.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../google/protobuf/Duration.js';

/**
 * When an attempt is made again: after its worker died, fell silent or ran too long, and
 * after a failure that may pass (another service away, a fault of this one). A spec that
 * does not fit its data is never tried twice.
 */
export interface RetryPolicy {
  /**
   * The attempts in all, 1 to 1,000; 0 means the service's `training.max-attempts`.
   */
  'maxAttempts'?: (number);
  /**
   * The pause after the first attempt; unset means 1 s.
   */
  'initialInterval'?: (_google_protobuf_Duration | null);
  /**
   * By what the pause grows with each attempt, 1 to 100; 0 means 2.
   */
  'backoffCoefficient'?: (number | string);
  /**
   * The longest pause; unset means 1 min.
   */
  'maxInterval'?: (_google_protobuf_Duration | null);
  /**
   * Reasons (`DEPENDENCY_UNAVAILABLE`) after which the job fails at once, at most 20.
   */
  'nonRetryableReasons'?: (string)[];
}

/**
 * When an attempt is made again: after its worker died, fell silent or ran too long, and
 * after a failure that may pass (another service away, a fault of this one). A spec that
 * does not fit its data is never tried twice.
 */
export interface RetryPolicy__Output {
  /**
   * The attempts in all, 1 to 1,000; 0 means the service's `training.max-attempts`.
   */
  'maxAttempts': (number);
  /**
   * The pause after the first attempt; unset means 1 s.
   */
  'initialInterval': (_google_protobuf_Duration__Output | null);
  /**
   * By what the pause grows with each attempt, 1 to 100; 0 means 2.
   */
  'backoffCoefficient': (number);
  /**
   * The longest pause; unset means 1 min.
   */
  'maxInterval': (_google_protobuf_Duration__Output | null);
  /**
   * Reasons (`DEPENDENCY_UNAVAILABLE`) after which the job fails at once, at most 20.
   */
  'nonRetryableReasons': (string)[];
}
