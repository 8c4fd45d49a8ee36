// Original file: proto/tenon/registry/v1/registry_service.proto


/**
 * Response of DownloadArtifact.
 */
export interface DownloadArtifactResponse {
  /**
   * The next bytes, at most 1 MiB.
   */
  'chunk'?: (Buffer | Uint8Array | string);
}

/**
 * Response of DownloadArtifact.
 */
export interface DownloadArtifactResponse__Output {
  /**
   * The next bytes, at most 1 MiB.
   */
  'chunk': (Buffer);
}
