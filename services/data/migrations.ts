import { idempotencyMigration } from '../mesh/storage/idempotency.js';
import type { Migration } from '../mesh/storage/migration.js';

/**
 * The schema of `metadata.db`. `versions.body` and `versions.profile` hold the version's
 * message as JSON, split because lists come without profiles. `blobs` names every file that
 * may be in the blob store; one that no version names is left over and deleted at start.
 */
export const migrations: readonly Migration[] = [
  {
    version: 1,
    name: 'datasets, versions and recipes',
    sql: [
      `CREATE TABLE datasets (
        name TEXT NOT NULL PRIMARY KEY,
        display_name TEXT NOT NULL,
        description TEXT NOT NULL,
        revision INTEGER NOT NULL,
        version_count INTEGER NOT NULL,
        create_ms INTEGER NOT NULL,
        update_ms INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID`,
      `CREATE TABLE versions (
        dataset TEXT NOT NULL REFERENCES datasets (name) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        digest TEXT NOT NULL,
        body TEXT NOT NULL,
        profile TEXT NOT NULL,
        PRIMARY KEY (dataset, number)
      ) STRICT`,
      'CREATE INDEX versions_by_digest ON versions (digest)',
      'CREATE TABLE blobs (digest TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID',
      `CREATE TABLE recipes (
        name TEXT NOT NULL PRIMARY KEY,
        display_name TEXT NOT NULL,
        steps TEXT NOT NULL,
        revision INTEGER NOT NULL,
        create_ms INTEGER NOT NULL,
        update_ms INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID`,
    ],
  },
  idempotencyMigration(2),
];
