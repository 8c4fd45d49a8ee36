// Original file: proto/tenon/registry/v1/registry_service.proto


/**
 * Request of GetModelVersion.
 */
export interface GetModelVersionRequest {
  /**
   * The version. Format: `models/{model}/versions/{version}`, `latest` or `@{alias}`.
   */
  'name'?: (string);
}

/**
 * Request of GetModelVersion.
 */
export interface GetModelVersionRequest__Output {
  /**
   * The version. Format: `models/{model}/versions/{version}`, `latest` or `@{alias}`.
   */
  'name': (string);
}
