// Original file: proto/tenon/training/v1/job.proto

import type { FoldResult as _tenon_training_v1_FoldResult, FoldResult__Output as _tenon_training_v1_FoldResult__Output } from '../../../tenon/training/v1/FoldResult.js';
import type { Metric as _tenon_common_v1_Metric, Metric__Output as _tenon_common_v1_Metric__Output } from '../../../tenon/common/v1/Metric.js';
import type { LeaderboardEntry as _tenon_training_v1_LeaderboardEntry, LeaderboardEntry__Output as _tenon_training_v1_LeaderboardEntry__Output } from '../../../tenon/training/v1/LeaderboardEntry.js';
import type { Variant as _tenon_training_v1_Variant, Variant__Output as _tenon_training_v1_Variant__Output } from '../../../tenon/training/v1/Variant.js';
import type { ColumnImportances as _tenon_training_v1_ColumnImportances, ColumnImportances__Output as _tenon_training_v1_ColumnImportances__Output } from '../../../tenon/training/v1/ColumnImportances.js';
import type { ExportedFile as _tenon_training_v1_ExportedFile, ExportedFile__Output as _tenon_training_v1_ExportedFile__Output } from '../../../tenon/training/v1/ExportedFile.js';
import type { Long } from '@grpc/proto-loader';

/**
 * What came of a job.
 */
export interface JobResult {
  /**
   * Each fold's metrics, in fold order; after a search those of the best candidate. More
   * than 200 folds are not listed, and `validation_metrics` are then over all their
   * predictions together.
   */
  'folds'?: (_tenon_training_v1_FoldResult)[];
  /**
   * Over folds: mean and standard deviation.
   */
  'validationMetrics'?: (_tenon_common_v1_Metric)[];
  /**
   * On the held-out rows.
   */
  'testMetrics'?: (_tenon_common_v1_Metric)[];
  /**
   * The rows the final model was fitted on.
   */
  'trainRows'?: (number | string | Long);
  /**
   * The rows it was tested on.
   */
  'testRows'?: (number | string | Long);
  /**
   * The time the final fit took, in seconds.
   */
  'fitSeconds'?: (number | string);
  /**
   * The version registered. Format: `models/{model}/versions/{version}`.
   */
  'modelVersion'?: (string);
  /**
   * The names of the features the estimator saw, in order; a tensor column is named once
   * for all its elements.
   */
  'features'?: (string)[];
  /**
   * Each feature's importance, in the same order, summing to 1; a tensor column's is the
   * sum over its elements; empty where the
   * estimator has none.
   */
  'importances'?: (number | string)[];
  /**
   * The candidates of a search, best first, then the failed and the skipped ones.
   */
  'leaderboard'?: (_tenon_training_v1_LeaderboardEntry)[];
  /**
   * The predictions for validation rows by the models that had not seen them, a file of
   * the version in safetensors: `row` (of the dataset version, from 0), `fold`, and
   * `prediction` (rows x classes, or rows x 1). Empty without validation.
   * Format: `artifacts/{sha256}`.
   */
  'outOfFoldArtifact'?: (string);
  /**
   * The variants of an optimization as they are measured, the original first.
   */
  'variants'?: (_tenon_training_v1_Variant)[];
  /**
   * What `JobSpec.permutation_importance` asked for; unset without held-out rows on
   * which the metric is defined.
   */
  'columnImportances'?: (_tenon_training_v1_ColumnImportances | null);
  /**
   * What an export has written.
   */
  'exported'?: (_tenon_training_v1_ExportedFile | null);
}

/**
 * What came of a job.
 */
export interface JobResult__Output {
  /**
   * Each fold's metrics, in fold order; after a search those of the best candidate. More
   * than 200 folds are not listed, and `validation_metrics` are then over all their
   * predictions together.
   */
  'folds': (_tenon_training_v1_FoldResult__Output)[];
  /**
   * Over folds: mean and standard deviation.
   */
  'validationMetrics': (_tenon_common_v1_Metric__Output)[];
  /**
   * On the held-out rows.
   */
  'testMetrics': (_tenon_common_v1_Metric__Output)[];
  /**
   * The rows the final model was fitted on.
   */
  'trainRows': (number);
  /**
   * The rows it was tested on.
   */
  'testRows': (number);
  /**
   * The time the final fit took, in seconds.
   */
  'fitSeconds': (number);
  /**
   * The version registered. Format: `models/{model}/versions/{version}`.
   */
  'modelVersion': (string);
  /**
   * The names of the features the estimator saw, in order; a tensor column is named once
   * for all its elements.
   */
  'features': (string)[];
  /**
   * Each feature's importance, in the same order, summing to 1; a tensor column's is the
   * sum over its elements; empty where the
   * estimator has none.
   */
  'importances': (number)[];
  /**
   * The candidates of a search, best first, then the failed and the skipped ones.
   */
  'leaderboard': (_tenon_training_v1_LeaderboardEntry__Output)[];
  /**
   * The predictions for validation rows by the models that had not seen them, a file of
   * the version in safetensors: `row` (of the dataset version, from 0), `fold`, and
   * `prediction` (rows x classes, or rows x 1). Empty without validation.
   * Format: `artifacts/{sha256}`.
   */
  'outOfFoldArtifact': (string);
  /**
   * The variants of an optimization as they are measured, the original first.
   */
  'variants': (_tenon_training_v1_Variant__Output)[];
  /**
   * What `JobSpec.permutation_importance` asked for; unset without held-out rows on
   * which the metric is defined.
   */
  'columnImportances': (_tenon_training_v1_ColumnImportances__Output | null);
  /**
   * What an export has written.
   */
  'exported': (_tenon_training_v1_ExportedFile__Output | null);
}
