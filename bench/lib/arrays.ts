import { open, readFile } from 'node:fs/promises';
import { sharedFloats } from '../../native/table/shared-floats.js';

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

/** The same in memory that fits read where it is, as they do what the product trains on. */
export async function readSharedFloats(path: string): Promise<Float32Array> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const floats = sharedFloats(size / Float32Array.BYTES_PER_ELEMENT);
    const bytes = new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
    for (let at = 0; at < size; ) {
      const { bytesRead } = await file.read(bytes, at, Math.min(size - at, 2 ** 30), at);
      if (bytesRead === 0) throw new Error(`${path} ends after ${at} of ${size} bytes`);
      at += bytesRead;
    }
    return floats;
  } finally {
    await file.close();
  }
}

/** The float64 numbers that numpy's `tofile` wrote. */
export async function readDoubles(path: string): Promise<Float64Array> {
  return new Float64Array(await bytesOf(path));
}

/** Whole numbers, so small that every sum of their products is exact; the peers' scripts make the same. */
export function wholeNumbers(length: number, factor: number, modulus: number, offset: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => ((i * factor) % modulus) - offset);
}

/** The share of equal values. */
export function shareEqual(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let equal = 0;
  for (let i = 0; i < a.length; i++) if (a[i] === b[i]) equal++;
  return equal / a.length;
}

/** How far apart the values that differ most are; infinite where one side has more, and NaN where a value is. */
export function worstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs((a[i] ?? 0) - (b[i] ?? 0)));
  return worst;
}
