// Original file: proto/tenon/training/v1/job.proto

import type { Task as _tenon_common_v1_Task, Task__Output as _tenon_common_v1_Task__Output } from '../../../tenon/common/v1/Task.js';
import type { RecipeStep as _tenon_data_v1_RecipeStep, RecipeStep__Output as _tenon_data_v1_RecipeStep__Output } from '../../../tenon/data/v1/RecipeStep.js';
import type { EstimatorSpec as _tenon_training_v1_EstimatorSpec, EstimatorSpec__Output as _tenon_training_v1_EstimatorSpec__Output } from '../../../tenon/training/v1/EstimatorSpec.js';
import type { Validation as _tenon_training_v1_Validation, Validation__Output as _tenon_training_v1_Validation__Output } from '../../../tenon/training/v1/Validation.js';
import type { Candidate as _tenon_training_v1_Candidate, Candidate__Output as _tenon_training_v1_Candidate__Output } from '../../../tenon/training/v1/Candidate.js';
import type { Search as _tenon_training_v1_Search, Search__Output as _tenon_training_v1_Search__Output } from '../../../tenon/training/v1/Search.js';
import type { JobLimits as _tenon_training_v1_JobLimits, JobLimits__Output as _tenon_training_v1_JobLimits__Output } from '../../../tenon/training/v1/JobLimits.js';
import type { PermutationImportance as _tenon_training_v1_PermutationImportance, PermutationImportance__Output as _tenon_training_v1_PermutationImportance__Output } from '../../../tenon/training/v1/PermutationImportance.js';
import type { Long } from '@grpc/proto-loader';

/**
 * What to train, on what, and how to judge it.
 */
export interface JobSpec {
  /**
   * The data. Format: `datasets/{dataset}/versions/{version}`, or `latest`, which is
   * resolved when the job is created.
   */
  'datasetVersion'?: (string);
  /**
   * The column to predict; empty for TASK_CLUSTERING and no other.
   */
  'target'?: (string);
  /**
   * The columns to predict from; empty for all but the target, timestamps, and the
   * columns that `weight_column` and `validation` name.
   */
  'features'?: (string)[];
  /**
   * Classification or regression, chosen from the target when not stated; or clustering.
   */
  'task'?: (_tenon_common_v1_Task);
  /**
   * A stored recipe. Format: `recipes/{recipe}`. Copied into the job when it is created;
   * refused together with `steps`.
   */
  'recipe'?: (string);
  /**
   * The recipe's steps. With neither these nor `recipe`: fill missing values and one-hot
   * encode text (ordinal for gradient boosting, which splits sets of categories); for
   * estimators that scales mislead standardize too.
   */
  'steps'?: (_tenon_data_v1_RecipeStep)[];
  /**
   * The estimator with its parameters; with several to choose from, `candidates` instead,
   * and with an automatic search neither.
   */
  'estimator'?: (_tenon_training_v1_EstimatorSpec | null);
  /**
   * How to estimate quality before the final fit.
   */
  'validation'?: (_tenon_training_v1_Validation | null);
  /**
   * The share of rows held out for the final test, in [0, 0.9]; unset means 0.2, zero
   * means none. Stratified for classification.
   */
  'testFraction'?: (number | string);
  /**
   * The seed of every random choice, 0 to 2^53 - 1.
   */
  'seed'?: (number | string | Long);
  /**
   * The model to register a version of; created if it does not exist.
   * Format: `models/{model}`.
   */
  'model'?: (string);
  /**
   * An alias to point at the new version; empty for none.
   */
  'alias'?: (string);
  /**
   * What to choose from, 1 to 100: each is scored by `validation`, and the best is
   * fitted on all training rows. Refused together with `estimator`.
   */
  'candidates'?: (_tenon_training_v1_Candidate)[];
  /**
   * How the spaces of `candidates` are searched; unset means a grid of all their values.
   */
  'search'?: (_tenon_training_v1_Search | null);
  /**
   * The metric that decides between candidates, by its name in `tenon.common.v1.Metric`;
   * empty means `accuracy` for classification, `rmse` for regression and `silhouette` for
   * clustering. Only with several candidates.
   */
  'metric'?: (string);
  /**
   * How long the job and its attempts may take, and what they may use.
   */
  'limits'?: (_tenon_training_v1_JobLimits | null);
  /**
   * A column with the weight of each row, a number of at least 0 without nulls; empty
   * means that every row counts once. No feature unless `features` names it.
   */
  'weightColumn'?: (string);
  /**
   * Measures how much each feature column matters to the final model, on the held-out
   * rows; unset means that only the estimator's own importances are told. Refused where
   * `test_fraction` is 0, and for TASK_CLUSTERING.
   */
  'permutationImportance'?: (_tenon_training_v1_PermutationImportance | null);
  '_testFraction'?: "testFraction";
}

/**
 * What to train, on what, and how to judge it.
 */
export interface JobSpec__Output {
  /**
   * The data. Format: `datasets/{dataset}/versions/{version}`, or `latest`, which is
   * resolved when the job is created.
   */
  'datasetVersion': (string);
  /**
   * The column to predict; empty for TASK_CLUSTERING and no other.
   */
  'target': (string);
  /**
   * The columns to predict from; empty for all but the target, timestamps, and the
   * columns that `weight_column` and `validation` name.
   */
  'features': (string)[];
  /**
   * Classification or regression, chosen from the target when not stated; or clustering.
   */
  'task': (_tenon_common_v1_Task__Output);
  /**
   * A stored recipe. Format: `recipes/{recipe}`. Copied into the job when it is created;
   * refused together with `steps`.
   */
  'recipe': (string);
  /**
   * The recipe's steps. With neither these nor `recipe`: fill missing values and one-hot
   * encode text (ordinal for gradient boosting, which splits sets of categories); for
   * estimators that scales mislead standardize too.
   */
  'steps': (_tenon_data_v1_RecipeStep__Output)[];
  /**
   * The estimator with its parameters; with several to choose from, `candidates` instead,
   * and with an automatic search neither.
   */
  'estimator': (_tenon_training_v1_EstimatorSpec__Output | null);
  /**
   * How to estimate quality before the final fit.
   */
  'validation': (_tenon_training_v1_Validation__Output | null);
  /**
   * The share of rows held out for the final test, in [0, 0.9]; unset means 0.2, zero
   * means none. Stratified for classification.
   */
  'testFraction'?: (number);
  /**
   * The seed of every random choice, 0 to 2^53 - 1.
   */
  'seed': (number);
  /**
   * The model to register a version of; created if it does not exist.
   * Format: `models/{model}`.
   */
  'model': (string);
  /**
   * An alias to point at the new version; empty for none.
   */
  'alias': (string);
  /**
   * What to choose from, 1 to 100: each is scored by `validation`, and the best is
   * fitted on all training rows. Refused together with `estimator`.
   */
  'candidates': (_tenon_training_v1_Candidate__Output)[];
  /**
   * How the spaces of `candidates` are searched; unset means a grid of all their values.
   */
  'search': (_tenon_training_v1_Search__Output | null);
  /**
   * The metric that decides between candidates, by its name in `tenon.common.v1.Metric`;
   * empty means `accuracy` for classification, `rmse` for regression and `silhouette` for
   * clustering. Only with several candidates.
   */
  'metric': (string);
  /**
   * How long the job and its attempts may take, and what they may use.
   */
  'limits': (_tenon_training_v1_JobLimits__Output | null);
  /**
   * A column with the weight of each row, a number of at least 0 without nulls; empty
   * means that every row counts once. No feature unless `features` names it.
   */
  'weightColumn': (string);
  /**
   * Measures how much each feature column matters to the final model, on the held-out
   * rows; unset means that only the estimator's own importances are told. Refused where
   * `test_fraction` is 0, and for TASK_CLUSTERING.
   */
  'permutationImportance': (_tenon_training_v1_PermutationImportance__Output | null);
  '_testFraction'?: "testFraction";
}
