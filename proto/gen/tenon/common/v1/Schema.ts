// Original file: proto/tenon/common/v1/table.proto

import type { Column as _tenon_common_v1_Column, Column__Output as _tenon_common_v1_Column__Output } from '../../../tenon/common/v1/Column.js';

/**
 * An ordered list of columns.
 */
export interface Schema {
  /**
   * The columns, in order. Names are unique.
   */
  'columns'?: (_tenon_common_v1_Column)[];
}

/**
 * An ordered list of columns.
 */
export interface Schema__Output {
  /**
   * The columns, in order. Names are unique.
   */
  'columns': (_tenon_common_v1_Column__Output)[];
}
