import type { TaskOptions } from '../cancel.js';
import type { Matrix } from '../table/matrix.js';

/** How much each feature moves each output of each row away from the output's base value. */
export interface Contributions {
  /**
   * Row-major, rows × outputs × features, in the unit of the output. For a row and an output the
   * base value and all contributions sum to the model's output.
   */
  readonly values: Float64Array;
  readonly rowCount: number;
  readonly outputCount: number;
  readonly featureCount: number;
  /** Per output, what it is on average. */
  readonly baseValues: Float64Array;
}

/**
 * The unit of what is explained:
 *
 *   value         the number that is predicted
 *   log-value     its natural logarithm
 *   probability   of each class
 *   log-odds      for two classes one output, of class 1; otherwise of each class against the rest
 *   score         one number per class, of which softmax makes probabilities
 */
export type ExplanationSpace = 'value' | 'log-value' | 'probability' | 'log-odds' | 'score';

/** How contributions are found: the two exact methods, or an estimate by drawing orders of the players. */
export type ExplanationMethod = 'tree-shap' | 'linear-shap' | 'sampling';

/** Explains the outputs of one model. */
export interface Explainer {
  readonly featureCount: number;
  /** 1 for regression; for classification see `space`. */
  readonly outputCount: number;
  readonly space: ExplanationSpace;
  readonly method: ExplanationMethod;
  /** Per output, what it is on average. */
  readonly baseValues: Float64Array;
  /**
   * Explains each row. Rejects with EstimatorError for another number of columns, and for missing
   * or infinite features where the model takes none; with the signal's reason within 200 ms of its
   * abort. `onProgress` hears of rows.
   */
  explain(matrix: Matrix, options?: TaskOptions): Promise<Contributions>;
  /** Gives the memory back; explanations under way complete. A second call does nothing. */
  dispose(): void;
}
