// Original file: proto/tenon/data/v1/recipe.proto

/**
 * What an encoder does with a category that the training rows did not hold.
 */
export const UnknownCategory = {
  /**
   * Not stated: the same as ERROR.
   */
  UNKNOWN_CATEGORY_UNSPECIFIED: 'UNKNOWN_CATEGORY_UNSPECIFIED',
  /**
   * Refuse the row, naming column and value.
   */
  UNKNOWN_CATEGORY_ERROR: 'UNKNOWN_CATEGORY_ERROR',
  /**
   * Encode as all zeros (one-hot) or -1 (ordinal).
   */
  UNKNOWN_CATEGORY_IGNORE: 'UNKNOWN_CATEGORY_IGNORE',
} as const;

/**
 * What an encoder does with a category that the training rows did not hold.
 */
export type UnknownCategory =
  /**
   * Not stated: the same as ERROR.
   */
  | 'UNKNOWN_CATEGORY_UNSPECIFIED'
  | 0
  /**
   * Refuse the row, naming column and value.
   */
  | 'UNKNOWN_CATEGORY_ERROR'
  | 1
  /**
   * Encode as all zeros (one-hot) or -1 (ordinal).
   */
  | 'UNKNOWN_CATEGORY_IGNORE'
  | 2

/**
 * What an encoder does with a category that the training rows did not hold.
 */
export type UnknownCategory__Output = typeof UnknownCategory[keyof typeof UnknownCategory]
