// Original file: proto/tenon/serving/v1/deployment_service.proto


/**
 * Request of ListDeployments.
 */
export interface ListDeploymentsRequest {
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
 * Request of ListDeployments.
 */
export interface ListDeploymentsRequest__Output {
  /**
   * The most to return, 0 to 1,000; 0 means 50, larger values mean 1,000.
   */
  'pageSize': (number);
  /**
   * The `next_page_token` of the page before; empty for the first.
   */
  'pageToken': (string);
}
