import { notFound } from '../mesh/errors.js';
import type { BlobStore } from '../mesh/storage/blob-store.js';
import { openDatabase } from '../mesh/storage/database.js';
import { once } from '../mesh/storage/idempotency.js';
import type { Queries } from '../mesh/storage/queries.js';
import { migrations } from './migrations.js';
import { recipeStore } from './recipe-store.js';
import type { DataStore, DatasetRecord, NewVersion, Profile, RetryKey, VersionRecord } from './store.js';

interface DatasetRow {
  name: string;
  display_name: string;
  description: string;
  revision: number;
  version_count: number;
  create_ms: number;
  update_ms: number;
}

interface VersionRow {
  dataset: string;
  number: number;
  digest: string;
  body: string;
  profile: string;
}

function datasetOf(row: DatasetRow): DatasetRecord {
  return {
    name: row.name,
    displayName: row.display_name,
    description: row.description,
    revision: row.revision,
    versionCount: row.version_count,
    createMs: row.create_ms,
    updateMs: row.update_ms,
  };
}

function versionOf(row: VersionRow): VersionRecord {
  const body = JSON.parse(row.body) as NewVersion;
  return { ...body, dataset: row.dataset, number: row.number, profile: JSON.parse(row.profile) as Profile[] };
}

async function datasetNamed(tx: Queries, name: string): Promise<DatasetRecord | null> {
  const row = await tx.get<DatasetRow>('SELECT * FROM datasets WHERE name = ?', [name]);
  return row === undefined ? null : datasetOf(row);
}

/** What makes an upload once; its request id stands in the header. */
const uploadOnce = { method: 'UploadDataset', field: 'header.request_id' };

/** Thrown out of a transaction to leave it when a request id is new. */
class NotSeenBefore extends Error {}

/**
 * The metadata in the SQLite file at `path`, with the files in `blobs`, which nobody else
 * may write to. `now` gives milliseconds since 1970.
 */
export async function openSqliteStore(path: string, blobs: BlobStore, now: () => number): Promise<DataStore> {
  const database = await openDatabase(path, migrations);

  // Inside a transaction, so that no version that names the file can appear meanwhile.
  async function deleteUnused(tx: Queries, digests: readonly string[]): Promise<void> {
    for (const digest of digests) {
      if ((await tx.get('SELECT 1 FROM versions WHERE digest = ? LIMIT 1', [digest])) !== undefined) continue;
      await blobs.delete(digest);
      await tx.run('DELETE FROM blobs WHERE digest = ?', [digest]);
    }
  }

  await database.transaction(async (tx) => {
    const unused = 'SELECT digest FROM blobs WHERE digest NOT IN (SELECT digest FROM versions)';
    await deleteUnused(
      tx,
      (await tx.all<{ digest: string }>(unused)).map(({ digest }) => digest),
    );
  });

  return {
    ...recipeStore(database, now),

    getDataset: (name) => datasetNamed(database, name),

    async listDatasets(limit, after) {
      const sql = 'SELECT * FROM datasets WHERE name > ? ORDER BY name LIMIT ?';
      return (await database.all<DatasetRow>(sql, [after ?? '', limit])).map(datasetOf);
    },

    updateDataset: (name, change) =>
      database.transaction(async (tx) => {
        const current = await datasetNamed(tx, name);
        if (current === null) throw notFound(name);
        const updated = { ...current, ...change(current), revision: current.revision + 1, updateMs: now() };
        await tx.run(
          'UPDATE datasets SET display_name = ?, description = ?, revision = ?, update_ms = ? WHERE name = ?',
          [updated.displayName, updated.description, updated.revision, updated.updateMs, name],
        );
        return updated;
      }),

    async deleteDataset(name, check) {
      const digests = await database.transaction(async (tx) => {
        const current = await datasetNamed(tx, name);
        if (current === null) throw notFound(name);
        check(current);
        const rows = await tx.all<{ digest: string }>('SELECT DISTINCT digest FROM versions WHERE dataset = ?', [name]);
        await tx.run('DELETE FROM datasets WHERE name = ?', [name]);
        return rows.map(({ digest }) => digest);
      });
      await database.transaction((tx) => deleteUnused(tx, digests));
    },

    async replayUpload(key: RetryKey) {
      if (key.requestId === '') return null;
      try {
        return await database.transaction((tx) =>
          once(tx, { ...uploadOnce, ...key }, (): Promise<VersionRecord> => Promise.reject(new NotSeenBefore())),
        );
      } catch (error) {
        if (error instanceof NotSeenBefore) return null;
        throw error;
      }
    },

    async addVersion(dataset, file, { profile, ...added }, key) {
      const options = { maxBytes: Number.MAX_SAFE_INTEGER };
      const blob = await blobs.putFile(file.path, options);
      return database.transaction((tx) =>
        once(tx, { ...uploadOnce, ...key }, async () => {
          await tx.run('INSERT INTO blobs (digest) VALUES (?) ON CONFLICT DO NOTHING', [blob.sha256]);
          // A deletion of the last version with the same content may have come between.
          if (!(await blobs.has(blob.sha256))) await blobs.putFile(file.path, options);
          const time = now();
          await tx.run(
            `INSERT INTO datasets VALUES (?, '', '', 1, 1, ?, ?) ON CONFLICT (name) DO UPDATE SET
              revision = revision + 1, version_count = version_count + 1, update_ms = excluded.update_ms`,
            [dataset, time, time],
          );
          const number = (await datasetNamed(tx, dataset))?.versionCount ?? 1;
          const body: NewVersion = { ...added, digest: blob.sha256, sizeBytes: blob.sizeBytes, createMs: time };
          await tx.run('INSERT INTO versions VALUES (?, ?, ?, ?, ?)', [
            dataset,
            number,
            blob.sha256,
            JSON.stringify(body),
            JSON.stringify(profile),
          ]);
          return { ...body, dataset, number, profile };
        }),
      );
    },

    async getVersion(dataset, number) {
      const row =
        number === 'latest'
          ? await database.get<VersionRow>('SELECT * FROM versions WHERE dataset = ? ORDER BY number DESC LIMIT 1', [
              dataset,
            ])
          : await database.get<VersionRow>('SELECT * FROM versions WHERE dataset = ? AND number = ?', [
              dataset,
              number,
            ]);
      return row === undefined ? null : versionOf(row);
    },

    async listVersions(dataset, limit, before) {
      const sql = `SELECT dataset, number, digest, body, '[]' AS profile FROM versions
        WHERE dataset = ? AND number < ? ORDER BY number DESC LIMIT ?`;
      return (await database.all<VersionRow>(sql, [dataset, before ?? Number.MAX_SAFE_INTEGER, limit])).map(versionOf);
    },

    close: () => database.close(),
  };
}
