// Original file: proto/tenon/common/v1/table.proto

import type { ColumnType as _tenon_common_v1_ColumnType, ColumnType__Output as _tenon_common_v1_ColumnType__Output } from '../../../tenon/common/v1/ColumnType.js';
import type { TensorType as _tenon_common_v1_TensorType, TensorType__Output as _tenon_common_v1_TensorType__Output } from '../../../tenon/common/v1/TensorType.js';

/**
 * A column: its name, type, and whether it may hold nulls.
 */
export interface Column {
  /**
   * The name, 1 to 128 characters, unique within its schema, matched exactly.
   */
  'name'?: (string);
  /**
   * The type of every value that is not null.
   */
  'type'?: (_tenon_common_v1_ColumnType);
  /**
   * Whether values may be null.
   */
  'nullable'?: (boolean);
  /**
   * The known categories, in order of first appearance in the training rows; empty
   * when the column is not categorical. At most 10,000.
   */
  'categories'?: (string)[];
  /**
   * The element type and shape of a TENSOR column; unset for every other type.
   */
  'tensor'?: (_tenon_common_v1_TensorType | null);
}

/**
 * A column: its name, type, and whether it may hold nulls.
 */
export interface Column__Output {
  /**
   * The name, 1 to 128 characters, unique within its schema, matched exactly.
   */
  'name': (string);
  /**
   * The type of every value that is not null.
   */
  'type': (_tenon_common_v1_ColumnType__Output);
  /**
   * Whether values may be null.
   */
  'nullable': (boolean);
  /**
   * The known categories, in order of first appearance in the training rows; empty
   * when the column is not categorical. At most 10,000.
   */
  'categories': (string)[];
  /**
   * The element type and shape of a TENSOR column; unset for every other type.
   */
  'tensor': (_tenon_common_v1_TensorType__Output | null);
}
