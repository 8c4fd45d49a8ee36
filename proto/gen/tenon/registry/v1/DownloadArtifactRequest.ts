// Original file: proto/tenon/registry/v1/registry_service.proto


/**
 * Request of DownloadArtifact.
 */
export interface DownloadArtifactRequest {
  /**
   * The artifact. Format: `artifacts/{sha256}`.
   */
  'name'?: (string);
}

/**
 * Request of DownloadArtifact.
 */
export interface DownloadArtifactRequest__Output {
  /**
   * The artifact. Format: `artifacts/{sha256}`.
   */
  'name': (string);
}
