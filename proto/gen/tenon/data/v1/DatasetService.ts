// Original file: proto/tenon/data/v1/dataset_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { Dataset as _tenon_data_v1_Dataset, Dataset__Output as _tenon_data_v1_Dataset__Output } from '../../../tenon/data/v1/Dataset.js';
import type { DatasetVersion as _tenon_data_v1_DatasetVersion, DatasetVersion__Output as _tenon_data_v1_DatasetVersion__Output } from '../../../tenon/data/v1/DatasetVersion.js';
import type { DeleteDatasetRequest as _tenon_data_v1_DeleteDatasetRequest, DeleteDatasetRequest__Output as _tenon_data_v1_DeleteDatasetRequest__Output } from '../../../tenon/data/v1/DeleteDatasetRequest.js';
import type { DownloadDatasetVersionRequest as _tenon_data_v1_DownloadDatasetVersionRequest, DownloadDatasetVersionRequest__Output as _tenon_data_v1_DownloadDatasetVersionRequest__Output } from '../../../tenon/data/v1/DownloadDatasetVersionRequest.js';
import type { DownloadDatasetVersionResponse as _tenon_data_v1_DownloadDatasetVersionResponse, DownloadDatasetVersionResponse__Output as _tenon_data_v1_DownloadDatasetVersionResponse__Output } from '../../../tenon/data/v1/DownloadDatasetVersionResponse.js';
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from '../../../google/protobuf/Empty.js';
import type { GetDatasetRequest as _tenon_data_v1_GetDatasetRequest, GetDatasetRequest__Output as _tenon_data_v1_GetDatasetRequest__Output } from '../../../tenon/data/v1/GetDatasetRequest.js';
import type { GetDatasetVersionRequest as _tenon_data_v1_GetDatasetVersionRequest, GetDatasetVersionRequest__Output as _tenon_data_v1_GetDatasetVersionRequest__Output } from '../../../tenon/data/v1/GetDatasetVersionRequest.js';
import type { ListDatasetVersionsRequest as _tenon_data_v1_ListDatasetVersionsRequest, ListDatasetVersionsRequest__Output as _tenon_data_v1_ListDatasetVersionsRequest__Output } from '../../../tenon/data/v1/ListDatasetVersionsRequest.js';
import type { ListDatasetVersionsResponse as _tenon_data_v1_ListDatasetVersionsResponse, ListDatasetVersionsResponse__Output as _tenon_data_v1_ListDatasetVersionsResponse__Output } from '../../../tenon/data/v1/ListDatasetVersionsResponse.js';
import type { ListDatasetsRequest as _tenon_data_v1_ListDatasetsRequest, ListDatasetsRequest__Output as _tenon_data_v1_ListDatasetsRequest__Output } from '../../../tenon/data/v1/ListDatasetsRequest.js';
import type { ListDatasetsResponse as _tenon_data_v1_ListDatasetsResponse, ListDatasetsResponse__Output as _tenon_data_v1_ListDatasetsResponse__Output } from '../../../tenon/data/v1/ListDatasetsResponse.js';
import type { PreviewDatasetVersionRequest as _tenon_data_v1_PreviewDatasetVersionRequest, PreviewDatasetVersionRequest__Output as _tenon_data_v1_PreviewDatasetVersionRequest__Output } from '../../../tenon/data/v1/PreviewDatasetVersionRequest.js';
import type { PreviewDatasetVersionResponse as _tenon_data_v1_PreviewDatasetVersionResponse, PreviewDatasetVersionResponse__Output as _tenon_data_v1_PreviewDatasetVersionResponse__Output } from '../../../tenon/data/v1/PreviewDatasetVersionResponse.js';
import type { ReadDatasetVersionRequest as _tenon_data_v1_ReadDatasetVersionRequest, ReadDatasetVersionRequest__Output as _tenon_data_v1_ReadDatasetVersionRequest__Output } from '../../../tenon/data/v1/ReadDatasetVersionRequest.js';
import type { ReadDatasetVersionResponse as _tenon_data_v1_ReadDatasetVersionResponse, ReadDatasetVersionResponse__Output as _tenon_data_v1_ReadDatasetVersionResponse__Output } from '../../../tenon/data/v1/ReadDatasetVersionResponse.js';
import type { SplitDatasetVersionRequest as _tenon_data_v1_SplitDatasetVersionRequest, SplitDatasetVersionRequest__Output as _tenon_data_v1_SplitDatasetVersionRequest__Output } from '../../../tenon/data/v1/SplitDatasetVersionRequest.js';
import type { SplitDatasetVersionResponse as _tenon_data_v1_SplitDatasetVersionResponse, SplitDatasetVersionResponse__Output as _tenon_data_v1_SplitDatasetVersionResponse__Output } from '../../../tenon/data/v1/SplitDatasetVersionResponse.js';
import type { UpdateDatasetRequest as _tenon_data_v1_UpdateDatasetRequest, UpdateDatasetRequest__Output as _tenon_data_v1_UpdateDatasetRequest__Output } from '../../../tenon/data/v1/UpdateDatasetRequest.js';
import type { UploadDatasetRequest as _tenon_data_v1_UploadDatasetRequest, UploadDatasetRequest__Output as _tenon_data_v1_UploadDatasetRequest__Output } from '../../../tenon/data/v1/UploadDatasetRequest.js';

/**
 * Manages datasets and their immutable versions.
 * 
 * - The service has a collection of `Dataset`, named `datasets/*`.
 * - Each dataset has a collection of `DatasetVersion`, named `datasets/* /versions/*`.
 */
export interface DatasetServiceClient extends grpc.Client {
  /**
   * Deletes a dataset with all its versions. Returns NOT_FOUND if it does not exist.
   */
  DeleteDataset(argument: _tenon_data_v1_DeleteDatasetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteDataset(argument: _tenon_data_v1_DeleteDatasetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteDataset(argument: _tenon_data_v1_DeleteDatasetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteDataset(argument: _tenon_data_v1_DeleteDatasetRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  /**
   * Deletes a dataset with all its versions. Returns NOT_FOUND if it does not exist.
   */
  deleteDataset(argument: _tenon_data_v1_DeleteDatasetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteDataset(argument: _tenon_data_v1_DeleteDatasetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteDataset(argument: _tenon_data_v1_DeleteDatasetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteDataset(argument: _tenon_data_v1_DeleteDatasetRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  /**
   * Streams a version's Parquet file. Returns NOT_FOUND if the version does not exist.
   */
  DownloadDatasetVersion(argument: _tenon_data_v1_DownloadDatasetVersionRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_data_v1_DownloadDatasetVersionResponse__Output>;
  DownloadDatasetVersion(argument: _tenon_data_v1_DownloadDatasetVersionRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_data_v1_DownloadDatasetVersionResponse__Output>;
  /**
   * Streams a version's Parquet file. Returns NOT_FOUND if the version does not exist.
   */
  downloadDatasetVersion(argument: _tenon_data_v1_DownloadDatasetVersionRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_data_v1_DownloadDatasetVersionResponse__Output>;
  downloadDatasetVersion(argument: _tenon_data_v1_DownloadDatasetVersionRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_data_v1_DownloadDatasetVersionResponse__Output>;
  
  /**
   * Gets a dataset. Returns NOT_FOUND if it does not exist.
   */
  GetDataset(argument: _tenon_data_v1_GetDatasetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_Dataset__Output>): grpc.ClientUnaryCall;
  GetDataset(argument: _tenon_data_v1_GetDatasetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_Dataset__Output>): grpc.ClientUnaryCall;
  GetDataset(argument: _tenon_data_v1_GetDatasetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_Dataset__Output>): grpc.ClientUnaryCall;
  GetDataset(argument: _tenon_data_v1_GetDatasetRequest, callback: grpc.requestCallback<_tenon_data_v1_Dataset__Output>): grpc.ClientUnaryCall;
  /**
   * Gets a dataset. Returns NOT_FOUND if it does not exist.
   */
  getDataset(argument: _tenon_data_v1_GetDatasetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_Dataset__Output>): grpc.ClientUnaryCall;
  getDataset(argument: _tenon_data_v1_GetDatasetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_Dataset__Output>): grpc.ClientUnaryCall;
  getDataset(argument: _tenon_data_v1_GetDatasetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_Dataset__Output>): grpc.ClientUnaryCall;
  getDataset(argument: _tenon_data_v1_GetDatasetRequest, callback: grpc.requestCallback<_tenon_data_v1_Dataset__Output>): grpc.ClientUnaryCall;
  
  /**
   * Gets a version, with its schema and profile. `datasets/{dataset}/versions/latest`
   * names the newest. Returns NOT_FOUND if it does not exist.
   */
  GetDatasetVersion(argument: _tenon_data_v1_GetDatasetVersionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_DatasetVersion__Output>): grpc.ClientUnaryCall;
  GetDatasetVersion(argument: _tenon_data_v1_GetDatasetVersionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_DatasetVersion__Output>): grpc.ClientUnaryCall;
  GetDatasetVersion(argument: _tenon_data_v1_GetDatasetVersionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_DatasetVersion__Output>): grpc.ClientUnaryCall;
  GetDatasetVersion(argument: _tenon_data_v1_GetDatasetVersionRequest, callback: grpc.requestCallback<_tenon_data_v1_DatasetVersion__Output>): grpc.ClientUnaryCall;
  /**
   * Gets a version, with its schema and profile. `datasets/{dataset}/versions/latest`
   * names the newest. Returns NOT_FOUND if it does not exist.
   */
  getDatasetVersion(argument: _tenon_data_v1_GetDatasetVersionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_DatasetVersion__Output>): grpc.ClientUnaryCall;
  getDatasetVersion(argument: _tenon_data_v1_GetDatasetVersionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_DatasetVersion__Output>): grpc.ClientUnaryCall;
  getDatasetVersion(argument: _tenon_data_v1_GetDatasetVersionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_DatasetVersion__Output>): grpc.ClientUnaryCall;
  getDatasetVersion(argument: _tenon_data_v1_GetDatasetVersionRequest, callback: grpc.requestCallback<_tenon_data_v1_DatasetVersion__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists a dataset's versions, newest first, without profiles. Returns NOT_FOUND if the
   * dataset does not exist.
   */
  ListDatasetVersions(argument: _tenon_data_v1_ListDatasetVersionsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_ListDatasetVersionsResponse__Output>): grpc.ClientUnaryCall;
  ListDatasetVersions(argument: _tenon_data_v1_ListDatasetVersionsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_ListDatasetVersionsResponse__Output>): grpc.ClientUnaryCall;
  ListDatasetVersions(argument: _tenon_data_v1_ListDatasetVersionsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_ListDatasetVersionsResponse__Output>): grpc.ClientUnaryCall;
  ListDatasetVersions(argument: _tenon_data_v1_ListDatasetVersionsRequest, callback: grpc.requestCallback<_tenon_data_v1_ListDatasetVersionsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists a dataset's versions, newest first, without profiles. Returns NOT_FOUND if the
   * dataset does not exist.
   */
  listDatasetVersions(argument: _tenon_data_v1_ListDatasetVersionsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_ListDatasetVersionsResponse__Output>): grpc.ClientUnaryCall;
  listDatasetVersions(argument: _tenon_data_v1_ListDatasetVersionsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_ListDatasetVersionsResponse__Output>): grpc.ClientUnaryCall;
  listDatasetVersions(argument: _tenon_data_v1_ListDatasetVersionsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_ListDatasetVersionsResponse__Output>): grpc.ClientUnaryCall;
  listDatasetVersions(argument: _tenon_data_v1_ListDatasetVersionsRequest, callback: grpc.requestCallback<_tenon_data_v1_ListDatasetVersionsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists datasets, ordered by name.
   */
  ListDatasets(argument: _tenon_data_v1_ListDatasetsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_ListDatasetsResponse__Output>): grpc.ClientUnaryCall;
  ListDatasets(argument: _tenon_data_v1_ListDatasetsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_ListDatasetsResponse__Output>): grpc.ClientUnaryCall;
  ListDatasets(argument: _tenon_data_v1_ListDatasetsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_ListDatasetsResponse__Output>): grpc.ClientUnaryCall;
  ListDatasets(argument: _tenon_data_v1_ListDatasetsRequest, callback: grpc.requestCallback<_tenon_data_v1_ListDatasetsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists datasets, ordered by name.
   */
  listDatasets(argument: _tenon_data_v1_ListDatasetsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_ListDatasetsResponse__Output>): grpc.ClientUnaryCall;
  listDatasets(argument: _tenon_data_v1_ListDatasetsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_ListDatasetsResponse__Output>): grpc.ClientUnaryCall;
  listDatasets(argument: _tenon_data_v1_ListDatasetsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_ListDatasetsResponse__Output>): grpc.ClientUnaryCall;
  listDatasets(argument: _tenon_data_v1_ListDatasetsRequest, callback: grpc.requestCallback<_tenon_data_v1_ListDatasetsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Returns a few rows as values. Returns NOT_FOUND if the version does not exist.
   */
  PreviewDatasetVersion(argument: _tenon_data_v1_PreviewDatasetVersionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_PreviewDatasetVersionResponse__Output>): grpc.ClientUnaryCall;
  PreviewDatasetVersion(argument: _tenon_data_v1_PreviewDatasetVersionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_PreviewDatasetVersionResponse__Output>): grpc.ClientUnaryCall;
  PreviewDatasetVersion(argument: _tenon_data_v1_PreviewDatasetVersionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_PreviewDatasetVersionResponse__Output>): grpc.ClientUnaryCall;
  PreviewDatasetVersion(argument: _tenon_data_v1_PreviewDatasetVersionRequest, callback: grpc.requestCallback<_tenon_data_v1_PreviewDatasetVersionResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Returns a few rows as values. Returns NOT_FOUND if the version does not exist.
   */
  previewDatasetVersion(argument: _tenon_data_v1_PreviewDatasetVersionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_PreviewDatasetVersionResponse__Output>): grpc.ClientUnaryCall;
  previewDatasetVersion(argument: _tenon_data_v1_PreviewDatasetVersionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_PreviewDatasetVersionResponse__Output>): grpc.ClientUnaryCall;
  previewDatasetVersion(argument: _tenon_data_v1_PreviewDatasetVersionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_PreviewDatasetVersionResponse__Output>): grpc.ClientUnaryCall;
  previewDatasetVersion(argument: _tenon_data_v1_PreviewDatasetVersionRequest, callback: grpc.requestCallback<_tenon_data_v1_PreviewDatasetVersionResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Streams a version's rows in columnar chunks, in row order. Returns NOT_FOUND if the
   * version does not exist, UNKNOWN_COLUMN if it lacks a column.
   */
  ReadDatasetVersion(argument: _tenon_data_v1_ReadDatasetVersionRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_data_v1_ReadDatasetVersionResponse__Output>;
  ReadDatasetVersion(argument: _tenon_data_v1_ReadDatasetVersionRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_data_v1_ReadDatasetVersionResponse__Output>;
  /**
   * Streams a version's rows in columnar chunks, in row order. Returns NOT_FOUND if the
   * version does not exist, UNKNOWN_COLUMN if it lacks a column.
   */
  readDatasetVersion(argument: _tenon_data_v1_ReadDatasetVersionRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_data_v1_ReadDatasetVersionResponse__Output>;
  readDatasetVersion(argument: _tenon_data_v1_ReadDatasetVersionRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_tenon_data_v1_ReadDatasetVersionResponse__Output>;
  
  /**
   * Says how a split divides a version, without reading the rows out.
   */
  SplitDatasetVersion(argument: _tenon_data_v1_SplitDatasetVersionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_SplitDatasetVersionResponse__Output>): grpc.ClientUnaryCall;
  SplitDatasetVersion(argument: _tenon_data_v1_SplitDatasetVersionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_SplitDatasetVersionResponse__Output>): grpc.ClientUnaryCall;
  SplitDatasetVersion(argument: _tenon_data_v1_SplitDatasetVersionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_SplitDatasetVersionResponse__Output>): grpc.ClientUnaryCall;
  SplitDatasetVersion(argument: _tenon_data_v1_SplitDatasetVersionRequest, callback: grpc.requestCallback<_tenon_data_v1_SplitDatasetVersionResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Says how a split divides a version, without reading the rows out.
   */
  splitDatasetVersion(argument: _tenon_data_v1_SplitDatasetVersionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_SplitDatasetVersionResponse__Output>): grpc.ClientUnaryCall;
  splitDatasetVersion(argument: _tenon_data_v1_SplitDatasetVersionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_SplitDatasetVersionResponse__Output>): grpc.ClientUnaryCall;
  splitDatasetVersion(argument: _tenon_data_v1_SplitDatasetVersionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_SplitDatasetVersionResponse__Output>): grpc.ClientUnaryCall;
  splitDatasetVersion(argument: _tenon_data_v1_SplitDatasetVersionRequest, callback: grpc.requestCallback<_tenon_data_v1_SplitDatasetVersionResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Updates a dataset's display name or description. Returns NOT_FOUND if it does not
   * exist, ABORTED if the etag differs.
   */
  UpdateDataset(argument: _tenon_data_v1_UpdateDatasetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_Dataset__Output>): grpc.ClientUnaryCall;
  UpdateDataset(argument: _tenon_data_v1_UpdateDatasetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_Dataset__Output>): grpc.ClientUnaryCall;
  UpdateDataset(argument: _tenon_data_v1_UpdateDatasetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_Dataset__Output>): grpc.ClientUnaryCall;
  UpdateDataset(argument: _tenon_data_v1_UpdateDatasetRequest, callback: grpc.requestCallback<_tenon_data_v1_Dataset__Output>): grpc.ClientUnaryCall;
  /**
   * Updates a dataset's display name or description. Returns NOT_FOUND if it does not
   * exist, ABORTED if the etag differs.
   */
  updateDataset(argument: _tenon_data_v1_UpdateDatasetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_Dataset__Output>): grpc.ClientUnaryCall;
  updateDataset(argument: _tenon_data_v1_UpdateDatasetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_Dataset__Output>): grpc.ClientUnaryCall;
  updateDataset(argument: _tenon_data_v1_UpdateDatasetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_Dataset__Output>): grpc.ClientUnaryCall;
  updateDataset(argument: _tenon_data_v1_UpdateDatasetRequest, callback: grpc.requestCallback<_tenon_data_v1_Dataset__Output>): grpc.ClientUnaryCall;
  
  /**
   * Streams a file in: the first message is the header, the others hold bytes. Creates
   * the dataset if it does not exist, and a new version. Nothing is kept unless the
   * whole file arrived and parsed. Returns INVALID_ARGUMENT with line and column if the
   * file cannot be parsed, or EMPTY_TABLE if it has no rows.
   * 
   * An array file (IDX or NPY) becomes one column: a scalar column if it has one
   * dimension, else a tensor column of the dimensions after the first. Several array files
   * with equally many rows, such as images and their labels, become the columns of one
   * version: `header.parts` lists them, the chunks carry them one after the other.
   */
  UploadDataset(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_DatasetVersion__Output>): grpc.ClientWritableStream<_tenon_data_v1_UploadDatasetRequest>;
  UploadDataset(metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_DatasetVersion__Output>): grpc.ClientWritableStream<_tenon_data_v1_UploadDatasetRequest>;
  UploadDataset(options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_DatasetVersion__Output>): grpc.ClientWritableStream<_tenon_data_v1_UploadDatasetRequest>;
  UploadDataset(callback: grpc.requestCallback<_tenon_data_v1_DatasetVersion__Output>): grpc.ClientWritableStream<_tenon_data_v1_UploadDatasetRequest>;
  /**
   * Streams a file in: the first message is the header, the others hold bytes. Creates
   * the dataset if it does not exist, and a new version. Nothing is kept unless the
   * whole file arrived and parsed. Returns INVALID_ARGUMENT with line and column if the
   * file cannot be parsed, or EMPTY_TABLE if it has no rows.
   * 
   * An array file (IDX or NPY) becomes one column: a scalar column if it has one
   * dimension, else a tensor column of the dimensions after the first. Several array files
   * with equally many rows, such as images and their labels, become the columns of one
   * version: `header.parts` lists them, the chunks carry them one after the other.
   */
  uploadDataset(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_DatasetVersion__Output>): grpc.ClientWritableStream<_tenon_data_v1_UploadDatasetRequest>;
  uploadDataset(metadata: grpc.Metadata, callback: grpc.requestCallback<_tenon_data_v1_DatasetVersion__Output>): grpc.ClientWritableStream<_tenon_data_v1_UploadDatasetRequest>;
  uploadDataset(options: grpc.CallOptions, callback: grpc.requestCallback<_tenon_data_v1_DatasetVersion__Output>): grpc.ClientWritableStream<_tenon_data_v1_UploadDatasetRequest>;
  uploadDataset(callback: grpc.requestCallback<_tenon_data_v1_DatasetVersion__Output>): grpc.ClientWritableStream<_tenon_data_v1_UploadDatasetRequest>;
  
}

/**
 * Manages datasets and their immutable versions.
 * 
 * - The service has a collection of `Dataset`, named `datasets/*`.
 * - Each dataset has a collection of `DatasetVersion`, named `datasets/* /versions/*`.
 */
export interface DatasetServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Deletes a dataset with all its versions. Returns NOT_FOUND if it does not exist.
   */
  DeleteDataset: grpc.handleUnaryCall<_tenon_data_v1_DeleteDatasetRequest__Output, _google_protobuf_Empty>;
  
  /**
   * Streams a version's Parquet file. Returns NOT_FOUND if the version does not exist.
   */
  DownloadDatasetVersion: grpc.handleServerStreamingCall<_tenon_data_v1_DownloadDatasetVersionRequest__Output, _tenon_data_v1_DownloadDatasetVersionResponse>;
  
  /**
   * Gets a dataset. Returns NOT_FOUND if it does not exist.
   */
  GetDataset: grpc.handleUnaryCall<_tenon_data_v1_GetDatasetRequest__Output, _tenon_data_v1_Dataset>;
  
  /**
   * Gets a version, with its schema and profile. `datasets/{dataset}/versions/latest`
   * names the newest. Returns NOT_FOUND if it does not exist.
   */
  GetDatasetVersion: grpc.handleUnaryCall<_tenon_data_v1_GetDatasetVersionRequest__Output, _tenon_data_v1_DatasetVersion>;
  
  /**
   * Lists a dataset's versions, newest first, without profiles. Returns NOT_FOUND if the
   * dataset does not exist.
   */
  ListDatasetVersions: grpc.handleUnaryCall<_tenon_data_v1_ListDatasetVersionsRequest__Output, _tenon_data_v1_ListDatasetVersionsResponse>;
  
  /**
   * Lists datasets, ordered by name.
   */
  ListDatasets: grpc.handleUnaryCall<_tenon_data_v1_ListDatasetsRequest__Output, _tenon_data_v1_ListDatasetsResponse>;
  
  /**
   * Returns a few rows as values. Returns NOT_FOUND if the version does not exist.
   */
  PreviewDatasetVersion: grpc.handleUnaryCall<_tenon_data_v1_PreviewDatasetVersionRequest__Output, _tenon_data_v1_PreviewDatasetVersionResponse>;
  
  /**
   * Streams a version's rows in columnar chunks, in row order. Returns NOT_FOUND if the
   * version does not exist, UNKNOWN_COLUMN if it lacks a column.
   */
  ReadDatasetVersion: grpc.handleServerStreamingCall<_tenon_data_v1_ReadDatasetVersionRequest__Output, _tenon_data_v1_ReadDatasetVersionResponse>;
  
  /**
   * Says how a split divides a version, without reading the rows out.
   */
  SplitDatasetVersion: grpc.handleUnaryCall<_tenon_data_v1_SplitDatasetVersionRequest__Output, _tenon_data_v1_SplitDatasetVersionResponse>;
  
  /**
   * Updates a dataset's display name or description. Returns NOT_FOUND if it does not
   * exist, ABORTED if the etag differs.
   */
  UpdateDataset: grpc.handleUnaryCall<_tenon_data_v1_UpdateDatasetRequest__Output, _tenon_data_v1_Dataset>;
  
  /**
   * Streams a file in: the first message is the header, the others hold bytes. Creates
   * the dataset if it does not exist, and a new version. Nothing is kept unless the
   * whole file arrived and parsed. Returns INVALID_ARGUMENT with line and column if the
   * file cannot be parsed, or EMPTY_TABLE if it has no rows.
   * 
   * An array file (IDX or NPY) becomes one column: a scalar column if it has one
   * dimension, else a tensor column of the dimensions after the first. Several array files
   * with equally many rows, such as images and their labels, become the columns of one
   * version: `header.parts` lists them, the chunks carry them one after the other.
   */
  UploadDataset: grpc.handleClientStreamingCall<_tenon_data_v1_UploadDatasetRequest__Output, _tenon_data_v1_DatasetVersion>;
  
}

export interface DatasetServiceDefinition extends grpc.ServiceDefinition {
  DeleteDataset: MethodDefinition<_tenon_data_v1_DeleteDatasetRequest, _google_protobuf_Empty, _tenon_data_v1_DeleteDatasetRequest__Output, _google_protobuf_Empty__Output>
  DownloadDatasetVersion: MethodDefinition<_tenon_data_v1_DownloadDatasetVersionRequest, _tenon_data_v1_DownloadDatasetVersionResponse, _tenon_data_v1_DownloadDatasetVersionRequest__Output, _tenon_data_v1_DownloadDatasetVersionResponse__Output>
  GetDataset: MethodDefinition<_tenon_data_v1_GetDatasetRequest, _tenon_data_v1_Dataset, _tenon_data_v1_GetDatasetRequest__Output, _tenon_data_v1_Dataset__Output>
  GetDatasetVersion: MethodDefinition<_tenon_data_v1_GetDatasetVersionRequest, _tenon_data_v1_DatasetVersion, _tenon_data_v1_GetDatasetVersionRequest__Output, _tenon_data_v1_DatasetVersion__Output>
  ListDatasetVersions: MethodDefinition<_tenon_data_v1_ListDatasetVersionsRequest, _tenon_data_v1_ListDatasetVersionsResponse, _tenon_data_v1_ListDatasetVersionsRequest__Output, _tenon_data_v1_ListDatasetVersionsResponse__Output>
  ListDatasets: MethodDefinition<_tenon_data_v1_ListDatasetsRequest, _tenon_data_v1_ListDatasetsResponse, _tenon_data_v1_ListDatasetsRequest__Output, _tenon_data_v1_ListDatasetsResponse__Output>
  PreviewDatasetVersion: MethodDefinition<_tenon_data_v1_PreviewDatasetVersionRequest, _tenon_data_v1_PreviewDatasetVersionResponse, _tenon_data_v1_PreviewDatasetVersionRequest__Output, _tenon_data_v1_PreviewDatasetVersionResponse__Output>
  ReadDatasetVersion: MethodDefinition<_tenon_data_v1_ReadDatasetVersionRequest, _tenon_data_v1_ReadDatasetVersionResponse, _tenon_data_v1_ReadDatasetVersionRequest__Output, _tenon_data_v1_ReadDatasetVersionResponse__Output>
  SplitDatasetVersion: MethodDefinition<_tenon_data_v1_SplitDatasetVersionRequest, _tenon_data_v1_SplitDatasetVersionResponse, _tenon_data_v1_SplitDatasetVersionRequest__Output, _tenon_data_v1_SplitDatasetVersionResponse__Output>
  UpdateDataset: MethodDefinition<_tenon_data_v1_UpdateDatasetRequest, _tenon_data_v1_Dataset, _tenon_data_v1_UpdateDatasetRequest__Output, _tenon_data_v1_Dataset__Output>
  UploadDataset: MethodDefinition<_tenon_data_v1_UploadDatasetRequest, _tenon_data_v1_DatasetVersion, _tenon_data_v1_UploadDatasetRequest__Output, _tenon_data_v1_DatasetVersion__Output>
}
