// Original file: proto/tenon/data/v1/recipe.proto


/**
 * Scales by quantiles, on which a few extreme values have no hold: the median becomes 0
 * and the distance between the two quantiles 1. A column in which they are equal becomes 0.
 */
export interface Robust {
  /**
   * The lower quantile, 0 to 1; 0 together with `upper_quantile` 0 means 0.25. Must be
   * below `upper_quantile`.
   */
  'lowerQuantile'?: (number | string);
  /**
   * The upper quantile, 0 to 1; 0 together with `lower_quantile` 0 means 0.75.
   */
  'upperQuantile'?: (number | string);
}

/**
 * Scales by quantiles, on which a few extreme values have no hold: the median becomes 0
 * and the distance between the two quantiles 1. A column in which they are equal becomes 0.
 */
export interface Robust__Output {
  /**
   * The lower quantile, 0 to 1; 0 together with `upper_quantile` 0 means 0.25. Must be
   * below `upper_quantile`.
   */
  'lowerQuantile': (number);
  /**
   * The upper quantile, 0 to 1; 0 together with `lower_quantile` 0 means 0.75.
   */
  'upperQuantile': (number);
}
