import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { UploadDatasetHeader__Output, UploadDatasetRequest__Output } from '../../proto/gen/tenon/data/v1/index.js';
import { invalidField, TenonError } from '../mesh/errors.js';
import { storageError } from './errors.js';
import { maxChunkBytes } from './limits.js';

/** What arrived. */
export interface Received<Header> {
  header: Header;
  /** The whole file's digest in hexadecimal. */
  sha256: string;
  sizeBytes: number;
}

/**
 * Writes an upload's bytes to `path`. `checkHeader` sees the first message before any byte
 * is taken. Throws INVALID_FIELD for parts out of order, QUOTA_EXCEEDED beyond `maxBytes`,
 * DIGEST_MISMATCH when the header's sha256 is another.
 */
export async function receive<Header extends { sha256: string }>(
  requests: AsyncIterable<UploadDatasetRequest__Output>,
  path: string,
  options: {
    maxBytes: number;
    signal: AbortSignal;
    checkHeader: (header: UploadDatasetHeader__Output) => Header;
  },
): Promise<Received<Header>> {
  const { maxBytes, signal, checkHeader } = options;
  const hash = createHash('sha256');
  let header: Header | null = null;
  let sizeBytes = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const { part, header: sent, chunk } of requests) {
      signal.throwIfAborted();
      if (header === null) {
        if (part !== 'header' || !sent) throw invalidField('part', part ?? null, 'must be header in the first message');
        header = checkHeader(sent);
        continue;
      }
      if (part !== 'chunk' || !chunk) throw invalidField('part', part ?? null, 'must be chunk after the first message');
      if (chunk.length > maxChunkBytes) throw invalidField('chunk', chunk.length, `bytes must be <= ${maxChunkBytes}`);
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) {
        throw new TenonError({
          reason: 'QUOTA_EXCEEDED',
          message: `${sizeBytes} bytes or more must be at most ${maxBytes}, data.max-upload-bytes`,
          facts: { seenBytes: sizeBytes, maxBytes, option: 'data.max-upload-bytes' },
        });
      }
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    signal.throwIfAborted();
  } catch (error) {
    throw storageError(error);
  } finally {
    await file.close();
  }
  if (header === null) throw invalidField('part', null, 'must be header in the first message');
  const sha256 = hash.digest('hex');
  if (header.sha256 !== '' && header.sha256 !== sha256) {
    throw new TenonError({
      reason: 'DIGEST_MISMATCH',
      message: `header.sha256: ${header.sha256} must equal ${sha256}, the sha256 of the ${sizeBytes} bytes received`,
      facts: { field: 'header.sha256', expected: header.sha256, received: sha256 },
    });
  }
  return { header, sha256, sizeBytes };
}
