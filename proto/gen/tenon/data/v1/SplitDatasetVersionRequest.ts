// Original file: proto/tenon/data/v1/dataset_service.proto

import type { Split as _tenon_data_v1_Split, Split__Output as _tenon_data_v1_Split__Output } from '../../../tenon/data/v1/Split.js';

/**
 * Request of SplitDatasetVersion.
 */
export interface SplitDatasetVersionRequest {
  /**
   * The version. Format: `datasets/{dataset}/versions/{version}`, or `latest`.
   */
  'name'?: (string);
  /**
   * The split to apply.
   */
  'split'?: (_tenon_data_v1_Split | null);
}

/**
 * Request of SplitDatasetVersion.
 */
export interface SplitDatasetVersionRequest__Output {
  /**
   * The version. Format: `datasets/{dataset}/versions/{version}`, or `latest`.
   */
  'name': (string);
  /**
   * The split to apply.
   */
  'split': (_tenon_data_v1_Split__Output | null);
}
