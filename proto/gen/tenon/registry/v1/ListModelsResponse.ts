// Original file: proto/tenon/registry/v1/registry_service.proto

import type { Model as _tenon_registry_v1_Model, Model__Output as _tenon_registry_v1_Model__Output } from '../../../tenon/registry/v1/Model.js';

/**
 * Response of ListModels.
 */
export interface ListModelsResponse {
  /**
   * The models of this page.
   */
  'models'?: (_tenon_registry_v1_Model)[];
  /**
   * The token of the next page; empty on the last.
   */
  'nextPageToken'?: (string);
}

/**
 * Response of ListModels.
 */
export interface ListModelsResponse__Output {
  /**
   * The models of this page.
   */
  'models': (_tenon_registry_v1_Model__Output)[];
  /**
   * The token of the next page; empty on the last.
   */
  'nextPageToken': (string);
}
