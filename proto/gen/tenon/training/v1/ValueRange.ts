// Original file: proto/tenon/training/v1/search.proto


/**
 * An interval of numbers to draw from; whole numbers where the parameter is an integer.
 */
export interface ValueRange {
  /**
   * The smallest.
   */
  'low'?: (number | string);
  /**
   * The largest; at least `low`.
   */
  'high'?: (number | string);
  /**
   * Whether the logarithm is drawn evenly and not the number; `low` must be above 0.
   */
  'log'?: (boolean);
}

/**
 * An interval of numbers to draw from; whole numbers where the parameter is an integer.
 */
export interface ValueRange__Output {
  /**
   * The smallest.
   */
  'low': (number);
  /**
   * The largest; at least `low`.
   */
  'high': (number);
  /**
   * Whether the logarithm is drawn evenly and not the number; `low` must be above 0.
   */
  'log': (boolean);
}
