import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { readArrayHeader } from './array-header.js';
import { ArrayFault, type ArrayHeader, dtypeBytes } from './array-type.js';
import { byteReader } from './byte-reader.js';

/** An array file, or a part of a file that is one, opened behind its header. */
export interface ArrayFile {
  header: ArrayHeader;
  /** The bytes of one row. */
  rowBytes: number;
  rowCount: number;
  /** The elements of the next rows. Throws ArrayFault when the file ends before them. */
  rows(count: number): Promise<Buffer>;
  /** Throws ArrayFault if anything stands behind the last row. */
  end(): Promise<void>;
  close(): Promise<void>;
}

/** Where an array file stands: `length` bytes from `start` in the file at `path`. */
export interface ArrayPlace {
  path: string;
  start: number;
  length: number;
}

const readBytes = 1024 * 1024;

/**
 * Opens an array file and reads its header; gzip is recognised and decompressed as it is read. What the header claims is
 * compared with `maxBytes`, and with the file's length where that tells, before anything is read or kept. Throws ArrayFault.
 */
export async function openArray(
  { path, start, length }: ArrayPlace,
  { maxBytes, signal }: { maxBytes: number; signal: AbortSignal },
): Promise<ArrayFile> {
  // Reading from an empty range would read to the end of the file.
  if (length === 0) throw new ArrayFault('has no bytes');
  const file = () => createReadStream(path, { start, end: start + length - 1, highWaterMark: readBytes, signal });
  const magic = byteReader(file());
  const compressed = (await magic.read(2)).toString('hex') === '1f8b';
  await magic.close();
  const gunzip = compressed ? createGunzip({ chunkSize: readBytes }) : null;
  const reader = byteReader(gunzip === null ? file() : inflated(file(), gunzip));
  try {
    const header = await readArrayHeader(reader);
    const [rowCount = 1, ...sizes] = header.shape;
    const rowBytes = sizes.reduce((product, size) => product * size, dtypeBytes[header.dtype]);
    const claimed = rowCount * rowBytes;
    if (claimed > maxBytes) {
      throw new ArrayFault(`claims ${claimed} bytes of elements, must be <= ${maxBytes}, data.max-upload-bytes`);
    }
    const left = length - header.headerBytes;
    if (!compressed && claimed !== left) throw new ArrayFault(lengthFault(claimed, left));
    let read = 0;
    return {
      header,
      rowBytes,
      rowCount,
      async rows(count) {
        const bytes = await reader.read(count * rowBytes);
        read += bytes.length;
        if (bytes.length < count * rowBytes) throw new ArrayFault(lengthFault(claimed, read));
        return bytes;
      },
      async end() {
        const behind = (await reader.read(1)).length > 0 || (gunzip !== null && gunzip.bytesWritten < length);
        if (behind) throw new ArrayFault(`claims ${claimed} bytes of elements, the file has more`);
      },
      close: () => reader.close(),
    };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

function lengthFault(claimed: number, left: number): string {
  return `claims ${claimed} bytes of elements, must be ${left}, as many as follow its header`;
}

async function* inflated(
  source: ReturnType<typeof createReadStream>,
  gunzip: ReturnType<typeof createGunzip>,
): AsyncGenerator<Buffer> {
  source.on('error', (error) => gunzip.destroy(error));
  try {
    for await (const chunk of source.pipe(gunzip)) yield chunk as Buffer;
  } catch (error) {
    // The codes of zlib begin so; anything else is no fault of the file.
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!code.startsWith('Z_')) throw error;
    throw new ArrayFault('the gzip stream is damaged or cut short');
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}
