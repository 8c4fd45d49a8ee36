import { idempotencyMigration } from '../mesh/storage/idempotency.js';
import type { Migration } from '../mesh/storage/migration.js';

/** The schema of the registry's database. Steps are only ever added. */
export const registryMigrations: readonly Migration[] = [
  idempotencyMigration(1),
  {
    version: 2,
    name: 'registry',
    sql: [
      `CREATE TABLE models (
        id TEXT PRIMARY KEY, uid TEXT NOT NULL, display_name TEXT NOT NULL, description TEXT NOT NULL,
        next_version INTEGER NOT NULL, revision INTEGER NOT NULL,
        create_ms INTEGER NOT NULL, update_ms INTEGER NOT NULL) STRICT`,
      `CREATE TABLE model_versions (
        model TEXT NOT NULL REFERENCES models (id) ON DELETE CASCADE, version INTEGER NOT NULL,
        manifest_digest TEXT NOT NULL, content TEXT NOT NULL, content_length INTEGER NOT NULL, create_ms INTEGER NOT NULL,
        PRIMARY KEY (model, version)) STRICT`,
      // The version an alias names is the one at its highest position; the others are what it may go back to.
      `CREATE TABLE alias_history (
        model TEXT NOT NULL REFERENCES models (id) ON DELETE CASCADE, alias TEXT NOT NULL,
        position INTEGER NOT NULL, version INTEGER NOT NULL,
        PRIMARY KEY (model, alias, position)) STRICT`,
      'CREATE TABLE artifacts (sha256 TEXT PRIMARY KEY, size_bytes INTEGER NOT NULL, create_ms INTEGER NOT NULL) STRICT',
      // No reference to models: the journal outlives what it tells of.
      `CREATE TABLE journal (
        sequence INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, action TEXT NOT NULL, model TEXT NOT NULL,
        version TEXT NOT NULL, alias TEXT NOT NULL, previous_version TEXT NOT NULL, chain_digest TEXT NOT NULL) STRICT`,
      'CREATE INDEX journal_of_model ON journal (model, sequence)',
    ],
  },
];
