// Original file: proto/tenon/common/v1/metric.proto


/**
 * A named measurement of a model's quality.
 */
export interface Metric {
  /**
   * The metric's name, as scikit-learn spells it: `accuracy`, `f1_macro`, `log_loss`,
   * `roc_auc`, `rmse`, `r2` and others. For two classes `precision`, `recall` and `f1` are of
   * the second, in the order of the model's classes.
   */
  'name'?: (string);
  /**
   * The value; over several folds, their mean.
   */
  'value'?: (number | string);
  /**
   * The sample standard deviation over folds; 0 for a single measurement.
   */
  'stdDev'?: (number | string);
  /**
   * Whether a larger value is better.
   */
  'higherIsBetter'?: (boolean);
}

/**
 * A named measurement of a model's quality.
 */
export interface Metric__Output {
  /**
   * The metric's name, as scikit-learn spells it: `accuracy`, `f1_macro`, `log_loss`,
   * `roc_auc`, `rmse`, `r2` and others. For two classes `precision`, `recall` and `f1` are of
   * the second, in the order of the model's classes.
   */
  'name': (string);
  /**
   * The value; over several folds, their mean.
   */
  'value': (number);
  /**
   * The sample standard deviation over folds; 0 for a single measurement.
   */
  'stdDev': (number);
  /**
   * Whether a larger value is better.
   */
  'higherIsBetter': (boolean);
}
