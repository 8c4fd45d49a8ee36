// Original file: proto/tenon/training/v1/job.proto

import type { JobSpec as _tenon_training_v1_JobSpec, JobSpec__Output as _tenon_training_v1_JobSpec__Output } from '../../../tenon/training/v1/JobSpec.js';
import type { JobProgress as _tenon_training_v1_JobProgress, JobProgress__Output as _tenon_training_v1_JobProgress__Output } from '../../../tenon/training/v1/JobProgress.js';
import type { JobResult as _tenon_training_v1_JobResult, JobResult__Output as _tenon_training_v1_JobResult__Output } from '../../../tenon/training/v1/JobResult.js';
import type { Status as _google_rpc_Status, Status__Output as _google_rpc_Status__Output } from '../../../google/rpc/Status.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../google/protobuf/Timestamp.js';
import type { OptimizeSpec as _tenon_training_v1_OptimizeSpec, OptimizeSpec__Output as _tenon_training_v1_OptimizeSpec__Output } from '../../../tenon/training/v1/OptimizeSpec.js';
import type { ImportSpec as _tenon_training_v1_ImportSpec, ImportSpec__Output as _tenon_training_v1_ImportSpec__Output } from '../../../tenon/training/v1/ImportSpec.js';
import type { ExportSpec as _tenon_training_v1_ExportSpec, ExportSpec__Output as _tenon_training_v1_ExportSpec__Output } from '../../../tenon/training/v1/ExportSpec.js';

// Original file: proto/tenon/training/v1/job.proto

/**
 * The state of a job.
 */
export const _tenon_training_v1_Job_State = {
  /**
   * Not stated; never sent.
   */
  STATE_UNSPECIFIED: 'STATE_UNSPECIFIED',
  /**
   * Accepted and kept. From here the job may go to RUNNING, CANCELLED, or FAILED when it
   * waited too long.
   */
  STATE_QUEUED: 'STATE_QUEUED',
  /**
   * A worker has it. From here the job may go to SUCCEEDED, FAILED, CANCELLING, or
   * back to QUEUED when its attempt ended without a result.
   */
  STATE_RUNNING: 'STATE_RUNNING',
  /**
   * Asked to stop. From here the job may only go to CANCELLED.
   */
  STATE_CANCELLING: 'STATE_CANCELLING',
  /**
   * Done; `model_version` is set, or `exported`. Final.
   */
  STATE_SUCCEEDED: 'STATE_SUCCEEDED',
  /**
   * Given up; `error` says why. Final.
   */
  STATE_FAILED: 'STATE_FAILED',
  /**
   * Stopped on request; nothing was registered. Final.
   */
  STATE_CANCELLED: 'STATE_CANCELLED',
} as const;

/**
 * The state of a job.
 */
export type _tenon_training_v1_Job_State =
  /**
   * Not stated; never sent.
   */
  | 'STATE_UNSPECIFIED'
  | 0
  /**
   * Accepted and kept. From here the job may go to RUNNING, CANCELLED, or FAILED when it
   * waited too long.
   */
  | 'STATE_QUEUED'
  | 1
  /**
   * A worker has it. From here the job may go to SUCCEEDED, FAILED, CANCELLING, or
   * back to QUEUED when its attempt ended without a result.
   */
  | 'STATE_RUNNING'
  | 2
  /**
   * Asked to stop. From here the job may only go to CANCELLED.
   */
  | 'STATE_CANCELLING'
  | 3
  /**
   * Done; `model_version` is set, or `exported`. Final.
   */
  | 'STATE_SUCCEEDED'
  | 4
  /**
   * Given up; `error` says why. Final.
   */
  | 'STATE_FAILED'
  | 5
  /**
   * Stopped on request; nothing was registered. Final.
   */
  | 'STATE_CANCELLED'
  | 6

/**
 * The state of a job.
 */
export type _tenon_training_v1_Job_State__Output = typeof _tenon_training_v1_Job_State[keyof typeof _tenon_training_v1_Job_State]

/**
 * A training run: from a dataset version to a registered model version.
 */
export interface Job {
  /**
   * The resource name. Format: `jobs/{job}`.
   */
  'name'?: (string);
  /**
   * A name for people, at most 128 characters.
   */
  'displayName'?: (string);
  /**
   * What to train; unset for a job of OptimizeModel, ImportModel and ExportModel.
   */
  'spec'?: (_tenon_training_v1_JobSpec | null);
  /**
   * Where the job stands; output only.
   */
  'state'?: (_tenon_training_v1_Job_State);
  /**
   * How far it got; output only.
   */
  'progress'?: (_tenon_training_v1_JobProgress | null);
  /**
   * What came of it; output only, grows while the job runs.
   */
  'result'?: (_tenon_training_v1_JobResult | null);
  /**
   * Why it failed; output only, set with FAILED.
   */
  'error'?: (_google_rpc_Status | null);
  /**
   * How many workers have taken it; output only. Also the fencing token: what an earlier
   * worker reports is refused.
   */
  'attempt'?: (number);
  /**
   * When the job was created; output only.
   */
  'createTime'?: (_google_protobuf_Timestamp | null);
  /**
   * When a worker first took it; output only.
   */
  'startTime'?: (_google_protobuf_Timestamp | null);
  /**
   * When it reached a final state; output only.
   */
  'endTime'?: (_google_protobuf_Timestamp | null);
  /**
   * Changes with every change of the job.
   */
  'etag'?: (string);
  /**
   * What to optimize; output only, set for a job of OptimizeModel.
   */
  'optimize'?: (_tenon_training_v1_OptimizeSpec | null);
  /**
   * What to import; output only, set for a job of ImportModel.
   */
  'modelImport'?: (_tenon_training_v1_ImportSpec | null);
  /**
   * What to export; output only, set for a job of ExportModel.
   */
  'modelExport'?: (_tenon_training_v1_ExportSpec | null);
}

/**
 * A training run: from a dataset version to a registered model version.
 */
export interface Job__Output {
  /**
   * The resource name. Format: `jobs/{job}`.
   */
  'name': (string);
  /**
   * A name for people, at most 128 characters.
   */
  'displayName': (string);
  /**
   * What to train; unset for a job of OptimizeModel, ImportModel and ExportModel.
   */
  'spec': (_tenon_training_v1_JobSpec__Output | null);
  /**
   * Where the job stands; output only.
   */
  'state': (_tenon_training_v1_Job_State__Output);
  /**
   * How far it got; output only.
   */
  'progress': (_tenon_training_v1_JobProgress__Output | null);
  /**
   * What came of it; output only, grows while the job runs.
   */
  'result': (_tenon_training_v1_JobResult__Output | null);
  /**
   * Why it failed; output only, set with FAILED.
   */
  'error': (_google_rpc_Status__Output | null);
  /**
   * How many workers have taken it; output only. Also the fencing token: what an earlier
   * worker reports is refused.
   */
  'attempt': (number);
  /**
   * When the job was created; output only.
   */
  'createTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When a worker first took it; output only.
   */
  'startTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When it reached a final state; output only.
   */
  'endTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Changes with every change of the job.
   */
  'etag': (string);
  /**
   * What to optimize; output only, set for a job of OptimizeModel.
   */
  'optimize': (_tenon_training_v1_OptimizeSpec__Output | null);
  /**
   * What to import; output only, set for a job of ImportModel.
   */
  'modelImport': (_tenon_training_v1_ImportSpec__Output | null);
  /**
   * What to export; output only, set for a job of ExportModel.
   */
  'modelExport': (_tenon_training_v1_ExportSpec__Output | null);
}
