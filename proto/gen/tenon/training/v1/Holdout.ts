// Original file: proto/tenon/training/v1/job.proto


/**
 * One part of the training rows, drawn at random with equal shares of each class.
 */
export interface Holdout {
  /**
   * The share of training rows scored and not trained on, above 0 and below 1; 0 means
   * 0.2.
   */
  'fraction'?: (number | string);
}

/**
 * One part of the training rows, drawn at random with equal shares of each class.
 */
export interface Holdout__Output {
  /**
   * The share of training rows scored and not trained on, above 0 and below 1; 0 means
   * 0.2.
   */
  'fraction': (number);
}
