// Original file: proto/tenon/registry/v1/registry_service.proto


/**
 * Request of WatchModel.
 */
export interface WatchModelRequest {
  /**
   * The model. Format: `models/{model}`.
   */
  'name'?: (string);
}

/**
 * Request of WatchModel.
 */
export interface WatchModelRequest__Output {
  /**
   * The model. Format: `models/{model}`.
   */
  'name': (string);
}
