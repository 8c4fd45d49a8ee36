// Original file: proto/tenon/registry/v1/registry_service.proto

import type { Model as _tenon_registry_v1_Model, Model__Output as _tenon_registry_v1_Model__Output } from '../../../tenon/registry/v1/Model.js';

/**
 * Response of WatchModel.
 */
export interface WatchModelResponse {
  /**
   * The model as it stands.
   */
  'model'?: (_tenon_registry_v1_Model | null);
}

/**
 * Response of WatchModel.
 */
export interface WatchModelResponse__Output {
  /**
   * The model as it stands.
   */
  'model': (_tenon_registry_v1_Model__Output | null);
}
