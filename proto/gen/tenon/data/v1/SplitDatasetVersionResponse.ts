// Original file: proto/tenon/data/v1/dataset_service.proto

import type { ValueCount as _tenon_data_v1_ValueCount, ValueCount__Output as _tenon_data_v1_ValueCount__Output } from '../../../tenon/data/v1/ValueCount.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Response of SplitDatasetVersion.
 */
export interface SplitDatasetVersionResponse {
  /**
   * The number of rows in the training part.
   */
  'trainRows'?: (number | string | Long);
  /**
   * The number of rows in the test part.
   */
  'testRows'?: (number | string | Long);
  /**
   * Rows per value of the stratify column, in the training part; at most 1,000.
   */
  'trainCounts'?: (_tenon_data_v1_ValueCount)[];
  /**
   * Rows per value of the stratify column, in the test part; at most 1,000.
   */
  'testCounts'?: (_tenon_data_v1_ValueCount)[];
}

/**
 * Response of SplitDatasetVersion.
 */
export interface SplitDatasetVersionResponse__Output {
  /**
   * The number of rows in the training part.
   */
  'trainRows': (number);
  /**
   * The number of rows in the test part.
   */
  'testRows': (number);
  /**
   * Rows per value of the stratify column, in the training part; at most 1,000.
   */
  'trainCounts': (_tenon_data_v1_ValueCount__Output)[];
  /**
   * Rows per value of the stratify column, in the test part; at most 1,000.
   */
  'testCounts': (_tenon_data_v1_ValueCount__Output)[];
}
