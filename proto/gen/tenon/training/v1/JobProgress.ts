// Original file: proto/tenon/training/v1/job.proto

import type { Long } from '@grpc/proto-loader';

// Original file: proto/tenon/training/v1/job.proto

/**
 * What the job is doing now.
 */
export const _tenon_training_v1_JobProgress_Stage = {
  /**
   * Not stated: not started.
   */
  STAGE_UNSPECIFIED: 'STAGE_UNSPECIFIED',
  /**
   * Reading the dataset.
   */
  STAGE_READING: 'STAGE_READING',
  /**
   * Fitting and scoring folds.
   */
  STAGE_VALIDATING: 'STAGE_VALIDATING',
  /**
   * Fitting the final model.
   */
  STAGE_FITTING: 'STAGE_FITTING',
  /**
   * Measuring on held-out rows.
   */
  STAGE_TESTING: 'STAGE_TESTING',
  /**
   * Uploading artifacts and creating the version.
   */
  STAGE_REGISTERING: 'STAGE_REGISTERING',
  /**
   * Making and measuring variants of a model.
   */
  STAGE_OPTIMIZING: 'STAGE_OPTIMIZING',
} as const;

/**
 * What the job is doing now.
 */
export type _tenon_training_v1_JobProgress_Stage =
  /**
   * Not stated: not started.
   */
  | 'STAGE_UNSPECIFIED'
  | 0
  /**
   * Reading the dataset.
   */
  | 'STAGE_READING'
  | 1
  /**
   * Fitting and scoring folds.
   */
  | 'STAGE_VALIDATING'
  | 2
  /**
   * Fitting the final model.
   */
  | 'STAGE_FITTING'
  | 3
  /**
   * Measuring on held-out rows.
   */
  | 'STAGE_TESTING'
  | 4
  /**
   * Uploading artifacts and creating the version.
   */
  | 'STAGE_REGISTERING'
  | 5
  /**
   * Making and measuring variants of a model.
   */
  | 'STAGE_OPTIMIZING'
  | 6

/**
 * What the job is doing now.
 */
export type _tenon_training_v1_JobProgress_Stage__Output = typeof _tenon_training_v1_JobProgress_Stage[keyof typeof _tenon_training_v1_JobProgress_Stage]

/**
 * How far a job got.
 */
export interface JobProgress {
  /**
   * What the job is doing now.
   */
  'stage'?: (_tenon_training_v1_JobProgress_Stage);
  /**
   * The share of the whole job that is done, 0 to 1, never decreasing in one attempt.
   */
  'fraction'?: (number | string);
  /**
   * The fold being fitted, from 1; 0 outside validation.
   */
  'fold'?: (number);
  /**
   * The number of folds.
   */
  'foldCount'?: (number);
  /**
   * The trees or epochs done in the current fit.
   */
  'step'?: (number | string | Long);
  /**
   * The trees or epochs of the current fit.
   */
  'stepCount'?: (number | string | Long);
  /**
   * The candidate being scored, from 1; 0 outside a search.
   */
  'candidate'?: (number);
  /**
   * The number of candidates to score, rounds of halving counted one by one; 0 without
   * a search.
   */
  'candidateCount'?: (number);
  /**
   * The step that the current fit went on from, as an earlier attempt at the job had come
   * that far; 0 for a fit begun anew.
   */
  'resumedStep'?: (number | string | Long);
}

/**
 * How far a job got.
 */
export interface JobProgress__Output {
  /**
   * What the job is doing now.
   */
  'stage': (_tenon_training_v1_JobProgress_Stage__Output);
  /**
   * The share of the whole job that is done, 0 to 1, never decreasing in one attempt.
   */
  'fraction': (number);
  /**
   * The fold being fitted, from 1; 0 outside validation.
   */
  'fold': (number);
  /**
   * The number of folds.
   */
  'foldCount': (number);
  /**
   * The trees or epochs done in the current fit.
   */
  'step': (number);
  /**
   * The trees or epochs of the current fit.
   */
  'stepCount': (number);
  /**
   * The candidate being scored, from 1; 0 outside a search.
   */
  'candidate': (number);
  /**
   * The number of candidates to score, rounds of halving counted one by one; 0 without
   * a search.
   */
  'candidateCount': (number);
  /**
   * The step that the current fit went on from, as an earlier attempt at the job had come
   * that far; 0 for a fit begun anew.
   */
  'resumedStep': (number);
}
