// Original file: proto/tenon/data/v1/split.proto

/**
 * A part of a split.
 */
export const SplitPart = {
  /**
   * Not stated: all rows.
   */
  SPLIT_PART_UNSPECIFIED: 'SPLIT_PART_UNSPECIFIED',
  /**
   * The rows to train on.
   */
  SPLIT_PART_TRAIN: 'SPLIT_PART_TRAIN',
  /**
   * The rows held out.
   */
  SPLIT_PART_TEST: 'SPLIT_PART_TEST',
} as const;

/**
 * A part of a split.
 */
export type SplitPart =
  /**
   * Not stated: all rows.
   */
  | 'SPLIT_PART_UNSPECIFIED'
  | 0
  /**
   * The rows to train on.
   */
  | 'SPLIT_PART_TRAIN'
  | 1
  /**
   * The rows held out.
   */
  | 'SPLIT_PART_TEST'
  | 2

/**
 * A part of a split.
 */
export type SplitPart__Output = typeof SplitPart[keyof typeof SplitPart]
