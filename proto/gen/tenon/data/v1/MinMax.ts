// Original file: proto/tenon/data/v1/recipe.proto


/**
 * Scales linearly so that the training range becomes [`lower`, `upper`]. Values outside
 * the training range land outside it. A constant column becomes `lower`. The elements of
 * a tensor column share one range, taken over all of them: bytes of 0 to 255 are divided
 * by 255.
 */
export interface MinMax {
  /**
   * The lower end; default 0. Must be below `upper`.
   */
  'lower'?: (number | string);
  /**
   * The upper end; 0 together with `lower` 0 means 1.
   */
  'upper'?: (number | string);
}

/**
 * Scales linearly so that the training range becomes [`lower`, `upper`]. Values outside
 * the training range land outside it. A constant column becomes `lower`. The elements of
 * a tensor column share one range, taken over all of them: bytes of 0 to 255 are divided
 * by 255.
 */
export interface MinMax__Output {
  /**
   * The lower end; default 0. Must be below `upper`.
   */
  'lower': (number);
  /**
   * The upper end; 0 together with `lower` 0 means 1.
   */
  'upper': (number);
}
