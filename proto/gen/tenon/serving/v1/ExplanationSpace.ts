// Original file: proto/tenon/serving/v1/explanation.proto

/**
 * The unit in which a model is explained: there, the base value and the contributions
 * sum to the model's output.
 */
export const ExplanationSpace = {
  /**
   * Not stated.
   */
  EXPLANATION_SPACE_UNSPECIFIED: 'EXPLANATION_SPACE_UNSPECIFIED',
  /**
   * The number that is predicted.
   */
  EXPLANATION_SPACE_VALUE: 'EXPLANATION_SPACE_VALUE',
  /**
   * The natural logarithm of the number that is predicted.
   */
  EXPLANATION_SPACE_LOG_VALUE: 'EXPLANATION_SPACE_LOG_VALUE',
  /**
   * The probability of a class.
   */
  EXPLANATION_SPACE_PROBABILITY: 'EXPLANATION_SPACE_PROBABILITY',
  /**
   * The log-odds of a class: ln(p / (1 - p)). With more than two classes those of the
   * class against the rest, before the probabilities are made to sum to 1.
   */
  EXPLANATION_SPACE_LOG_ODDS: 'EXPLANATION_SPACE_LOG_ODDS',
  /**
   * The score of a class: the probabilities are the softmax of the scores of all classes.
   */
  EXPLANATION_SPACE_SCORE: 'EXPLANATION_SPACE_SCORE',
} as const;

/**
 * The unit in which a model is explained: there, the base value and the contributions
 * sum to the model's output.
 */
export type ExplanationSpace =
  /**
   * Not stated.
   */
  | 'EXPLANATION_SPACE_UNSPECIFIED'
  | 0
  /**
   * The number that is predicted.
   */
  | 'EXPLANATION_SPACE_VALUE'
  | 1
  /**
   * The natural logarithm of the number that is predicted.
   */
  | 'EXPLANATION_SPACE_LOG_VALUE'
  | 2
  /**
   * The probability of a class.
   */
  | 'EXPLANATION_SPACE_PROBABILITY'
  | 3
  /**
   * The log-odds of a class: ln(p / (1 - p)). With more than two classes those of the
   * class against the rest, before the probabilities are made to sum to 1.
   */
  | 'EXPLANATION_SPACE_LOG_ODDS'
  | 4
  /**
   * The score of a class: the probabilities are the softmax of the scores of all classes.
   */
  | 'EXPLANATION_SPACE_SCORE'
  | 5

/**
 * The unit in which a model is explained: there, the base value and the contributions
 * sum to the model's output.
 */
export type ExplanationSpace__Output = typeof ExplanationSpace[keyof typeof ExplanationSpace]
