// Original file: proto/tenon/training/v1/exchange.proto

import type { _tenon_training_v1_ExportSpec_Format, _tenon_training_v1_ExportSpec_Format__Output } from '../../../tenon/training/v1/ExportSpec.js';
import type { Long } from '@grpc/proto-loader';

/**
 * A file that an export has written to the registry.
 */
export interface ExportedFile {
  /**
   * The content. Format: `artifacts/{sha256}`.
   */
  'artifact'?: (string);
  /**
   * The length in bytes.
   */
  'sizeBytes'?: (number | string | Long);
  /**
   * The format of the file.
   */
  'format'?: (_tenon_training_v1_ExportSpec_Format);
}

/**
 * A file that an export has written to the registry.
 */
export interface ExportedFile__Output {
  /**
   * The content. Format: `artifacts/{sha256}`.
   */
  'artifact': (string);
  /**
   * The length in bytes.
   */
  'sizeBytes': (number);
  /**
   * The format of the file.
   */
  'format': (_tenon_training_v1_ExportSpec_Format__Output);
}
