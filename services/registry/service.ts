import type { RegistryServiceHandlers } from '../../proto/gen/tenon/registry/v1/index.js';
import { notFound } from '../mesh/errors.js';
import { cutPage, nextPageToken } from '../mesh/resource/page.js';
import type { Implementation } from '../mesh/rpc/handler.js';
import type { BlobStore } from '../mesh/storage/blob-store.js';
import { artifactName, openUpload, toArtifact } from './artifact.js';
import { toJournalEntry } from './journal.js';
import { toModel } from './model.js';
import { toModelVersion } from './model-version.js';
import type { RegistryStore } from './store.js';
import {
  checkArtifactName,
  checkCreateModel,
  checkCreateModelVersion,
  checkDeleteAlias,
  checkDeleteModel,
  checkDeleteModelVersion,
  checkGetModelVersion,
  checkListJournalEntries,
  checkListModels,
  checkListModelVersions,
  checkModelName,
  checkPromoteModelVersion,
  checkRollbackAlias,
  checkSetAlias,
  checkUpdateModel,
} from './validate.js';
import type { ModelSignals } from './watch.js';
import { watchModel } from './watch.js';

/** What the handlers stand on. */
export interface RegistryParts {
  store: RegistryStore;
  blobs: BlobStore;
  signals: ModelSignals;
  /** The largest artifact accepted. */
  maxArtifactBytes: number;
}

/** The handlers of RegistryService. */
export function createRegistryService(parts: RegistryParts): Implementation<RegistryServiceHandlers> {
  const { store, blobs, signals, maxArtifactBytes } = parts;

  /** What a change of the model gave, once its watchers know. */
  async function announced<Result>(model: string, change: Promise<Result>): Promise<Result> {
    const result = await change;
    signals.changed(model);
    return result;
  }

  return {
    async createModel(request) {
      const draft = checkCreateModel(request);
      const key = { method: 'CreateModel', requestId: request.requestId, request };
      return toModel(await announced(draft.id, store.createModel(draft, key)));
    },

    async getModel(request) {
      const id = checkModelName(request);
      const model = await store.model(id);
      if (model === null) throw notFound(request.name);
      return toModel(model);
    },

    async listModels(request) {
      const { page, list } = checkListModels(request);
      const found = await store.models(page.limit + 1, page.after);
      const cut = cutPage(found, page, list, ({ id }) => id);
      return { models: cut.items.map(toModel), nextPageToken: cut.nextPageToken };
    },

    async updateModel(request) {
      const { id, changes, etag } = checkUpdateModel(request);
      return toModel(await announced(id, store.updateModel(id, changes, etag)));
    },

    async deleteModel(request) {
      const { id, etag, force } = checkDeleteModel(request);
      await announced(id, store.deleteModel(id, { etag, force }));
      return {};
    },

    async createModelVersion(request) {
      const { model, content } = checkCreateModelVersion(request);
      const key = { method: 'CreateModelVersion', requestId: request.requestId, request };
      return toModelVersion(await announced(model, store.createVersion(model, content, key)));
    },

    async getModelVersion(request) {
      const { model, pick } = checkGetModelVersion(request);
      const version = await store.version(model, pick);
      if (version === null) throw notFound(request.name);
      return toModelVersion(version);
    },

    async listModelVersions(request) {
      const { model, page, list, after } = checkListModelVersions(request);
      const { versions, more } = await store.versions(model, page.limit, page.after === null ? null : after);
      const last = versions.at(-1);
      return {
        versions: versions.map(toModelVersion),
        nextPageToken: nextPageToken(list, more && last !== undefined ? `${last.version}` : null),
      };
    },

    async deleteModelVersion(request) {
      const { model, version } = checkDeleteModelVersion(request);
      await announced(model, store.deleteVersion(model, version));
      return {};
    },

    async setAlias(request) {
      const change = checkSetAlias(request);
      const key = { method: 'SetAlias', requestId: request.requestId, request };
      return toModel(await announced(change.model, store.setAlias(change, key)));
    },

    async promoteModelVersion(request) {
      const change = checkPromoteModelVersion(request);
      const key = { method: 'PromoteModelVersion', requestId: request.requestId, request };
      return toModel(await announced(change.model, store.setAlias(change, key)));
    },

    async rollbackAlias(request) {
      const change = checkRollbackAlias(request);
      const key = { method: 'RollbackAlias', requestId: request.requestId, request };
      return toModel(await announced(change.model, store.rollbackAlias(change, key)));
    },

    async deleteAlias(request) {
      const change = checkDeleteAlias(request);
      return toModel(await announced(change.model, store.deleteAlias(change)));
    },

    async *watchModel(request, { signal }) {
      const id = checkModelName(request);
      for await (const model of watchModel({ store, signals }, id, signal)) yield { model: toModel(model) };
    },

    async listJournalEntries(request) {
      const { model, page, list, after } = checkListJournalEntries(request);
      const found = await store.journal({ model, limit: page.limit + 1, after });
      const cut = cutPage(found, page, list, ({ sequence }) => `${sequence}`);
      return { entries: cut.items.map(toJournalEntry), nextPageToken: cut.nextPageToken };
    },

    async uploadArtifact(requests, { signal }) {
      const { expectedSha256, chunks } = await openUpload(requests);
      const blob = await blobs.put(chunks, { expectedSha256, maxBytes: maxArtifactBytes, signal });
      return toArtifact(await store.addArtifact(blob));
    },

    async getArtifact(request) {
      const artifact = await store.artifact(checkArtifactName(request));
      if (artifact === null) throw notFound(request.name);
      return toArtifact(artifact);
    },

    async *downloadArtifact(request, { signal }) {
      const sha256 = checkArtifactName(request);
      if ((await store.artifact(sha256)) === null) throw notFound(artifactName(sha256));
      for await (const chunk of blobs.read(sha256, { signal })) yield { chunk };
    },
  };
}
