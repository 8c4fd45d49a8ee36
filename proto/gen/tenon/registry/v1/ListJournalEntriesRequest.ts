// Original file: proto/tenon/registry/v1/registry_service.proto


/**
 * Request of ListJournalEntries.
 */
export interface ListJournalEntriesRequest {
  /**
   * The model to list, as `models/{model}`; empty for all.
   */
  'model'?: (string);
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
 * Request of ListJournalEntries.
 */
export interface ListJournalEntriesRequest__Output {
  /**
   * The model to list, as `models/{model}`; empty for all.
   */
  'model': (string);
  /**
   * The most to return, 0 to 1,000; 0 means 50, larger values mean 1,000.
   */
  'pageSize': (number);
  /**
   * The `next_page_token` of the page before; empty for the first.
   */
  'pageToken': (string);
}
