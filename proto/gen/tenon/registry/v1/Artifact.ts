// Original file: proto/tenon/registry/v1/artifact.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../google/protobuf/Timestamp.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Immutable bytes, named by their content.
 */
export interface Artifact {
  /**
   * The resource name. Format: `artifacts/{sha256}`, 64 hexadecimal digits.
   */
  'name'?: (string);
  /**
   * The length in bytes.
   */
  'sizeBytes'?: (number | string | Long);
  /**
   * When the bytes first arrived; output only.
   */
  'createTime'?: (_google_protobuf_Timestamp | null);
}

/**
 * Immutable bytes, named by their content.
 */
export interface Artifact__Output {
  /**
   * The resource name. Format: `artifacts/{sha256}`, 64 hexadecimal digits.
   */
  'name': (string);
  /**
   * The length in bytes.
   */
  'sizeBytes': (number);
  /**
   * When the bytes first arrived; output only.
   */
  'createTime': (_google_protobuf_Timestamp__Output | null);
}
