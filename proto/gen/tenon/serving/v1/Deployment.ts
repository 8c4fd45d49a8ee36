// Original file: proto/tenon/serving/v1/deployment.proto

import type { Status as _google_rpc_Status, Status__Output as _google_rpc_Status__Output } from '../../../google/rpc/Status.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../google/protobuf/Timestamp.js';

// Original file: proto/tenon/serving/v1/deployment.proto

/**
 * The state of a deployment.
 */
export const _tenon_serving_v1_Deployment_State = {
  /**
   * Not stated; never sent.
   */
  STATE_UNSPECIFIED: 'STATE_UNSPECIFIED',
  /**
   * No version is ready yet. From here it may go to READY or ERROR.
   */
  STATE_LOADING: 'STATE_LOADING',
  /**
   * A version answers. While another loads beside it the state stays READY; a failure
   * of the other is told in `error` and leaves the old one in place.
   */
  STATE_READY: 'STATE_READY',
  /**
   * No version is ready and loading failed; tried again when the target changes.
   */
  STATE_ERROR: 'STATE_ERROR',
  /**
   * Being removed. From here it only disappears.
   */
  STATE_DELETING: 'STATE_DELETING',
} as const;

/**
 * The state of a deployment.
 */
export type _tenon_serving_v1_Deployment_State =
  /**
   * Not stated; never sent.
   */
  | 'STATE_UNSPECIFIED'
  | 0
  /**
   * No version is ready yet. From here it may go to READY or ERROR.
   */
  | 'STATE_LOADING'
  | 1
  /**
   * A version answers. While another loads beside it the state stays READY; a failure
   * of the other is told in `error` and leaves the old one in place.
   */
  | 'STATE_READY'
  | 2
  /**
   * No version is ready and loading failed; tried again when the target changes.
   */
  | 'STATE_ERROR'
  | 3
  /**
   * Being removed. From here it only disappears.
   */
  | 'STATE_DELETING'
  | 4

/**
 * The state of a deployment.
 */
export type _tenon_serving_v1_Deployment_State__Output = typeof _tenon_serving_v1_Deployment_State[keyof typeof _tenon_serving_v1_Deployment_State]

/**
 * A model version, or whatever version an alias names, kept ready to predict.
 */
export interface Deployment {
  /**
   * The resource name. Format: `deployments/{deployment}`; the id is 1 to 63 characters
   * of `[a-z0-9-]`, starting with a letter.
   */
  'name'?: (string);
  /**
   * A name for people, at most 128 characters.
   */
  'displayName'?: (string);
  /**
   * A fixed version. Format: `models/{model}/versions/{version}`.
   */
  'version'?: (string);
  /**
   * An alias that is followed. Format: `models/{model}/versions/@{alias}`.
   */
  'alias'?: (string);
  /**
   * Where the deployment stands; output only.
   */
  'state'?: (_tenon_serving_v1_Deployment_State);
  /**
   * The version that answers now; output only.
   */
  'activeVersion'?: (string);
  /**
   * The version being loaded; output only.
   */
  'loadingVersion'?: (string);
  /**
   * Why the last load failed; output only.
   */
  'error'?: (_google_rpc_Status | null);
  /**
   * When the deployment was created; output only.
   */
  'createTime'?: (_google_protobuf_Timestamp | null);
  /**
   * When it last changed; output only.
   */
  'updateTime'?: (_google_protobuf_Timestamp | null);
  /**
   * Changes with every change of what was asked for; not with state.
   */
  'etag'?: (string);
  /**
   * What to serve.
   */
  'target'?: "version"|"alias";
}

/**
 * A model version, or whatever version an alias names, kept ready to predict.
 */
export interface Deployment__Output {
  /**
   * The resource name. Format: `deployments/{deployment}`; the id is 1 to 63 characters
   * of `[a-z0-9-]`, starting with a letter.
   */
  'name': (string);
  /**
   * A name for people, at most 128 characters.
   */
  'displayName': (string);
  /**
   * A fixed version. Format: `models/{model}/versions/{version}`.
   */
  'version'?: (string);
  /**
   * An alias that is followed. Format: `models/{model}/versions/@{alias}`.
   */
  'alias'?: (string);
  /**
   * Where the deployment stands; output only.
   */
  'state': (_tenon_serving_v1_Deployment_State__Output);
  /**
   * The version that answers now; output only.
   */
  'activeVersion': (string);
  /**
   * The version being loaded; output only.
   */
  'loadingVersion': (string);
  /**
   * Why the last load failed; output only.
   */
  'error': (_google_rpc_Status__Output | null);
  /**
   * When the deployment was created; output only.
   */
  'createTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When it last changed; output only.
   */
  'updateTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Changes with every change of what was asked for; not with state.
   */
  'etag': (string);
  /**
   * What to serve.
   */
  'target'?: "version"|"alias";
}
