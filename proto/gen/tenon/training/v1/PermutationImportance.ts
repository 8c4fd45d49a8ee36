// Original file: proto/tenon/training/v1/job.proto


/**
 * How much worse a model gets when the values of a column are dealt to other rows
 * (Breiman, Random Forests, 2001).
 */
export interface PermutationImportance {
  /**
   * How often each column is permuted, 1 to 100; 0 means 5.
   */
  'repeats'?: (number);
}

/**
 * How much worse a model gets when the values of a column are dealt to other rows
 * (Breiman, Random Forests, 2001).
 */
export interface PermutationImportance__Output {
  /**
   * How often each column is permuted, 1 to 100; 0 means 5.
   */
  'repeats': (number);
}
