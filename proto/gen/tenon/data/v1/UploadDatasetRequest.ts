// Original file: proto/tenon/data/v1/dataset_service.proto

import type { UploadDatasetHeader as _tenon_data_v1_UploadDatasetHeader, UploadDatasetHeader__Output as _tenon_data_v1_UploadDatasetHeader__Output } from '../../../tenon/data/v1/UploadDatasetHeader.js';

/**
 * A part of an upload.
 */
export interface UploadDatasetRequest {
  /**
   * What is being uploaded; the first message, once.
   */
  'header'?: (_tenon_data_v1_UploadDatasetHeader | null);
  /**
   * The next bytes of the file, at most 1 MiB.
   */
  'chunk'?: (Buffer | Uint8Array | string);
  /**
   * Header first, then bytes.
   */
  'part'?: "header"|"chunk";
}

/**
 * A part of an upload.
 */
export interface UploadDatasetRequest__Output {
  /**
   * What is being uploaded; the first message, once.
   */
  'header'?: (_tenon_data_v1_UploadDatasetHeader__Output | null);
  /**
   * The next bytes of the file, at most 1 MiB.
   */
  'chunk'?: (Buffer);
  /**
   * Header first, then bytes.
   */
  'part'?: "header"|"chunk";
}
