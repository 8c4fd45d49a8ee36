// Original file: proto/tenon/training/v1/job.proto

import type { Metric as _tenon_common_v1_Metric, Metric__Output as _tenon_common_v1_Metric__Output } from '../../../tenon/common/v1/Metric.js';
import type { ColumnImportance as _tenon_training_v1_ColumnImportance, ColumnImportance__Output as _tenon_training_v1_ColumnImportance__Output } from '../../../tenon/training/v1/ColumnImportance.js';

/**
 * How much each feature column matters to a model.
 */
export interface ColumnImportances {
  /**
   * The metric that gets worse: `JobSpec.metric`, or the default of the task. Its value
   * on the held-out rows as they are.
   */
  'baseline'?: (_tenon_common_v1_Metric | null);
  /**
   * One per column, in the order of `JobSpec.features`, then one per `pca` step for the
   * columns that it reduces.
   */
  'columns'?: (_tenon_training_v1_ColumnImportance)[];
}

/**
 * How much each feature column matters to a model.
 */
export interface ColumnImportances__Output {
  /**
   * The metric that gets worse: `JobSpec.metric`, or the default of the task. Its value
   * on the held-out rows as they are.
   */
  'baseline': (_tenon_common_v1_Metric__Output | null);
  /**
   * One per column, in the order of `JobSpec.features`, then one per `pca` step for the
   * columns that it reduces.
   */
  'columns': (_tenon_training_v1_ColumnImportance__Output)[];
}
