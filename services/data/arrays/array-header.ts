import { ArrayFault, type ArrayHeader } from './array-type.js';
import type { ByteReader } from './byte-reader.js';
import { readIdxHeader } from './idx-header.js';
import { readNpyHeader } from './npy-header.js';

/** The array format of a file by its first bytes; null for any other file. */
export function arrayFormatOf(head: Buffer): 'IDX' | 'NPY' | null {
  if (head.subarray(0, 6).toString('latin1') === '\x93NUMPY') return 'NPY';
  const [first, second, type = 0, dimensions = 0] = head;
  const known = type >= 0x08 && type <= 0x0e && type !== 0x0a;
  return head.length >= 4 && first === 0 && second === 0 && known && dimensions > 0 ? 'IDX' : null;
}

/** Reads an array file's header. Throws ArrayFault for another format, a header cut short, or one that cannot be. */
export async function readArrayHeader(reader: ByteReader): Promise<ArrayHeader> {
  const magic = await reader.read(8);
  const format = arrayFormatOf(magic);
  if (format === 'IDX') return readIdxHeader(magic, reader);
  if (format === 'NPY') return readNpyHeader(magic, reader);
  const seen = magic.length === 0 ? 'no bytes' : magic.toString('hex');
  throw new ArrayFault(`begins with ${seen}, must begin as IDX (0000, element type, dimensions) or NPY (934e554d5059)`);
}
