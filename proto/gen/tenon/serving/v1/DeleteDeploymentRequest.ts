// Original file: proto/tenon/serving/v1/deployment_service.proto


/**
 * Request of DeleteDeployment.
 */
export interface DeleteDeploymentRequest {
  /**
   * The deployment. Format: `deployments/{deployment}`.
   */
  'name'?: (string);
  /**
   * Guards against deleting what has changed; empty for no guard.
   */
  'etag'?: (string);
}

/**
 * Request of DeleteDeployment.
 */
export interface DeleteDeploymentRequest__Output {
  /**
   * The deployment. Format: `deployments/{deployment}`.
   */
  'name': (string);
  /**
   * Guards against deleting what has changed; empty for no guard.
   */
  'etag': (string);
}
