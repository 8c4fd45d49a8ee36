// Original file: proto/tenon/training/v1/job.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Division forward in time.
 */
export interface ForwardChaining {
  /**
   * The number of folds, 1 to 100; 0 means 5.
   */
  'folds'?: (number);
  /**
   * The column of the time: a timestamp, an integer or a double without nulls. Empty if
   * rows are in order of time already. No feature unless `features` names it.
   */
  'column'?: (string);
  /**
   * The rows left out between training and test, at least 0.
   */
  'gap'?: (number | string | Long);
  /**
   * The rows that each fold tests; 0 means rows / (folds + 1).
   */
  'testRows'?: (number | string | Long);
  /**
   * The most recent rows that each fold trains on; 0 means all that came before.
   */
  'trainRows'?: (number | string | Long);
}

/**
 * Division forward in time.
 */
export interface ForwardChaining__Output {
  /**
   * The number of folds, 1 to 100; 0 means 5.
   */
  'folds': (number);
  /**
   * The column of the time: a timestamp, an integer or a double without nulls. Empty if
   * rows are in order of time already. No feature unless `features` names it.
   */
  'column': (string);
  /**
   * The rows left out between training and test, at least 0.
   */
  'gap': (number);
  /**
   * The rows that each fold tests; 0 means rows / (folds + 1).
   */
  'testRows': (number);
  /**
   * The most recent rows that each fold trains on; 0 means all that came before.
   */
  'trainRows': (number);
}
