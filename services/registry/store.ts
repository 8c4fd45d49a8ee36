import type { OnceKey } from '../mesh/storage/idempotency.js';
import type { AliasChange } from './alias.js';
import type { ArtifactRecord } from './artifact.js';
import type { JournalRecord } from './journal.js';
import type { ModelRecord } from './model.js';
import type { VersionContent, VersionPick, VersionRecord } from './model-version.js';

/**
 * What the registry knows, apart from the artifacts' bytes. Every change is one transaction
 * with its journal entry and, where a key is taken, the answer to its request id; it is on
 * disk when the promise resolves. Errors are TenonErrors: RESOURCE_NOT_FOUND for what is
 * missing, ETAG_MISMATCH, and those named below.
 */
export interface RegistryStore {
  /** RESOURCE_EXISTS if the id is taken. */
  createModel(draft: Pick<ModelRecord, 'id' | 'displayName' | 'description'>, key: OnceKey): Promise<ModelRecord>;
  model(id: string): Promise<ModelRecord | null>;
  /** At most `limit`, ordered by id, those after `after`. */
  models(limit: number, after: string | null): Promise<ModelRecord[]>;
  /** Changes what is given; what is the same already is no change. */
  updateModel(id: string, changes: { displayName?: string; description?: string }, etag: string): Promise<ModelRecord>;
  /** RESOURCE_IN_USE while it has an alias and `force` is not set. */
  deleteModel(id: string, options: { etag: string; force: boolean }): Promise<void>;

  /** RESOURCE_NOT_FOUND for an artifact that is missing, INVALID_FIELD for a length that is not the artifact's. */
  createVersion(model: string, content: VersionContent, key: OnceKey): Promise<VersionRecord>;
  version(model: string, pick: VersionPick): Promise<VersionRecord | null>;
  /** At most `limit`, newest first, those before `before`; fewer when they are long. `more`: whether older ones follow. */
  versions(model: string, limit: number, before: number | null): Promise<{ versions: VersionRecord[]; more: boolean }>;
  /** RESOURCE_IN_USE while an alias names it. */
  deleteVersion(model: string, version: number): Promise<void>;

  /** Setting an alias to what it names already is no change. */
  setAlias(change: AliasChange & { version: number | 'latest' }, key: OnceKey): Promise<ModelRecord>;
  /** WRONG_STATE when the alias named no version before, or one that was deleted. */
  rollbackAlias(change: AliasChange, key: OnceKey): Promise<ModelRecord>;
  deleteAlias(change: AliasChange): Promise<ModelRecord>;

  /** At most `limit` entries, oldest first, those after the sequence `after`, of one model id or of all. */
  journal(filter: { model: string | null; limit: number; after: number }): Promise<JournalRecord[]>;

  /** Records bytes that are stored; the first time counts. */
  addArtifact(blob: { sha256: string; sizeBytes: number }): Promise<ArtifactRecord>;
  artifact(sha256: string): Promise<ArtifactRecord | null>;

  close(): Promise<void>;
}
