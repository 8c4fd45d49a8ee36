// Original file: proto/tenon/registry/v1/artifact.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A file of a model version.
 */
export interface ArtifactFile {
  /**
   * The file's name inside the version: `weights.safetensors`, `recipe.json`,
   * `parity.json`. 1 to 128 characters of `[A-Za-z0-9._-]`, starting with a letter.
   */
  'path'?: (string);
  /**
   * The content. Format: `artifacts/{sha256}`.
   */
  'artifact'?: (string);
  /**
   * The length in bytes, which must equal the artifact's.
   */
  'sizeBytes'?: (number | string | Long);
}

/**
 * A file of a model version.
 */
export interface ArtifactFile__Output {
  /**
   * The file's name inside the version: `weights.safetensors`, `recipe.json`,
   * `parity.json`. 1 to 128 characters of `[A-Za-z0-9._-]`, starting with a letter.
   */
  'path': (string);
  /**
   * The content. Format: `artifacts/{sha256}`.
   */
  'artifact': (string);
  /**
   * The length in bytes, which must equal the artifact's.
   */
  'sizeBytes': (number);
}
