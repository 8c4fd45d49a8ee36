import { DuckDBBlobVector, type DuckDBVector } from '@duckdb/node-api';

// The engine's vectors give values one by one; their memory is a field that is not public, so its kind is checked here.

/** The numbers of a vector of BIGINT or DOUBLE as they lie in memory, of nulls too; valid while its data chunk is. */
export function numbersOf(vector: DuckDBVector): Float64Array | BigInt64Array {
  const { items } = vector as unknown as { items?: unknown };
  if (items instanceof Float64Array || items instanceof BigInt64Array) return items;
  throw new TypeError(`a vector of ${vector.type} has no numbers of 64 bits`);
}

/** The bytes of a vector of BOOLEAN or VARCHAR as they lie in memory: 1 per boolean, 16 per text. */
export function bytesOf(vector: DuckDBVector): Uint8Array {
  const { dataView } = vector as unknown as { dataView?: unknown };
  if (dataView instanceof DataView) return new Uint8Array(dataView.buffer, dataView.byteOffset, dataView.byteLength);
  throw new TypeError(`a vector of ${vector.type} has no bytes`);
}

/** Bit r of byte b tells whether row 8 b + r is present; null if all are. Valid while the vector's data chunk is. */
export function validityOf(vector: DuckDBVector): Uint8Array | null {
  const { validity } = vector as unknown as { validity?: { data?: unknown; offset?: unknown } };
  const data = validity?.data;
  if (data === null) return null;
  if (data instanceof BigUint64Array && validity?.offset === 0) {
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
  throw new TypeError(`a vector of ${vector.type} has no validity`);
}

/** Texts of a vector of VARCHAR as UTF-8. */
export interface TextBytes {
  /** The bytes of all of a vector's values, 16 each: a length, then the text if it has at most 12 bytes. */
  values: Buffer;
  words: Int32Array;
  /** Where the longer text of a row begins in `copied()`. */
  find(row: number): number;
  /** Where the text last found is; until the next is found. */
  copied(): Buffer;
}

/** The most that is copied of the engine's memory at once, unless one text is longer. */
const maxCopiedBytes = 65_536;

/** Gives the texts of a vector without making any. Valid while its data chunk is. */
export function textBytes(vector: DuckDBVector, rowCount: number): TextBytes {
  const bytes = bytesOf(vector);
  const values = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const valid = validityOf(vector);
  let copied: Buffer = Buffer.alloc(0);
  // Addresses have at most 48 bits.
  let address = 0;
  const addressOf = (row: number) =>
    ((words[4 * row + 2] as number) >>> 0) + ((words[4 * row + 3] as number) >>> 0) * 2 ** 32;

  /** Copies a row's text and those behind it in memory, which is where the engine puts those of the rows after. */
  function copyFrom(row: number): void {
    address = addressOf(row);
    let length = words[4 * row] as number;
    for (let next = row + 1; next < rowCount && length < maxCopiedBytes; next++) {
      const nextLength = words[4 * next] as number;
      if (nextLength <= maxShortBytes || !isPresent(valid, next)) continue;
      if (addressOf(next) !== address + length) break;
      length += nextLength;
    }
    const value = new DataView(new ArrayBuffer(16));
    value.setUint32(0, length, true);
    value.setUint32(8, words[4 * row + 2] as number, true);
    value.setUint32(12, words[4 * row + 3] as number, true);
    const read = new DuckDBBlobVector(value, present, vector as never, 0, 1).getItemBytes(0) ?? new Uint8Array(0);
    copied = Buffer.from(read.buffer, read.byteOffset, read.length);
  }

  return {
    values,
    words,
    find(row) {
      const at = addressOf(row) - address;
      if (at >= 0 && at + (words[4 * row] as number) <= copied.length) return at;
      copyFrom(row);
      return 0;
    },
    copied: () => copied,
  };
}

/** The longest text that the engine keeps inside a value's 16 bytes. */
export const maxShortBytes = 12;

// All that reading asks of a validity.
const present = { itemValid: () => true } as never;

/** Whether a row is present, by a vector's validity. */
export function isPresent(valid: Uint8Array | null, row: number): boolean {
  return valid === null || (((valid[row >> 3] as number) >> (row & 7)) & 1) !== 0;
}
