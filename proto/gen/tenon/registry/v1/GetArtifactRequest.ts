// Original file: proto/tenon/registry/v1/registry_service.proto


/**
 * Request of GetArtifact.
 */
export interface GetArtifactRequest {
  /**
   * The artifact. Format: `artifacts/{sha256}`.
   */
  'name'?: (string);
}

/**
 * Request of GetArtifact.
 */
export interface GetArtifactRequest__Output {
  /**
   * The artifact. Format: `artifacts/{sha256}`.
   */
  'name': (string);
}
