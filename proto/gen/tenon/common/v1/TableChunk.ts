// Original file: proto/tenon/common/v1/table.proto

import type { ColumnChunk as _tenon_common_v1_ColumnChunk, ColumnChunk__Output as _tenon_common_v1_ColumnChunk__Output } from '../../../tenon/common/v1/ColumnChunk.js';
import type { Long } from '@grpc/proto-loader';

/**
 * A run of consecutive rows in columnar form: how tables travel between services.
 */
export interface TableChunk {
  /**
   * The index of the first row within the whole reading, from 0.
   */
  'firstRow'?: (number | string | Long);
  /**
   * The number of rows; every column below has exactly this many values.
   */
  'rowCount'?: (number);
  /**
   * One per column asked for, in the order asked for.
   */
  'columns'?: (_tenon_common_v1_ColumnChunk)[];
}

/**
 * A run of consecutive rows in columnar form: how tables travel between services.
 */
export interface TableChunk__Output {
  /**
   * The index of the first row within the whole reading, from 0.
   */
  'firstRow': (number);
  /**
   * The number of rows; every column below has exactly this many values.
   */
  'rowCount': (number);
  /**
   * One per column asked for, in the order asked for.
   */
  'columns': (_tenon_common_v1_ColumnChunk__Output)[];
}
