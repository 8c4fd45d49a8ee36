// Original file: proto/tenon/serving/v1/deployment_service.proto


/**
 * Request of GetDeployment.
 */
export interface GetDeploymentRequest {
  /**
   * The deployment. Format: `deployments/{deployment}`.
   */
  'name'?: (string);
}

/**
 * Request of GetDeployment.
 */
export interface GetDeploymentRequest__Output {
  /**
   * The deployment. Format: `deployments/{deployment}`.
   */
  'name': (string);
}
