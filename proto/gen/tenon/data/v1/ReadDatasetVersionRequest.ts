// Original file: proto/tenon/data/v1/dataset_service.proto

import type { Split as _tenon_data_v1_Split, Split__Output as _tenon_data_v1_Split__Output } from '../../../tenon/data/v1/Split.js';
import type { SplitPart as _tenon_data_v1_SplitPart, SplitPart__Output as _tenon_data_v1_SplitPart__Output } from '../../../tenon/data/v1/SplitPart.js';

/**
 * Request of ReadDatasetVersion.
 */
export interface ReadDatasetVersionRequest {
  /**
   * The version. Format: `datasets/{dataset}/versions/{version}`, or `latest`.
   */
  'name'?: (string);
  /**
   * The columns to read, in this order; empty for all in file order.
   */
  'columns'?: (string)[];
  /**
   * A split to apply; none when unset.
   */
  'split'?: (_tenon_data_v1_Split | null);
  /**
   * The part of the split to read; refused without `split`.
   */
  'part'?: (_tenon_data_v1_SplitPart);
}

/**
 * Request of ReadDatasetVersion.
 */
export interface ReadDatasetVersionRequest__Output {
  /**
   * The version. Format: `datasets/{dataset}/versions/{version}`, or `latest`.
   */
  'name': (string);
  /**
   * The columns to read, in this order; empty for all in file order.
   */
  'columns': (string)[];
  /**
   * A split to apply; none when unset.
   */
  'split': (_tenon_data_v1_Split__Output | null);
  /**
   * The part of the split to read; refused without `split`.
   */
  'part': (_tenon_data_v1_SplitPart__Output);
}
