// Original file: proto/tenon/serving/v1/prediction_service.proto

import type { Signature as _tenon_common_v1_Signature, Signature__Output as _tenon_common_v1_Signature__Output } from '../../../tenon/common/v1/Signature.js';

/**
 * Response of GetSignature.
 */
export interface GetSignatureResponse {
  /**
   * The version that would answer. Format: `models/{model}/versions/{version}`.
   */
  'modelVersion'?: (string);
  /**
   * What it takes and gives.
   */
  'signature'?: (_tenon_common_v1_Signature | null);
}

/**
 * Response of GetSignature.
 */
export interface GetSignatureResponse__Output {
  /**
   * The version that would answer. Format: `models/{model}/versions/{version}`.
   */
  'modelVersion': (string);
  /**
   * What it takes and gives.
   */
  'signature': (_tenon_common_v1_Signature__Output | null);
}
