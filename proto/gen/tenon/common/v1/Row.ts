// Original file: proto/tenon/common/v1/value.proto

import type { Value as _tenon_common_v1_Value, Value__Output as _tenon_common_v1_Value__Output } from '../../../tenon/common/v1/Value.js';

/**
 * One row of a table, by column name.
 */
export interface Row {
  /**
   * Column name to value. A column that is absent here is missing, which is not the
   * same as a null: a required column must be present.
   */
  'values'?: ({[key: string]: _tenon_common_v1_Value});
}

/**
 * One row of a table, by column name.
 */
export interface Row__Output {
  /**
   * Column name to value. A column that is absent here is missing, which is not the
   * same as a null: a required column must be present.
   */
  'values': ({[key: string]: _tenon_common_v1_Value__Output});
}
