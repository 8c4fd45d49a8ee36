import { open } from 'node:fs/promises';

const magic = 'PAR1';
const leastBytes = 12; // The magic at both ends and the footer's length.

/**
 * What is wrong with a file's Parquet frame, in words; null if it is whole. The file ends in its footer, the footer's
 * length as four little-endian bytes, and `PAR1` (Apache Parquet, file format), so that one cut short is told at once.
 */
export async function parquetFrameFault(path: string): Promise<string | null> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size < leastBytes) return `the file is cut short: ${size} bytes, a Parquet file has at least ${leastBytes}`;
    const tail = Buffer.alloc(8);
    await file.read(tail, 0, tail.length, size - tail.length);
    if (tail.toString('latin1', 4) !== magic) {
      return `the file is cut short: the last 4 of its ${size} bytes must be ${magic}, as every Parquet file ends`;
    }
    const footerBytes = tail.readUInt32LE(0);
    if (footerBytes > size - leastBytes) {
      return `the footer claims ${footerBytes} bytes, must be at most ${size - leastBytes} in a file of ${size} bytes`;
    }
    return null;
  } finally {
    await file.close();
  }
}
