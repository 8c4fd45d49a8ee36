// Original file: proto/tenon/serving/v1/deployment_service.proto

import type { Deployment as _tenon_serving_v1_Deployment, Deployment__Output as _tenon_serving_v1_Deployment__Output } from '../../../tenon/serving/v1/Deployment.js';
import type { FieldMask as _google_protobuf_FieldMask, FieldMask__Output as _google_protobuf_FieldMask__Output } from '../../../google/protobuf/FieldMask.js';

/**
 * Request of UpdateDeployment.
 */
export interface UpdateDeploymentRequest {
  /**
   * The deployment with its new values; `name` names it, `etag` guards it when set.
   */
  'deployment'?: (_tenon_serving_v1_Deployment | null);
  /**
   * The fields to change: `display_name`, `version`, `alias`. Empty means the display
   * name and whichever target is set.
   */
  'updateMask'?: (_google_protobuf_FieldMask | null);
}

/**
 * Request of UpdateDeployment.
 */
export interface UpdateDeploymentRequest__Output {
  /**
   * The deployment with its new values; `name` names it, `etag` guards it when set.
   */
  'deployment': (_tenon_serving_v1_Deployment__Output | null);
  /**
   * The fields to change: `display_name`, `version`, `alias`. Empty means the display
   * name and whichever target is set.
   */
  'updateMask': (_google_protobuf_FieldMask__Output | null);
}
