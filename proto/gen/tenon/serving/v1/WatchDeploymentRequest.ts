// Original file: proto/tenon/serving/v1/deployment_service.proto


/**
 * Request of WatchDeployment.
 */
export interface WatchDeploymentRequest {
  /**
   * The deployment. Format: `deployments/{deployment}`.
   */
  'name'?: (string);
}

/**
 * Request of WatchDeployment.
 */
export interface WatchDeploymentRequest__Output {
  /**
   * The deployment. Format: `deployments/{deployment}`.
   */
  'name': (string);
}
