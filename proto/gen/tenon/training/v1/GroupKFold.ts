// Original file: proto/tenon/training/v1/job.proto


/**
 * Division into folds that keeps groups together.
 */
export interface GroupKFold {
  /**
   * The number of folds, 2 to 100; 0 means 5. At most the number of groups.
   */
  'folds'?: (number);
  /**
   * The column whose equal values make a group, nulls among them. No feature unless
   * `features` names it.
   */
  'column'?: (string);
  /**
   * Whether folds also keep the shares of each class, as far as groups allow;
   * classification only.
   */
  'stratified'?: (boolean);
}

/**
 * Division into folds that keeps groups together.
 */
export interface GroupKFold__Output {
  /**
   * The number of folds, 2 to 100; 0 means 5. At most the number of groups.
   */
  'folds': (number);
  /**
   * The column whose equal values make a group, nulls among them. No feature unless
   * `features` names it.
   */
  'column': (string);
  /**
   * Whether folds also keep the shares of each class, as far as groups allow;
   * classification only.
   */
  'stratified': (boolean);
}
