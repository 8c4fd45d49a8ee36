// Original file: proto/tenon/registry/v1/registry_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { Artifact as _tenon_registry_v1_Artifact, Artifact__Output as _tenon_registry_v1_Artifact__Output } from '../../../tenon/registry/v1/Artifact.js';
import type { CreateModelRequest as _tenon_registry_v1_CreateModelRequest, CreateModelRequest__Output as _tenon_registry_v1_CreateModelRequest__Output } from '../../../tenon/registry/v1/CreateModelRequest.js';
import type { CreateModelVersionRequest as _tenon_registry_v1_CreateModelVersionRequest, CreateModelVersionRequest__Output as _tenon_registry_v1_CreateModelVersionRequest__Output } from '../../../tenon/registry/v1/CreateModelVersionRequest.js';
import type { DeleteAliasRequest as _tenon_registry_v1_DeleteAliasRequest, DeleteAliasRequest__Output as _tenon_registry_v1_DeleteAliasRequest__Output } from '../../../tenon/registry/v1/DeleteAliasRequest.js';
import type { DeleteModelRequest as _tenon_registry_v1_DeleteModelRequest, DeleteModelRequest__Output as _tenon_registry_v1_DeleteModelRequest__Output } from '../../../tenon/registry/v1/DeleteModelRequest.js';
import type { DeleteModelVersionRequest as _tenon_registry_v1_DeleteModelVersionRequest, DeleteModelVersionRequest__Output as _tenon_registry_v1_DeleteModelVersionRequest__Output } from '../../../tenon/registry/v1/DeleteModelVersionRequest.js';
import type { DownloadArtifactRequest as _tenon_registry_v1_DownloadArtifactRequest, DownloadArtifactRequest__Output as _tenon_registry_v1_DownloadArtifactRequest__Output } from '../../../tenon/registry/v1/DownloadArtifactRequest.js';
import type { DownloadArtifactResponse as _tenon_registry_v1_DownloadArtifactResponse, DownloadArtifactResponse__Output as _tenon_registry_v1_DownloadArtifactResponse__Output } from '../../../tenon/registry/v1/DownloadArtifactResponse.js';
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from '../../../google/protobuf/Empty.js';
import type { GetArtifactRequest as _tenon_registry_v1_GetArtifactRequest, GetArtifactRequest__Output as _tenon_registry_v1_GetArtifactRequest__Output } from '../../../tenon/registry/v1/GetArtifactRequest.js';
import type { GetModelRequest as _tenon_registry_v1_GetModelRequest, GetModelRequest__Output as _tenon_registry_v1_GetModelRequest__Output } from '../../../tenon/registry/v1/GetModelRequest.js';
import type { GetModelVersionRequest as _tenon_registry_v1_GetModelVersionRequest, GetModelVersionRequest__Output as _tenon_registry_v1_GetModelVersionRequest__Output } from '../../../tenon/registry/v1/GetModelVersionRequest.js';
import type { ListJournalEntriesRequest as _tenon_registry_v1_ListJournalEntriesRequest, ListJournalEntriesRequest__Output as _tenon_registry_v1_ListJournalEntriesRequest__Output } from '../../../tenon/registry/v1/ListJournalEntriesRequest.js';
import type { ListJournalEntriesResponse as _tenon_registry_v1_ListJournalEntriesResponse, ListJournalEntriesResponse__Output as _tenon_registry_v1_ListJournalEntriesResponse__Output } from '../../../tenon/registry/v1/ListJournalEntriesResponse.js';
import type { ListModelVersionsRequest as _tenon_registry_v1_ListModelVersionsRequest, ListModelVersionsRequest__Output as _tenon_registry_v1_ListModelVersionsRequest__Output } from '../../../tenon/registry/v1/ListModelVersionsRequest.js';
import type { ListModelVersionsResponse as _tenon_registry_v1_ListModelVersionsResponse, ListModelVersionsResponse__Output as _tenon_registry_v1_ListModelVersionsResponse__Output } from '../../../tenon/registry/v1/ListModelVersionsResponse.js';
import type { ListModelsRequest as _tenon_registry_v1_ListModelsRequest, ListModelsRequest__Output as _tenon_registry_v1_ListModelsRequest__Output } from '../../../tenon/registry/v1/ListModelsRequest.js';
import type { ListModelsResponse as _tenon_registry_v1_ListModelsResponse, ListModelsResponse__Output as _tenon_registry_v1_ListModelsResponse__Output } from '../../../tenon/registry/v1/ListModelsResponse.js';
import type { Model as _tenon_registry_v1_Model, Model__Output as _tenon_registry_v1_Model__Output } from '../../../tenon/registry/v1/Model.js';
import type { ModelVersion as _tenon_registry_v1_ModelVersion, ModelVersion__Output as _tenon_registry_v1_ModelVersion__Output } from '../../../tenon/registry/v1/ModelVersion.js';
import type { PromoteModelVersionRequest as _tenon_registry_v1_PromoteModelVersionRequest, PromoteModelVersionRequest__Output as _tenon_registry_v1_PromoteModelVersionRequest__Output } from '../../../tenon/registry/v1/PromoteModelVersionRequest.js';
import type { RollbackAliasRequest as _tenon_registry_v1_RollbackAliasRequest, RollbackAliasRequest__Output as _tenon_registry_v1_RollbackAliasRequest__Output } from '../../../tenon/registry/v1/RollbackAliasRequest.js';
import type { SetAliasRequest as _tenon_registry_v1_SetAliasRequest, SetAliasRequest__Output as _tenon_registry_v1_SetAliasRequest__Output } from '../../../tenon/registry/v1/SetAliasRequest.js';
import type { UpdateModelRequest as _tenon_registry_v1_UpdateModelRequest, UpdateModelRequest__Output as _tenon_registry_v1_UpdateModelRequest__Output } from '../../../tenon/registry/v1/UpdateModelRequest.js';
import type { UploadArtifactRequest as _tenon_registry_v1_UploadArtifactRequest, UploadArtifactRequest__Output as _tenon_registry_v1_UploadArtifactRequest__Output } from '../../../tenon/registry/v1/UploadArtifactRequest.js';
import type { WatchModelRequest as _tenon_registry_v1_WatchModelRequest, WatchModelRequest__Output as _tenon_registry_v1_WatchModelRequest__Output } from '../../../tenon/registry/v1/WatchModelRequest.js';
import type { WatchModelResponse as _tenon_registry_v1_WatchModelResponse, WatchModelResponse__Output as _tenon_registry_v1_WatchModelResponse__Output } from '../../../tenon/registry/v1/WatchModelResponse.js';

/**
 * Manages models, versions, aliases and artifacts. What it acknowledges is on disk.
 * 
 * - The service has a collection of `Model`, named `models/*`.
 * - Each model has a collection of `ModelVersion`, named `models/* /versions/*`.
 * - The service has a collection of `Artifact`, named `artifacts/*`.
 */
export interface RegistryServiceClient extends grpc.Client {
  /**
   * Creates a model. Returns ALREADY_EXISTS if the name is taken.
   */
  CreateModel(argument: _tenon_registry_v1_CreateModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  CreateModel(argument: _tenon_registry_v1_CreateModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  CreateModel(argument: _tenon_registry_v1_CreateModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  CreateModel(argument: _tenon_registry_v1_CreateModelRequest, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  /**
   * Creates a model. Returns ALREADY_EXISTS if the name is taken.
   */
  createModel(argument: _tenon_registry_v1_CreateModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  createModel(argument: _tenon_registry_v1_CreateModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  createModel(argument: _tenon_registry_v1_CreateModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  createModel(argument: _tenon_registry_v1_CreateModelRequest, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  
  /**
   * Creates a version. Every file's artifact must have been uploaded: otherwise
   * NOT_FOUND. Returns NOT_FOUND if the model does not exist.
   */
  CreateModelVersion(argument: _tenon_registry_v1_CreateModelVersionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_ModelVersion__Output>): grpc.ClientUnaryCall;
  CreateModelVersion(argument: _tenon_registry_v1_CreateModelVersionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_ModelVersion__Output>): grpc.ClientUnaryCall;
  CreateModelVersion(argument: _tenon_registry_v1_CreateModelVersionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_ModelVersion__Output>): grpc.ClientUnaryCall;
  CreateModelVersion(argument: _tenon_registry_v1_CreateModelVersionRequest, callback: grpc.requestCallback<_tenon_registry_v1_ModelVersion__Output>): grpc.ClientUnaryCall;
  /**
   * Creates a version. Every file's artifact must have been uploaded: otherwise
   * NOT_FOUND. Returns NOT_FOUND if the model does not exist.
   */
  createModelVersion(argument: _tenon_registry_v1_CreateModelVersionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_ModelVersion__Output>): grpc.ClientUnaryCall;
  createModelVersion(argument: _tenon_registry_v1_CreateModelVersionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_ModelVersion__Output>): grpc.ClientUnaryCall;
  createModelVersion(argument: _tenon_registry_v1_CreateModelVersionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_ModelVersion__Output>): grpc.ClientUnaryCall;
  createModelVersion(argument: _tenon_registry_v1_CreateModelVersionRequest, callback: grpc.requestCallback<_tenon_registry_v1_ModelVersion__Output>): grpc.ClientUnaryCall;
  
  /**
   * Deletes an alias. Returns NOT_FOUND if it does not exist.
   */
  DeleteAlias(argument: _tenon_registry_v1_DeleteAliasRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  DeleteAlias(argument: _tenon_registry_v1_DeleteAliasRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  DeleteAlias(argument: _tenon_registry_v1_DeleteAliasRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  DeleteAlias(argument: _tenon_registry_v1_DeleteAliasRequest, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  /**
   * Deletes an alias. Returns NOT_FOUND if it does not exist.
   */
  deleteAlias(argument: _tenon_registry_v1_DeleteAliasRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  deleteAlias(argument: _tenon_registry_v1_DeleteAliasRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  deleteAlias(argument: _tenon_registry_v1_DeleteAliasRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  deleteAlias(argument: _tenon_registry_v1_DeleteAliasRequest, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  
  /**
   * Deletes a model with its versions and aliases. Returns FAILED_PRECONDITION while it
   * has an alias and `force` is not set.
   */
  DeleteModel(argument: _tenon_registry_v1_DeleteModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteModel(argument: _tenon_registry_v1_DeleteModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteModel(argument: _tenon_registry_v1_DeleteModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteModel(argument: _tenon_registry_v1_DeleteModelRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  /**
   * Deletes a model with its versions and aliases. Returns FAILED_PRECONDITION while it
   * has an alias and `force` is not set.
   */
  deleteModel(argument: _tenon_registry_v1_DeleteModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteModel(argument: _tenon_registry_v1_DeleteModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteModel(argument: _tenon_registry_v1_DeleteModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteModel(argument: _tenon_registry_v1_DeleteModelRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  /**
   * Deletes a version. Returns FAILED_PRECONDITION while an alias names it.
   */
  DeleteModelVersion(argument: _tenon_registry_v1_DeleteModelVersionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteModelVersion(argument: _tenon_registry_v1_DeleteModelVersionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteModelVersion(argument: _tenon_registry_v1_DeleteModelVersionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteModelVersion(argument: _tenon_registry_v1_DeleteModelVersionRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  /**
   * Deletes a version. Returns FAILED_PRECONDITION while an alias names it.
   */
  deleteModelVersion(argument: _tenon_registry_v1_DeleteModelVersionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteModelVersion(argument: _tenon_registry_v1_DeleteModelVersionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteModelVersion(argument: _tenon_registry_v1_DeleteModelVersionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteModelVersion(argument: _tenon_registry_v1_DeleteModelVersionRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  /**
   * Streams an artifact's bytes, checked against their digest: DATA_LOSS if they differ.
   */
  DownloadArtifact(argument: _tenon_registry_v1_DownloadArtifactRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_registry_v1_DownloadArtifactResponse__Output>;
  DownloadArtifact(argument: _tenon_registry_v1_DownloadArtifactRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_registry_v1_DownloadArtifactResponse__Output>;
  /**
   * Streams an artifact's bytes, checked against their digest: DATA_LOSS if they differ.
   */
  downloadArtifact(argument: _tenon_registry_v1_DownloadArtifactRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_registry_v1_DownloadArtifactResponse__Output>;
  downloadArtifact(argument: _tenon_registry_v1_DownloadArtifactRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_registry_v1_DownloadArtifactResponse__Output>;
  
  /**
   * Gets an artifact's size. Returns NOT_FOUND if it does not exist.
   */
  GetArtifact(argument: _tenon_registry_v1_GetArtifactRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Artifact__Output>): grpc.ClientUnaryCall;
  GetArtifact(argument: _tenon_registry_v1_GetArtifactRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_Artifact__Output>): grpc.ClientUnaryCall;
  GetArtifact(argument: _tenon_registry_v1_GetArtifactRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Artifact__Output>): grpc.ClientUnaryCall;
  GetArtifact(argument: _tenon_registry_v1_GetArtifactRequest, callback: grpc.requestCallback<_tenon_registry_v1_Artifact__Output>): grpc.ClientUnaryCall;
  /**
   * Gets an artifact's size. Returns NOT_FOUND if it does not exist.
   */
  getArtifact(argument: _tenon_registry_v1_GetArtifactRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Artifact__Output>): grpc.ClientUnaryCall;
  getArtifact(argument: _tenon_registry_v1_GetArtifactRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_Artifact__Output>): grpc.ClientUnaryCall;
  getArtifact(argument: _tenon_registry_v1_GetArtifactRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Artifact__Output>): grpc.ClientUnaryCall;
  getArtifact(argument: _tenon_registry_v1_GetArtifactRequest, callback: grpc.requestCallback<_tenon_registry_v1_Artifact__Output>): grpc.ClientUnaryCall;
  
  /**
   * Gets a model. Returns NOT_FOUND if it does not exist.
   */
  GetModel(argument: _tenon_registry_v1_GetModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  GetModel(argument: _tenon_registry_v1_GetModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  GetModel(argument: _tenon_registry_v1_GetModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  GetModel(argument: _tenon_registry_v1_GetModelRequest, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  /**
   * Gets a model. Returns NOT_FOUND if it does not exist.
   */
  getModel(argument: _tenon_registry_v1_GetModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  getModel(argument: _tenon_registry_v1_GetModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  getModel(argument: _tenon_registry_v1_GetModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  getModel(argument: _tenon_registry_v1_GetModelRequest, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  
  /**
   * Gets a version; `models/{model}/versions/latest` names the newest, and
   * `models/{model}/versions/@{alias}` the one an alias names. Returns NOT_FOUND if it
   * does not exist.
   */
  GetModelVersion(argument: _tenon_registry_v1_GetModelVersionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_ModelVersion__Output>): grpc.ClientUnaryCall;
  GetModelVersion(argument: _tenon_registry_v1_GetModelVersionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_ModelVersion__Output>): grpc.ClientUnaryCall;
  GetModelVersion(argument: _tenon_registry_v1_GetModelVersionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_ModelVersion__Output>): grpc.ClientUnaryCall;
  GetModelVersion(argument: _tenon_registry_v1_GetModelVersionRequest, callback: grpc.requestCallback<_tenon_registry_v1_ModelVersion__Output>): grpc.ClientUnaryCall;
  /**
   * Gets a version; `models/{model}/versions/latest` names the newest, and
   * `models/{model}/versions/@{alias}` the one an alias names. Returns NOT_FOUND if it
   * does not exist.
   */
  getModelVersion(argument: _tenon_registry_v1_GetModelVersionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_ModelVersion__Output>): grpc.ClientUnaryCall;
  getModelVersion(argument: _tenon_registry_v1_GetModelVersionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_ModelVersion__Output>): grpc.ClientUnaryCall;
  getModelVersion(argument: _tenon_registry_v1_GetModelVersionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_ModelVersion__Output>): grpc.ClientUnaryCall;
  getModelVersion(argument: _tenon_registry_v1_GetModelVersionRequest, callback: grpc.requestCallback<_tenon_registry_v1_ModelVersion__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists the history, oldest first.
   */
  ListJournalEntries(argument: _tenon_registry_v1_ListJournalEntriesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_ListJournalEntriesResponse__Output>): grpc.ClientUnaryCall;
  ListJournalEntries(argument: _tenon_registry_v1_ListJournalEntriesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_ListJournalEntriesResponse__Output>): grpc.ClientUnaryCall;
  ListJournalEntries(argument: _tenon_registry_v1_ListJournalEntriesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_ListJournalEntriesResponse__Output>): grpc.ClientUnaryCall;
  ListJournalEntries(argument: _tenon_registry_v1_ListJournalEntriesRequest, callback: grpc.requestCallback<_tenon_registry_v1_ListJournalEntriesResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists the history, oldest first.
   */
  listJournalEntries(argument: _tenon_registry_v1_ListJournalEntriesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_ListJournalEntriesResponse__Output>): grpc.ClientUnaryCall;
  listJournalEntries(argument: _tenon_registry_v1_ListJournalEntriesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_ListJournalEntriesResponse__Output>): grpc.ClientUnaryCall;
  listJournalEntries(argument: _tenon_registry_v1_ListJournalEntriesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_ListJournalEntriesResponse__Output>): grpc.ClientUnaryCall;
  listJournalEntries(argument: _tenon_registry_v1_ListJournalEntriesRequest, callback: grpc.requestCallback<_tenon_registry_v1_ListJournalEntriesResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists a model's versions, newest first. Returns NOT_FOUND if the model does not
   * exist.
   */
  ListModelVersions(argument: _tenon_registry_v1_ListModelVersionsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_ListModelVersionsResponse__Output>): grpc.ClientUnaryCall;
  ListModelVersions(argument: _tenon_registry_v1_ListModelVersionsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_ListModelVersionsResponse__Output>): grpc.ClientUnaryCall;
  ListModelVersions(argument: _tenon_registry_v1_ListModelVersionsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_ListModelVersionsResponse__Output>): grpc.ClientUnaryCall;
  ListModelVersions(argument: _tenon_registry_v1_ListModelVersionsRequest, callback: grpc.requestCallback<_tenon_registry_v1_ListModelVersionsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists a model's versions, newest first. Returns NOT_FOUND if the model does not
   * exist.
   */
  listModelVersions(argument: _tenon_registry_v1_ListModelVersionsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_ListModelVersionsResponse__Output>): grpc.ClientUnaryCall;
  listModelVersions(argument: _tenon_registry_v1_ListModelVersionsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_ListModelVersionsResponse__Output>): grpc.ClientUnaryCall;
  listModelVersions(argument: _tenon_registry_v1_ListModelVersionsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_ListModelVersionsResponse__Output>): grpc.ClientUnaryCall;
  listModelVersions(argument: _tenon_registry_v1_ListModelVersionsRequest, callback: grpc.requestCallback<_tenon_registry_v1_ListModelVersionsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists models, ordered by name.
   */
  ListModels(argument: _tenon_registry_v1_ListModelsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_ListModelsResponse__Output>): grpc.ClientUnaryCall;
  ListModels(argument: _tenon_registry_v1_ListModelsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_ListModelsResponse__Output>): grpc.ClientUnaryCall;
  ListModels(argument: _tenon_registry_v1_ListModelsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_ListModelsResponse__Output>): grpc.ClientUnaryCall;
  ListModels(argument: _tenon_registry_v1_ListModelsRequest, callback: grpc.requestCallback<_tenon_registry_v1_ListModelsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists models, ordered by name.
   */
  listModels(argument: _tenon_registry_v1_ListModelsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_ListModelsResponse__Output>): grpc.ClientUnaryCall;
  listModels(argument: _tenon_registry_v1_ListModelsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_ListModelsResponse__Output>): grpc.ClientUnaryCall;
  listModels(argument: _tenon_registry_v1_ListModelsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_ListModelsResponse__Output>): grpc.ClientUnaryCall;
  listModels(argument: _tenon_registry_v1_ListModelsRequest, callback: grpc.requestCallback<_tenon_registry_v1_ListModelsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Points the alias `production` (or another) at a version: SetAlias by its everyday
   * name.
   */
  PromoteModelVersion(argument: _tenon_registry_v1_PromoteModelVersionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  PromoteModelVersion(argument: _tenon_registry_v1_PromoteModelVersionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  PromoteModelVersion(argument: _tenon_registry_v1_PromoteModelVersionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  PromoteModelVersion(argument: _tenon_registry_v1_PromoteModelVersionRequest, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  /**
   * Points the alias `production` (or another) at a version: SetAlias by its everyday
   * name.
   */
  promoteModelVersion(argument: _tenon_registry_v1_PromoteModelVersionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  promoteModelVersion(argument: _tenon_registry_v1_PromoteModelVersionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  promoteModelVersion(argument: _tenon_registry_v1_PromoteModelVersionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  promoteModelVersion(argument: _tenon_registry_v1_PromoteModelVersionRequest, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  
  /**
   * Points an alias back at the version it named before. Returns FAILED_PRECONDITION if
   * it named none, or if that version was deleted.
   */
  RollbackAlias(argument: _tenon_registry_v1_RollbackAliasRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  RollbackAlias(argument: _tenon_registry_v1_RollbackAliasRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  RollbackAlias(argument: _tenon_registry_v1_RollbackAliasRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  RollbackAlias(argument: _tenon_registry_v1_RollbackAliasRequest, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  /**
   * Points an alias back at the version it named before. Returns FAILED_PRECONDITION if
   * it named none, or if that version was deleted.
   */
  rollbackAlias(argument: _tenon_registry_v1_RollbackAliasRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  rollbackAlias(argument: _tenon_registry_v1_RollbackAliasRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  rollbackAlias(argument: _tenon_registry_v1_RollbackAliasRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  rollbackAlias(argument: _tenon_registry_v1_RollbackAliasRequest, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  
  /**
   * Points an alias at a version. Returns NOT_FOUND if the version does not exist,
   * ABORTED if the etag differs.
   */
  SetAlias(argument: _tenon_registry_v1_SetAliasRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  SetAlias(argument: _tenon_registry_v1_SetAliasRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  SetAlias(argument: _tenon_registry_v1_SetAliasRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  SetAlias(argument: _tenon_registry_v1_SetAliasRequest, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  /**
   * Points an alias at a version. Returns NOT_FOUND if the version does not exist,
   * ABORTED if the etag differs.
   */
  setAlias(argument: _tenon_registry_v1_SetAliasRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  setAlias(argument: _tenon_registry_v1_SetAliasRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  setAlias(argument: _tenon_registry_v1_SetAliasRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  setAlias(argument: _tenon_registry_v1_SetAliasRequest, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  
  /**
   * Updates a model's display name or description. Returns NOT_FOUND if it does not
   * exist, ABORTED if the etag differs.
   */
  UpdateModel(argument: _tenon_registry_v1_UpdateModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  UpdateModel(argument: _tenon_registry_v1_UpdateModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  UpdateModel(argument: _tenon_registry_v1_UpdateModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  UpdateModel(argument: _tenon_registry_v1_UpdateModelRequest, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  /**
   * Updates a model's display name or description. Returns NOT_FOUND if it does not
   * exist, ABORTED if the etag differs.
   */
  updateModel(argument: _tenon_registry_v1_UpdateModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  updateModel(argument: _tenon_registry_v1_UpdateModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  updateModel(argument: _tenon_registry_v1_UpdateModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  updateModel(argument: _tenon_registry_v1_UpdateModelRequest, callback: grpc.requestCallback<_tenon_registry_v1_Model__Output>): grpc.ClientUnaryCall;
  
  /**
   * Streams bytes in; the answer names them by their sha256. Uploading the same bytes
   * again returns the same artifact.
   */
  UploadArtifact(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Artifact__Output>): grpc.ClientWritableStream<_tenon_registry_v1_UploadArtifactRequest>;
  UploadArtifact(metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_Artifact__Output>): grpc.ClientWritableStream<_tenon_registry_v1_UploadArtifactRequest>;
  UploadArtifact(options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Artifact__Output>): grpc.ClientWritableStream<_tenon_registry_v1_UploadArtifactRequest>;
  UploadArtifact(callback: grpc.requestCallback<_tenon_registry_v1_Artifact__Output>): grpc.ClientWritableStream<_tenon_registry_v1_UploadArtifactRequest>;
  /**
   * Streams bytes in; the answer names them by their sha256. Uploading the same bytes
   * again returns the same artifact.
   */
  uploadArtifact(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Artifact__Output>): grpc.ClientWritableStream<_tenon_registry_v1_UploadArtifactRequest>;
  uploadArtifact(metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_registry_v1_Artifact__Output>): grpc.ClientWritableStream<_tenon_registry_v1_UploadArtifactRequest>;
  uploadArtifact(options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_registry_v1_Artifact__Output>): grpc.ClientWritableStream<_tenon_registry_v1_UploadArtifactRequest>;
  uploadArtifact(callback: grpc.requestCallback<_tenon_registry_v1_Artifact__Output>): grpc.ClientWritableStream<_tenon_registry_v1_UploadArtifactRequest>;
  
  /**
   * Streams a model as it stands, then again after each change, until the caller leaves.
   * A reader that is slow sees the newest state, not every one. Ends with NOT_FOUND when
   * the model is deleted.
   */
  WatchModel(argument: _tenon_registry_v1_WatchModelRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_registry_v1_WatchModelResponse__Output>;
  WatchModel(argument: _tenon_registry_v1_WatchModelRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_registry_v1_WatchModelResponse__Output>;
  /**
   * Streams a model as it stands, then again after each change, until the caller leaves.
   * A reader that is slow sees the newest state, not every one. Ends with NOT_FOUND when
   * the model is deleted.
   */
  watchModel(argument: _tenon_registry_v1_WatchModelRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_registry_v1_WatchModelResponse__Output>;
  watchModel(argument: _tenon_registry_v1_WatchModelRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_registry_v1_WatchModelResponse__Output>;
  
}

/**
 * Manages models, versions, aliases and artifacts. What it acknowledges is on disk.
 * 
 * - The service has a collection of `Model`, named `models/*`.
 * - Each model has a collection of `ModelVersion`, named `models/* /versions/*`.
 * - The service has a collection of `Artifact`, named `artifacts/*`.
 */
export interface RegistryServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Creates a model. Returns ALREADY_EXISTS if the name is taken.
   */
  CreateModel: grpc.handleUnaryCall<_tenon_registry_v1_CreateModelRequest__Output, _tenon_registry_v1_Model>;
  
  /**
   * Creates a version. Every file's artifact must have been uploaded: otherwise
   * NOT_FOUND. Returns NOT_FOUND if the model does not exist.
   */
  CreateModelVersion: grpc.handleUnaryCall<_tenon_registry_v1_CreateModelVersionRequest__Output, _tenon_registry_v1_ModelVersion>;
  
  /**
   * Deletes an alias. Returns NOT_FOUND if it does not exist.
   */
  DeleteAlias: grpc.handleUnaryCall<_tenon_registry_v1_DeleteAliasRequest__Output, _tenon_registry_v1_Model>;
  
  /**
   * Deletes a model with its versions and aliases. Returns FAILED_PRECONDITION while it
   * has an alias and `force` is not set.
   */
  DeleteModel: grpc.handleUnaryCall<_tenon_registry_v1_DeleteModelRequest__Output, _google_protobuf_Empty>;
  
  /**
   * Deletes a version. Returns FAILED_PRECONDITION while an alias names it.
   */
  DeleteModelVersion: grpc.handleUnaryCall<_tenon_registry_v1_DeleteModelVersionRequest__Output, _google_protobuf_Empty>;
  
  /**
   * Streams an artifact's bytes, checked against their digest: DATA_LOSS if they differ.
   */
  DownloadArtifact: grpc.handleServerStreamingCall<_tenon_registry_v1_DownloadArtifactRequest__Output, _tenon_registry_v1_DownloadArtifactResponse>;
  
  /**
   * Gets an artifact's size. Returns NOT_FOUND if it does not exist.
   */
  GetArtifact: grpc.handleUnaryCall<_tenon_registry_v1_GetArtifactRequest__Output, _tenon_registry_v1_Artifact>;
  
  /**
   * Gets a model. Returns NOT_FOUND if it does not exist.
   */
  GetModel: grpc.handleUnaryCall<_tenon_registry_v1_GetModelRequest__Output, _tenon_registry_v1_Model>;
  
  /**
   * Gets a version; `models/{model}/versions/latest` names the newest, and
   * `models/{model}/versions/@{alias}` the one an alias names. Returns NOT_FOUND if it
   * does not exist.
   */
  GetModelVersion: grpc.handleUnaryCall<_tenon_registry_v1_GetModelVersionRequest__Output, _tenon_registry_v1_ModelVersion>;
  
  /**
   * Lists the history, oldest first.
   */
  ListJournalEntries: grpc.handleUnaryCall<_tenon_registry_v1_ListJournalEntriesRequest__Output, _tenon_registry_v1_ListJournalEntriesResponse>;
  
  /**
   * Lists a model's versions, newest first. Returns NOT_FOUND if the model does not
   * exist.
   */
  ListModelVersions: grpc.handleUnaryCall<_tenon_registry_v1_ListModelVersionsRequest__Output, _tenon_registry_v1_ListModelVersionsResponse>;
  
  /**
   * Lists models, ordered by name.
   */
  ListModels: grpc.handleUnaryCall<_tenon_registry_v1_ListModelsRequest__Output, _tenon_registry_v1_ListModelsResponse>;
  
  /**
   * Points the alias `production` (or another) at a version: SetAlias by its everyday
   * name.
   */
  PromoteModelVersion: grpc.handleUnaryCall<_tenon_registry_v1_PromoteModelVersionRequest__Output, _tenon_registry_v1_Model>;
  
  /**
   * Points an alias back at the version it named before. Returns FAILED_PRECONDITION if
   * it named none, or if that version was deleted.
   */
  RollbackAlias: grpc.handleUnaryCall<_tenon_registry_v1_RollbackAliasRequest__Output, _tenon_registry_v1_Model>;
  
  /**
   * Points an alias at a version. Returns NOT_FOUND if the version does not exist,
   * ABORTED if the etag differs.
   */
  SetAlias: grpc.handleUnaryCall<_tenon_registry_v1_SetAliasRequest__Output, _tenon_registry_v1_Model>;
  
  /**
   * Updates a model's display name or description. Returns NOT_FOUND if it does not
   * exist, ABORTED if the etag differs.
   */
  UpdateModel: grpc.handleUnaryCall<_tenon_registry_v1_UpdateModelRequest__Output, _tenon_registry_v1_Model>;
  
  /**
   * Streams bytes in; the answer names them by their sha256. Uploading the same bytes
   * again returns the same artifact.
   */
  UploadArtifact: grpc.handleClientStreamingCall<_tenon_registry_v1_UploadArtifactRequest__Output, _tenon_registry_v1_Artifact>;
  
  /**
   * Streams a model as it stands, then again after each change, until the caller leaves.
   * A reader that is slow sees the newest state, not every one. Ends with NOT_FOUND when
   * the model is deleted.
   */
  WatchModel: grpc.handleServerStreamingCall<_tenon_registry_v1_WatchModelRequest__Output, _tenon_registry_v1_WatchModelResponse>;
  
}

export interface RegistryServiceDefinition extends grpc.ServiceDefinition {
  CreateModel: MethodDefinition<_tenon_registry_v1_CreateModelRequest, _tenon_registry_v1_Model, _tenon_registry_v1_CreateModelRequest__Output, _tenon_registry_v1_Model__Output>
  CreateModelVersion: MethodDefinition<_tenon_registry_v1_CreateModelVersionRequest, _tenon_registry_v1_ModelVersion, _tenon_registry_v1_CreateModelVersionRequest__Output, _tenon_registry_v1_ModelVersion__Output>
  DeleteAlias: MethodDefinition<_tenon_registry_v1_DeleteAliasRequest, _tenon_registry_v1_Model, _tenon_registry_v1_DeleteAliasRequest__Output, _tenon_registry_v1_Model__Output>
  DeleteModel: MethodDefinition<_tenon_registry_v1_DeleteModelRequest, _google_protobuf_Empty, _tenon_registry_v1_DeleteModelRequest__Output, _google_protobuf_Empty__Output>
  DeleteModelVersion: MethodDefinition<_tenon_registry_v1_DeleteModelVersionRequest, _google_protobuf_Empty, _tenon_registry_v1_DeleteModelVersionRequest__Output, _google_protobuf_Empty__Output>
  DownloadArtifact: MethodDefinition<_tenon_registry_v1_DownloadArtifactRequest, _tenon_registry_v1_DownloadArtifactResponse, _tenon_registry_v1_DownloadArtifactRequest__Output, _tenon_registry_v1_DownloadArtifactResponse__Output>
  GetArtifact: MethodDefinition<_tenon_registry_v1_GetArtifactRequest, _tenon_registry_v1_Artifact, _tenon_registry_v1_GetArtifactRequest__Output, _tenon_registry_v1_Artifact__Output>
  GetModel: MethodDefinition<_tenon_registry_v1_GetModelRequest, _tenon_registry_v1_Model, _tenon_registry_v1_GetModelRequest__Output, _tenon_registry_v1_Model__Output>
  GetModelVersion: MethodDefinition<_tenon_registry_v1_GetModelVersionRequest, _tenon_registry_v1_ModelVersion, _tenon_registry_v1_GetModelVersionRequest__Output, _tenon_registry_v1_ModelVersion__Output>
  ListJournalEntries: MethodDefinition<_tenon_registry_v1_ListJournalEntriesRequest, _tenon_registry_v1_ListJournalEntriesResponse, _tenon_registry_v1_ListJournalEntriesRequest__Output, _tenon_registry_v1_ListJournalEntriesResponse__Output>
  ListModelVersions: MethodDefinition<_tenon_registry_v1_ListModelVersionsRequest, _tenon_registry_v1_ListModelVersionsResponse, _tenon_registry_v1_ListModelVersionsRequest__Output, _tenon_registry_v1_ListModelVersionsResponse__Output>
  ListModels: MethodDefinition<_tenon_registry_v1_ListModelsRequest, _tenon_registry_v1_ListModelsResponse, _tenon_registry_v1_ListModelsRequest__Output, _tenon_registry_v1_ListModelsResponse__Output>
  PromoteModelVersion: MethodDefinition<_tenon_registry_v1_PromoteModelVersionRequest, _tenon_registry_v1_Model, _tenon_registry_v1_PromoteModelVersionRequest__Output, _tenon_registry_v1_Model__Output>
  RollbackAlias: MethodDefinition<_tenon_registry_v1_RollbackAliasRequest, _tenon_registry_v1_Model, _tenon_registry_v1_RollbackAliasRequest__Output, _tenon_registry_v1_Model__Output>
  SetAlias: MethodDefinition<_tenon_registry_v1_SetAliasRequest, _tenon_registry_v1_Model, _tenon_registry_v1_SetAliasRequest__Output, _tenon_registry_v1_Model__Output>
  UpdateModel: MethodDefinition<_tenon_registry_v1_UpdateModelRequest, _tenon_registry_v1_Model, _tenon_registry_v1_UpdateModelRequest__Output, _tenon_registry_v1_Model__Output>
  UploadArtifact: MethodDefinition<_tenon_registry_v1_UploadArtifactRequest, _tenon_registry_v1_Artifact, _tenon_registry_v1_UploadArtifactRequest__Output, _tenon_registry_v1_Artifact__Output>
  WatchModel: MethodDefinition<_tenon_registry_v1_WatchModelRequest, _tenon_registry_v1_WatchModelResponse, _tenon_registry_v1_WatchModelRequest__Output, _tenon_registry_v1_WatchModelResponse__Output>
}
