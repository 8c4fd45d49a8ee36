// Original file: proto/tenon/data/v1/dataset_service.proto

import type { FileFormat as _tenon_data_v1_FileFormat, FileFormat__Output as _tenon_data_v1_FileFormat__Output } from '../../../tenon/data/v1/FileFormat.js';
import type { BadRowPolicy as _tenon_data_v1_BadRowPolicy, BadRowPolicy__Output as _tenon_data_v1_BadRowPolicy__Output } from '../../../tenon/data/v1/BadRowPolicy.js';
import type { Column as _tenon_common_v1_Column, Column__Output as _tenon_common_v1_Column__Output } from '../../../tenon/common/v1/Column.js';
import type { ArrayPart as _tenon_data_v1_ArrayPart, ArrayPart__Output as _tenon_data_v1_ArrayPart__Output } from '../../../tenon/data/v1/ArrayPart.js';

/**
 * What is being uploaded.
 */
export interface UploadDatasetHeader {
  /**
   * The dataset. Format: `datasets/{dataset}`.
   */
  'dataset'?: (string);
  /**
   * The file's format; recognised by content when not stated.
   */
  'format'?: (_tenon_data_v1_FileFormat);
  /**
   * What to do with rows that cannot be read.
   */
  'badRows'?: (_tenon_data_v1_BadRowPolicy);
  /**
   * Texts read as null, besides the empty field; CSV only. Default `NA`, `NaN`, `null`,
   * `NULL`. At most 20.
   */
  'nullTexts'?: (string)[];
  /**
   * The field delimiter, one character; CSV only. Recognised by content when empty.
   */
  'delimiter'?: (string);
  /**
   * Types to read columns as, instead of recognising them.
   */
  'columns'?: (_tenon_common_v1_Column)[];
  /**
   * Makes a retry safe: a repeated id returns the first result. At most 64 characters.
   */
  'requestId'?: (string);
  /**
   * The sha256 of all bytes sent in hexadecimal; when set, a difference is DATA_LOSS.
   */
  'sha256'?: (string);
  /**
   * The array files that the chunks carry one after the other, in this order, each one
   * column; empty for one file. At most 100.
   */
  'parts'?: (_tenon_data_v1_ArrayPart)[];
}

/**
 * What is being uploaded.
 */
export interface UploadDatasetHeader__Output {
  /**
   * The dataset. Format: `datasets/{dataset}`.
   */
  'dataset': (string);
  /**
   * The file's format; recognised by content when not stated.
   */
  'format': (_tenon_data_v1_FileFormat__Output);
  /**
   * What to do with rows that cannot be read.
   */
  'badRows': (_tenon_data_v1_BadRowPolicy__Output);
  /**
   * Texts read as null, besides the empty field; CSV only. Default `NA`, `NaN`, `null`,
   * `NULL`. At most 20.
   */
  'nullTexts': (string)[];
  /**
   * The field delimiter, one character; CSV only. Recognised by content when empty.
   */
  'delimiter': (string);
  /**
   * Types to read columns as, instead of recognising them.
   */
  'columns': (_tenon_common_v1_Column__Output)[];
  /**
   * Makes a retry safe: a repeated id returns the first result. At most 64 characters.
   */
  'requestId': (string);
  /**
   * The sha256 of all bytes sent in hexadecimal; when set, a difference is DATA_LOSS.
   */
  'sha256': (string);
  /**
   * The array files that the chunks carry one after the other, in this order, each one
   * column; empty for one file. At most 100.
   */
  'parts': (_tenon_data_v1_ArrayPart__Output)[];
}
