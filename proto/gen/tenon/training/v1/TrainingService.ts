// Original file: proto/tenon/training/v1/training_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CancelJobRequest as _tenon_training_v1_CancelJobRequest, CancelJobRequest__Output as _tenon_training_v1_CancelJobRequest__Output } from '../../../tenon/training/v1/CancelJobRequest.js';
import type { CreateJobRequest as _tenon_training_v1_CreateJobRequest, CreateJobRequest__Output as _tenon_training_v1_CreateJobRequest__Output } from '../../../tenon/training/v1/CreateJobRequest.js';
import type { DeleteJobRequest as _tenon_training_v1_DeleteJobRequest, DeleteJobRequest__Output as _tenon_training_v1_DeleteJobRequest__Output } from '../../../tenon/training/v1/DeleteJobRequest.js';
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from '../../../google/protobuf/Empty.js';
import type { Estimator as _tenon_training_v1_Estimator, Estimator__Output as _tenon_training_v1_Estimator__Output } from '../../../tenon/training/v1/Estimator.js';
import type { ExportModelRequest as _tenon_training_v1_ExportModelRequest, ExportModelRequest__Output as _tenon_training_v1_ExportModelRequest__Output } from '../../../tenon/training/v1/ExportModelRequest.js';
import type { GetEstimatorRequest as _tenon_training_v1_GetEstimatorRequest, GetEstimatorRequest__Output as _tenon_training_v1_GetEstimatorRequest__Output } from '../../../tenon/training/v1/GetEstimatorRequest.js';
import type { GetJobRequest as _tenon_training_v1_GetJobRequest, GetJobRequest__Output as _tenon_training_v1_GetJobRequest__Output } from '../../../tenon/training/v1/GetJobRequest.js';
import type { ImportModelRequest as _tenon_training_v1_ImportModelRequest, ImportModelRequest__Output as _tenon_training_v1_ImportModelRequest__Output } from '../../../tenon/training/v1/ImportModelRequest.js';
import type { Job as _tenon_training_v1_Job, Job__Output as _tenon_training_v1_Job__Output } from '../../../tenon/training/v1/Job.js';
import type { ListEstimatorsRequest as _tenon_training_v1_ListEstimatorsRequest, ListEstimatorsRequest__Output as _tenon_training_v1_ListEstimatorsRequest__Output } from '../../../tenon/training/v1/ListEstimatorsRequest.js';
import type { ListEstimatorsResponse as _tenon_training_v1_ListEstimatorsResponse, ListEstimatorsResponse__Output as _tenon_training_v1_ListEstimatorsResponse__Output } from '../../../tenon/training/v1/ListEstimatorsResponse.js';
import type { ListJobsRequest as _tenon_training_v1_ListJobsRequest, ListJobsRequest__Output as _tenon_training_v1_ListJobsRequest__Output } from '../../../tenon/training/v1/ListJobsRequest.js';
import type { ListJobsResponse as _tenon_training_v1_ListJobsResponse, ListJobsResponse__Output as _tenon_training_v1_ListJobsResponse__Output } from '../../../tenon/training/v1/ListJobsResponse.js';
import type { OptimizeModelRequest as _tenon_training_v1_OptimizeModelRequest, OptimizeModelRequest__Output as _tenon_training_v1_OptimizeModelRequest__Output } from '../../../tenon/training/v1/OptimizeModelRequest.js';
import type { WatchJobRequest as _tenon_training_v1_WatchJobRequest, WatchJobRequest__Output as _tenon_training_v1_WatchJobRequest__Output } from '../../../tenon/training/v1/WatchJobRequest.js';
import type { WatchJobResponse as _tenon_training_v1_WatchJobResponse, WatchJobResponse__Output as _tenon_training_v1_WatchJobResponse__Output } from '../../../tenon/training/v1/WatchJobResponse.js';

/**
 * Trains, validates and optimizes models.
 * 
 * - The service has a collection of `Job`, named `jobs/*`.
 * - The service has a fixed collection of `Estimator`, named `estimators/*`.
 */
export interface TrainingServiceClient extends grpc.Client {
  /**
   * Asks a job to stop; it does within 200 ms of its worker hearing. Cancelling a job
   * that is being cancelled changes nothing. Returns FAILED_PRECONDITION if it has
   * succeeded or failed.
   */
  CancelJob(argument: _tenon_training_v1_CancelJobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  CancelJob(argument: _tenon_training_v1_CancelJobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  CancelJob(argument: _tenon_training_v1_CancelJobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  CancelJob(argument: _tenon_training_v1_CancelJobRequest, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  /**
   * Asks a job to stop; it does within 200 ms of its worker hearing. Cancelling a job
   * that is being cancelled changes nothing. Returns FAILED_PRECONDITION if it has
   * succeeded or failed.
   */
  cancelJob(argument: _tenon_training_v1_CancelJobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  cancelJob(argument: _tenon_training_v1_CancelJobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  cancelJob(argument: _tenon_training_v1_CancelJobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  cancelJob(argument: _tenon_training_v1_CancelJobRequest, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  
  /**
   * Creates a job and returns at once; follow it with WatchJob. Returns NOT_FOUND if
   * dataset version or recipe do not exist, INVALID_ARGUMENT if the spec does not fit
   * the data's schema.
   */
  CreateJob(argument: _tenon_training_v1_CreateJobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  CreateJob(argument: _tenon_training_v1_CreateJobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  CreateJob(argument: _tenon_training_v1_CreateJobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  CreateJob(argument: _tenon_training_v1_CreateJobRequest, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  /**
   * Creates a job and returns at once; follow it with WatchJob. Returns NOT_FOUND if
   * dataset version or recipe do not exist, INVALID_ARGUMENT if the spec does not fit
   * the data's schema.
   */
  createJob(argument: _tenon_training_v1_CreateJobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  createJob(argument: _tenon_training_v1_CreateJobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  createJob(argument: _tenon_training_v1_CreateJobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  createJob(argument: _tenon_training_v1_CreateJobRequest, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  
  /**
   * Deletes a job in a final state. Returns FAILED_PRECONDITION if it still runs.
   */
  DeleteJob(argument: _tenon_training_v1_DeleteJobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteJob(argument: _tenon_training_v1_DeleteJobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteJob(argument: _tenon_training_v1_DeleteJobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteJob(argument: _tenon_training_v1_DeleteJobRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  /**
   * Deletes a job in a final state. Returns FAILED_PRECONDITION if it still runs.
   */
  deleteJob(argument: _tenon_training_v1_DeleteJobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteJob(argument: _tenon_training_v1_DeleteJobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteJob(argument: _tenon_training_v1_DeleteJobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteJob(argument: _tenon_training_v1_DeleteJobRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  /**
   * Creates a job that writes a version as ONNX, recipe included, to an artifact of the
   * registry, which `result.exported` names; follow it with WatchJob. Returns NOT_FOUND
   * if the version does not exist. The job itself fails with INVALID_ARGUMENT
   * (INVALID_FIELD) for a model that the format cannot say.
   */
  ExportModel(argument: _tenon_training_v1_ExportModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  ExportModel(argument: _tenon_training_v1_ExportModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  ExportModel(argument: _tenon_training_v1_ExportModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  ExportModel(argument: _tenon_training_v1_ExportModelRequest, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  /**
   * Creates a job that writes a version as ONNX, recipe included, to an artifact of the
   * registry, which `result.exported` names; follow it with WatchJob. Returns NOT_FOUND
   * if the version does not exist. The job itself fails with INVALID_ARGUMENT
   * (INVALID_FIELD) for a model that the format cannot say.
   */
  exportModel(argument: _tenon_training_v1_ExportModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  exportModel(argument: _tenon_training_v1_ExportModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  exportModel(argument: _tenon_training_v1_ExportModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  exportModel(argument: _tenon_training_v1_ExportModelRequest, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  
  /**
   * Gets an estimator. Returns NOT_FOUND if it does not exist.
   */
  GetEstimator(argument: _tenon_training_v1_GetEstimatorRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Estimator__Output>): grpc.ClientUnaryCall;
  GetEstimator(argument: _tenon_training_v1_GetEstimatorRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_training_v1_Estimator__Output>): grpc.ClientUnaryCall;
  GetEstimator(argument: _tenon_training_v1_GetEstimatorRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Estimator__Output>): grpc.ClientUnaryCall;
  GetEstimator(argument: _tenon_training_v1_GetEstimatorRequest, callback: grpc.requestCallback<_tenon_training_v1_Estimator__Output>): grpc.ClientUnaryCall;
  /**
   * Gets an estimator. Returns NOT_FOUND if it does not exist.
   */
  getEstimator(argument: _tenon_training_v1_GetEstimatorRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Estimator__Output>): grpc.ClientUnaryCall;
  getEstimator(argument: _tenon_training_v1_GetEstimatorRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_training_v1_Estimator__Output>): grpc.ClientUnaryCall;
  getEstimator(argument: _tenon_training_v1_GetEstimatorRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Estimator__Output>): grpc.ClientUnaryCall;
  getEstimator(argument: _tenon_training_v1_GetEstimatorRequest, callback: grpc.requestCallback<_tenon_training_v1_Estimator__Output>): grpc.ClientUnaryCall;
  
  /**
   * Gets a job. Returns NOT_FOUND if it does not exist.
   */
  GetJob(argument: _tenon_training_v1_GetJobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  GetJob(argument: _tenon_training_v1_GetJobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  GetJob(argument: _tenon_training_v1_GetJobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  GetJob(argument: _tenon_training_v1_GetJobRequest, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  /**
   * Gets a job. Returns NOT_FOUND if it does not exist.
   */
  getJob(argument: _tenon_training_v1_GetJobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  getJob(argument: _tenon_training_v1_GetJobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  getJob(argument: _tenon_training_v1_GetJobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  getJob(argument: _tenon_training_v1_GetJobRequest, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  
  /**
   * Creates a job that reads a model of XGBoost, LightGBM or, through ONNX, scikit-learn
   * from an artifact and registers it as a version that scores as the model does; follow
   * it with WatchJob. Returns NOT_FOUND if the artifact does not exist, INVALID_ARGUMENT
   * for a name that is none, RESOURCE_EXHAUSTED (QUOTA_EXCEEDED) for a file that is too
   * large. The job itself fails with INVALID_ARGUMENT and registers nothing:
   * UNPARSABLE_FILE for a file that is broken or of no known format, INVALID_FIELD for a
   * model that has no form here; both name the place in the file.
   */
  ImportModel(argument: _tenon_training_v1_ImportModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  ImportModel(argument: _tenon_training_v1_ImportModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  ImportModel(argument: _tenon_training_v1_ImportModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  ImportModel(argument: _tenon_training_v1_ImportModelRequest, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  /**
   * Creates a job that reads a model of XGBoost, LightGBM or, through ONNX, scikit-learn
   * from an artifact and registers it as a version that scores as the model does; follow
   * it with WatchJob. Returns NOT_FOUND if the artifact does not exist, INVALID_ARGUMENT
   * for a name that is none, RESOURCE_EXHAUSTED (QUOTA_EXCEEDED) for a file that is too
   * large. The job itself fails with INVALID_ARGUMENT and registers nothing:
   * UNPARSABLE_FILE for a file that is broken or of no known format, INVALID_FIELD for a
   * model that has no form here; both name the place in the file.
   */
  importModel(argument: _tenon_training_v1_ImportModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  importModel(argument: _tenon_training_v1_ImportModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  importModel(argument: _tenon_training_v1_ImportModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  importModel(argument: _tenon_training_v1_ImportModelRequest, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists what can be trained, with every parameter.
   */
  ListEstimators(argument: _tenon_training_v1_ListEstimatorsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_ListEstimatorsResponse__Output>): grpc.ClientUnaryCall;
  ListEstimators(argument: _tenon_training_v1_ListEstimatorsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_training_v1_ListEstimatorsResponse__Output>): grpc.ClientUnaryCall;
  ListEstimators(argument: _tenon_training_v1_ListEstimatorsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_ListEstimatorsResponse__Output>): grpc.ClientUnaryCall;
  ListEstimators(argument: _tenon_training_v1_ListEstimatorsRequest, callback: grpc.requestCallback<_tenon_training_v1_ListEstimatorsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists what can be trained, with every parameter.
   */
  listEstimators(argument: _tenon_training_v1_ListEstimatorsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_ListEstimatorsResponse__Output>): grpc.ClientUnaryCall;
  listEstimators(argument: _tenon_training_v1_ListEstimatorsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_training_v1_ListEstimatorsResponse__Output>): grpc.ClientUnaryCall;
  listEstimators(argument: _tenon_training_v1_ListEstimatorsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_ListEstimatorsResponse__Output>): grpc.ClientUnaryCall;
  listEstimators(argument: _tenon_training_v1_ListEstimatorsRequest, callback: grpc.requestCallback<_tenon_training_v1_ListEstimatorsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists jobs, newest first.
   */
  ListJobs(argument: _tenon_training_v1_ListJobsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_ListJobsResponse__Output>): grpc.ClientUnaryCall;
  ListJobs(argument: _tenon_training_v1_ListJobsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_training_v1_ListJobsResponse__Output>): grpc.ClientUnaryCall;
  ListJobs(argument: _tenon_training_v1_ListJobsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_ListJobsResponse__Output>): grpc.ClientUnaryCall;
  ListJobs(argument: _tenon_training_v1_ListJobsRequest, callback: grpc.requestCallback<_tenon_training_v1_ListJobsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists jobs, newest first.
   */
  listJobs(argument: _tenon_training_v1_ListJobsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_ListJobsResponse__Output>): grpc.ClientUnaryCall;
  listJobs(argument: _tenon_training_v1_ListJobsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_training_v1_ListJobsResponse__Output>): grpc.ClientUnaryCall;
  listJobs(argument: _tenon_training_v1_ListJobsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_ListJobsResponse__Output>): grpc.ClientUnaryCall;
  listJobs(argument: _tenon_training_v1_ListJobsRequest, callback: grpc.requestCallback<_tenon_training_v1_ListJobsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Creates a job that makes smaller or faster variants of a version, measures each on
   * held-out rows, and registers the best within a bound on the loss as a new version of
   * the same model; follow it with WatchJob. Returns NOT_FOUND if the version or the
   * dataset version do not exist, INVALID_ARGUMENT if the metric, the methods or the
   * data do not fit the model. The job itself fails with FAILED_PRECONDITION
   * (BUDGET_NOT_MET) and registers nothing if no variant is within the bound.
   */
  OptimizeModel(argument: _tenon_training_v1_OptimizeModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  OptimizeModel(argument: _tenon_training_v1_OptimizeModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  OptimizeModel(argument: _tenon_training_v1_OptimizeModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  OptimizeModel(argument: _tenon_training_v1_OptimizeModelRequest, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  /**
   * Creates a job that makes smaller or faster variants of a version, measures each on
   * held-out rows, and registers the best within a bound on the loss as a new version of
   * the same model; follow it with WatchJob. Returns NOT_FOUND if the version or the
   * dataset version do not exist, INVALID_ARGUMENT if the metric, the methods or the
   * data do not fit the model. The job itself fails with FAILED_PRECONDITION
   * (BUDGET_NOT_MET) and registers nothing if no variant is within the bound.
   */
  optimizeModel(argument: _tenon_training_v1_OptimizeModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  optimizeModel(argument: _tenon_training_v1_OptimizeModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  optimizeModel(argument: _tenon_training_v1_OptimizeModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  optimizeModel(argument: _tenon_training_v1_OptimizeModelRequest, callback: grpc.requestCallback<_tenon_training_v1_Job__Output>): grpc.ClientUnaryCall;
  
  /**
   * Streams a job's events from the first (or from `after_sequence`), then live ones, and
   * ends after the final state. Returns NOT_FOUND if the job does not exist.
   */
  WatchJob(argument: _tenon_training_v1_WatchJobRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_training_v1_WatchJobResponse__Output>;
  WatchJob(argument: _tenon_training_v1_WatchJobRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_training_v1_WatchJobResponse__Output>;
  /**
   * Streams a job's events from the first (or from `after_sequence`), then live ones, and
   * ends after the final state. Returns NOT_FOUND if the job does not exist.
   */
  watchJob(argument: _tenon_training_v1_WatchJobRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_training_v1_WatchJobResponse__Output>;
  watchJob(argument: _tenon_training_v1_WatchJobRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_training_v1_WatchJobResponse__Output>;
  
}

/**
 * Trains, validates and optimizes models.
 * 
 * - The service has a collection of `Job`, named `jobs/*`.
 * - The service has a fixed collection of `Estimator`, named `estimators/*`.
 */
export interface TrainingServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Asks a job to stop; it does within 200 ms of its worker hearing. Cancelling a job
   * that is being cancelled changes nothing. Returns FAILED_PRECONDITION if it has
   * succeeded or failed.
   */
  CancelJob: grpc.handleUnaryCall<_tenon_training_v1_CancelJobRequest__Output, _tenon_training_v1_Job>;
  
  /**
   * Creates a job and returns at once; follow it with WatchJob. Returns NOT_FOUND if
   * dataset version or recipe do not exist, INVALID_ARGUMENT if the spec does not fit
   * the data's schema.
   */
  CreateJob: grpc.handleUnaryCall<_tenon_training_v1_CreateJobRequest__Output, _tenon_training_v1_Job>;
  
  /**
   * Deletes a job in a final state. Returns FAILED_PRECONDITION if it still runs.
   */
  DeleteJob: grpc.handleUnaryCall<_tenon_training_v1_DeleteJobRequest__Output, _google_protobuf_Empty>;
  
  /**
   * Creates a job that writes a version as ONNX, recipe included, to an artifact of the
   * registry, which `result.exported` names; follow it with WatchJob. Returns NOT_FOUND
   * if the version does not exist. The job itself fails with INVALID_ARGUMENT
   * (INVALID_FIELD) for a model that the format cannot say.
   */
  ExportModel: grpc.handleUnaryCall<_tenon_training_v1_ExportModelRequest__Output, _tenon_training_v1_Job>;
  
  /**
   * Gets an estimator. Returns NOT_FOUND if it does not exist.
   */
  GetEstimator: grpc.handleUnaryCall<_tenon_training_v1_GetEstimatorRequest__Output, _tenon_training_v1_Estimator>;
  
  /**
   * Gets a job. Returns NOT_FOUND if it does not exist.
   */
  GetJob: grpc.handleUnaryCall<_tenon_training_v1_GetJobRequest__Output, _tenon_training_v1_Job>;
  
  /**
   * Creates a job that reads a model of XGBoost, LightGBM or, through ONNX, scikit-learn
   * from an artifact and registers it as a version that scores as the model does; follow
   * it with WatchJob. Returns NOT_FOUND if the artifact does not exist, INVALID_ARGUMENT
   * for a name that is none, RESOURCE_EXHAUSTED (QUOTA_EXCEEDED) for a file that is too
   * large. The job itself fails with INVALID_ARGUMENT and registers nothing:
   * UNPARSABLE_FILE for a file that is broken or of no known format, INVALID_FIELD for a
   * model that has no form here; both name the place in the file.
   */
  ImportModel: grpc.handleUnaryCall<_tenon_training_v1_ImportModelRequest__Output, _tenon_training_v1_Job>;
  
  /**
   * Lists what can be trained, with every parameter.
   */
  ListEstimators: grpc.handleUnaryCall<_tenon_training_v1_ListEstimatorsRequest__Output, _tenon_training_v1_ListEstimatorsResponse>;
  
  /**
   * Lists jobs, newest first.
   */
  ListJobs: grpc.handleUnaryCall<_tenon_training_v1_ListJobsRequest__Output, _tenon_training_v1_ListJobsResponse>;
  
  /**
   * Creates a job that makes smaller or faster variants of a version, measures each on
   * held-out rows, and registers the best within a bound on the loss as a new version of
   * the same model; follow it with WatchJob. Returns NOT_FOUND if the version or the
   * dataset version do not exist, INVALID_ARGUMENT if the metric, the methods or the
   * data do not fit the model. The job itself fails with FAILED_PRECONDITION
   * (BUDGET_NOT_MET) and registers nothing if no variant is within the bound.
   */
  OptimizeModel: grpc.handleUnaryCall<_tenon_training_v1_OptimizeModelRequest__Output, _tenon_training_v1_Job>;
  
  /**
   * Streams a job's events from the first (or from `after_sequence`), then live ones, and
   * ends after the final state. Returns NOT_FOUND if the job does not exist.
   */
  WatchJob: grpc.handleServerStreamingCall<_tenon_training_v1_WatchJobRequest__Output, _tenon_training_v1_WatchJobResponse>;
  
}

export interface TrainingServiceDefinition extends grpc.ServiceDefinition {
  CancelJob: MethodDefinition<_tenon_training_v1_CancelJobRequest, _tenon_training_v1_Job, _tenon_training_v1_CancelJobRequest__Output, _tenon_training_v1_Job__Output>
  CreateJob: MethodDefinition<_tenon_training_v1_CreateJobRequest, _tenon_training_v1_Job, _tenon_training_v1_CreateJobRequest__Output, _tenon_training_v1_Job__Output>
  DeleteJob: MethodDefinition<_tenon_training_v1_DeleteJobRequest, _google_protobuf_Empty, _tenon_training_v1_DeleteJobRequest__Output, _google_protobuf_Empty__Output>
  ExportModel: MethodDefinition<_tenon_training_v1_ExportModelRequest, _tenon_training_v1_Job, _tenon_training_v1_ExportModelRequest__Output, _tenon_training_v1_Job__Output>
  GetEstimator: MethodDefinition<_tenon_training_v1_GetEstimatorRequest, _tenon_training_v1_Estimator, _tenon_training_v1_GetEstimatorRequest__Output, _tenon_training_v1_Estimator__Output>
  GetJob: MethodDefinition<_tenon_training_v1_GetJobRequest, _tenon_training_v1_Job, _tenon_training_v1_GetJobRequest__Output, _tenon_training_v1_Job__Output>
  ImportModel: MethodDefinition<_tenon_training_v1_ImportModelRequest, _tenon_training_v1_Job, _tenon_training_v1_ImportModelRequest__Output, _tenon_training_v1_Job__Output>
  ListEstimators: MethodDefinition<_tenon_training_v1_ListEstimatorsRequest, _tenon_training_v1_ListEstimatorsResponse, _tenon_training_v1_ListEstimatorsRequest__Output, _tenon_training_v1_ListEstimatorsResponse__Output>
  ListJobs: MethodDefinition<_tenon_training_v1_ListJobsRequest, _tenon_training_v1_ListJobsResponse, _tenon_training_v1_ListJobsRequest__Output, _tenon_training_v1_ListJobsResponse__Output>
  OptimizeModel: MethodDefinition<_tenon_training_v1_OptimizeModelRequest, _tenon_training_v1_Job, _tenon_training_v1_OptimizeModelRequest__Output, _tenon_training_v1_Job__Output>
  WatchJob: MethodDefinition<_tenon_training_v1_WatchJobRequest, _tenon_training_v1_WatchJobResponse, _tenon_training_v1_WatchJobRequest__Output, _tenon_training_v1_WatchJobResponse__Output>
}
