// Original file: proto/tenon/training/v1/training_service.proto


/**
 * Request of ListEstimators.
 */
export interface ListEstimatorsRequest {
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
 * Request of ListEstimators.
 */
export interface ListEstimatorsRequest__Output {
  /**
   * The most to return, 0 to 1,000; 0 means 50, larger values mean 1,000.
   */
  'pageSize': (number);
  /**
   * The `next_page_token` of the page before; empty for the first.
   */
  'pageToken': (string);
}
