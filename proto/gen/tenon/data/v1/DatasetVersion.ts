// Original file: proto/tenon/data/v1/dataset.proto

import type { Schema as _tenon_common_v1_Schema, Schema__Output as _tenon_common_v1_Schema__Output } from '../../../tenon/common/v1/Schema.js';
import type { ColumnProfile as _tenon_data_v1_ColumnProfile, ColumnProfile__Output as _tenon_data_v1_ColumnProfile__Output } from '../../../tenon/data/v1/ColumnProfile.js';
import type { RowIssue as _tenon_data_v1_RowIssue, RowIssue__Output as _tenon_data_v1_RowIssue__Output } from '../../../tenon/data/v1/RowIssue.js';
import type { FileFormat as _tenon_data_v1_FileFormat, FileFormat__Output as _tenon_data_v1_FileFormat__Output } from '../../../tenon/data/v1/FileFormat.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../google/protobuf/Timestamp.js';
import type { Long } from '@grpc/proto-loader';

/**
 * One immutable state of a dataset, named by its content.
 */
export interface DatasetVersion {
  /**
   * The resource name. Format: `datasets/{dataset}/versions/{version}`; the version is
   * a counter from 1.
   */
  'name'?: (string);
  /**
   * The sha256 of the stored Parquet file, in hexadecimal. Equal tables uploaded twice
   * have equal digests and are kept once.
   */
  'digest'?: (string);
  /**
   * The size of the stored Parquet file in bytes.
   */
  'sizeBytes'?: (number | string | Long);
  /**
   * The number of rows kept.
   */
  'rowCount'?: (number | string | Long);
  /**
   * The columns, in file order.
   */
  'schema'?: (_tenon_common_v1_Schema | null);
  /**
   * One profile per column, in the same order.
   */
  'profile'?: (_tenon_data_v1_ColumnProfile)[];
  /**
   * The number of rows that could not be read and were left out.
   */
  'badRowCount'?: (number | string | Long);
  /**
   * The first 100 rows left out.
   */
  'rowIssues'?: (_tenon_data_v1_RowIssue)[];
  /**
   * The format the file arrived in; of several arrays, that of the first.
   */
  'sourceFormat'?: (_tenon_data_v1_FileFormat);
  /**
   * The sha256 of the file as it arrived, in hexadecimal.
   */
  'sourceDigest'?: (string);
  /**
   * When the version was created.
   */
  'createTime'?: (_google_protobuf_Timestamp | null);
}

/**
 * One immutable state of a dataset, named by its content.
 */
export interface DatasetVersion__Output {
  /**
   * The resource name. Format: `datasets/{dataset}/versions/{version}`; the version is
   * a counter from 1.
   */
  'name': (string);
  /**
   * The sha256 of the stored Parquet file, in hexadecimal. Equal tables uploaded twice
   * have equal digests and are kept once.
   */
  'digest': (string);
  /**
   * The size of the stored Parquet file in bytes.
   */
  'sizeBytes': (number);
  /**
   * The number of rows kept.
   */
  'rowCount': (number);
  /**
   * The columns, in file order.
   */
  'schema': (_tenon_common_v1_Schema__Output | null);
  /**
   * One profile per column, in the same order.
   */
  'profile': (_tenon_data_v1_ColumnProfile__Output)[];
  /**
   * The number of rows that could not be read and were left out.
   */
  'badRowCount': (number);
  /**
   * The first 100 rows left out.
   */
  'rowIssues': (_tenon_data_v1_RowIssue__Output)[];
  /**
   * The format the file arrived in; of several arrays, that of the first.
   */
  'sourceFormat': (_tenon_data_v1_FileFormat__Output);
  /**
   * The sha256 of the file as it arrived, in hexadecimal.
   */
  'sourceDigest': (string);
  /**
   * When the version was created.
   */
  'createTime': (_google_protobuf_Timestamp__Output | null);
}
