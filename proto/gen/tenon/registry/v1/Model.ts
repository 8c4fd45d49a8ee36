// Original file: proto/tenon/registry/v1/model.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../google/protobuf/Timestamp.js';

/**
 * A named model whose versions are immutable and whose aliases move.
 */
export interface Model {
  /**
   * The resource name. Format: `models/{model}`; the id is 1 to 63 characters of
   * `[a-z0-9-]`, starting with a letter.
   */
  'name'?: (string);
  /**
   * A name for people, at most 128 characters.
   */
  'displayName'?: (string);
  /**
   * What the model is for, at most 4,096 characters.
   */
  'description'?: (string);
  /**
   * Alias to version, as `models/{model}/versions/{version}`; output only, changed by
   * SetAlias, PromoteModelVersion, RollbackAlias and DeleteAlias.
   */
  'aliases'?: ({[key: string]: string});
  /**
   * The newest version; output only.
   */
  'latestVersion'?: (string);
  /**
   * The number of versions; output only.
   */
  'versionCount'?: (number);
  /**
   * When the model was created; output only.
   */
  'createTime'?: (_google_protobuf_Timestamp | null);
  /**
   * When the model, its versions or its aliases last changed; output only.
   */
  'updateTime'?: (_google_protobuf_Timestamp | null);
  /**
   * Changes with every change of the model, its aliases included.
   */
  'etag'?: (string);
}

/**
 * A named model whose versions are immutable and whose aliases move.
 */
export interface Model__Output {
  /**
   * The resource name. Format: `models/{model}`; the id is 1 to 63 characters of
   * `[a-z0-9-]`, starting with a letter.
   */
  'name': (string);
  /**
   * A name for people, at most 128 characters.
   */
  'displayName': (string);
  /**
   * What the model is for, at most 4,096 characters.
   */
  'description': (string);
  /**
   * Alias to version, as `models/{model}/versions/{version}`; output only, changed by
   * SetAlias, PromoteModelVersion, RollbackAlias and DeleteAlias.
   */
  'aliases': ({[key: string]: string});
  /**
   * The newest version; output only.
   */
  'latestVersion': (string);
  /**
   * The number of versions; output only.
   */
  'versionCount': (number);
  /**
   * When the model was created; output only.
   */
  'createTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When the model, its versions or its aliases last changed; output only.
   */
  'updateTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Changes with every change of the model, its aliases included.
   */
  'etag': (string);
}
