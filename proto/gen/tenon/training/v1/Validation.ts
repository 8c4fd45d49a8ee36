// Original file: proto/tenon/training/v1/job.proto

import type { KFold as _tenon_training_v1_KFold, KFold__Output as _tenon_training_v1_KFold__Output } from '../../../tenon/training/v1/KFold.js';
import type { NoValidation as _tenon_training_v1_NoValidation, NoValidation__Output as _tenon_training_v1_NoValidation__Output } from '../../../tenon/training/v1/NoValidation.js';

/**
 * How to estimate quality.
 */
export interface Validation {
  /**
   * Equal folds of shuffled rows.
   */
  'kFold'?: (_tenon_training_v1_KFold | null);
  /**
   * Equal folds with equal shares of each class; classification only.
   */
  'stratifiedKFold'?: (_tenon_training_v1_KFold | null);
  /**
   * No validation: fit once, and test on the held-out rows only.
   */
  'none'?: (_tenon_training_v1_NoValidation | null);
  /**
   * The way rows are divided. Unset: stratified 5-fold for classification, 5-fold for
   * regression.
   */
  'method'?: "kFold"|"stratifiedKFold"|"none";
}

/**
 * How to estimate quality.
 */
export interface Validation__Output {
  /**
   * Equal folds of shuffled rows.
   */
  'kFold'?: (_tenon_training_v1_KFold__Output | null);
  /**
   * Equal folds with equal shares of each class; classification only.
   */
  'stratifiedKFold'?: (_tenon_training_v1_KFold__Output | null);
  /**
   * No validation: fit once, and test on the held-out rows only.
   */
  'none'?: (_tenon_training_v1_NoValidation__Output | null);
  /**
   * The way rows are divided. Unset: stratified 5-fold for classification, 5-fold for
   * regression.
   */
  'method'?: "kFold"|"stratifiedKFold"|"none";
}
