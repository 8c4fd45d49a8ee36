// Original file: proto/tenon/training/v1/training_service.proto

import type { _tenon_training_v1_OptimizeSpec_Objective, _tenon_training_v1_OptimizeSpec_Objective__Output } from '../../../tenon/training/v1/OptimizeSpec.js';
import type { _tenon_training_v1_OptimizeSpec_Method, _tenon_training_v1_OptimizeSpec_Method__Output } from '../../../tenon/training/v1/OptimizeSpec.js';
import type { JobLimits as _tenon_training_v1_JobLimits, JobLimits__Output as _tenon_training_v1_JobLimits__Output } from '../../../tenon/training/v1/JobLimits.js';

/**
 * Request of OptimizeModel.
 */
export interface OptimizeModelRequest {
  /**
   * The version to optimize. Format: `models/{model}/versions/{version}`.
   */
  'modelVersion'?: (string);
  /**
   * The most of `metric` that may be lost, in its own unit; at least 0.
   */
  'maxLoss'?: (number | string);
  /**
   * Makes a retry safe: a repeated id returns the first result. At most 64 characters.
   */
  'requestId'?: (string);
  /**
   * The metric to keep, by its name in `tenon.common.v1.Metric`; empty means `accuracy`
   * for classification and `rmse` for regression.
   */
  'metric'?: (string);
  /**
   * What to make small; unset means size.
   */
  'objective'?: (_tenon_training_v1_OptimizeSpec_Objective);
  /**
   * What may be done; empty means all that apply to the version's estimator.
   */
  'methods'?: (_tenon_training_v1_OptimizeSpec_Method)[];
  /**
   * Rows to measure on, with the version's input and target columns; `latest` is resolved
   * when the job is created. Empty means the rows that the version's own job held out,
   * which needs that job to exist still.
   * Format: `datasets/{dataset}/versions/{version}`.
   */
  'evaluationDatasetVersion'?: (string);
  /**
   * How long the job and its attempts may take, and what they may use.
   */
  'limits'?: (_tenon_training_v1_JobLimits | null);
}

/**
 * Request of OptimizeModel.
 */
export interface OptimizeModelRequest__Output {
  /**
   * The version to optimize. Format: `models/{model}/versions/{version}`.
   */
  'modelVersion': (string);
  /**
   * The most of `metric` that may be lost, in its own unit; at least 0.
   */
  'maxLoss': (number);
  /**
   * Makes a retry safe: a repeated id returns the first result. At most 64 characters.
   */
  'requestId': (string);
  /**
   * The metric to keep, by its name in `tenon.common.v1.Metric`; empty means `accuracy`
   * for classification and `rmse` for regression.
   */
  'metric': (string);
  /**
   * What to make small; unset means size.
   */
  'objective': (_tenon_training_v1_OptimizeSpec_Objective__Output);
  /**
   * What may be done; empty means all that apply to the version's estimator.
   */
  'methods': (_tenon_training_v1_OptimizeSpec_Method__Output)[];
  /**
   * Rows to measure on, with the version's input and target columns; `latest` is resolved
   * when the job is created. Empty means the rows that the version's own job held out,
   * which needs that job to exist still.
   * Format: `datasets/{dataset}/versions/{version}`.
   */
  'evaluationDatasetVersion': (string);
  /**
   * How long the job and its attempts may take, and what they may use.
   */
  'limits': (_tenon_training_v1_JobLimits__Output | null);
}
