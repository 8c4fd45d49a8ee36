// Original file: proto/tenon/data/v1/dataset.proto

import type { ValueCount as _tenon_data_v1_ValueCount, ValueCount__Output as _tenon_data_v1_ValueCount__Output } from '../../../tenon/data/v1/ValueCount.js';
import type { Long } from '@grpc/proto-loader';

/**
 * What a column holds, computed once at upload over all rows.
 */
export interface ColumnProfile {
  /**
   * The column's name.
   */
  'name'?: (string);
  /**
   * The number of nulls.
   */
  'nullCount'?: (number | string | Long);
  /**
   * The number of distinct values that are not null; above 10,000 an estimate, except for numbers
   * (of which -0 is 0) in versions of at most 33,554,432 rows.
   */
  'distinctCount'?: (number | string | Long);
  /**
   * The mean; numbers only, 0 when no value is present. Of a tensor column this and the
   * deviation and range below are over the elements of all rows.
   */
  'mean'?: (number | string);
  /**
   * The sample standard deviation; numbers and tensors.
   */
  'stdDev'?: (number | string);
  /**
   * The smallest value; numbers, tensors and timestamps (microseconds).
   */
  'min'?: (number | string);
  /**
   * The largest value; numbers, tensors and timestamps (microseconds).
   */
  'max'?: (number | string);
  /**
   * The quantiles at 0.05, 0.25, 0.5, 0.75 and 0.95; numbers only.
   */
  'quantiles'?: (number | string)[];
  /**
   * The most frequent values of a text or boolean column, at most 20.
   */
  'topValues'?: (_tenon_data_v1_ValueCount)[];
}

/**
 * What a column holds, computed once at upload over all rows.
 */
export interface ColumnProfile__Output {
  /**
   * The column's name.
   */
  'name': (string);
  /**
   * The number of nulls.
   */
  'nullCount': (number);
  /**
   * The number of distinct values that are not null; above 10,000 an estimate, except for numbers
   * (of which -0 is 0) in versions of at most 33,554,432 rows.
   */
  'distinctCount': (number);
  /**
   * The mean; numbers only, 0 when no value is present. Of a tensor column this and the
   * deviation and range below are over the elements of all rows.
   */
  'mean': (number);
  /**
   * The sample standard deviation; numbers and tensors.
   */
  'stdDev': (number);
  /**
   * The smallest value; numbers, tensors and timestamps (microseconds).
   */
  'min': (number);
  /**
   * The largest value; numbers, tensors and timestamps (microseconds).
   */
  'max': (number);
  /**
   * The quantiles at 0.05, 0.25, 0.5, 0.75 and 0.95; numbers only.
   */
  'quantiles': (number)[];
  /**
   * The most frequent values of a text or boolean column, at most 20.
   */
  'topValues': (_tenon_data_v1_ValueCount__Output)[];
}
