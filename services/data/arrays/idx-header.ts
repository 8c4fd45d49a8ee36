import { type ArrayDtype, ArrayFault, type ArrayHeader } from './array-type.js';
import type { ByteReader } from './byte-reader.js';

// By the third byte of the magic (Y. LeCun, The MNIST database, file format).
const dtypes: Readonly<Record<number, ArrayDtype>> = {
  8: 'u8',
  9: 'i8',
  11: 'i16',
  12: 'i32',
  13: 'f32',
  14: 'f64',
};

/**
 * Reads an IDX header: zero, zero, element type, number of dimensions, and each dimension's size as 32 big-endian bits.
 * `start` holds the first 8 bytes or all there are.
 */
export async function readIdxHeader(start: Buffer, reader: ByteReader): Promise<ArrayHeader> {
  const [, , type = 0, rank = 0] = start;
  const dtype = dtypes[type];
  if (dtype === undefined) {
    throw new ArrayFault(`IDX element type ${type} must be one of ${Object.keys(dtypes).join(', ')}`);
  }
  const headerBytes = 4 + rank * 4;
  const bytes = Buffer.concat([start, await reader.read(Math.max(0, headerBytes - start.length))]);
  if (bytes.length < headerBytes) {
    throw new ArrayFault(`the IDX header is cut short: ${bytes.length} bytes, ${rank} dimensions need ${headerBytes}`);
  }
  const shape = Array.from({ length: rank }, (_, index) => bytes.readUInt32BE(4 + index * 4));
  return { format: 'IDX', dtype, bigEndian: true, shape, headerBytes };
}
