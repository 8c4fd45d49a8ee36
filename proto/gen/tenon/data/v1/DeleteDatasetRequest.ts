// Original file: proto/tenon/data/v1/dataset_service.proto


/**
 * Request of DeleteDataset.
 */
export interface DeleteDatasetRequest {
  /**
   * The dataset. Format: `datasets/{dataset}`.
   */
  'name'?: (string);
  /**
   * Guards against deleting what has changed; empty for no guard.
   */
  'etag'?: (string);
}

/**
 * Request of DeleteDataset.
 */
export interface DeleteDatasetRequest__Output {
  /**
   * The dataset. Format: `datasets/{dataset}`.
   */
  'name': (string);
  /**
   * Guards against deleting what has changed; empty for no guard.
   */
  'etag': (string);
}
