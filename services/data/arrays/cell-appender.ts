import type { DuckDBAppender } from '@duckdb/node-api';
import { elementCount } from '../../../native/table/tensor-type.js';
import type { StoredType } from '../column-type.js';
import type { TensorType } from '../store.js';
import { type ArrayDtype, ArrayFault, type ArrayHeader, dtypeBytes } from './array-type.js';

/** How the rows of an array become cells of a table. */
export interface CellAppender {
  readonly type: StoredType;
  readonly tensor: TensorType | null;
  /** The engine's type. */
  readonly sqlType: 'BLOB' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN';
  /** The bytes of some rows as little-endian elements, checked; `first` is the first row. Throws ArrayFault. */
  prepare(bytes: Buffer, first: number): Buffer;
  /** Appends the row at `index` of prepared bytes. */
  append(to: DuckDBAppender, bytes: Buffer, index: number): void;
}

const readers: Readonly<Record<Exclude<ArrayDtype, 'bool'>, (bytes: Buffer, at: number) => number | bigint>> = {
  u8: (bytes, at) => bytes.readUInt8(at),
  i8: (bytes, at) => bytes.readInt8(at),
  u16: (bytes, at) => bytes.readUInt16LE(at),
  i16: (bytes, at) => bytes.readInt16LE(at),
  u32: (bytes, at) => bytes.readUInt32LE(at),
  i32: (bytes, at) => bytes.readInt32LE(at),
  u64: (bytes, at) => bytes.readBigUInt64LE(at),
  i64: (bytes, at) => bytes.readBigInt64LE(at),
  f32: (bytes, at) => bytes.readFloatLE(at),
  f64: (bytes, at) => bytes.readDoubleLE(at),
};

/** The appender of an array's rows as values of this type. NaN is null in a scalar column, and refused in a tensor. */
export function cellAppender(
  { dtype, bigEndian, shape }: ArrayHeader,
  { type, tensor }: { type: StoredType; tensor: TensorType | null },
): CellAppender {
  const width = dtypeBytes[dtype];
  const rowBytes = width * elementCount(shape.slice(1));

  function prepare(bytes: Buffer, first: number): Buffer {
    const little = bigEndian && width > 1 ? swapped(bytes, width) : bytes;
    if (dtype === 'f32' && tensor !== null) refuseNotFinite(little, first, rowBytes);
    if (dtype === 'bool') refuseNoBoolean(little, first);
    return little;
  }

  if (tensor !== null) {
    return {
      type,
      tensor,
      sqlType: 'BLOB',
      prepare,
      append: (to, bytes, index) => to.appendBlob(bytes.subarray(index * rowBytes, (index + 1) * rowBytes)),
    };
  }
  if (dtype === 'bool') {
    return {
      type,
      tensor,
      sqlType: 'BOOLEAN',
      prepare,
      append: (to, bytes, index) => to.appendBoolean(bytes[index] === 1),
    };
  }
  const read = readers[dtype];
  if (type === 'DOUBLE') {
    return {
      type,
      tensor,
      sqlType: 'DOUBLE',
      prepare(bytes, first) {
        const little = prepare(bytes, first);
        for (let at = 0; at < little.length; at += width) {
          const value = Number(read(little, at));
          if (Math.abs(value) === Number.POSITIVE_INFINITY) {
            throw new ArrayFault(`row ${first + at / width} is ${value}, must be finite or NaN, which is null`);
          }
        }
        return little;
      },
      append(to, bytes, index) {
        const value = Number(read(bytes, index * width));
        if (Number.isNaN(value)) to.appendNull();
        else to.appendDouble(value);
      },
    };
  }
  return {
    type,
    tensor,
    sqlType: 'BIGINT',
    prepare(bytes, first) {
      const little = prepare(bytes, first);
      for (let at = 0; dtype === 'u64' && at < little.length; at += width) {
        const value = little.readBigUInt64LE(at);
        if (value >= 2n ** 63n) throw new ArrayFault(`row ${first + at / width} is ${value}, must be < 2^63`);
      }
      return little;
    },
    append: (to, bytes, index) => to.appendBigInt(BigInt(read(bytes, index * width))),
  };
}

/** A copy in the other byte order. */
function swapped(bytes: Buffer, width: number): Buffer {
  const copy = Buffer.from(bytes);
  if (width === 2) return copy.swap16();
  return width === 4 ? copy.swap32() : copy.swap64();
}

function refuseNotFinite(bytes: Buffer, first: number, rowBytes: number): void {
  for (let at = 0; at < bytes.length; at += 4) {
    const value = bytes.readFloatLE(at);
    if (Number.isFinite(value)) continue;
    const row = first + Math.floor(at / rowBytes);
    throw new ArrayFault(`element ${(at % rowBytes) / 4} of row ${row} is ${value}, must be finite`);
  }
}

function refuseNoBoolean(bytes: Buffer, first: number): void {
  const at = bytes.findIndex((byte) => byte > 1);
  if (at >= 0) throw new ArrayFault(`row ${first + at} is ${bytes[at]}, a boolean must be 0 or 1`);
}
