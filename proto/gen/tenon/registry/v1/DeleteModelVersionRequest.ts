// Original file: proto/tenon/registry/v1/registry_service.proto


/**
 * Request of DeleteModelVersion.
 */
export interface DeleteModelVersionRequest {
  /**
   * The version. Format: `models/{model}/versions/{version}`.
   */
  'name'?: (string);
}

/**
 * Request of DeleteModelVersion.
 */
export interface DeleteModelVersionRequest__Output {
  /**
   * The version. Format: `models/{model}/versions/{version}`.
   */
  'name': (string);
}
