// Original file: proto/tenon/registry/v1/registry_service.proto


/**
 * A part of an artifact.
 */
export interface UploadArtifactRequest {
  /**
   * The next bytes, at most 1 MiB.
   */
  'chunk'?: (Buffer | Uint8Array | string);
  /**
   * The sha256 the whole must have, in hexadecimal; first message only, optional.
   */
  'sha256'?: (string);
}

/**
 * A part of an artifact.
 */
export interface UploadArtifactRequest__Output {
  /**
   * The next bytes, at most 1 MiB.
   */
  'chunk': (Buffer);
  /**
   * The sha256 the whole must have, in hexadecimal; first message only, optional.
   */
  'sha256': (string);
}
