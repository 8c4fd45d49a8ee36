import { readFile } from 'node:fs/promises';

async function bytesOf(path: string): Promise<ArrayBuffer> {
  const bytes = await readFile(path);
  // A small file shares its buffer with others.
  return bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength
    ? (bytes.buffer as ArrayBuffer)
    : new Uint8Array(bytes).buffer;
}

/** The float32 numbers that numpy's `tofile` wrote. */
export async function readFloats(path: string): Promise<Float32Array> {
  return new Float32Array(await bytesOf(path));
}

/** The float64 numbers that numpy's `tofile` wrote. */
export async function readDoubles(path: string): Promise<Float64Array> {
  return new Float64Array(await bytesOf(path));
}
