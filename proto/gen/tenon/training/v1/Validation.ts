// Original file: proto/tenon/training/v1/job.proto

import type { KFold as _tenon_training_v1_KFold, KFold__Output as _tenon_training_v1_KFold__Output } from '../../../tenon/training/v1/KFold.js';
import type { NoValidation as _tenon_training_v1_NoValidation, NoValidation__Output as _tenon_training_v1_NoValidation__Output } from '../../../tenon/training/v1/NoValidation.js';
import type { GroupKFold as _tenon_training_v1_GroupKFold, GroupKFold__Output as _tenon_training_v1_GroupKFold__Output } from '../../../tenon/training/v1/GroupKFold.js';
import type { RepeatedKFold as _tenon_training_v1_RepeatedKFold, RepeatedKFold__Output as _tenon_training_v1_RepeatedKFold__Output } from '../../../tenon/training/v1/RepeatedKFold.js';
import type { LeaveOneOut as _tenon_training_v1_LeaveOneOut, LeaveOneOut__Output as _tenon_training_v1_LeaveOneOut__Output } from '../../../tenon/training/v1/LeaveOneOut.js';
import type { Holdout as _tenon_training_v1_Holdout, Holdout__Output as _tenon_training_v1_Holdout__Output } from '../../../tenon/training/v1/Holdout.js';
import type { ForwardChaining as _tenon_training_v1_ForwardChaining, ForwardChaining__Output as _tenon_training_v1_ForwardChaining__Output } from '../../../tenon/training/v1/ForwardChaining.js';

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
   * Folds that keep the rows of a group together; so does the held-out test part.
   */
  'groupKFold'?: (_tenon_training_v1_GroupKFold | null);
  /**
   * Folds drawn again and again.
   */
  'repeatedKFold'?: (_tenon_training_v1_RepeatedKFold | null);
  /**
   * Each training row in turn, up to 10,000 of them.
   */
  'leaveOneOut'?: (_tenon_training_v1_LeaveOneOut | null);
  /**
   * One part of the training rows.
   */
  'holdout'?: (_tenon_training_v1_Holdout | null);
  /**
   * Folds that train on the past and test on what came next; the held-out test part is
   * the latest rows.
   */
  'forwardChaining'?: (_tenon_training_v1_ForwardChaining | null);
  /**
   * The way rows are divided. Unset: stratified 5-fold for classification, 5-fold for
   * regression and for a search over clusterings, no validation for one clustering. Clusterings
   * are judged by the rows left out, too, and cannot leave out one row at a time.
   */
  'method'?: "kFold"|"stratifiedKFold"|"none"|"groupKFold"|"repeatedKFold"|"leaveOneOut"|"holdout"|"forwardChaining";
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
   * Folds that keep the rows of a group together; so does the held-out test part.
   */
  'groupKFold'?: (_tenon_training_v1_GroupKFold__Output | null);
  /**
   * Folds drawn again and again.
   */
  'repeatedKFold'?: (_tenon_training_v1_RepeatedKFold__Output | null);
  /**
   * Each training row in turn, up to 10,000 of them.
   */
  'leaveOneOut'?: (_tenon_training_v1_LeaveOneOut__Output | null);
  /**
   * One part of the training rows.
   */
  'holdout'?: (_tenon_training_v1_Holdout__Output | null);
  /**
   * Folds that train on the past and test on what came next; the held-out test part is
   * the latest rows.
   */
  'forwardChaining'?: (_tenon_training_v1_ForwardChaining__Output | null);
  /**
   * The way rows are divided. Unset: stratified 5-fold for classification, 5-fold for
   * regression and for a search over clusterings, no validation for one clustering. Clusterings
   * are judged by the rows left out, too, and cannot leave out one row at a time.
   */
  'method'?: "kFold"|"stratifiedKFold"|"none"|"groupKFold"|"repeatedKFold"|"leaveOneOut"|"holdout"|"forwardChaining";
}
