// Original file: proto/tenon/training/v1/estimator.proto

import type { Task as _tenon_common_v1_Task, Task__Output as _tenon_common_v1_Task__Output } from '../../../tenon/common/v1/Task.js';
import type { EstimatorParameter as _tenon_training_v1_EstimatorParameter, EstimatorParameter__Output as _tenon_training_v1_EstimatorParameter__Output } from '../../../tenon/training/v1/EstimatorParameter.js';

/**
 * Something that can be trained, with the parameters it takes.
 */
export interface Estimator {
  /**
   * The resource name. Format: `estimators/{estimator}`.
   */
  'name'?: (string);
  /**
   * A name for people.
   */
  'displayName'?: (string);
  /**
   * What it does, when to use it and its source.
   */
  'description'?: (string);
  /**
   * The tasks it can do.
   */
  'tasks'?: (_tenon_common_v1_Task)[];
  /**
   * The parameters, in the order they are best read.
   */
  'parameters'?: (_tenon_training_v1_EstimatorParameter)[];
  /**
   * Whether rows with missing features can be trained on and scored.
   */
  'acceptsMissing'?: (boolean);
}

/**
 * Something that can be trained, with the parameters it takes.
 */
export interface Estimator__Output {
  /**
   * The resource name. Format: `estimators/{estimator}`.
   */
  'name': (string);
  /**
   * A name for people.
   */
  'displayName': (string);
  /**
   * What it does, when to use it and its source.
   */
  'description': (string);
  /**
   * The tasks it can do.
   */
  'tasks': (_tenon_common_v1_Task__Output)[];
  /**
   * The parameters, in the order they are best read.
   */
  'parameters': (_tenon_training_v1_EstimatorParameter__Output)[];
  /**
   * Whether rows with missing features can be trained on and scored.
   */
  'acceptsMissing': (boolean);
}
