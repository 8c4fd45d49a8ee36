import { access } from 'node:fs/promises';
import { openBlobStore } from '../mesh/storage/blob-store.js';
import { openDatabase } from '../mesh/storage/database.js';
import type { Queries } from '../mesh/storage/queries.js';
import { artifactName } from './artifact.js';
import type { JournalRecord } from './journal.js';
import { chainDigestOf, chainStart } from './journal.js';
import { registryMigrations } from './migrations.js';
import { modelName, versionName } from './model.js';
import type { VersionContent } from './model-version.js';
import { manifestDigestOf } from './model-version.js';
import { registryPaths } from './paths.js';
import { journalColumns } from './sqlite-journal.js';
import { artifactBySha256 } from './sqlite-rows.js';

/**
 * Checks everything that a stopped registry has on disk: the database's own integrity, the
 * chain of the journal, every version's manifest and files, every alias, and the digest of
 * every artifact. Yields one sentence per problem; nothing when all is well. `dataDir` is
 * the service's own folder; rejects when no registry is there.
 */
export async function* verifyRegistry(dataDir: string): AsyncGenerator<string> {
  const paths = registryPaths(dataDir);
  // Opening would create what is missing.
  await access(paths.database);
  const database = await openDatabase(paths.database, registryMigrations);
  try {
    yield* verifyDatabase(database);
    yield* verifyJournal(database);
    yield* verifyVersions(database);
    yield* verifyAliases(database);
    yield* verifyArtifacts(database, paths.artifacts);
  } finally {
    await database.close();
  }
}

async function* verifyDatabase(queries: Queries): AsyncGenerator<string> {
  for (const { integrity_check: found } of await queries.all<{ integrity_check: string }>('PRAGMA integrity_check')) {
    if (found !== 'ok') yield `database: ${found}`;
  }
  for (const { table, rowid } of await queries.all<{ table: string; rowid: number }>('PRAGMA foreign_key_check')) {
    yield `database: row ${rowid} of ${table} refers to what does not exist`;
  }
}

async function* verifyJournal(queries: Queries): AsyncGenerator<string> {
  const pageSize = 1000;
  let last: Pick<JournalRecord, 'sequence' | 'chainDigest'> = { sequence: 0, chainDigest: chainStart };
  for (;;) {
    const entries = await queries.all<JournalRecord>(
      `SELECT ${journalColumns} FROM journal WHERE sequence > ? ORDER BY sequence LIMIT ?`,
      [last.sequence, pageSize],
    );
    for (const entry of entries) {
      if (entry.sequence !== last.sequence + 1) yield `journal: entry ${last.sequence + 1} is missing`;
      if (chainDigestOf(last.chainDigest, entry) !== entry.chainDigest) {
        yield `journal: entry ${entry.sequence} does not match its chain digest`;
      }
      last = entry;
    }
    if (entries.length < pageSize) return;
  }
}

async function* verifyVersions(queries: Queries): AsyncGenerator<string> {
  const versions = await queries.all<{ model: string; version: number; digest: string }>(
    'SELECT model, version, manifest_digest AS digest FROM model_versions ORDER BY model, version',
  );
  for (const { model, version, digest } of versions) {
    const name = versionName(model, version);
    const row = await queries.get<{ content: string }>(
      'SELECT content FROM model_versions WHERE model = ? AND version = ?',
      [model, version],
    );
    const content = JSON.parse(row?.content ?? '{"files":[]}') as VersionContent;
    if (manifestDigestOf(model, version, content) !== digest) yield `${name}: the manifest does not match its digest`;
    for (const { path, artifact, sizeBytes } of content.files) {
      const known = await artifactBySha256(queries, artifact.slice('artifacts/'.length));
      if (known === null) yield `${name}: ${path} is ${artifact}, which does not exist`;
      else if (known.sizeBytes !== sizeBytes) {
        yield `${name}: ${path} has ${sizeBytes} bytes, its ${artifact} has ${known.sizeBytes}`;
      }
    }
  }
}

async function* verifyAliases(queries: Queries): AsyncGenerator<string> {
  const dangling = await queries.all<{ model: string; alias: string; version: number }>(
    `SELECT h.model, h.alias, h.version FROM alias_history h
     WHERE h.position = (SELECT max(position) FROM alias_history WHERE model = h.model AND alias = h.alias)
     AND NOT EXISTS (SELECT 1 FROM model_versions v WHERE v.model = h.model AND v.version = h.version)`,
  );
  for (const { model, alias, version } of dangling) {
    yield `${modelName(model)}: the alias ${alias} names version ${version}, which does not exist`;
  }
}

async function* verifyArtifacts(queries: Queries, dir: string): AsyncGenerator<string> {
  const blobs = await openBlobStore(dir);
  const artifacts = await queries.all<{ sha256: string; sizeBytes: number }>(
    'SELECT sha256, size_bytes AS sizeBytes FROM artifacts ORDER BY sha256',
  );
  for (const { sha256, sizeBytes } of artifacts) {
    try {
      let length = 0;
      for await (const chunk of blobs.read(sha256)) length += chunk.byteLength;
      if (length !== sizeBytes) yield `${artifactName(sha256)}: ${length} bytes, expected ${sizeBytes}`;
    } catch (error) {
      yield `${artifactName(sha256)}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}
