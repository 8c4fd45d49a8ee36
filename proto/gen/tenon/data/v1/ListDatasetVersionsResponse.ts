// Original file: proto/tenon/data/v1/dataset_service.proto

import type { DatasetVersion as _tenon_data_v1_DatasetVersion, DatasetVersion__Output as _tenon_data_v1_DatasetVersion__Output } from '../../../tenon/data/v1/DatasetVersion.js';

/**
 * Response of ListDatasetVersions.
 */
export interface ListDatasetVersionsResponse {
  /**
   * The versions of this page, without profiles.
   */
  'versions'?: (_tenon_data_v1_DatasetVersion)[];
  /**
   * The token of the next page; empty on the last.
   */
  'nextPageToken'?: (string);
}

/**
 * Response of ListDatasetVersions.
 */
export interface ListDatasetVersionsResponse__Output {
  /**
   * The versions of this page, without profiles.
   */
  'versions': (_tenon_data_v1_DatasetVersion__Output)[];
  /**
   * The token of the next page; empty on the last.
   */
  'nextPageToken': (string);
}
