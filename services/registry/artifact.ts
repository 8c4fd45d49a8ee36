import type { Artifact, UploadArtifactRequest__Output } from '../../proto/gen/tenon/registry/v1/index.js';
import { invalidField } from '../mesh/errors.js';
import { timestampOf } from '../mesh/resource/timestamp.js';
import { checkUploadPart } from './validate.js';

/** An artifact as the store keeps it. */
export interface ArtifactRecord {
  sha256: string;
  sizeBytes: number;
  /** When the bytes first arrived, in milliseconds since 1970. */
  createMs: number;
}

/** `artifacts/{sha256}`. */
export function artifactName(sha256: string): string {
  return `artifacts/${sha256}`;
}

/** The artifact as the contract shows it. */
export function toArtifact({ sha256, sizeBytes, createMs }: ArtifactRecord): Artifact {
  return { name: artifactName(sha256), sizeBytes, createTime: timestampOf(createMs) };
}

/** An upload whose first message was read: the digest it must have, if one was given, and its bytes. */
export interface Upload {
  expectedSha256: string | undefined;
  chunks: AsyncIterable<Uint8Array>;
}

/** Reads the first message of an upload. `chunks` must then be read, to its end or until its `return`. */
export async function openUpload(requests: AsyncIterable<UploadArtifactRequest__Output>): Promise<Upload> {
  const messages = requests[Symbol.asyncIterator]();
  const first = await messages.next();
  if (first.done === true) throw invalidField('chunk', null, 'must be sent at least once');
  let sha256: string;
  try {
    ({ sha256 } = checkUploadPart(first.value, 0));
  } catch (error) {
    await messages.return?.();
    throw error;
  }

  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      let index = 0;
      for (let message = first; message.done !== true; message = await messages.next()) {
        yield checkUploadPart(message.value, index++).chunk;
      }
    } finally {
      await messages.return?.();
    }
  }
  return { expectedSha256: sha256 === '' ? undefined : sha256, chunks: chunks() };
}
