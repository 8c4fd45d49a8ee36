// Original file: proto/tenon/common/v1/signature.proto

/**
 * What a model is asked to predict.
 */
export const Task = {
  /**
   * Not stated. Chosen from the target column: classification for booleans, strings
   * and integers of at most 20 distinct values, regression otherwise.
   */
  TASK_UNSPECIFIED: 'TASK_UNSPECIFIED',
  /**
   * One of a fixed set of classes.
   */
  TASK_CLASSIFICATION: 'TASK_CLASSIFICATION',
  /**
   * A number.
   */
  TASK_REGRESSION: 'TASK_REGRESSION',
  /**
   * The number of the group that a row belongs to, from 0. There is no target column. Never
   * chosen by itself: a job has to state it.
   */
  TASK_CLUSTERING: 'TASK_CLUSTERING',
} as const;

/**
 * What a model is asked to predict.
 */
export type Task =
  /**
   * Not stated. Chosen from the target column: classification for booleans, strings
   * and integers of at most 20 distinct values, regression otherwise.
   */
  | 'TASK_UNSPECIFIED'
  | 0
  /**
   * One of a fixed set of classes.
   */
  | 'TASK_CLASSIFICATION'
  | 1
  /**
   * A number.
   */
  | 'TASK_REGRESSION'
  | 2
  /**
   * The number of the group that a row belongs to, from 0. There is no target column. Never
   * chosen by itself: a job has to state it.
   */
  | 'TASK_CLUSTERING'
  | 3

/**
 * What a model is asked to predict.
 */
export type Task__Output = typeof Task[keyof typeof Task]
