// Original file: proto/tenon/data/v1/dataset_service.proto

import type { Long } from '@grpc/proto-loader';

/**
 * One array file of an upload.
 */
export interface ArrayPart {
  /**
   * The column's name. When empty: `image` for an array of three or more dimensions,
   * `features` of two; of one dimension `label` for whole numbers and booleans, `value`
   * for floating-point numbers.
   */
  'column'?: (string);
  /**
   * The file's length in bytes as it is sent, compressed or not; all lengths together are
   * those of the chunks. 0 only in a single part, which then is the whole file.
   */
  'sizeBytes'?: (number | string | Long);
}

/**
 * One array file of an upload.
 */
export interface ArrayPart__Output {
  /**
   * The column's name. When empty: `image` for an array of three or more dimensions,
   * `features` of two; of one dimension `label` for whole numbers and booleans, `value`
   * for floating-point numbers.
   */
  'column': (string);
  /**
   * The file's length in bytes as it is sent, compressed or not; all lengths together are
   * those of the chunks. 0 only in a single part, which then is the whole file.
   */
  'sizeBytes': (number);
}
