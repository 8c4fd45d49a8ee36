// Original file: proto/tenon/serving/v1/prediction_service.proto

import type { Struct as _google_protobuf_Struct, Struct__Output as _google_protobuf_Struct__Output } from '../../../google/protobuf/Struct.js';
import type { Row as _tenon_common_v1_Row, Row__Output as _tenon_common_v1_Row__Output } from '../../../tenon/common/v1/Row.js';
import type { ExplanationMethod as _tenon_serving_v1_ExplanationMethod, ExplanationMethod__Output as _tenon_serving_v1_ExplanationMethod__Output } from '../../../tenon/serving/v1/ExplanationMethod.js';
import type { ExplanationGranularity as _tenon_serving_v1_ExplanationGranularity, ExplanationGranularity__Output as _tenon_serving_v1_ExplanationGranularity__Output } from '../../../tenon/serving/v1/ExplanationGranularity.js';

/**
 * Request of Explain. Rows come either as `records` or as `rows`, not both.
 */
export interface ExplainRequest {
  /**
   * The deployment. Format: `deployments/{deployment}`.
   */
  'deployment'?: (string);
  /**
   * Rows as in `PredictRequest.records`; at most 10,000, or 1,000 for
   * EXPLANATION_METHOD_SAMPLING.
   */
  'records'?: (_google_protobuf_Struct)[];
  /**
   * Rows as in `PredictRequest.rows`; as many.
   */
  'rows'?: (_tenon_common_v1_Row)[];
  /**
   * The method. Unset means the exact one of the model's estimator; sampling is only
   * used when it is asked for.
   */
  'method'?: (_tenon_serving_v1_ExplanationMethod);
  /**
   * Whether input columns or features are told of; unset means columns.
   */
  'granularity'?: (_tenon_serving_v1_ExplanationGranularity);
  /**
   * Explains every class instead of the one predicted.
   */
  'allClasses'?: (boolean);
  /**
   * How many contributions to tell per output, the largest by magnitude; the others are
   * summed in `rest`. 0 means all. All outputs of a response together have at most
   * 1,000,000 contributions, the names counted with them.
   */
  'limit'?: (number);
}

/**
 * Request of Explain. Rows come either as `records` or as `rows`, not both.
 */
export interface ExplainRequest__Output {
  /**
   * The deployment. Format: `deployments/{deployment}`.
   */
  'deployment': (string);
  /**
   * Rows as in `PredictRequest.records`; at most 10,000, or 1,000 for
   * EXPLANATION_METHOD_SAMPLING.
   */
  'records': (_google_protobuf_Struct__Output)[];
  /**
   * Rows as in `PredictRequest.rows`; as many.
   */
  'rows': (_tenon_common_v1_Row__Output)[];
  /**
   * The method. Unset means the exact one of the model's estimator; sampling is only
   * used when it is asked for.
   */
  'method': (_tenon_serving_v1_ExplanationMethod__Output);
  /**
   * Whether input columns or features are told of; unset means columns.
   */
  'granularity': (_tenon_serving_v1_ExplanationGranularity__Output);
  /**
   * Explains every class instead of the one predicted.
   */
  'allClasses': (boolean);
  /**
   * How many contributions to tell per output, the largest by magnitude; the others are
   * summed in `rest`. 0 means all. All outputs of a response together have at most
   * 1,000,000 contributions, the names counted with them.
   */
  'limit': (number);
}
