// Original file: proto/tenon/training/v1/optimize.proto

import type { JobLimits as _tenon_training_v1_JobLimits, JobLimits__Output as _tenon_training_v1_JobLimits__Output } from '../../../tenon/training/v1/JobLimits.js';

// Original file: proto/tenon/training/v1/optimize.proto

/**
 * What may be done to a model.
 */
export const _tenon_training_v1_OptimizeSpec_Method = {
  /**
   * Not stated; never sent.
   */
  METHOD_UNSPECIFIED: 'METHOD_UNSPECIFIED',
  /**
   * Forests: the first trees only. Gradient boosting: the first rounds only.
   */
  METHOD_FEWER_TREES: 'METHOD_FEWER_TREES',
  /**
   * Forests and gradient boosting: the splits that explain least become leaves (minimal
   * cost-complexity pruning). Linear models and networks: the smallest weights become zero.
   */
  METHOD_PRUNE: 'METHOD_PRUNE',
  /**
   * Forests and gradient boosting: sibling leaves of nearly the same value become one.
   */
  METHOD_MERGE_LEAVES: 'METHOD_MERGE_LEAVES',
  /**
   * Forests and gradient boosting: leaf values in 16 bits and thresholds in 8. Linear models: weights in 16
   * or 8 bits. Networks: 8-bit weights and layers.
   */
  METHOD_QUANTIZE: 'METHOD_QUANTIZE',
  /**
   * Forests and gradient boosting: what can be derived is not stored; costs no quality.
   */
  METHOD_PACK: 'METHOD_PACK',
  /**
   * Networks and k nearest neighbours: principal components of the training rows stand in front, and the model
   * sees those.
   */
  METHOD_REDUCE: 'METHOD_REDUCE',
} as const;

/**
 * What may be done to a model.
 */
export type _tenon_training_v1_OptimizeSpec_Method =
  /**
   * Not stated; never sent.
   */
  | 'METHOD_UNSPECIFIED'
  | 0
  /**
   * Forests: the first trees only. Gradient boosting: the first rounds only.
   */
  | 'METHOD_FEWER_TREES'
  | 1
  /**
   * Forests and gradient boosting: the splits that explain least become leaves (minimal
   * cost-complexity pruning). Linear models and networks: the smallest weights become zero.
   */
  | 'METHOD_PRUNE'
  | 2
  /**
   * Forests and gradient boosting: sibling leaves of nearly the same value become one.
   */
  | 'METHOD_MERGE_LEAVES'
  | 3
  /**
   * Forests and gradient boosting: leaf values in 16 bits and thresholds in 8. Linear models: weights in 16
   * or 8 bits. Networks: 8-bit weights and layers.
   */
  | 'METHOD_QUANTIZE'
  | 4
  /**
   * Forests and gradient boosting: what can be derived is not stored; costs no quality.
   */
  | 'METHOD_PACK'
  | 5
  /**
   * Networks and k nearest neighbours: principal components of the training rows stand in front, and the model
   * sees those.
   */
  | 'METHOD_REDUCE'
  | 6

/**
 * What may be done to a model.
 */
export type _tenon_training_v1_OptimizeSpec_Method__Output = typeof _tenon_training_v1_OptimizeSpec_Method[keyof typeof _tenon_training_v1_OptimizeSpec_Method]

// Original file: proto/tenon/training/v1/optimize.proto

/**
 * What to make small.
 */
export const _tenon_training_v1_OptimizeSpec_Objective = {
  /**
   * Not stated: size.
   */
  OBJECTIVE_UNSPECIFIED: 'OBJECTIVE_UNSPECIFIED',
  /**
   * The bytes of the model's weights file.
   */
  OBJECTIVE_SIZE: 'OBJECTIVE_SIZE',
  /**
   * The time to score a single row, the model alone.
   */
  OBJECTIVE_LATENCY: 'OBJECTIVE_LATENCY',
} as const;

/**
 * What to make small.
 */
export type _tenon_training_v1_OptimizeSpec_Objective =
  /**
   * Not stated: size.
   */
  | 'OBJECTIVE_UNSPECIFIED'
  | 0
  /**
   * The bytes of the model's weights file.
   */
  | 'OBJECTIVE_SIZE'
  | 1
  /**
   * The time to score a single row, the model alone.
   */
  | 'OBJECTIVE_LATENCY'
  | 2

/**
 * What to make small.
 */
export type _tenon_training_v1_OptimizeSpec_Objective__Output = typeof _tenon_training_v1_OptimizeSpec_Objective[keyof typeof _tenon_training_v1_OptimizeSpec_Objective]

/**
 * What to optimize, and how much quality it may cost.
 */
export interface OptimizeSpec {
  /**
   * The version to optimize. Format: `models/{model}/versions/{version}`.
   */
  'modelVersion'?: (string);
  /**
   * The most of `metric` that may be lost, in its own unit.
   */
  'maxLoss'?: (number | string);
  /**
   * The metric that is kept, by its name in `tenon.common.v1.Metric`.
   */
  'metric'?: (string);
  /**
   * What to make small.
   */
  'objective'?: (_tenon_training_v1_OptimizeSpec_Objective);
  /**
   * What may be done.
   */
  'methods'?: (_tenon_training_v1_OptimizeSpec_Method)[];
  /**
   * The rows that variants are measured on; empty for the rows that the version's own job
   * held out. Format: `datasets/{dataset}/versions/{version}`.
   */
  'evaluationDatasetVersion'?: (string);
  /**
   * How long the job and its attempts may take, and what they may use.
   */
  'limits'?: (_tenon_training_v1_JobLimits | null);
}

/**
 * What to optimize, and how much quality it may cost.
 */
export interface OptimizeSpec__Output {
  /**
   * The version to optimize. Format: `models/{model}/versions/{version}`.
   */
  'modelVersion': (string);
  /**
   * The most of `metric` that may be lost, in its own unit.
   */
  'maxLoss': (number);
  /**
   * The metric that is kept, by its name in `tenon.common.v1.Metric`.
   */
  'metric': (string);
  /**
   * What to make small.
   */
  'objective': (_tenon_training_v1_OptimizeSpec_Objective__Output);
  /**
   * What may be done.
   */
  'methods': (_tenon_training_v1_OptimizeSpec_Method__Output)[];
  /**
   * The rows that variants are measured on; empty for the rows that the version's own job
   * held out. Format: `datasets/{dataset}/versions/{version}`.
   */
  'evaluationDatasetVersion': (string);
  /**
   * How long the job and its attempts may take, and what they may use.
   */
  'limits': (_tenon_training_v1_JobLimits__Output | null);
}
