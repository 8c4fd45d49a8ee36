// Original file: proto/tenon/data/v1/dataset_service.proto

import type { TableChunk as _tenon_common_v1_TableChunk, TableChunk__Output as _tenon_common_v1_TableChunk__Output } from '../../../tenon/common/v1/TableChunk.js';

/**
 * Response of ReadDatasetVersion.
 */
export interface ReadDatasetVersionResponse {
  /**
   * The next rows, at most 65,536 and about 1 MiB.
   */
  'chunk'?: (_tenon_common_v1_TableChunk | null);
}

/**
 * Response of ReadDatasetVersion.
 */
export interface ReadDatasetVersionResponse__Output {
  /**
   * The next rows, at most 65,536 and about 1 MiB.
   */
  'chunk': (_tenon_common_v1_TableChunk__Output | null);
}
