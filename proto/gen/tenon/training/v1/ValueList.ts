// Original file: proto/tenon/training/v1/search.proto

import type { Value as _tenon_common_v1_Value, Value__Output as _tenon_common_v1_Value__Output } from '../../../tenon/common/v1/Value.js';

/**
 * Values to try, 1 to 1,000.
 */
export interface ValueList {
  /**
   * The values, in the order in which a grid takes them.
   */
  'values'?: (_tenon_common_v1_Value)[];
}

/**
 * Values to try, 1 to 1,000.
 */
export interface ValueList__Output {
  /**
   * The values, in the order in which a grid takes them.
   */
  'values': (_tenon_common_v1_Value__Output)[];
}
