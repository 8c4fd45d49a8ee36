// Original file: proto/tenon/training/v1/search.proto


/**
 * Successive halving (Jamieson and Talwalkar, 2016): each round keeps the best
 * `1 / factor` and gives them `factor` times the training rows; the last has them all.
 */
export interface HalvingSearch {
  /**
   * How many combinations to draw for the first round, 2 to 1,000; 0 means 27.
   */
  'samples'?: (number);
  /**
   * By what rounds shrink, 2 to 10; 0 means 3.
   */
  'factor'?: (number);
  /**
   * The fewest training rows of a fold, 10 or more; 0 means 100. A smaller share of
   * rows than that makes for fewer rounds.
   */
  'minRows'?: (number);
}

/**
 * Successive halving (Jamieson and Talwalkar, 2016): each round keeps the best
 * `1 / factor` and gives them `factor` times the training rows; the last has them all.
 */
export interface HalvingSearch__Output {
  /**
   * How many combinations to draw for the first round, 2 to 1,000; 0 means 27.
   */
  'samples': (number);
  /**
   * By what rounds shrink, 2 to 10; 0 means 3.
   */
  'factor': (number);
  /**
   * The fewest training rows of a fold, 10 or more; 0 means 100. A smaller share of
   * rows than that makes for fewer rounds.
   */
  'minRows': (number);
}
