// Original file: proto/tenon/serving/v1/explanation.proto

/**
 * How contributions are found.
 */
export const ExplanationMethod = {
  /**
   * Not stated: the exact method of the model's estimator.
   */
  EXPLANATION_METHOD_UNSPECIFIED: 'EXPLANATION_METHOD_UNSPECIFIED',
  /**
   * Forests and gradient boosting: exact Shapley values; what leaves a column out goes
   * down both sides of a split, in proportion to its training rows.
   */
  EXPLANATION_METHOD_TREE_SHAP: 'EXPLANATION_METHOD_TREE_SHAP',
  /**
   * Linear models and multinomial naive Bayes: exact Shapley values; what leaves a
   * column out has its mean over the training rows.
   */
  EXPLANATION_METHOD_LINEAR_SHAP: 'EXPLANATION_METHOD_LINEAR_SHAP',
  /**
   * Any model but a clustering: Shapley values estimated along random orders of the
   * columns, always the same ones; what leaves a column out has the values of the version's parity rows:
   * rows that training kept, or for an imported version 20 rows made up to probe it.
   */
  EXPLANATION_METHOD_SAMPLING: 'EXPLANATION_METHOD_SAMPLING',
} as const;

/**
 * How contributions are found.
 */
export type ExplanationMethod =
  /**
   * Not stated: the exact method of the model's estimator.
   */
  | 'EXPLANATION_METHOD_UNSPECIFIED'
  | 0
  /**
   * Forests and gradient boosting: exact Shapley values; what leaves a column out goes
   * down both sides of a split, in proportion to its training rows.
   */
  | 'EXPLANATION_METHOD_TREE_SHAP'
  | 1
  /**
   * Linear models and multinomial naive Bayes: exact Shapley values; what leaves a
   * column out has its mean over the training rows.
   */
  | 'EXPLANATION_METHOD_LINEAR_SHAP'
  | 2
  /**
   * Any model but a clustering: Shapley values estimated along random orders of the
   * columns, always the same ones; what leaves a column out has the values of the version's parity rows:
   * rows that training kept, or for an imported version 20 rows made up to probe it.
   */
  | 'EXPLANATION_METHOD_SAMPLING'
  | 3

/**
 * How contributions are found.
 */
export type ExplanationMethod__Output = typeof ExplanationMethod[keyof typeof ExplanationMethod]
