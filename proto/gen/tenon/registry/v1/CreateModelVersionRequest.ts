// Original file: proto/tenon/registry/v1/registry_service.proto

import type { ModelVersion as _tenon_registry_v1_ModelVersion, ModelVersion__Output as _tenon_registry_v1_ModelVersion__Output } from '../../../tenon/registry/v1/ModelVersion.js';

/**
 * Request of CreateModelVersion.
 */
export interface CreateModelVersionRequest {
  /**
   * The model. Format: `models/{model}`.
   */
  'parent'?: (string);
  /**
   * The version to create; its `name` is given by the registry.
   */
  'version'?: (_tenon_registry_v1_ModelVersion | null);
  /**
   * Makes a retry safe: a repeated id returns the first result. At most 64 characters.
   */
  'requestId'?: (string);
}

/**
 * Request of CreateModelVersion.
 */
export interface CreateModelVersionRequest__Output {
  /**
   * The model. Format: `models/{model}`.
   */
  'parent': (string);
  /**
   * The version to create; its `name` is given by the registry.
   */
  'version': (_tenon_registry_v1_ModelVersion__Output | null);
  /**
   * Makes a retry safe: a repeated id returns the first result. At most 64 characters.
   */
  'requestId': (string);
}
