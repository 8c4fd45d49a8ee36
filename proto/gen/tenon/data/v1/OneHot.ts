// Original file: proto/tenon/data/v1/recipe.proto

import type { UnknownCategory as _tenon_data_v1_UnknownCategory, UnknownCategory__Output as _tenon_data_v1_UnknownCategory__Output } from '../../../tenon/data/v1/UnknownCategory.js';

/**
 * Encodes text, booleans or integers as one 0/1 feature per category. A null is all
 * zeros.
 */
export interface OneHot {
  /**
   * What to do with an unknown category.
   */
  'unknown'?: (_tenon_data_v1_UnknownCategory);
  /**
   * The most categories a column may have, 1 to 10,000; 0 means 1,000.
   */
  'maxCategories'?: (number);
}

/**
 * Encodes text, booleans or integers as one 0/1 feature per category. A null is all
 * zeros.
 */
export interface OneHot__Output {
  /**
   * What to do with an unknown category.
   */
  'unknown': (_tenon_data_v1_UnknownCategory__Output);
  /**
   * The most categories a column may have, 1 to 10,000; 0 means 1,000.
   */
  'maxCategories': (number);
}
