// Original file: proto/tenon/serving/v1/deployment_service.proto

import type { Deployment as _tenon_serving_v1_Deployment, Deployment__Output as _tenon_serving_v1_Deployment__Output } from '../../../tenon/serving/v1/Deployment.js';

/**
 * Response of ListDeployments.
 */
export interface ListDeploymentsResponse {
  /**
   * The deployments of this page.
   */
  'deployments'?: (_tenon_serving_v1_Deployment)[];
  /**
   * The token of the next page; empty on the last.
   */
  'nextPageToken'?: (string);
}

/**
 * Response of ListDeployments.
 */
export interface ListDeploymentsResponse__Output {
  /**
   * The deployments of this page.
   */
  'deployments': (_tenon_serving_v1_Deployment__Output)[];
  /**
   * The token of the next page; empty on the last.
   */
  'nextPageToken': (string);
}
