// Original file: proto/tenon/training/v1/job_limits.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../google/protobuf/Duration.js';
import type { RetryPolicy as _tenon_training_v1_RetryPolicy, RetryPolicy__Output as _tenon_training_v1_RetryPolicy__Output } from '../../../tenon/training/v1/RetryPolicy.js';
import type { Long } from '@grpc/proto-loader';

/**
 * What a job may take. Every part left out has no bound of its own.
 */
export interface JobLimits {
  /**
   * The longest the job waits for its first worker. When it passes the job fails with
   * DEADLINE_EXCEEDED.
   */
  'scheduleToStartTimeout'?: (_google_protobuf_Duration | null);
  /**
   * The longest one attempt runs. When it passes the attempt is ended, and another is
   * made as `retry` allows.
   */
  'startToCloseTimeout'?: (_google_protobuf_Duration | null);
  /**
   * The longest the job takes in all, with waiting, attempts and the pauses between
   * them; what is being registered is not interrupted. When it passes the job fails
   * with DEADLINE_EXCEEDED.
   */
  'scheduleToCloseTimeout'?: (_google_protobuf_Duration | null);
  /**
   * The longest a worker may be silent before its attempt is ended, at least 2 s; unset
   * means the service's `training.heartbeat-timeout`.
   */
  'heartbeatTimeout'?: (_google_protobuf_Duration | null);
  /**
   * When an attempt that ended without a result is made again.
   */
  'retry'?: (_tenon_training_v1_RetryPolicy | null);
  /**
   * The most memory the job may need by an estimate made before anything is allocated;
   * 0 means the service's `training.max-memory`, which bounds it too.
   */
  'maxMemoryBytes'?: (number | string | Long);
  /**
   * The most threads that fit and score, 1 to 256; 0 means one per processor.
   */
  'maxThreads'?: (number);
}

/**
 * What a job may take. Every part left out has no bound of its own.
 */
export interface JobLimits__Output {
  /**
   * The longest the job waits for its first worker. When it passes the job fails with
   * DEADLINE_EXCEEDED.
   */
  'scheduleToStartTimeout': (_google_protobuf_Duration__Output | null);
  /**
   * The longest one attempt runs. When it passes the attempt is ended, and another is
   * made as `retry` allows.
   */
  'startToCloseTimeout': (_google_protobuf_Duration__Output | null);
  /**
   * The longest the job takes in all, with waiting, attempts and the pauses between
   * them; what is being registered is not interrupted. When it passes the job fails
   * with DEADLINE_EXCEEDED.
   */
  'scheduleToCloseTimeout': (_google_protobuf_Duration__Output | null);
  /**
   * The longest a worker may be silent before its attempt is ended, at least 2 s; unset
   * means the service's `training.heartbeat-timeout`.
   */
  'heartbeatTimeout': (_google_protobuf_Duration__Output | null);
  /**
   * When an attempt that ended without a result is made again.
   */
  'retry': (_tenon_training_v1_RetryPolicy__Output | null);
  /**
   * The most memory the job may need by an estimate made before anything is allocated;
   * 0 means the service's `training.max-memory`, which bounds it too.
   */
  'maxMemoryBytes': (number);
  /**
   * The most threads that fit and score, 1 to 256; 0 means one per processor.
   */
  'maxThreads': (number);
}
