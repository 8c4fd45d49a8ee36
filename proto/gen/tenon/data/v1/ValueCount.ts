// Original file: proto/tenon/data/v1/dataset.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A value and how often it occurs.
 */
export interface ValueCount {
  /**
   * The value, as text.
   */
  'value'?: (string);
  /**
   * The number of rows that hold it.
   */
  'count'?: (number | string | Long);
}

/**
 * A value and how often it occurs.
 */
export interface ValueCount__Output {
  /**
   * The value, as text.
   */
  'value': (string);
  /**
   * The number of rows that hold it.
   */
  'count': (number);
}
