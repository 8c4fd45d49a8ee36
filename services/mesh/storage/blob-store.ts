import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TenonError } from '../errors.js';
import { diskFull, isDiskFull } from './database.js';

/** How bytes come in. */
export interface PutOptions {
  /** The digest the whole must have; 64 lower-case hexadecimal digits. INVALID_FIELD on `sha256` if it differs. */
  expectedSha256?: string | undefined;
  /** The most bytes accepted; beyond it QUOTA_EXCEEDED. */
  maxBytes: number;
  signal?: AbortSignal | undefined;
}

/** How bytes go out. */
export interface ReadOptions {
  /** The most bytes per chunk; 256 KiB by default. */
  chunkBytes?: number;
  signal?: AbortSignal | undefined;
}

/** What is stored: the name and the length of the bytes. */
export interface StoredBlob {
  sha256: string;
  sizeBytes: number;
}

/** Immutable files named by their sha256. What `put` returned is on disk; what was half written is never seen. */
export interface BlobStore {
  put(chunks: AsyncIterable<Uint8Array>, options: PutOptions): Promise<StoredBlob>;
  putFile(path: string, options: PutOptions): Promise<StoredBlob>;
  has(sha256: string): Promise<boolean>;
  /** The length in bytes; undefined when there is no such blob. */
  size(sha256: string): Promise<number | undefined>;
  /** Where the bytes are, for readers that need a file. */
  path(sha256: string): string;
  /** The bytes, hashed on the way: the last step throws DIGEST_MISMATCH when they are not what their name says. */
  read(sha256: string, options?: ReadOptions): AsyncIterable<Buffer>;
  /** Whether there was one to delete. */
  delete(sha256: string): Promise<boolean>;
}

/** Opens the store in `dir`, creating it; removes what an earlier process left half written. */
export async function openBlobStore(dir: string): Promise<BlobStore> {
  const temp = join(dir, 'temp');
  await mkdir(temp, { recursive: true });
  for (const leftover of await readdir(temp)) await rm(join(temp, leftover), { recursive: true, force: true });
  await syncDirectory(dir);

  function path(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError('a blob is named by 64 lower-case hexadecimal digits');
    return join(dir, sha256.slice(0, 2), sha256);
  }

  async function size(sha256: string): Promise<number | undefined> {
    try {
      return (await stat(path(sha256))).size;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async function put(chunks: AsyncIterable<Uint8Array>, options: PutOptions): Promise<StoredBlob> {
    const tempPath = join(temp, randomUUID());
    try {
      const blob = await writeTemp(tempPath, chunks, options);
      const finalPath = path(blob.sha256);
      const folder = join(dir, blob.sha256.slice(0, 2));
      // The folder's own entry must be durable before a name inside it can be.
      if ((await mkdir(folder, { recursive: true })) !== undefined) await syncDirectory(dir);
      // Renamed even over an existing blob: the same bytes again repair one that rotted.
      await rename(tempPath, finalPath);
      await syncDirectory(folder);
      return blob;
    } catch (error) {
      await rm(tempPath, { force: true });
      throw isDiskFull(error) ? diskFull(error) : error;
    }
  }

  return {
    put,
    putFile: (source, options) => put(createReadStream(source), options),
    has: async (sha256) => (await size(sha256)) !== undefined,
    size,
    path,
    read: (sha256, options) => readVerified(path(sha256), sha256, options),
    async delete(sha256) {
      try {
        await access(path(sha256));
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
      await rm(path(sha256), { force: true });
      await syncDirectory(join(dir, sha256.slice(0, 2)));
      return true;
    },
  };
}

async function writeTemp(
  tempPath: string,
  chunks: AsyncIterable<Uint8Array>,
  { expectedSha256, maxBytes, signal }: PutOptions,
): Promise<StoredBlob> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const file = await open(tempPath, 'wx', 0o600);
  try {
    for await (const chunk of chunks) {
      signal?.throwIfAborted();
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBytes) {
        throw new TenonError({
          reason: 'QUOTA_EXCEEDED',
          message: `${sizeBytes} bytes or more must be at most ${maxBytes} bytes`,
          facts: { seenBytes: sizeBytes, maxBytes },
        });
      }
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    signal?.throwIfAborted();
    const sha256 = hash.digest('hex');
    if (expectedSha256 !== undefined && expectedSha256 !== sha256) {
      const description = `${JSON.stringify(expectedSha256)} must equal ${sha256}, the sha256 of the bytes received`;
      throw new TenonError({
        reason: 'INVALID_FIELD',
        message: `sha256: ${description}`,
        facts: { field: 'sha256', expected: expectedSha256, received: sha256 },
        violations: [{ field: 'sha256', description }],
      });
    }
    await file.sync();
    return { sha256, sizeBytes };
  } finally {
    await file.close();
  }
}

async function* readVerified(
  path: string,
  sha256: string,
  { chunkBytes = 256 * 1024, signal }: ReadOptions = {},
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  const file = await open(path, 'r').catch((error: unknown) => {
    if (isMissing(error)) throw damaged(sha256, 'is missing', error);
    throw error;
  });
  try {
    // One chunk is held back until the next is read, so that the last is sent only when the digest is right.
    let held: Buffer | undefined;
    for (;;) {
      signal?.throwIfAborted();
      const buffer = Buffer.allocUnsafe(chunkBytes);
      const { bytesRead } = await file.read(buffer, 0, chunkBytes);
      if (bytesRead === 0) break;
      if (held !== undefined) yield held;
      held = buffer.subarray(0, bytesRead);
      hash.update(held);
    }
    if (hash.digest('hex') !== sha256) throw damaged(sha256, 'does not match its digest');
    if (held !== undefined) yield held;
  } finally {
    await file.close();
  }
}

function damaged(sha256: string, what: string, cause?: unknown): TenonError {
  return new TenonError({
    reason: 'DIGEST_MISMATCH',
    message: `the stored content ${sha256} ${what}`,
    facts: { sha256 },
    cause,
  });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
