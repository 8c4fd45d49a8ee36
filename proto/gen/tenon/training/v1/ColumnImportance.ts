// Original file: proto/tenon/training/v1/job.proto


/**
 * How much a column matters.
 */
export interface ColumnImportance {
  /**
   * The column, or the components of columns that are reduced: `pca0..pca7`.
   */
  'column'?: (string);
  /**
   * How much worse the metric gets without the column, in its unit: above 0 for columns
   * that matter. Columns that say the same share what they matter.
   */
  'mean'?: (number | string);
  /**
   * The standard deviation over the repeats, with divisor n - 1; 0 for one.
   */
  'stdDev'?: (number | string);
}

/**
 * How much a column matters.
 */
export interface ColumnImportance__Output {
  /**
   * The column, or the components of columns that are reduced: `pca0..pca7`.
   */
  'column': (string);
  /**
   * How much worse the metric gets without the column, in its unit: above 0 for columns
   * that matter. Columns that say the same share what they matter.
   */
  'mean': (number);
  /**
   * The standard deviation over the repeats, with divisor n - 1; 0 for one.
   */
  'stdDev': (number);
}
