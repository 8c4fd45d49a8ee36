// Original file: proto/tenon/data/v1/dataset_service.proto


/**
 * Request of ListDatasetVersions.
 */
export interface ListDatasetVersionsRequest {
  /**
   * The dataset. Format: `datasets/{dataset}`.
   */
  'parent'?: (string);
  /**
   * The most to return, 0 to 1,000; 0 means 50, larger values mean 1,000.
   */
  'pageSize'?: (number);
  /**
   * The `next_page_token` of the page before; empty for the first.
   */
  'pageToken'?: (string);
}

/**
 * Request of ListDatasetVersions.
 */
export interface ListDatasetVersionsRequest__Output {
  /**
   * The dataset. Format: `datasets/{dataset}`.
   */
  'parent': (string);
  /**
   * The most to return, 0 to 1,000; 0 means 50, larger values mean 1,000.
   */
  'pageSize': (number);
  /**
   * The `next_page_token` of the page before; empty for the first.
   */
  'pageToken': (string);
}
