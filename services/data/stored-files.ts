import { notFound } from '../mesh/errors.js';
import type { BlobStore } from '../mesh/storage/blob-store.js';
import { nameOfVersion } from './message.js';
import type { DataStore, VersionRecord } from './store.js';

/** The Parquet files of versions, for reading. */
export interface StoredFiles {
  /**
   * Where a version's file is. Its digest is checked the first time this process reads it:
   * DIGEST_MISMATCH; NOT_FOUND when the version was deleted meanwhile.
   */
  pathOf(version: VersionRecord, signal: AbortSignal): Promise<string>;
}

/** The files in `blobs` of the versions in `store`. */
export function createStoredFiles(store: DataStore, blobs: BlobStore): StoredFiles {
  const checked = new Set<string>();
  return {
    async pathOf(version, signal) {
      const { digest } = version;
      if (!checked.has(digest)) {
        try {
          for await (const _ of blobs.read(digest, { chunkBytes: 1024 * 1024, signal }));
        } catch (error) {
          signal.throwIfAborted();
          const still = await store.getVersion(version.dataset, version.number);
          throw still?.digest === digest ? error : notFound(nameOfVersion(version));
        }
        checked.add(digest);
      }
      return blobs.path(digest);
    },
  };
}
