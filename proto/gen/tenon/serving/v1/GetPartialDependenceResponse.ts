// Original file: proto/tenon/serving/v1/prediction_service.proto

import type { PartialDependencePoint as _tenon_serving_v1_PartialDependencePoint, PartialDependencePoint__Output as _tenon_serving_v1_PartialDependencePoint__Output } from '../../../tenon/serving/v1/PartialDependencePoint.js';

/**
 * Response of GetPartialDependence.
 */
export interface GetPartialDependenceResponse {
  /**
   * The version that answered. Format: `models/{model}/versions/{version}`.
   */
  'modelVersion'?: (string);
  /**
   * Numbers ascending, texts in the order of their UTF-16 code units.
   */
  'points'?: (_tenon_serving_v1_PartialDependencePoint)[];
  /**
   * The classes, in the order of `PartialDependencePoint.predictions`; empty for
   * regression.
   */
  'classes'?: (string)[];
}

/**
 * Response of GetPartialDependence.
 */
export interface GetPartialDependenceResponse__Output {
  /**
   * The version that answered. Format: `models/{model}/versions/{version}`.
   */
  'modelVersion': (string);
  /**
   * Numbers ascending, texts in the order of their UTF-16 code units.
   */
  'points': (_tenon_serving_v1_PartialDependencePoint__Output)[];
  /**
   * The classes, in the order of `PartialDependencePoint.predictions`; empty for
   * regression.
   */
  'classes': (string)[];
}
