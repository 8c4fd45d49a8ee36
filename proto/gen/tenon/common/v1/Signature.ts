// Original file: proto/tenon/common/v1/signature.proto

import type { Schema as _tenon_common_v1_Schema, Schema__Output as _tenon_common_v1_Schema__Output } from '../../../tenon/common/v1/Schema.js';
import type { Column as _tenon_common_v1_Column, Column__Output as _tenon_common_v1_Column__Output } from '../../../tenon/common/v1/Column.js';
import type { Task as _tenon_common_v1_Task, Task__Output as _tenon_common_v1_Task__Output } from '../../../tenon/common/v1/Task.js';

/**
 * The typed contract of a model version: what it takes and what it gives.
 */
export interface Signature {
  /**
   * The raw input columns, before the recipe.
   */
  'inputs'?: (_tenon_common_v1_Schema | null);
  /**
   * The target column, as it stood in the training table; unset for clustering.
   */
  'target'?: (_tenon_common_v1_Column | null);
  /**
   * What is predicted.
   */
  'task'?: (_tenon_common_v1_Task);
  /**
   * The classes, in the order of the probabilities; empty but for classification.
   */
  'classes'?: (string)[];
}

/**
 * The typed contract of a model version: what it takes and what it gives.
 */
export interface Signature__Output {
  /**
   * The raw input columns, before the recipe.
   */
  'inputs': (_tenon_common_v1_Schema__Output | null);
  /**
   * The target column, as it stood in the training table; unset for clustering.
   */
  'target': (_tenon_common_v1_Column__Output | null);
  /**
   * What is predicted.
   */
  'task': (_tenon_common_v1_Task__Output);
  /**
   * The classes, in the order of the probabilities; empty but for classification.
   */
  'classes': (string)[];
}
