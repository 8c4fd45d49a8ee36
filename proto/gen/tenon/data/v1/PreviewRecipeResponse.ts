// Original file: proto/tenon/data/v1/dataset_service.proto

import type { Row as _tenon_common_v1_Row, Row__Output as _tenon_common_v1_Row__Output } from '../../../tenon/common/v1/Row.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Response of PreviewRecipe.
 */
export interface PreviewRecipeResponse {
  /**
   * The names of the features, in order. A tensor column is named once for all its elements.
   */
  'features'?: (string)[];
  /**
   * The rows as the estimator would see them; missing features are left out. A tensor
   * column is a tensor of FP32.
   */
  'rows'?: (_tenon_common_v1_Row)[];
  /**
   * The number of rows the recipe left out.
   */
  'droppedRows'?: (number | string | Long);
}

/**
 * Response of PreviewRecipe.
 */
export interface PreviewRecipeResponse__Output {
  /**
   * The names of the features, in order. A tensor column is named once for all its elements.
   */
  'features': (string)[];
  /**
   * The rows as the estimator would see them; missing features are left out. A tensor
   * column is a tensor of FP32.
   */
  'rows': (_tenon_common_v1_Row__Output)[];
  /**
   * The number of rows the recipe left out.
   */
  'droppedRows': (number);
}
