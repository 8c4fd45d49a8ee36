// Original file: proto/tenon/data/v1/dataset_service.proto

import type { Schema as _tenon_common_v1_Schema, Schema__Output as _tenon_common_v1_Schema__Output } from '../../../tenon/common/v1/Schema.js';
import type { Row as _tenon_common_v1_Row, Row__Output as _tenon_common_v1_Row__Output } from '../../../tenon/common/v1/Row.js';

/**
 * Response of PreviewDatasetVersion.
 */
export interface PreviewDatasetVersionResponse {
  /**
   * The version's columns, in order.
   */
  'schema'?: (_tenon_common_v1_Schema | null);
  /**
   * The rows, each with every column.
   */
  'rows'?: (_tenon_common_v1_Row)[];
}

/**
 * Response of PreviewDatasetVersion.
 */
export interface PreviewDatasetVersionResponse__Output {
  /**
   * The version's columns, in order.
   */
  'schema': (_tenon_common_v1_Schema__Output | null);
  /**
   * The rows, each with every column.
   */
  'rows': (_tenon_common_v1_Row__Output)[];
}
