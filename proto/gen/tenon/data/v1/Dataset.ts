// Original file: proto/tenon/data/v1/dataset.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../google/protobuf/Timestamp.js';

/**
 * A named table whose contents change by adding versions.
 */
export interface Dataset {
  /**
   * The resource name. Format: `datasets/{dataset}`; the id is 1 to 63 characters of
   * `[a-z0-9-]`, starting with a letter.
   */
  'name'?: (string);
  /**
   * A name for people, at most 128 characters.
   */
  'displayName'?: (string);
  /**
   * What the table is about, at most 4,096 characters.
   */
  'description'?: (string);
  /**
   * The newest version. Format: `datasets/{dataset}/versions/{version}`; output only.
   */
  'latestVersion'?: (string);
  /**
   * The number of versions; output only.
   */
  'versionCount'?: (number);
  /**
   * When the dataset was created; output only.
   */
  'createTime'?: (_google_protobuf_Timestamp | null);
  /**
   * When the dataset or its list of versions last changed; output only.
   */
  'updateTime'?: (_google_protobuf_Timestamp | null);
  /**
   * Changes with every change of the dataset.
   */
  'etag'?: (string);
}

/**
 * A named table whose contents change by adding versions.
 */
export interface Dataset__Output {
  /**
   * The resource name. Format: `datasets/{dataset}`; the id is 1 to 63 characters of
   * `[a-z0-9-]`, starting with a letter.
   */
  'name': (string);
  /**
   * A name for people, at most 128 characters.
   */
  'displayName': (string);
  /**
   * What the table is about, at most 4,096 characters.
   */
  'description': (string);
  /**
   * The newest version. Format: `datasets/{dataset}/versions/{version}`; output only.
   */
  'latestVersion': (string);
  /**
   * The number of versions; output only.
   */
  'versionCount': (number);
  /**
   * When the dataset was created; output only.
   */
  'createTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When the dataset or its list of versions last changed; output only.
   */
  'updateTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Changes with every change of the dataset.
   */
  'etag': (string);
}
