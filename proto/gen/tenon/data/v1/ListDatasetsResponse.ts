// Original file: proto/tenon/data/v1/dataset_service.proto

import type { Dataset as _tenon_data_v1_Dataset, Dataset__Output as _tenon_data_v1_Dataset__Output } from '../../../tenon/data/v1/Dataset.js';

/**
 * Response of ListDatasets.
 */
export interface ListDatasetsResponse {
  /**
   * The datasets of this page.
   */
  'datasets'?: (_tenon_data_v1_Dataset)[];
  /**
   * The token of the next page; empty on the last.
   */
  'nextPageToken'?: (string);
}

/**
 * Response of ListDatasets.
 */
export interface ListDatasetsResponse__Output {
  /**
   * The datasets of this page.
   */
  'datasets': (_tenon_data_v1_Dataset__Output)[];
  /**
   * The token of the next page; empty on the last.
   */
  'nextPageToken': (string);
}
