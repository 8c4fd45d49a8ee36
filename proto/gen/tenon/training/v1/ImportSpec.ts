// Original file: proto/tenon/training/v1/exchange.proto

import type { JobLimits as _tenon_training_v1_JobLimits, JobLimits__Output as _tenon_training_v1_JobLimits__Output } from '../../../tenon/training/v1/JobLimits.js';

/**
 * A model of another library to register as a version.
 */
export interface ImportSpec {
  /**
   * The file, uploaded to the registry: XGBoost JSON, LightGBM text or ONNX, told by its
   * content. Format: `artifacts/{sha256}`.
   */
  'artifact'?: (string);
  /**
   * The model to register a version of; created if it does not exist.
   * Format: `models/{model}`.
   */
  'model'?: (string);
  /**
   * An alias to point at the new version; empty for none.
   */
  'alias'?: (string);
  /**
   * The names of the input columns, in the order of the model's features; empty for those
   * that the file tells, or else `feature_0` and so on.
   */
  'featureNames'?: (string)[];
  /**
   * The names of the classes, in the order of the model's probabilities; empty for those
   * that the file tells, or else `0`, `1` and so on.
   */
  'classes'?: (string)[];
  /**
   * The name of what is predicted; empty means `prediction`.
   */
  'target'?: (string);
  /**
   * How long the job and its attempts may take, and what they may use.
   */
  'limits'?: (_tenon_training_v1_JobLimits | null);
}

/**
 * A model of another library to register as a version.
 */
export interface ImportSpec__Output {
  /**
   * The file, uploaded to the registry: XGBoost JSON, LightGBM text or ONNX, told by its
   * content. Format: `artifacts/{sha256}`.
   */
  'artifact': (string);
  /**
   * The model to register a version of; created if it does not exist.
   * Format: `models/{model}`.
   */
  'model': (string);
  /**
   * An alias to point at the new version; empty for none.
   */
  'alias': (string);
  /**
   * The names of the input columns, in the order of the model's features; empty for those
   * that the file tells, or else `feature_0` and so on.
   */
  'featureNames': (string)[];
  /**
   * The names of the classes, in the order of the model's probabilities; empty for those
   * that the file tells, or else `0`, `1` and so on.
   */
  'classes': (string)[];
  /**
   * The name of what is predicted; empty means `prediction`.
   */
  'target': (string);
  /**
   * How long the job and its attempts may take, and what they may use.
   */
  'limits': (_tenon_training_v1_JobLimits__Output | null);
}
