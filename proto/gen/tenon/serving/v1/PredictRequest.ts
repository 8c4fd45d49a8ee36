// Original file: proto/tenon/serving/v1/prediction_service.proto

import type { Struct as _google_protobuf_Struct, Struct__Output as _google_protobuf_Struct__Output } from '../../../google/protobuf/Struct.js';
import type { Row as _tenon_common_v1_Row, Row__Output as _tenon_common_v1_Row__Output } from '../../../tenon/common/v1/Row.js';

/**
 * Request of Predict. Rows come either as `records` or as `rows`, not both; all of them together
 * may become 268,435,456 features at most.
 */
export interface PredictRequest {
  /**
   * The deployment. Format: `deployments/{deployment}`.
   */
  'deployment'?: (string);
  /**
   * Rows as plain JSON objects, column name to value; at most 100,000. Each value is read
   * by its column's type: a number for an integer column must be whole; a timestamp is
   * RFC 3339 text; integers beyond ±(2^53 - 1) are decimal text; a tensor is a list of
   * numbers, nested as its shape says or flat with all its elements in row-major order.
   */
  'records'?: (_google_protobuf_Struct)[];
  /**
   * Rows with typed values; at most 100,000.
   */
  'rows'?: (_tenon_common_v1_Row)[];
}

/**
 * Request of Predict. Rows come either as `records` or as `rows`, not both; all of them together
 * may become 268,435,456 features at most.
 */
export interface PredictRequest__Output {
  /**
   * The deployment. Format: `deployments/{deployment}`.
   */
  'deployment': (string);
  /**
   * Rows as plain JSON objects, column name to value; at most 100,000. Each value is read
   * by its column's type: a number for an integer column must be whole; a timestamp is
   * RFC 3339 text; integers beyond ±(2^53 - 1) are decimal text; a tensor is a list of
   * numbers, nested as its shape says or flat with all its elements in row-major order.
   */
  'records': (_google_protobuf_Struct__Output)[];
  /**
   * Rows with typed values; at most 100,000.
   */
  'rows': (_tenon_common_v1_Row__Output)[];
}
