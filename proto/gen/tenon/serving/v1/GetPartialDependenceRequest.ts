// Original file: proto/tenon/serving/v1/prediction_service.proto

import type { Struct as _google_protobuf_Struct, Struct__Output as _google_protobuf_Struct__Output } from '../../../google/protobuf/Struct.js';
import type { Row as _tenon_common_v1_Row, Row__Output as _tenon_common_v1_Row__Output } from '../../../tenon/common/v1/Row.js';

/**
 * Request of GetPartialDependence. Rows come either as `records` or as `rows`, not both.
 */
export interface GetPartialDependenceRequest {
  /**
   * The deployment. Format: `deployments/{deployment}`.
   */
  'deployment'?: (string);
  /**
   * The input column to vary.
   */
  'column'?: (string);
  /**
   * Rows as in `PredictRequest.records`, whose other columns are averaged over; at most
   * 10,000.
   */
  'records'?: (_google_protobuf_Struct)[];
  /**
   * Rows as in `PredictRequest.rows`; as many.
   */
  'rows'?: (_tenon_common_v1_Row)[];
  /**
   * The most values to give the column, 2 to 200; 0 means 20. Of a column with more
   * numbers among the rows, those at evenly spaced quantiles from the 5th to the 95th of
   * a hundred; of one with more texts, the most frequent ones.
   */
  'gridSize'?: (number);
}

/**
 * Request of GetPartialDependence. Rows come either as `records` or as `rows`, not both.
 */
export interface GetPartialDependenceRequest__Output {
  /**
   * The deployment. Format: `deployments/{deployment}`.
   */
  'deployment': (string);
  /**
   * The input column to vary.
   */
  'column': (string);
  /**
   * Rows as in `PredictRequest.records`, whose other columns are averaged over; at most
   * 10,000.
   */
  'records': (_google_protobuf_Struct__Output)[];
  /**
   * Rows as in `PredictRequest.rows`; as many.
   */
  'rows': (_tenon_common_v1_Row__Output)[];
  /**
   * The most values to give the column, 2 to 200; 0 means 20. Of a column with more
   * numbers among the rows, those at evenly spaced quantiles from the 5th to the 95th of
   * a hundred; of one with more texts, the most frequent ones.
   */
  'gridSize': (number);
}
