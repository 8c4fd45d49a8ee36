// Original file: proto/tenon/training/v1/training_service.proto

import type { ExportSpec as _tenon_training_v1_ExportSpec, ExportSpec__Output as _tenon_training_v1_ExportSpec__Output } from '../../../tenon/training/v1/ExportSpec.js';

/**
 * Request of ExportModel.
 */
export interface ExportModelRequest {
  /**
   * What to export.
   */
  'spec'?: (_tenon_training_v1_ExportSpec | null);
  /**
   * Makes a retry safe: a repeated id returns the first result. At most 64 characters.
   */
  'requestId'?: (string);
}

/**
 * Request of ExportModel.
 */
export interface ExportModelRequest__Output {
  /**
   * What to export.
   */
  'spec': (_tenon_training_v1_ExportSpec__Output | null);
  /**
   * Makes a retry safe: a repeated id returns the first result. At most 64 characters.
   */
  'requestId': (string);
}
