// Original file: proto/tenon/data/v1/dataset_service.proto


/**
 * Request of DownloadDatasetVersion.
 */
export interface DownloadDatasetVersionRequest {
  /**
   * The version. Format: `datasets/{dataset}/versions/{version}`, or `latest`.
   */
  'name'?: (string);
}

/**
 * Request of DownloadDatasetVersion.
 */
export interface DownloadDatasetVersionRequest__Output {
  /**
   * The version. Format: `datasets/{dataset}/versions/{version}`, or `latest`.
   */
  'name': (string);
}
