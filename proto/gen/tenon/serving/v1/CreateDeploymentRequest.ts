// Original file: proto/tenon/serving/v1/deployment_service.proto

import type { Deployment as _tenon_serving_v1_Deployment, Deployment__Output as _tenon_serving_v1_Deployment__Output } from '../../../tenon/serving/v1/Deployment.js';

/**
 * Request of CreateDeployment.
 */
export interface CreateDeploymentRequest {
  /**
   * The deployment to create; `name` says where.
   */
  'deployment'?: (_tenon_serving_v1_Deployment | null);
  /**
   * Makes a retry safe: a repeated id returns the first result. At most 64 characters.
   */
  'requestId'?: (string);
}

/**
 * Request of CreateDeployment.
 */
export interface CreateDeploymentRequest__Output {
  /**
   * The deployment to create; `name` says where.
   */
  'deployment': (_tenon_serving_v1_Deployment__Output | null);
  /**
   * Makes a retry safe: a repeated id returns the first result. At most 64 characters.
   */
  'requestId': (string);
}
