// Original file: proto/tenon/common/v1/tensor.proto

import type { DataType as _tenon_common_v1_DataType, DataType__Output as _tenon_common_v1_DataType__Output } from '../../../tenon/common/v1/DataType.js';
import type { Long } from '@grpc/proto-loader';

/**
 * A dense, row-major array.
 */
export interface Tensor {
  /**
   * The element type.
   */
  'dtype'?: (_tenon_common_v1_DataType);
  /**
   * The size of each dimension, outermost first; empty for a scalar. The product
   * times the element size must equal the length of `data`.
   */
  'shape'?: (number | string | Long)[];
  /**
   * The elements, little-endian, with no padding.
   */
  'data'?: (Buffer | Uint8Array | string);
}

/**
 * A dense, row-major array.
 */
export interface Tensor__Output {
  /**
   * The element type.
   */
  'dtype': (_tenon_common_v1_DataType__Output);
  /**
   * The size of each dimension, outermost first; empty for a scalar. The product
   * times the element size must equal the length of `data`.
   */
  'shape': (number)[];
  /**
   * The elements, little-endian, with no padding.
   */
  'data': (Buffer);
}
