// Original file: proto/tenon/serving/v1/prediction_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ExplainRequest as _tenon_serving_v1_ExplainRequest, ExplainRequest__Output as _tenon_serving_v1_ExplainRequest__Output } from '../../../tenon/serving/v1/ExplainRequest.js';
import type { ExplainResponse as _tenon_serving_v1_ExplainResponse, ExplainResponse__Output as _tenon_serving_v1_ExplainResponse__Output } from '../../../tenon/serving/v1/ExplainResponse.js';
import type { GetPartialDependenceRequest as _tenon_serving_v1_GetPartialDependenceRequest, GetPartialDependenceRequest__Output as _tenon_serving_v1_GetPartialDependenceRequest__Output } from '../../../tenon/serving/v1/GetPartialDependenceRequest.js';
import type { GetPartialDependenceResponse as _tenon_serving_v1_GetPartialDependenceResponse, GetPartialDependenceResponse__Output as _tenon_serving_v1_GetPartialDependenceResponse__Output } from '../../../tenon/serving/v1/GetPartialDependenceResponse.js';
import type { GetSignatureRequest as _tenon_serving_v1_GetSignatureRequest, GetSignatureRequest__Output as _tenon_serving_v1_GetSignatureRequest__Output } from '../../../tenon/serving/v1/GetSignatureRequest.js';
import type { GetSignatureResponse as _tenon_serving_v1_GetSignatureResponse, GetSignatureResponse__Output as _tenon_serving_v1_GetSignatureResponse__Output } from '../../../tenon/serving/v1/GetSignatureResponse.js';
import type { PredictRequest as _tenon_serving_v1_PredictRequest, PredictRequest__Output as _tenon_serving_v1_PredictRequest__Output } from '../../../tenon/serving/v1/PredictRequest.js';
import type { PredictResponse as _tenon_serving_v1_PredictResponse, PredictResponse__Output as _tenon_serving_v1_PredictResponse__Output } from '../../../tenon/serving/v1/PredictResponse.js';

/**
 * Predicts from raw rows: the recipe fitted in training is applied by the same code.
 */
export interface PredictionServiceClient extends grpc.Client {
  /**
   * Explains the predictions of one or more rows: how much each input column moves the
   * model's output away from what it is on average. Fails as Predict does, and returns
   * FAILED_PRECONDITION with EXPLANATION_UNSUPPORTED if the model has no such explanation.
   */
  Explain(argument: _tenon_serving_v1_ExplainRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_ExplainResponse__Output>): grpc.ClientUnaryCall;
  Explain(argument: _tenon_serving_v1_ExplainRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_serving_v1_ExplainResponse__Output>): grpc.ClientUnaryCall;
  Explain(argument: _tenon_serving_v1_ExplainRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_ExplainResponse__Output>): grpc.ClientUnaryCall;
  Explain(argument: _tenon_serving_v1_ExplainRequest, callback: grpc.requestCallback<_tenon_serving_v1_ExplainResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Explains the predictions of one or more rows: how much each input column moves the
   * model's output away from what it is on average. Fails as Predict does, and returns
   * FAILED_PRECONDITION with EXPLANATION_UNSUPPORTED if the model has no such explanation.
   */
  explain(argument: _tenon_serving_v1_ExplainRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_ExplainResponse__Output>): grpc.ClientUnaryCall;
  explain(argument: _tenon_serving_v1_ExplainRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_serving_v1_ExplainResponse__Output>): grpc.ClientUnaryCall;
  explain(argument: _tenon_serving_v1_ExplainRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_ExplainResponse__Output>): grpc.ClientUnaryCall;
  explain(argument: _tenon_serving_v1_ExplainRequest, callback: grpc.requestCallback<_tenon_serving_v1_ExplainResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Tells what the model predicts on average over the rows sent as one input column
   * takes one value after another in all of them (Friedman, Greedy function
   * approximation, 2001). Fails as Predict does, and returns INVALID_ARGUMENT if the
   * column is none of the model's or null in every row.
   */
  GetPartialDependence(argument: _tenon_serving_v1_GetPartialDependenceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_GetPartialDependenceResponse__Output>): grpc.ClientUnaryCall;
  GetPartialDependence(argument: _tenon_serving_v1_GetPartialDependenceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_serving_v1_GetPartialDependenceResponse__Output>): grpc.ClientUnaryCall;
  GetPartialDependence(argument: _tenon_serving_v1_GetPartialDependenceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_GetPartialDependenceResponse__Output>): grpc.ClientUnaryCall;
  GetPartialDependence(argument: _tenon_serving_v1_GetPartialDependenceRequest, callback: grpc.requestCallback<_tenon_serving_v1_GetPartialDependenceResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Tells what the model predicts on average over the rows sent as one input column
   * takes one value after another in all of them (Friedman, Greedy function
   * approximation, 2001). Fails as Predict does, and returns INVALID_ARGUMENT if the
   * column is none of the model's or null in every row.
   */
  getPartialDependence(argument: _tenon_serving_v1_GetPartialDependenceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_GetPartialDependenceResponse__Output>): grpc.ClientUnaryCall;
  getPartialDependence(argument: _tenon_serving_v1_GetPartialDependenceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_serving_v1_GetPartialDependenceResponse__Output>): grpc.ClientUnaryCall;
  getPartialDependence(argument: _tenon_serving_v1_GetPartialDependenceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_GetPartialDependenceResponse__Output>): grpc.ClientUnaryCall;
  getPartialDependence(argument: _tenon_serving_v1_GetPartialDependenceRequest, callback: grpc.requestCallback<_tenon_serving_v1_GetPartialDependenceResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Says what a deployment takes and gives. Returns NOT_FOUND if it does not exist,
   * UNAVAILABLE if it has no version ready.
   */
  GetSignature(argument: _tenon_serving_v1_GetSignatureRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_GetSignatureResponse__Output>): grpc.ClientUnaryCall;
  GetSignature(argument: _tenon_serving_v1_GetSignatureRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_serving_v1_GetSignatureResponse__Output>): grpc.ClientUnaryCall;
  GetSignature(argument: _tenon_serving_v1_GetSignatureRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_GetSignatureResponse__Output>): grpc.ClientUnaryCall;
  GetSignature(argument: _tenon_serving_v1_GetSignatureRequest, callback: grpc.requestCallback<_tenon_serving_v1_GetSignatureResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Says what a deployment takes and gives. Returns NOT_FOUND if it does not exist,
   * UNAVAILABLE if it has no version ready.
   */
  getSignature(argument: _tenon_serving_v1_GetSignatureRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_GetSignatureResponse__Output>): grpc.ClientUnaryCall;
  getSignature(argument: _tenon_serving_v1_GetSignatureRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_serving_v1_GetSignatureResponse__Output>): grpc.ClientUnaryCall;
  getSignature(argument: _tenon_serving_v1_GetSignatureRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_GetSignatureResponse__Output>): grpc.ClientUnaryCall;
  getSignature(argument: _tenon_serving_v1_GetSignatureRequest, callback: grpc.requestCallback<_tenon_serving_v1_GetSignatureResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Predicts one or more rows. Returns NOT_FOUND if the deployment does not exist,
   * UNAVAILABLE if it has no version ready, INVALID_ARGUMENT naming row and column if a
   * row does not fit the signature; then no row is answered.
   */
  Predict(argument: _tenon_serving_v1_PredictRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_PredictResponse__Output>): grpc.ClientUnaryCall;
  Predict(argument: _tenon_serving_v1_PredictRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_serving_v1_PredictResponse__Output>): grpc.ClientUnaryCall;
  Predict(argument: _tenon_serving_v1_PredictRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_PredictResponse__Output>): grpc.ClientUnaryCall;
  Predict(argument: _tenon_serving_v1_PredictRequest, callback: grpc.requestCallback<_tenon_serving_v1_PredictResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Predicts one or more rows. Returns NOT_FOUND if the deployment does not exist,
   * UNAVAILABLE if it has no version ready, INVALID_ARGUMENT naming row and column if a
   * row does not fit the signature; then no row is answered.
   */
  predict(argument: _tenon_serving_v1_PredictRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_PredictResponse__Output>): grpc.ClientUnaryCall;
  predict(argument: _tenon_serving_v1_PredictRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_serving_v1_PredictResponse__Output>): grpc.ClientUnaryCall;
  predict(argument: _tenon_serving_v1_PredictRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_serving_v1_PredictResponse__Output>): grpc.ClientUnaryCall;
  predict(argument: _tenon_serving_v1_PredictRequest, callback: grpc.requestCallback<_tenon_serving_v1_PredictResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * Predicts from raw rows: the recipe fitted in training is applied by the same code.
 */
export interface PredictionServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Explains the predictions of one or more rows: how much each input column moves the
   * model's output away from what it is on average. Fails as Predict does, and returns
   * FAILED_PRECONDITION with EXPLANATION_UNSUPPORTED if the model has no such explanation.
   */
  Explain: grpc.handleUnaryCall<_tenon_serving_v1_ExplainRequest__Output, _tenon_serving_v1_ExplainResponse>;
  
  /**
   * Tells what the model predicts on average over the rows sent as one input column
   * takes one value after another in all of them (Friedman, Greedy function
   * approximation, 2001). Fails as Predict does, and returns INVALID_ARGUMENT if the
   * column is none of the model's or null in every row.
   */
  GetPartialDependence: grpc.handleUnaryCall<_tenon_serving_v1_GetPartialDependenceRequest__Output, _tenon_serving_v1_GetPartialDependenceResponse>;
  
  /**
   * Says what a deployment takes and gives. Returns NOT_FOUND if it does not exist,
   * UNAVAILABLE if it has no version ready.
   */
  GetSignature: grpc.handleUnaryCall<_tenon_serving_v1_GetSignatureRequest__Output, _tenon_serving_v1_GetSignatureResponse>;
  
  /**
   * Predicts one or more rows. Returns NOT_FOUND if the deployment does not exist,
   * UNAVAILABLE if it has no version ready, INVALID_ARGUMENT naming row and column if a
   * row does not fit the signature; then no row is answered.
   */
  Predict: grpc.handleUnaryCall<_tenon_serving_v1_PredictRequest__Output, _tenon_serving_v1_PredictResponse>;
  
}

export interface PredictionServiceDefinition extends grpc.ServiceDefinition {
  Explain: MethodDefinition<_tenon_serving_v1_ExplainRequest, _tenon_serving_v1_ExplainResponse, _tenon_serving_v1_ExplainRequest__Output, _tenon_serving_v1_ExplainResponse__Output>
  GetPartialDependence: MethodDefinition<_tenon_serving_v1_GetPartialDependenceRequest, _tenon_serving_v1_GetPartialDependenceResponse, _tenon_serving_v1_GetPartialDependenceRequest__Output, _tenon_serving_v1_GetPartialDependenceResponse__Output>
  GetSignature: MethodDefinition<_tenon_serving_v1_GetSignatureRequest, _tenon_serving_v1_GetSignatureResponse, _tenon_serving_v1_GetSignatureRequest__Output, _tenon_serving_v1_GetSignatureResponse__Output>
  Predict: MethodDefinition<_tenon_serving_v1_PredictRequest, _tenon_serving_v1_PredictResponse, _tenon_serving_v1_PredictRequest__Output, _tenon_serving_v1_PredictResponse__Output>
}
