// Original file: proto/tenon/training/v1/training_service.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../google/protobuf/Timestamp.js';
import type { Job as _tenon_training_v1_Job, Job__Output as _tenon_training_v1_Job__Output } from '../../../tenon/training/v1/Job.js';
import type { JobProgress as _tenon_training_v1_JobProgress, JobProgress__Output as _tenon_training_v1_JobProgress__Output } from '../../../tenon/training/v1/JobProgress.js';
import type { FoldResult as _tenon_training_v1_FoldResult, FoldResult__Output as _tenon_training_v1_FoldResult__Output } from '../../../tenon/training/v1/FoldResult.js';
import type { Long } from '@grpc/proto-loader';

/**
 * An event of a job.
 */
export interface WatchJobResponse {
  /**
   * Counts a job's events from 1, without gaps.
   */
  'sequence'?: (number | string | Long);
  /**
   * When it happened.
   */
  'time'?: (_google_protobuf_Timestamp | null);
  /**
   * The job as it stands after a change of state.
   */
  'stateChanged'?: (_tenon_training_v1_Job | null);
  /**
   * How far it got.
   */
  'progress'?: (_tenon_training_v1_JobProgress | null);
  /**
   * A fold is done.
   */
  'foldFinished'?: (_tenon_training_v1_FoldResult | null);
  /**
   * What happened.
   */
  'event'?: "stateChanged"|"progress"|"foldFinished";
}

/**
 * An event of a job.
 */
export interface WatchJobResponse__Output {
  /**
   * Counts a job's events from 1, without gaps.
   */
  'sequence': (number);
  /**
   * When it happened.
   */
  'time': (_google_protobuf_Timestamp__Output | null);
  /**
   * The job as it stands after a change of state.
   */
  'stateChanged'?: (_tenon_training_v1_Job__Output | null);
  /**
   * How far it got.
   */
  'progress'?: (_tenon_training_v1_JobProgress__Output | null);
  /**
   * A fold is done.
   */
  'foldFinished'?: (_tenon_training_v1_FoldResult__Output | null);
  /**
   * What happened.
   */
  'event'?: "stateChanged"|"progress"|"foldFinished";
}
