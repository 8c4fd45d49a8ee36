import { DuckDBBlobValue, type DuckDBVector } from '@duckdb/node-api';
import { elementCount } from '../../native/table/tensor-type.js';
import type { ColumnType__Output } from '../../proto/gen/tenon/common/v1/ColumnType.js';
import type { StoredColumn, TensorType } from './store.js';

/** `tenon.common.v1.ColumnChunk`. */
export interface ColumnChunk {
  name: string;
  type: ColumnType__Output;
  data: Buffer;
  validity: Buffer;
  dictionary: string[];
  tensor: TensorType | null;
}

/** Builds the chunks of one column, value by value. */
export interface ColumnWriter {
  /** Adds `vector`'s value at `index`; returns how many bytes the chunk grew by. */
  add(vector: DuckDBVector, index: number): number;
  /** The column's part of the chunk so far; starts the next. */
  take(): ColumnChunk;
}

/** How many bytes a value takes in a column's data, dictionaries aside. */
export function bytesPerValue({ type, tensor }: Pick<StoredColumn, 'type' | 'tensor'>): number {
  if (tensor) return elementCount(tensor.shape) * (tensor.dtype === 'DATA_TYPE_UINT8' ? 1 : 4);
  if (type === 'COLUMN_TYPE_BOOLEAN') return 1;
  return type === 'COLUMN_TYPE_STRING' ? 4 : 8;
}

/**
 * Writes chunks of at most `capacity` rows of a column. Vectors must be BOOLEAN, BIGINT
 * (INTEGER and TIMESTAMP), DOUBLE, VARCHAR or BLOB (TENSOR). Throws RangeError for a row beyond.
 */
export function columnWriter(
  { name, type, tensor = null }: Omit<StoredColumn, 'nullable'>,
  capacity: number,
): ColumnWriter {
  const width = bytesPerValue({ type, tensor });
  let data = Buffer.alloc(capacity * width);
  let validity = Buffer.alloc(Math.ceil(capacity / 8));
  let dictionary = new Map<string, number>();
  let rows = 0;
  let nulls = 0;

  function write(value: unknown, at: number): number {
    if (typeof value === 'number') data.writeDoubleLE(value, at);
    else if (typeof value === 'bigint') data.writeBigInt64LE(value, at);
    else if (value instanceof DuckDBBlobValue) data.set(value.bytes, at);
    else if (typeof value === 'boolean') data[at] = value ? 1 : 0;
    else if (typeof value === 'string') {
      let code = dictionary.get(value);
      let grown = 0;
      if (code === undefined) {
        code = dictionary.size;
        dictionary.set(value, code);
        grown = Buffer.byteLength(value) + 4;
      }
      data.writeUInt32LE(code, at);
      return width + grown;
    }
    return width;
  }

  return {
    add(vector, index) {
      const value: unknown = vector.getItem(index);
      const row = rows++;
      if (value === null) {
        nulls++;
        return width;
      }
      const byte = row >> 3;
      validity[byte] = (validity[byte] ?? 0) | (1 << (row & 7));
      return write(value, row * width);
    },
    take() {
      const chunk = {
        name,
        type,
        data: data.subarray(0, rows * width),
        validity: nulls === 0 ? Buffer.alloc(0) : validity.subarray(0, Math.ceil(rows / 8)),
        dictionary: [...dictionary.keys()],
        tensor,
      };
      data = Buffer.alloc(capacity * width);
      validity = Buffer.alloc(Math.ceil(capacity / 8));
      dictionary = new Map();
      rows = 0;
      nulls = 0;
      return chunk;
    },
  };
}
