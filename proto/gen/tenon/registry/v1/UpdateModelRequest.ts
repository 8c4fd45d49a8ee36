// Original file: proto/tenon/registry/v1/registry_service.proto

import type { Model as _tenon_registry_v1_Model, Model__Output as _tenon_registry_v1_Model__Output } from '../../../tenon/registry/v1/Model.js';
import type { FieldMask as _google_protobuf_FieldMask, FieldMask__Output as _google_protobuf_FieldMask__Output } from '../../../google/protobuf/FieldMask.js';

/**
 * Request of UpdateModel.
 */
export interface UpdateModelRequest {
  /**
   * The model with its new values; `name` names it, `etag` guards it when set.
   */
  'model'?: (_tenon_registry_v1_Model | null);
  /**
   * The fields to change: `display_name`, `description`. Empty means both.
   */
  'updateMask'?: (_google_protobuf_FieldMask | null);
}

/**
 * Request of UpdateModel.
 */
export interface UpdateModelRequest__Output {
  /**
   * The model with its new values; `name` names it, `etag` guards it when set.
   */
  'model': (_tenon_registry_v1_Model__Output | null);
  /**
   * The fields to change: `display_name`, `description`. Empty means both.
   */
  'updateMask': (_google_protobuf_FieldMask__Output | null);
}
