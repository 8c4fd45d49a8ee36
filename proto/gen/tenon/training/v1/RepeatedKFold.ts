// Original file: proto/tenon/training/v1/job.proto


/**
 * Division into folds, several times.
 */
export interface RepeatedKFold {
  /**
   * The number of folds, 2 to 100; 0 means 5.
   */
  'folds'?: (number);
  /**
   * How often rows are divided anew, 1 to 100; 0 means 3.
   */
  'repeats'?: (number);
  /**
   * Whether folds keep the shares of each class; classification only.
   */
  'stratified'?: (boolean);
}

/**
 * Division into folds, several times.
 */
export interface RepeatedKFold__Output {
  /**
   * The number of folds, 2 to 100; 0 means 5.
   */
  'folds': (number);
  /**
   * How often rows are divided anew, 1 to 100; 0 means 3.
   */
  'repeats': (number);
  /**
   * Whether folds keep the shares of each class; classification only.
   */
  'stratified': (boolean);
}
