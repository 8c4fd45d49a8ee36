// Original file: proto/tenon/registry/v1/registry_service.proto


/**
 * Request of DeleteModel.
 */
export interface DeleteModelRequest {
  /**
   * The model. Format: `models/{model}`.
   */
  'name'?: (string);
  /**
   * Guards against deleting what has changed; empty for no guard.
   */
  'etag'?: (string);
  /**
   * Delete although aliases exist.
   */
  'force'?: (boolean);
}

/**
 * Request of DeleteModel.
 */
export interface DeleteModelRequest__Output {
  /**
   * The model. Format: `models/{model}`.
   */
  'name': (string);
  /**
   * Guards against deleting what has changed; empty for no guard.
   */
  'etag': (string);
  /**
   * Delete although aliases exist.
   */
  'force': (boolean);
}
