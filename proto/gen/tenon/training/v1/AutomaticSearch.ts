// Original file: proto/tenon/training/v1/search.proto


/**
 * A search that needs to be told nothing.
 */
export interface AutomaticSearch {
  /**
   * How many combinations to draw for the first round, 2 to 1,000; 0 means 16.
   */
  'samples'?: (number);
}

/**
 * A search that needs to be told nothing.
 */
export interface AutomaticSearch__Output {
  /**
   * How many combinations to draw for the first round, 2 to 1,000; 0 means 16.
   */
  'samples': (number);
}
