// Original file: proto/tenon/data/v1/dataset.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A row that could not be read.
 */
export interface RowIssue {
  /**
   * The line in the file, from 1; the header is line 1.
   */
  'line'?: (number | string | Long);
  /**
   * The column's name, or its position from 1 where it has no name.
   */
  'column'?: (string);
  /**
   * What was wrong, with the value seen and what was expected.
   */
  'message'?: (string);
}

/**
 * A row that could not be read.
 */
export interface RowIssue__Output {
  /**
   * The line in the file, from 1; the header is line 1.
   */
  'line': (number);
  /**
   * The column's name, or its position from 1 where it has no name.
   */
  'column': (string);
  /**
   * What was wrong, with the value seen and what was expected.
   */
  'message': (string);
}
