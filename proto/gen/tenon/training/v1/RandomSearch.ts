// Original file: proto/tenon/training/v1/search.proto


/**
 * Combinations drawn at random.
 */
export interface RandomSearch {
  /**
   * How many to draw in all, 1 to 1,000; 0 means 20. Every candidate gets its share.
   */
  'samples'?: (number);
}

/**
 * Combinations drawn at random.
 */
export interface RandomSearch__Output {
  /**
   * How many to draw in all, 1 to 1,000; 0 means 20. Every candidate gets its share.
   */
  'samples': (number);
}
