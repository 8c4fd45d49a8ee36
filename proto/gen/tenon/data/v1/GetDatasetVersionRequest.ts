// Original file: proto/tenon/data/v1/dataset_service.proto


/**
 * Request of GetDatasetVersion.
 */
export interface GetDatasetVersionRequest {
  /**
   * The version. Format: `datasets/{dataset}/versions/{version}`, or `latest`.
   */
  'name'?: (string);
}

/**
 * Request of GetDatasetVersion.
 */
export interface GetDatasetVersionRequest__Output {
  /**
   * The version. Format: `datasets/{dataset}/versions/{version}`, or `latest`.
   */
  'name': (string);
}
