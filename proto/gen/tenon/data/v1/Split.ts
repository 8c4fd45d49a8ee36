// Original file: proto/tenon/data/v1/split.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A division of a version's rows into a training part and a test part. The same spec
 * over the same version always gives the same rows.
 */
export interface Split {
  /**
   * The share of rows in the test part, in (0, 1); 0 means 0.2.
   */
  'testFraction'?: (number | string);
  /**
   * Keep the shares of this column's values equal in both parts; empty for none.
   */
  'stratifyColumn'?: (string);
  /**
   * The seed, 0 to 2^53 - 1.
   */
  'seed'?: (number | string | Long);
}

/**
 * A division of a version's rows into a training part and a test part. The same spec
 * over the same version always gives the same rows.
 */
export interface Split__Output {
  /**
   * The share of rows in the test part, in (0, 1); 0 means 0.2.
   */
  'testFraction': (number);
  /**
   * Keep the shares of this column's values equal in both parts; empty for none.
   */
  'stratifyColumn': (string);
  /**
   * The seed, 0 to 2^53 - 1.
   */
  'seed': (number);
}
