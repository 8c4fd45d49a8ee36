// Original file: proto/tenon/data/v1/dataset.proto

/**
 * The format of a file that holds a table or an array.
 */
export const FileFormat = {
  /**
   * Not stated: recognised by content.
   */
  FILE_FORMAT_UNSPECIFIED: 'FILE_FORMAT_UNSPECIFIED',
  /**
   * Comma-separated values with a header line, RFC 4180 quoting, UTF-8.
   */
  FILE_FORMAT_CSV: 'FILE_FORMAT_CSV',
  /**
   * Apache Parquet.
   */
  FILE_FORMAT_PARQUET: 'FILE_FORMAT_PARQUET',
  /**
   * A JSON array of objects, or one object per line.
   */
  FILE_FORMAT_JSON: 'FILE_FORMAT_JSON',
  /**
   * IDX, the array format of MNIST: zero, zero, element type, number of dimensions, their
   * sizes, elements; big-endian. Plain or compressed with gzip.
   */
  FILE_FORMAT_IDX: 'FILE_FORMAT_IDX',
  /**
   * NumPy's `.npy`, versions 1 to 3, in C order. Plain or compressed with gzip.
   */
  FILE_FORMAT_NPY: 'FILE_FORMAT_NPY',
} as const;

/**
 * The format of a file that holds a table or an array.
 */
export type FileFormat =
  /**
   * Not stated: recognised by content.
   */
  | 'FILE_FORMAT_UNSPECIFIED'
  | 0
  /**
   * Comma-separated values with a header line, RFC 4180 quoting, UTF-8.
   */
  | 'FILE_FORMAT_CSV'
  | 1
  /**
   * Apache Parquet.
   */
  | 'FILE_FORMAT_PARQUET'
  | 2
  /**
   * A JSON array of objects, or one object per line.
   */
  | 'FILE_FORMAT_JSON'
  | 3
  /**
   * IDX, the array format of MNIST: zero, zero, element type, number of dimensions, their
   * sizes, elements; big-endian. Plain or compressed with gzip.
   */
  | 'FILE_FORMAT_IDX'
  | 4
  /**
   * NumPy's `.npy`, versions 1 to 3, in C order. Plain or compressed with gzip.
   */
  | 'FILE_FORMAT_NPY'
  | 5

/**
 * The format of a file that holds a table or an array.
 */
export type FileFormat__Output = typeof FileFormat[keyof typeof FileFormat]
