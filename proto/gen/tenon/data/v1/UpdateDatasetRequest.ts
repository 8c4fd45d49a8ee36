// Original file: proto/tenon/data/v1/dataset_service.proto

import type { Dataset as _tenon_data_v1_Dataset, Dataset__Output as _tenon_data_v1_Dataset__Output } from '../../../tenon/data/v1/Dataset.js';
import type { FieldMask as _google_protobuf_FieldMask, FieldMask__Output as _google_protobuf_FieldMask__Output } from '../../../google/protobuf/FieldMask.js';

/**
 * Request of UpdateDataset.
 */
export interface UpdateDatasetRequest {
  /**
   * The dataset with its new values; `name` names it, `etag` guards it when set.
   */
  'dataset'?: (_tenon_data_v1_Dataset | null);
  /**
   * The fields to change: `display_name`, `description`. Empty means both.
   */
  'updateMask'?: (_google_protobuf_FieldMask | null);
}

/**
 * Request of UpdateDataset.
 */
export interface UpdateDatasetRequest__Output {
  /**
   * The dataset with its new values; `name` names it, `etag` guards it when set.
   */
  'dataset': (_tenon_data_v1_Dataset__Output | null);
  /**
   * The fields to change: `display_name`, `description`. Empty means both.
   */
  'updateMask': (_google_protobuf_FieldMask__Output | null);
}
