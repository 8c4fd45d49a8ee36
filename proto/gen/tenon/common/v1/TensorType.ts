// Original file: proto/tenon/common/v1/table.proto

import type { DataType as _tenon_common_v1_DataType, DataType__Output as _tenon_common_v1_DataType__Output } from '../../../tenon/common/v1/DataType.js';
import type { Long } from '@grpc/proto-loader';

/**
 * The element type and shape of every value of a tensor column.
 */
export interface TensorType {
  /**
   * The element type: UINT8 or FP32.
   */
  'dtype'?: (_tenon_common_v1_DataType);
  /**
   * The size of each dimension of one value, outermost first, without the rows: 28, 28
   * for an image of 28 by 28. 1 to 8 dimensions of at least 1; at most 1,048,576 elements.
   */
  'shape'?: (number | string | Long)[];
}

/**
 * The element type and shape of every value of a tensor column.
 */
export interface TensorType__Output {
  /**
   * The element type: UINT8 or FP32.
   */
  'dtype': (_tenon_common_v1_DataType__Output);
  /**
   * The size of each dimension of one value, outermost first, without the rows: 28, 28
   * for an image of 28 by 28. 1 to 8 dimensions of at least 1; at most 1,048,576 elements.
   */
  'shape': (number)[];
}
