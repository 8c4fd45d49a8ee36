// Original file: proto/tenon/data/v1/dataset.proto

/**
 * What to do with a row that cannot be read.
 */
export const BadRowPolicy = {
  /**
   * Not stated: the same as REJECT.
   */
  BAD_ROW_POLICY_UNSPECIFIED: 'BAD_ROW_POLICY_UNSPECIFIED',
  /**
   * Refuse the whole file, naming the first bad rows.
   */
  BAD_ROW_POLICY_REJECT: 'BAD_ROW_POLICY_REJECT',
  /**
   * Leave the row out, and list it in the version's `row_issues`.
   */
  BAD_ROW_POLICY_SKIP: 'BAD_ROW_POLICY_SKIP',
} as const;

/**
 * What to do with a row that cannot be read.
 */
export type BadRowPolicy =
  /**
   * Not stated: the same as REJECT.
   */
  | 'BAD_ROW_POLICY_UNSPECIFIED'
  | 0
  /**
   * Refuse the whole file, naming the first bad rows.
   */
  | 'BAD_ROW_POLICY_REJECT'
  | 1
  /**
   * Leave the row out, and list it in the version's `row_issues`.
   */
  | 'BAD_ROW_POLICY_SKIP'
  | 2

/**
 * What to do with a row that cannot be read.
 */
export type BadRowPolicy__Output = typeof BadRowPolicy[keyof typeof BadRowPolicy]
