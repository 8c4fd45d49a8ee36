// Original file: proto/tenon/training/v1/job.proto

import type { Metric as _tenon_common_v1_Metric, Metric__Output as _tenon_common_v1_Metric__Output } from '../../../tenon/common/v1/Metric.js';
import type { Long } from '@grpc/proto-loader';

/**
 * A fold's outcome.
 */
export interface FoldResult {
  /**
   * The fold, from 1.
   */
  'fold'?: (number);
  /**
   * The rows it was fitted on.
   */
  'trainRows'?: (number | string | Long);
  /**
   * The rows it was scored on.
   */
  'testRows'?: (number | string | Long);
  /**
   * The metrics on the rows left out.
   */
  'metrics'?: (_tenon_common_v1_Metric)[];
  /**
   * The time the fit took, in seconds.
   */
  'fitSeconds'?: (number | string);
  /**
   * The candidate, from 1; 0 without a search.
   */
  'candidate'?: (number);
}

/**
 * A fold's outcome.
 */
export interface FoldResult__Output {
  /**
   * The fold, from 1.
   */
  'fold': (number);
  /**
   * The rows it was fitted on.
   */
  'trainRows': (number);
  /**
   * The rows it was scored on.
   */
  'testRows': (number);
  /**
   * The metrics on the rows left out.
   */
  'metrics': (_tenon_common_v1_Metric__Output)[];
  /**
   * The time the fit took, in seconds.
   */
  'fitSeconds': (number);
  /**
   * The candidate, from 1; 0 without a search.
   */
  'candidate': (number);
}
