// Original file: proto/tenon/common/v1/tensor.proto

/**
 * The element type of a tensor.
 */
export const DataType = {
  /**
   * Not stated. Refused in requests.
   */
  DATA_TYPE_UNSPECIFIED: 'DATA_TYPE_UNSPECIFIED',
  /**
   * One byte, 0 or 1.
   */
  DATA_TYPE_BOOL: 'DATA_TYPE_BOOL',
  /**
   * 8-bit unsigned integer.
   */
  DATA_TYPE_UINT8: 'DATA_TYPE_UINT8',
  /**
   * 8-bit signed integer.
   */
  DATA_TYPE_INT8: 'DATA_TYPE_INT8',
  /**
   * 32-bit signed integer.
   */
  DATA_TYPE_INT32: 'DATA_TYPE_INT32',
  /**
   * 64-bit signed integer.
   */
  DATA_TYPE_INT64: 'DATA_TYPE_INT64',
  /**
   * IEEE 754 half precision.
   */
  DATA_TYPE_FP16: 'DATA_TYPE_FP16',
  /**
   * bfloat16.
   */
  DATA_TYPE_BF16: 'DATA_TYPE_BF16',
  /**
   * IEEE 754 single precision.
   */
  DATA_TYPE_FP32: 'DATA_TYPE_FP32',
  /**
   * IEEE 754 double precision.
   */
  DATA_TYPE_FP64: 'DATA_TYPE_FP64',
} as const;

/**
 * The element type of a tensor.
 */
export type DataType =
  /**
   * Not stated. Refused in requests.
   */
  | 'DATA_TYPE_UNSPECIFIED'
  | 0
  /**
   * One byte, 0 or 1.
   */
  | 'DATA_TYPE_BOOL'
  | 1
  /**
   * 8-bit unsigned integer.
   */
  | 'DATA_TYPE_UINT8'
  | 2
  /**
   * 8-bit signed integer.
   */
  | 'DATA_TYPE_INT8'
  | 3
  /**
   * 32-bit signed integer.
   */
  | 'DATA_TYPE_INT32'
  | 4
  /**
   * 64-bit signed integer.
   */
  | 'DATA_TYPE_INT64'
  | 5
  /**
   * IEEE 754 half precision.
   */
  | 'DATA_TYPE_FP16'
  | 6
  /**
   * bfloat16.
   */
  | 'DATA_TYPE_BF16'
  | 7
  /**
   * IEEE 754 single precision.
   */
  | 'DATA_TYPE_FP32'
  | 8
  /**
   * IEEE 754 double precision.
   */
  | 'DATA_TYPE_FP64'
  | 9

/**
 * The element type of a tensor.
 */
export type DataType__Output = typeof DataType[keyof typeof DataType]
