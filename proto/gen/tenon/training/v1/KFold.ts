// Original file: proto/tenon/training/v1/job.proto


/**
 * Division into folds.
 */
export interface KFold {
  /**
   * The number of folds, 2 to 100; 0 means 5. At most the number of rows, and for
   * stratified folds at most the rows of the rarest class.
   */
  'folds'?: (number);
}

/**
 * Division into folds.
 */
export interface KFold__Output {
  /**
   * The number of folds, 2 to 100; 0 means 5. At most the number of rows, and for
   * stratified folds at most the rows of the rarest class.
   */
  'folds': (number);
}
