// Original file: proto/tenon/training/v1/search.proto

import type { EstimatorSpec as _tenon_training_v1_EstimatorSpec, EstimatorSpec__Output as _tenon_training_v1_EstimatorSpec__Output } from '../../../tenon/training/v1/EstimatorSpec.js';
import type { RecipeStep as _tenon_data_v1_RecipeStep, RecipeStep__Output as _tenon_data_v1_RecipeStep__Output } from '../../../tenon/data/v1/RecipeStep.js';
import type { Metric as _tenon_common_v1_Metric, Metric__Output as _tenon_common_v1_Metric__Output } from '../../../tenon/common/v1/Metric.js';
import type { Status as _google_rpc_Status, Status__Output as _google_rpc_Status__Output } from '../../../google/rpc/Status.js';
import type { Long } from '@grpc/proto-loader';

// Original file: proto/tenon/training/v1/search.proto

/**
 * What became of a candidate.
 */
export const _tenon_training_v1_LeaderboardEntry_Outcome = {
  /**
   * Not stated; never sent.
   */
  OUTCOME_UNSPECIFIED: 'OUTCOME_UNSPECIFIED',
  /**
   * Scored on all training rows.
   */
  OUTCOME_SCORED: 'OUTCOME_SCORED',
  /**
   * Left behind in a round of halving.
   */
  OUTCOME_ELIMINATED: 'OUTCOME_ELIMINATED',
  /**
   * Its fit failed; `error` says why.
   */
  OUTCOME_FAILED: 'OUTCOME_FAILED',
  /**
   * Not begun: the budget was used up.
   */
  OUTCOME_SKIPPED: 'OUTCOME_SKIPPED',
} as const;

/**
 * What became of a candidate.
 */
export type _tenon_training_v1_LeaderboardEntry_Outcome =
  /**
   * Not stated; never sent.
   */
  | 'OUTCOME_UNSPECIFIED'
  | 0
  /**
   * Scored on all training rows.
   */
  | 'OUTCOME_SCORED'
  | 1
  /**
   * Left behind in a round of halving.
   */
  | 'OUTCOME_ELIMINATED'
  | 2
  /**
   * Its fit failed; `error` says why.
   */
  | 'OUTCOME_FAILED'
  | 3
  /**
   * Not begun: the budget was used up.
   */
  | 'OUTCOME_SKIPPED'
  | 4

/**
 * What became of a candidate.
 */
export type _tenon_training_v1_LeaderboardEntry_Outcome__Output = typeof _tenon_training_v1_LeaderboardEntry_Outcome[keyof typeof _tenon_training_v1_LeaderboardEntry_Outcome]

/**
 * A candidate of a search and how it did.
 */
export interface LeaderboardEntry {
  /**
   * The place, from 1 for the one that was fitted; 0 for failed and skipped ones.
   */
  'rank'?: (number);
  /**
   * Counts candidates in the order in which they were begun, from 1.
   */
  'candidate'?: (number);
  /**
   * What became of it.
   */
  'outcome'?: (_tenon_training_v1_LeaderboardEntry_Outcome);
  /**
   * The estimator with every parameter given to it.
   */
  'estimator'?: (_tenon_training_v1_EstimatorSpec | null);
  /**
   * The recipe's steps.
   */
  'steps'?: (_tenon_data_v1_RecipeStep)[];
  /**
   * Over folds: mean and standard deviation.
   */
  'metrics'?: (_tenon_common_v1_Metric)[];
  /**
   * The mean time to fit a fold, in seconds.
   */
  'fitSeconds'?: (number | string);
  /**
   * The mean time to score the rows left out, in seconds per 1,000 rows.
   */
  'scoreSeconds'?: (number | string);
  /**
   * The mean memory of a model, in bytes.
   */
  'sizeBytes'?: (number | string | Long);
  /**
   * The training rows of a fold in the last round it took part in.
   */
  'trainRows'?: (number | string | Long);
  /**
   * Why its fit failed.
   */
  'error'?: (_google_rpc_Status | null);
}

/**
 * A candidate of a search and how it did.
 */
export interface LeaderboardEntry__Output {
  /**
   * The place, from 1 for the one that was fitted; 0 for failed and skipped ones.
   */
  'rank': (number);
  /**
   * Counts candidates in the order in which they were begun, from 1.
   */
  'candidate': (number);
  /**
   * What became of it.
   */
  'outcome': (_tenon_training_v1_LeaderboardEntry_Outcome__Output);
  /**
   * The estimator with every parameter given to it.
   */
  'estimator': (_tenon_training_v1_EstimatorSpec__Output | null);
  /**
   * The recipe's steps.
   */
  'steps': (_tenon_data_v1_RecipeStep__Output)[];
  /**
   * Over folds: mean and standard deviation.
   */
  'metrics': (_tenon_common_v1_Metric__Output)[];
  /**
   * The mean time to fit a fold, in seconds.
   */
  'fitSeconds': (number);
  /**
   * The mean time to score the rows left out, in seconds per 1,000 rows.
   */
  'scoreSeconds': (number);
  /**
   * The mean memory of a model, in bytes.
   */
  'sizeBytes': (number);
  /**
   * The training rows of a fold in the last round it took part in.
   */
  'trainRows': (number);
  /**
   * Why its fit failed.
   */
  'error': (_google_rpc_Status__Output | null);
}
