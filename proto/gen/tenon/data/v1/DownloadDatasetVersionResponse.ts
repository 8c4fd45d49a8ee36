// Original file: proto/tenon/data/v1/dataset_service.proto


/**
 * Response of DownloadDatasetVersion.
 */
export interface DownloadDatasetVersionResponse {
  /**
   * The next bytes of the Parquet file, at most 1 MiB.
   */
  'chunk'?: (Buffer | Uint8Array | string);
}

/**
 * Response of DownloadDatasetVersion.
 */
export interface DownloadDatasetVersionResponse__Output {
  /**
   * The next bytes of the Parquet file, at most 1 MiB.
   */
  'chunk': (Buffer);
}
