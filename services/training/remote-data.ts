import { createHash } from 'node:crypto';
import type { BundleFile } from '../../native/bundle/bundle.js';
import type { TableChunkLike } from '../../native/table/from-chunks.js';
import { tableFromChunks } from '../../native/table/from-chunks.js';
import type { Table } from '../../native/table/table.js';
import type {
  ReadDatasetVersionRequest,
  ReadDatasetVersionResponse__Output,
} from '../../proto/gen/tenon/data/v1/index.js';
import type { Artifact__Output, UploadArtifactRequest } from '../../proto/gen/tenon/registry/v1/index.js';
import { TenonError } from '../mesh/errors.js';
import { checkCells } from './cells.js';
import { streamDeadlineMs, uploadChunkBytes } from './limits.js';
import { cellsOf } from './memory.js';
import type { PublishedFile } from './publication.js';

/** How a worker's calls are made. */
export interface StreamOptions {
  deadlineMs: number;
  signal: AbortSignal;
  /** The W3C header of the trace that the call continues; empty for none. */
  traceparent: string;
}

/** The part of the data service that a worker needs. */
export interface TableSource {
  readDatasetVersion(
    request: ReadDatasetVersionRequest,
    options: StreamOptions,
  ): AsyncIterable<ReadDatasetVersionResponse__Output>;
}

/** The part of the registry that a worker needs. */
export interface ArtifactTarget {
  uploadArtifact(requests: AsyncIterable<UploadArtifactRequest>, options: StreamOptions): Promise<Artifact__Output>;
}

/**
 * Reads columns of a dataset version, in that order. Throws QUOTA_EXCEEDED as soon as more
 * than `maxCells` cells arrive, EMPTY_TABLE if there are no rows.
 */
export async function readTable(
  source: TableSource,
  { name, columns, maxCells }: { name: string; columns: readonly string[]; maxCells: number },
  options: Omit<StreamOptions, 'deadlineMs'>,
): Promise<Table> {
  const chunks: TableChunkLike[] = [];
  let rowCount = 0;
  const request = { name, columns: [...columns] };
  for await (const { chunk } of source.readDatasetVersion(request, { ...options, deadlineMs: streamDeadlineMs })) {
    if (chunk === null) continue;
    rowCount += chunk.rowCount;
    checkCells(name, rowCount, cellsOf(chunk.columns), maxCells);
    chunks.push(chunk);
  }
  if (rowCount === 0) {
    const field = 'job.spec.dataset_version';
    const description = `${name} has 0 rows; must have at least 1`;
    throw new TenonError({
      reason: 'EMPTY_TABLE',
      message: `${field}: ${description}`,
      facts: { field, name },
      violations: [{ field, description }],
    });
  }
  return tableFromChunks(chunks);
}

/** Uploads a file; the registry refuses bytes that are not those of the digest sent along. */
export async function uploadFile(
  target: ArtifactTarget,
  { path, bytes }: BundleFile,
  options: Omit<StreamOptions, 'deadlineMs'>,
): Promise<PublishedFile> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const artifact = await target.uploadArtifact(chunksOf(bytes, sha256), { ...options, deadlineMs: streamDeadlineMs });
  return { path, artifact: artifact.name, sizeBytes: bytes.length };
}

async function* chunksOf(bytes: Uint8Array, sha256: string): AsyncGenerator<UploadArtifactRequest> {
  // An empty file still needs the first message, which carries the digest.
  for (let at = 0; at === 0 || at < bytes.length; at += uploadChunkBytes) {
    const chunk = bytes.subarray(at, at + uploadChunkBytes);
    yield at === 0 ? { chunk, sha256 } : { chunk };
  }
}
