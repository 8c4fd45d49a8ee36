// Original file: proto/tenon/serving/v1/prediction_service.proto


/**
 * Request of GetSignature.
 */
export interface GetSignatureRequest {
  /**
   * The deployment. Format: `deployments/{deployment}`.
   */
  'deployment'?: (string);
}

/**
 * Request of GetSignature.
 */
export interface GetSignatureRequest__Output {
  /**
   * The deployment. Format: `deployments/{deployment}`.
   */
  'deployment': (string);
}
