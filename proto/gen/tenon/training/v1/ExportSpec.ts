// Original file: proto/tenon/training/v1/exchange.proto

import type { JobLimits as _tenon_training_v1_JobLimits, JobLimits__Output as _tenon_training_v1_JobLimits__Output } from '../../../tenon/training/v1/JobLimits.js';

// Original file: proto/tenon/training/v1/exchange.proto

/**
 * A format.
 */
export const _tenon_training_v1_ExportSpec_Format = {
  /**
   * Not stated: ONNX.
   */
  FORMAT_UNSPECIFIED: 'FORMAT_UNSPECIFIED',
  /**
   * Open Neural Network Exchange, opsets 17 of ai.onnx and 3 of ai.onnx.ml.
   */
  FORMAT_ONNX: 'FORMAT_ONNX',
} as const;

/**
 * A format.
 */
export type _tenon_training_v1_ExportSpec_Format =
  /**
   * Not stated: ONNX.
   */
  | 'FORMAT_UNSPECIFIED'
  | 0
  /**
   * Open Neural Network Exchange, opsets 17 of ai.onnx and 3 of ai.onnx.ml.
   */
  | 'FORMAT_ONNX'
  | 1

/**
 * A format.
 */
export type _tenon_training_v1_ExportSpec_Format__Output = typeof _tenon_training_v1_ExportSpec_Format[keyof typeof _tenon_training_v1_ExportSpec_Format]

/**
 * A version to write in the format of other libraries.
 */
export interface ExportSpec {
  /**
   * The version to export. Format: `models/{model}/versions/{version}`.
   */
  'modelVersion'?: (string);
  /**
   * The format to write.
   */
  'format'?: (_tenon_training_v1_ExportSpec_Format);
  /**
   * How long the job and its attempts may take, and what they may use.
   */
  'limits'?: (_tenon_training_v1_JobLimits | null);
}

/**
 * A version to write in the format of other libraries.
 */
export interface ExportSpec__Output {
  /**
   * The version to export. Format: `models/{model}/versions/{version}`.
   */
  'modelVersion': (string);
  /**
   * The format to write.
   */
  'format': (_tenon_training_v1_ExportSpec_Format__Output);
  /**
   * How long the job and its attempts may take, and what they may use.
   */
  'limits': (_tenon_training_v1_JobLimits__Output | null);
}
