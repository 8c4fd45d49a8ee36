// Original file: proto/tenon/data/v1/dataset_service.proto


/**
 * Request of GetDataset.
 */
export interface GetDatasetRequest {
  /**
   * The dataset. Format: `datasets/{dataset}`.
   */
  'name'?: (string);
}

/**
 * Request of GetDataset.
 */
export interface GetDatasetRequest__Output {
  /**
   * The dataset. Format: `datasets/{dataset}`.
   */
  'name': (string);
}
