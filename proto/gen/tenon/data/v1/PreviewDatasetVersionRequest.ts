// Original file: proto/tenon/data/v1/dataset_service.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Request of PreviewDatasetVersion.
 */
export interface PreviewDatasetVersionRequest {
  /**
   * The version. Format: `datasets/{dataset}/versions/{version}`, or `latest`.
   */
  'name'?: (string);
  /**
   * The most rows to return, 0 to 1,000; 0 means 10.
   */
  'rowCount'?: (number);
  /**
   * The first row to return, from 0.
   */
  'firstRow'?: (number | string | Long);
}

/**
 * Request of PreviewDatasetVersion.
 */
export interface PreviewDatasetVersionRequest__Output {
  /**
   * The version. Format: `datasets/{dataset}/versions/{version}`, or `latest`.
   */
  'name': (string);
  /**
   * The most rows to return, 0 to 1,000; 0 means 10.
   */
  'rowCount': (number);
  /**
   * The first row to return, from 0.
   */
  'firstRow': (number);
}
