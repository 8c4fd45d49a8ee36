import { randomBytes } from 'node:crypto';
import { alreadyExists, notFound } from '../mesh/errors.js';
import { checkEtag } from '../mesh/resource/etag.js';
import { canonicalJson } from '../mesh/storage/canonical-json.js';
import type { Database } from '../mesh/storage/database.js';
import { openDatabase } from '../mesh/storage/database.js';
import { once } from '../mesh/storage/idempotency.js';
import type { Queries } from '../mesh/storage/queries.js';
import { pointedAt, rolledBack } from './alias.js';
import { aliasNotFound, artifactMissing, fileSizeDiffers, modelInUse, versionInUse } from './errors.js';
import type { JournalAction, JournalRecord } from './journal.js';
import { maxVersionPageLength } from './limits.js';
import { registryMigrations } from './migrations.js';
import type { ModelRecord } from './model.js';
import { etagOfModel, modelName, versionName } from './model.js';
import type { VersionFile } from './model-version.js';
import { manifestDigestOf } from './model-version.js';
import { appendToJournal, journalColumns } from './sqlite-journal.js';
import {
  aliasHistory,
  artifactBySha256,
  modelById,
  modelsAfter,
  saveAliasHistory,
  versionByPick,
  versionsBefore,
} from './sqlite-rows.js';
import type { RegistryStore } from './store.js';

/** Opens (or creates) the registry's database file. `now` gives milliseconds since 1970. */
export async function openRegistryStore(path: string, now: () => number = Date.now): Promise<RegistryStore> {
  return registryStoreOf(await openDatabase(path, registryMigrations), now);
}

interface Change {
  action: JournalAction;
  version?: number | undefined;
  alias?: string;
  previous?: number | undefined;
}

function registryStoreOf(database: Database, now: () => number): RegistryStore {
  async function modelOrThrow(tx: Queries, id: string): Promise<ModelRecord> {
    const model = await modelById(tx, id);
    if (model === null) throw notFound(modelName(id));
    return model;
  }

  async function guardedModel(tx: Queries, id: string, etag: string): Promise<ModelRecord> {
    const model = await modelOrThrow(tx, id);
    checkEtag(etag, etagOfModel(model), modelName(id));
    return model;
  }

  async function record(tx: Queries, id: string, timeMs: number, change: Change): Promise<void> {
    const { action, version, alias = '', previous } = change;
    await appendToJournal(tx, {
      timeMs,
      action,
      model: modelName(id),
      version: version === undefined ? '' : versionName(id, version),
      alias,
      previousVersion: previous === undefined ? '' : versionName(id, previous),
    });
  }

  /** Ends a change of a model that goes on to exist: a new revision and the journal entry. */
  async function changed(tx: Queries, id: string, timeMs: number, change: Change): Promise<ModelRecord> {
    await tx.run('UPDATE models SET revision = revision + 1, update_ms = ? WHERE id = ?', [timeMs, id]);
    await record(tx, id, timeMs, change);
    return modelOrThrow(tx, id);
  }

  async function checkFiles(tx: Queries, files: readonly VersionFile[]): Promise<void> {
    for (const [index, { artifact, sizeBytes }] of files.entries()) {
      const stored = await artifactBySha256(tx, artifact.slice('artifacts/'.length));
      if (stored === null) throw artifactMissing(`version.files[${index}].artifact`, artifact);
      if (stored.sizeBytes !== sizeBytes) {
        throw fileSizeDiffers(`version.files[${index}].size_bytes`, sizeBytes, artifact, stored.sizeBytes);
      }
    }
  }

  return {
    createModel: ({ id, displayName, description }, key) =>
      database.transaction((tx) =>
        once(tx, key, async () => {
          if ((await modelById(tx, id)) !== null) throw alreadyExists(modelName(id));
          const timeMs = now();
          await tx.run(
            `INSERT INTO models (id, uid, display_name, description, next_version, revision, create_ms, update_ms)
             VALUES (?, ?, ?, ?, 1, 1, ?, ?)`,
            [id, randomBytes(16).toString('hex'), displayName, description, timeMs, timeMs],
          );
          await record(tx, id, timeMs, { action: 'ACTION_MODEL_CREATED' });
          return modelOrThrow(tx, id);
        }),
      ),

    model: (id) => modelById(database, id),
    models: (limit, after) => modelsAfter(database, limit, after),

    updateModel: (id, changes, etag) =>
      database.transaction(async (tx) => {
        const model = await guardedModel(tx, id, etag);
        const { displayName = model.displayName, description = model.description } = changes;
        if (displayName === model.displayName && description === model.description) return model;
        await tx.run('UPDATE models SET display_name = ?, description = ? WHERE id = ?', [
          displayName,
          description,
          id,
        ]);
        return changed(tx, id, now(), { action: 'ACTION_MODEL_UPDATED' });
      }),

    deleteModel: (id, { etag, force }) =>
      database.transaction(async (tx) => {
        const aliases = Object.keys((await guardedModel(tx, id, etag)).aliases);
        if (aliases.length > 0 && !force) throw modelInUse(id, aliases);
        await tx.run('DELETE FROM models WHERE id = ?', [id]);
        await record(tx, id, now(), { action: 'ACTION_MODEL_DELETED' });
      }),

    createVersion: (model, content, key) =>
      database.transaction((tx) =>
        once(tx, key, async () => {
          await modelOrThrow(tx, model);
          await checkFiles(tx, content.files);
          const createMs = now();
          const row = await tx.get<{ version: number }>(
            'UPDATE models SET next_version = next_version + 1 WHERE id = ? RETURNING next_version - 1 AS version',
            [model],
          );
          if (row === undefined) throw notFound(modelName(model));
          const { version } = row;
          const manifestDigest = manifestDigestOf(model, version, content);
          const json = canonicalJson(content);
          await tx.run(
            `INSERT INTO model_versions (model, version, manifest_digest, content, content_length, create_ms)
             VALUES (?, ?, ?, ?, ?, ?)`,
            [model, version, manifestDigest, json, json.length, createMs],
          );
          await changed(tx, model, createMs, { action: 'ACTION_VERSION_CREATED', version });
          return { model, version, content, manifestDigest, createMs };
        }),
      ),

    version: (model, pick) => versionByPick(database, model, pick),

    async versions(model, limit, before) {
      await modelOrThrow(database, model);
      return versionsBefore(database, { model, limit, before, maxLength: maxVersionPageLength });
    },

    deleteVersion: (model, version) =>
      database.transaction(async (tx) => {
        const { aliases } = await modelOrThrow(tx, model);
        const users = Object.entries(aliases).flatMap(([alias, target]) => (target === version ? [alias] : []));
        if (users.length > 0) throw versionInUse(model, version, users);
        const { changes } = await tx.run('DELETE FROM model_versions WHERE model = ? AND version = ?', [
          model,
          version,
        ]);
        if (changes === 0) throw notFound(versionName(model, version));
        await changed(tx, model, now(), { action: 'ACTION_VERSION_DELETED', version });
      }),

    setAlias: ({ model, alias, version, etag }, key) =>
      database.transaction((tx) =>
        once(tx, key, async () => {
          const current = await guardedModel(tx, model, etag);
          const target = await versionByPick(tx, model, version === 'latest' ? version : { version });
          if (target === null) throw notFound(`${modelName(model)}/versions/${version}`);
          const history = await aliasHistory(tx, model, alias);
          const next = pointedAt(history, target.version);
          if (next === history) return current;
          await saveAliasHistory(tx, model, alias, next);
          const previous = history.at(-1);
          return changed(tx, model, now(), { action: 'ACTION_ALIAS_SET', version: target.version, alias, previous });
        }),
      ),

    rollbackAlias: ({ model, alias, etag }, key) =>
      database.transaction((tx) =>
        once(tx, key, async () => {
          await guardedModel(tx, model, etag);
          const history = await aliasHistory(tx, model, alias);
          const candidate = history.at(-2);
          const kept = candidate === undefined ? null : await versionByPick(tx, model, { version: candidate });
          const next = rolledBack(history, { model, alias, exists: (version) => kept?.version === version });
          await saveAliasHistory(tx, model, alias, next);
          const previous = history.at(-1);
          return changed(tx, model, now(), {
            action: 'ACTION_ALIAS_ROLLED_BACK',
            version: next.at(-1),
            alias,
            previous,
          });
        }),
      ),

    deleteAlias: ({ model, alias, etag }) =>
      database.transaction(async (tx) => {
        await guardedModel(tx, model, etag);
        const history = await aliasHistory(tx, model, alias);
        if (history.length === 0) throw aliasNotFound(model, alias);
        await saveAliasHistory(tx, model, alias, []);
        const previous = history.at(-1);
        return changed(tx, model, now(), { action: 'ACTION_ALIAS_DELETED', alias, previous });
      }),

    journal: ({ model, limit, after }) =>
      model === null
        ? database.all<JournalRecord>(
            `SELECT ${journalColumns} FROM journal WHERE sequence > ? ORDER BY sequence LIMIT ?`,
            [after, limit],
          )
        : database.all<JournalRecord>(
            `SELECT ${journalColumns} FROM journal WHERE model = ? AND sequence > ? ORDER BY sequence LIMIT ?`,
            [modelName(model), after, limit],
          ),

    addArtifact: ({ sha256, sizeBytes }) =>
      database.transaction(async (tx) => {
        const known = await artifactBySha256(tx, sha256);
        if (known !== null) return known;
        const createMs = now();
        await tx.run('INSERT INTO artifacts (sha256, size_bytes, create_ms) VALUES (?, ?, ?)', [
          sha256,
          sizeBytes,
          createMs,
        ]);
        return { sha256, sizeBytes, createMs };
      }),

    artifact: (sha256) => artifactBySha256(database, sha256),
    close: () => database.close(),
  };
}
