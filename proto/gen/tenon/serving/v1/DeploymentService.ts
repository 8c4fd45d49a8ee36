// Original file: proto/tenon/serving/v1/deployment_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CreateDeploymentRequest as _tenon_serving_v1_CreateDeploymentRequest, CreateDeploymentRequest__Output as _tenon_serving_v1_CreateDeploymentRequest__Output } from '../../../tenon/serving/v1/CreateDeploymentRequest.js';
import type { DeleteDeploymentRequest as _tenon_serving_v1_DeleteDeploymentRequest, DeleteDeploymentRequest__Output as _tenon_serving_v1_DeleteDeploymentRequest__Output } from '../../../tenon/serving/v1/DeleteDeploymentRequest.js';
import type { Deployment as _tenon_serving_v1_Deployment, Deployment__Output as _tenon_serving_v1_Deployment__Output } from '../../../tenon/serving/v1/Deployment.js';
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from '../../../google/protobuf/Empty.js';
import type { GetDeploymentRequest as _tenon_serving_v1_GetDeploymentRequest, GetDeploymentRequest__Output as _tenon_serving_v1_GetDeploymentRequest__Output } from '../../../tenon/serving/v1/GetDeploymentRequest.js';
import type { ListDeploymentsRequest as _tenon_serving_v1_ListDeploymentsRequest, ListDeploymentsRequest__Output as _tenon_serving_v1_ListDeploymentsRequest__Output } from '../../../tenon/serving/v1/ListDeploymentsRequest.js';
import type { ListDeploymentsResponse as _tenon_serving_v1_ListDeploymentsResponse, ListDeploymentsResponse__Output as _tenon_serving_v1_ListDeploymentsResponse__Output } from '../../../tenon/serving/v1/ListDeploymentsResponse.js';
import type { UpdateDeploymentRequest as _tenon_serving_v1_UpdateDeploymentRequest, UpdateDeploymentRequest__Output as _tenon_serving_v1_UpdateDeploymentRequest__Output } from '../../../tenon/serving/v1/UpdateDeploymentRequest.js';
import type { WatchDeploymentRequest as _tenon_serving_v1_WatchDeploymentRequest, WatchDeploymentRequest__Output as _tenon_serving_v1_WatchDeploymentRequest__Output } from '../../../tenon/serving/v1/WatchDeploymentRequest.js';
import type { WatchDeploymentResponse as _tenon_serving_v1_WatchDeploymentResponse, WatchDeploymentResponse__Output as _tenon_serving_v1_WatchDeploymentResponse__Output } from '../../../tenon/serving/v1/WatchDeploymentResponse.js';

/**
 * Manages deployments. What was asked for is kept and restored at start.
 * 
 * - The service has a collection of `Deployment`, named `deployments/*`.
 */
export interface DeploymentServiceClient extends grpc.Client {
  /**
   * Creates a deployment and starts loading; follow it with WatchDeployment. Returns
   * ALREADY_EXISTS if the name is taken, NOT_FOUND if the version or alias does not
   * exist.
   */
  CreateDeployment(argument: _tenon_serving_v1_CreateDeploymentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  CreateDeployment(argument: _tenon_serving_v1_CreateDeploymentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  CreateDeployment(argument: _tenon_serving_v1_CreateDeploymentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  CreateDeployment(argument: _tenon_serving_v1_CreateDeploymentRequest, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  /**
   * Creates a deployment and starts loading; follow it with WatchDeployment. Returns
   * ALREADY_EXISTS if the name is taken, NOT_FOUND if the version or alias does not
   * exist.
   */
  createDeployment(argument: _tenon_serving_v1_CreateDeploymentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  createDeployment(argument: _tenon_serving_v1_CreateDeploymentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  createDeployment(argument: _tenon_serving_v1_CreateDeploymentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  createDeployment(argument: _tenon_serving_v1_CreateDeploymentRequest, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  
  /**
   * Deletes a deployment after its running predictions have ended. Returns NOT_FOUND if
   * it does not exist.
   */
  DeleteDeployment(argument: _tenon_serving_v1_DeleteDeploymentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteDeployment(argument: _tenon_serving_v1_DeleteDeploymentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteDeployment(argument: _tenon_serving_v1_DeleteDeploymentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteDeployment(argument: _tenon_serving_v1_DeleteDeploymentRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  /**
   * Deletes a deployment after its running predictions have ended. Returns NOT_FOUND if
   * it does not exist.
   */
  deleteDeployment(argument: _tenon_serving_v1_DeleteDeploymentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteDeployment(argument: _tenon_serving_v1_DeleteDeploymentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteDeployment(argument: _tenon_serving_v1_DeleteDeploymentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteDeployment(argument: _tenon_serving_v1_DeleteDeploymentRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  /**
   * Gets a deployment. Returns NOT_FOUND if it does not exist.
   */
  GetDeployment(argument: _tenon_serving_v1_GetDeploymentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  GetDeployment(argument: _tenon_serving_v1_GetDeploymentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  GetDeployment(argument: _tenon_serving_v1_GetDeploymentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  GetDeployment(argument: _tenon_serving_v1_GetDeploymentRequest, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  /**
   * Gets a deployment. Returns NOT_FOUND if it does not exist.
   */
  getDeployment(argument: _tenon_serving_v1_GetDeploymentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  getDeployment(argument: _tenon_serving_v1_GetDeploymentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  getDeployment(argument: _tenon_serving_v1_GetDeploymentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  getDeployment(argument: _tenon_serving_v1_GetDeploymentRequest, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists deployments, ordered by name.
   */
  ListDeployments(argument: _tenon_serving_v1_ListDeploymentsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_ListDeploymentsResponse__Output>): grpc.ClientUnaryCall;
  ListDeployments(argument: _tenon_serving_v1_ListDeploymentsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_serving_v1_ListDeploymentsResponse__Output>): grpc.ClientUnaryCall;
  ListDeployments(argument: _tenon_serving_v1_ListDeploymentsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_ListDeploymentsResponse__Output>): grpc.ClientUnaryCall;
  ListDeployments(argument: _tenon_serving_v1_ListDeploymentsRequest, callback: grpc.requestCallback<_tenon_serving_v1_ListDeploymentsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists deployments, ordered by name.
   */
  listDeployments(argument: _tenon_serving_v1_ListDeploymentsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_ListDeploymentsResponse__Output>): grpc.ClientUnaryCall;
  listDeployments(argument: _tenon_serving_v1_ListDeploymentsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_serving_v1_ListDeploymentsResponse__Output>): grpc.ClientUnaryCall;
  listDeployments(argument: _tenon_serving_v1_ListDeploymentsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_ListDeploymentsResponse__Output>): grpc.ClientUnaryCall;
  listDeployments(argument: _tenon_serving_v1_ListDeploymentsRequest, callback: grpc.requestCallback<_tenon_serving_v1_ListDeploymentsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Changes a deployment's display name or target. The new version is loaded, verified
   * and warmed up beside the old one before it takes over. Returns NOT_FOUND if it does
   * not exist, ABORTED if the etag differs.
   */
  UpdateDeployment(argument: _tenon_serving_v1_UpdateDeploymentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  UpdateDeployment(argument: _tenon_serving_v1_UpdateDeploymentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  UpdateDeployment(argument: _tenon_serving_v1_UpdateDeploymentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  UpdateDeployment(argument: _tenon_serving_v1_UpdateDeploymentRequest, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  /**
   * Changes a deployment's display name or target. The new version is loaded, verified
   * and warmed up beside the old one before it takes over. Returns NOT_FOUND if it does
   * not exist, ABORTED if the etag differs.
   */
  updateDeployment(argument: _tenon_serving_v1_UpdateDeploymentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  updateDeployment(argument: _tenon_serving_v1_UpdateDeploymentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  updateDeployment(argument: _tenon_serving_v1_UpdateDeploymentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  updateDeployment(argument: _tenon_serving_v1_UpdateDeploymentRequest, callback: grpc.requestCallback<_tenon_serving_v1_Deployment__Output>): grpc.ClientUnaryCall;
  
  /**
   * Streams a deployment as it stands, then after each change, until the caller leaves.
   * Ends with NOT_FOUND when it is deleted.
   */
  WatchDeployment(argument: _tenon_serving_v1_WatchDeploymentRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_serving_v1_WatchDeploymentResponse__Output>;
  WatchDeployment(argument: _tenon_serving_v1_WatchDeploymentRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_serving_v1_WatchDeploymentResponse__Output>;
  /**
   * Streams a deployment as it stands, then after each change, until the caller leaves.
   * Ends with NOT_FOUND when it is deleted.
   */
  watchDeployment(argument: _tenon_serving_v1_WatchDeploymentRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_serving_v1_WatchDeploymentResponse__Output>;
  watchDeployment(argument: _tenon_serving_v1_WatchDeploymentRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_serving_v1_WatchDeploymentResponse__Output>;
  
}

/**
 * Manages deployments. What was asked for is kept and restored at start.
 * 
 * - The service has a collection of `Deployment`, named `deployments/*`.
 */
export interface DeploymentServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Creates a deployment and starts loading; follow it with WatchDeployment. Returns
   * ALREADY_EXISTS if the name is taken, NOT_FOUND if the version or alias does not
   * exist.
   */
  CreateDeployment: grpc.handleUnaryCall<_tenon_serving_v1_CreateDeploymentRequest__Output, _tenon_serving_v1_Deployment>;
  
  /**
   * Deletes a deployment after its running predictions have ended. Returns NOT_FOUND if
   * it does not exist.
   */
  DeleteDeployment: grpc.handleUnaryCall<_tenon_serving_v1_DeleteDeploymentRequest__Output, _google_protobuf_Empty>;
  
  /**
   * Gets a deployment. Returns NOT_FOUND if it does not exist.
   */
  GetDeployment: grpc.handleUnaryCall<_tenon_serving_v1_GetDeploymentRequest__Output, _tenon_serving_v1_Deployment>;
  
  /**
   * Lists deployments, ordered by name.
   */
  ListDeployments: grpc.handleUnaryCall<_tenon_serving_v1_ListDeploymentsRequest__Output, _tenon_serving_v1_ListDeploymentsResponse>;
  
  /**
   * Changes a deployment's display name or target. The new version is loaded, verified
   * and warmed up beside the old one before it takes over. Returns NOT_FOUND if it does
   * not exist, ABORTED if the etag differs.
   */
  UpdateDeployment: grpc.handleUnaryCall<_tenon_serving_v1_UpdateDeploymentRequest__Output, _tenon_serving_v1_Deployment>;
  
  /**
   * Streams a deployment as it stands, then after each change, until the caller leaves.
   * Ends with NOT_FOUND when it is deleted.
   */
  WatchDeployment: grpc.handleServerStreamingCall<_tenon_serving_v1_WatchDeploymentRequest__Output, _tenon_serving_v1_WatchDeploymentResponse>;
  
}

export interface DeploymentServiceDefinition extends grpc.ServiceDefinition {
  CreateDeployment: MethodDefinition<_tenon_serving_v1_CreateDeploymentRequest, _tenon_serving_v1_Deployment, _tenon_serving_v1_CreateDeploymentRequest__Output, _tenon_serving_v1_Deployment__Output>
  DeleteDeployment: MethodDefinition<_tenon_serving_v1_DeleteDeploymentRequest, _google_protobuf_Empty, _tenon_serving_v1_DeleteDeploymentRequest__Output, _google_protobuf_Empty__Output>
  GetDeployment: MethodDefinition<_tenon_serving_v1_GetDeploymentRequest, _tenon_serving_v1_Deployment, _tenon_serving_v1_GetDeploymentRequest__Output, _tenon_serving_v1_Deployment__Output>
  ListDeployments: MethodDefinition<_tenon_serving_v1_ListDeploymentsRequest, _tenon_serving_v1_ListDeploymentsResponse, _tenon_serving_v1_ListDeploymentsRequest__Output, _tenon_serving_v1_ListDeploymentsResponse__Output>
  UpdateDeployment: MethodDefinition<_tenon_serving_v1_UpdateDeploymentRequest, _tenon_serving_v1_Deployment, _tenon_serving_v1_UpdateDeploymentRequest__Output, _tenon_serving_v1_Deployment__Output>
  WatchDeployment: MethodDefinition<_tenon_serving_v1_WatchDeploymentRequest, _tenon_serving_v1_WatchDeploymentResponse, _tenon_serving_v1_WatchDeploymentRequest__Output, _tenon_serving_v1_WatchDeploymentResponse__Output>
}
