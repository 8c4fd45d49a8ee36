// Original file: proto/tenon/training/v1/training_service.proto

import type { ImportSpec as _tenon_training_v1_ImportSpec, ImportSpec__Output as _tenon_training_v1_ImportSpec__Output } from '../../../tenon/training/v1/ImportSpec.js';

/**
 * Request of ImportModel.
 */
export interface ImportModelRequest {
  /**
   * What to import.
   */
  'spec'?: (_tenon_training_v1_ImportSpec | null);
  /**
   * Makes a retry safe: a repeated id returns the first result. At most 64 characters.
   */
  'requestId'?: (string);
}

/**
 * Request of ImportModel.
 */
export interface ImportModelRequest__Output {
  /**
   * What to import.
   */
  'spec': (_tenon_training_v1_ImportSpec__Output | null);
  /**
   * Makes a retry safe: a repeated id returns the first result. At most 64 characters.
   */
  'requestId': (string);
}
