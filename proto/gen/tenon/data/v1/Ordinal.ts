// Original file: proto/tenon/data/v1/recipe.proto

import type { UnknownCategory as _tenon_data_v1_UnknownCategory, UnknownCategory__Output as _tenon_data_v1_UnknownCategory__Output } from '../../../tenon/data/v1/UnknownCategory.js';

/**
 * Encodes text, booleans or integers as the category's index. A null stays missing.
 */
export interface Ordinal {
  /**
   * What to do with an unknown category.
   */
  'unknown'?: (_tenon_data_v1_UnknownCategory);
}

/**
 * Encodes text, booleans or integers as the category's index. A null stays missing.
 */
export interface Ordinal__Output {
  /**
   * What to do with an unknown category.
   */
  'unknown': (_tenon_data_v1_UnknownCategory__Output);
}
