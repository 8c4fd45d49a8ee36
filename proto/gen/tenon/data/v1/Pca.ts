// Original file: proto/tenon/data/v1/recipe.proto


/**
 * Replaces numeric columns by their principal components, `pca0`, `pca1` and so on, which
 * stand behind all other features; a second such step counts on. Columns without missing
 * values only: fill or drop those before. Standardize columns of different units before.
 * By the covariance matrix up to 2,000 columns, beyond by randomized subspace iteration.
 */
export interface Pca {
  /**
   * The number of components, at most the columns and the training rows; 0 means as many
   * as explain `explained_variance`.
   */
  'components'?: (number);
  /**
   * The share of the variance to explain, above 0 to 1; 0 means 0.95. Only without
   * `components`.
   */
  'explainedVariance'?: (number | string);
  /**
   * Whether every component is divided by its standard deviation.
   */
  'whiten'?: (boolean);
}

/**
 * Replaces numeric columns by their principal components, `pca0`, `pca1` and so on, which
 * stand behind all other features; a second such step counts on. Columns without missing
 * values only: fill or drop those before. Standardize columns of different units before.
 * By the covariance matrix up to 2,000 columns, beyond by randomized subspace iteration.
 */
export interface Pca__Output {
  /**
   * The number of components, at most the columns and the training rows; 0 means as many
   * as explain `explained_variance`.
   */
  'components': (number);
  /**
   * The share of the variance to explain, above 0 to 1; 0 means 0.95. Only without
   * `components`.
   */
  'explainedVariance': (number);
  /**
   * Whether every component is divided by its standard deviation.
   */
  'whiten': (boolean);
}
