// Original file: proto/tenon/serving/v1/deployment_service.proto

import type { Deployment as _tenon_serving_v1_Deployment, Deployment__Output as _tenon_serving_v1_Deployment__Output } from '../../../tenon/serving/v1/Deployment.js';

/**
 * Response of WatchDeployment.
 */
export interface WatchDeploymentResponse {
  /**
   * The deployment as it stands.
   */
  'deployment'?: (_tenon_serving_v1_Deployment | null);
}

/**
 * Response of WatchDeployment.
 */
export interface WatchDeploymentResponse__Output {
  /**
   * The deployment as it stands.
   */
  'deployment': (_tenon_serving_v1_Deployment__Output | null);
}
