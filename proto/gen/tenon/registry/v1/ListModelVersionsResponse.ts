// Original file: proto/tenon/registry/v1/registry_service.proto

import type { ModelVersion as _tenon_registry_v1_ModelVersion, ModelVersion__Output as _tenon_registry_v1_ModelVersion__Output } from '../../../tenon/registry/v1/ModelVersion.js';

/**
 * Response of ListModelVersions.
 */
export interface ListModelVersionsResponse {
  /**
   * The versions of this page.
   */
  'versions'?: (_tenon_registry_v1_ModelVersion)[];
  /**
   * The token of the next page; empty on the last.
   */
  'nextPageToken'?: (string);
}

/**
 * Response of ListModelVersions.
 */
export interface ListModelVersionsResponse__Output {
  /**
   * The versions of this page.
   */
  'versions': (_tenon_registry_v1_ModelVersion__Output)[];
  /**
   * The token of the next page; empty on the last.
   */
  'nextPageToken': (string);
}
