// Original file: proto/tenon/serving/v1/explanation.proto

/**
 * What contributions are told of.
 */
export const ExplanationGranularity = {
  /**
   * Not stated: input columns.
   */
  EXPLANATION_GRANULARITY_UNSPECIFIED: 'EXPLANATION_GRANULARITY_UNSPECIFIED',
  /**
   * Input columns: what a recipe made out of one column counts as one.
   */
  EXPLANATION_GRANULARITY_COLUMN: 'EXPLANATION_GRANULARITY_COLUMN',
  /**
   * Features, as the recipe made them: `column=category` of a one-hot column.
   */
  EXPLANATION_GRANULARITY_FEATURE: 'EXPLANATION_GRANULARITY_FEATURE',
} as const;

/**
 * What contributions are told of.
 */
export type ExplanationGranularity =
  /**
   * Not stated: input columns.
   */
  | 'EXPLANATION_GRANULARITY_UNSPECIFIED'
  | 0
  /**
   * Input columns: what a recipe made out of one column counts as one.
   */
  | 'EXPLANATION_GRANULARITY_COLUMN'
  | 1
  /**
   * Features, as the recipe made them: `column=category` of a one-hot column.
   */
  | 'EXPLANATION_GRANULARITY_FEATURE'
  | 2

/**
 * What contributions are told of.
 */
export type ExplanationGranularity__Output = typeof ExplanationGranularity[keyof typeof ExplanationGranularity]
