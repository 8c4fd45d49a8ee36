// Original file: proto/tenon/common/v1/table.proto

import type { ColumnType as _tenon_common_v1_ColumnType, ColumnType__Output as _tenon_common_v1_ColumnType__Output } from '../../../tenon/common/v1/ColumnType.js';
import type { TensorType as _tenon_common_v1_TensorType, TensorType__Output as _tenon_common_v1_TensorType__Output } from '../../../tenon/common/v1/TensorType.js';

/**
 * The values of one column in one chunk. All numbers are little-endian.
 */
export interface ColumnChunk {
  /**
   * The column's name.
   */
  'name'?: (string);
  /**
   * The column's type, which says how `data` is laid out:
   * BOOLEAN u8 (0 or 1); INTEGER and TIMESTAMP i64; DOUBLE f64;
   * STRING u32 indices into `dictionary`; TENSOR the elements of each row one after the
   * other, row-major and without padding.
   */
  'type'?: (_tenon_common_v1_ColumnType);
  /**
   * `row_count` values of the layout above. Nulls hold zero.
   */
  'data'?: (Buffer | Uint8Array | string);
  /**
   * One bit per row, least significant first, 1 where the value is present.
   * Empty when no value is null.
   */
  'validity'?: (Buffer | Uint8Array | string);
  /**
   * The distinct strings of this chunk, for STRING columns; empty otherwise.
   */
  'dictionary'?: (string)[];
  /**
   * The element type and shape of a TENSOR column; unset for every other type.
   */
  'tensor'?: (_tenon_common_v1_TensorType | null);
}

/**
 * The values of one column in one chunk. All numbers are little-endian.
 */
export interface ColumnChunk__Output {
  /**
   * The column's name.
   */
  'name': (string);
  /**
   * The column's type, which says how `data` is laid out:
   * BOOLEAN u8 (0 or 1); INTEGER and TIMESTAMP i64; DOUBLE f64;
   * STRING u32 indices into `dictionary`; TENSOR the elements of each row one after the
   * other, row-major and without padding.
   */
  'type': (_tenon_common_v1_ColumnType__Output);
  /**
   * `row_count` values of the layout above. Nulls hold zero.
   */
  'data': (Buffer);
  /**
   * One bit per row, least significant first, 1 where the value is present.
   * Empty when no value is null.
   */
  'validity': (Buffer);
  /**
   * The distinct strings of this chunk, for STRING columns; empty otherwise.
   */
  'dictionary': (string)[];
  /**
   * The element type and shape of a TENSOR column; unset for every other type.
   */
  'tensor': (_tenon_common_v1_TensorType__Output | null);
}
