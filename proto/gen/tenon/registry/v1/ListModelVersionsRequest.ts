// Original file: proto/tenon/registry/v1/registry_service.proto


/**
 * Request of ListModelVersions.
 */
export interface ListModelVersionsRequest {
  /**
   * The model. Format: `models/{model}`.
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
 * Request of ListModelVersions.
 */
export interface ListModelVersionsRequest__Output {
  /**
   * The model. Format: `models/{model}`.
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
