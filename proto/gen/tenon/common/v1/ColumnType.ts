// Original file: proto/tenon/common/v1/table.proto

/**
 * The type of a table's column.
 */
export const ColumnType = {
  /**
   * Not stated. Refused in requests.
   */
  COLUMN_TYPE_UNSPECIFIED: 'COLUMN_TYPE_UNSPECIFIED',
  /**
   * True or false.
   */
  COLUMN_TYPE_BOOLEAN: 'COLUMN_TYPE_BOOLEAN',
  /**
   * A signed 64-bit whole number.
   */
  COLUMN_TYPE_INTEGER: 'COLUMN_TYPE_INTEGER',
  /**
   * A 64-bit floating-point number.
   */
  COLUMN_TYPE_DOUBLE: 'COLUMN_TYPE_DOUBLE',
  /**
   * UTF-8 text; the usual type of a category.
   */
  COLUMN_TYPE_STRING: 'COLUMN_TYPE_STRING',
  /**
   * A point in time, kept as microseconds since 1970-01-01T00:00:00Z.
   */
  COLUMN_TYPE_TIMESTAMP: 'COLUMN_TYPE_TIMESTAMP',
  /**
   * A dense array of one element type and shape, such as an image; `Column.tensor` says which.
   */
  COLUMN_TYPE_TENSOR: 'COLUMN_TYPE_TENSOR',
} as const;

/**
 * The type of a table's column.
 */
export type ColumnType =
  /**
   * Not stated. Refused in requests.
   */
  | 'COLUMN_TYPE_UNSPECIFIED'
  | 0
  /**
   * True or false.
   */
  | 'COLUMN_TYPE_BOOLEAN'
  | 1
  /**
   * A signed 64-bit whole number.
   */
  | 'COLUMN_TYPE_INTEGER'
  | 2
  /**
   * A 64-bit floating-point number.
   */
  | 'COLUMN_TYPE_DOUBLE'
  | 3
  /**
   * UTF-8 text; the usual type of a category.
   */
  | 'COLUMN_TYPE_STRING'
  | 4
  /**
   * A point in time, kept as microseconds since 1970-01-01T00:00:00Z.
   */
  | 'COLUMN_TYPE_TIMESTAMP'
  | 5
  /**
   * A dense array of one element type and shape, such as an image; `Column.tensor` says which.
   */
  | 'COLUMN_TYPE_TENSOR'
  | 6

/**
 * The type of a table's column.
 */
export type ColumnType__Output = typeof ColumnType[keyof typeof ColumnType]
