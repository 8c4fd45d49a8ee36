// Original file: proto/tenon/registry/v1/registry_service.proto

import type { Model as _tenon_registry_v1_Model, Model__Output as _tenon_registry_v1_Model__Output } from '../../../tenon/registry/v1/Model.js';

/**
 * Request of CreateModel.
 */
export interface CreateModelRequest {
  /**
   * The model to create; `name` says where.
   */
  'model'?: (_tenon_registry_v1_Model | null);
  /**
   * Makes a retry safe: a repeated id returns the first result. At most 64 characters.
   */
  'requestId'?: (string);
}

/**
 * Request of CreateModel.
 */
export interface CreateModelRequest__Output {
  /**
   * The model to create; `name` says where.
   */
  'model': (_tenon_registry_v1_Model__Output | null);
  /**
   * Makes a retry safe: a repeated id returns the first result. At most 64 characters.
   */
  'requestId': (string);
}
