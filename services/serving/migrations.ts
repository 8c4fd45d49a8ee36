import { idempotencyMigration } from '../mesh/storage/idempotency.js';
import type { Migration } from '../mesh/storage/migration.js';

/**
 * The schema of `deployments.db`: one row per deployment. `body` is the DeploymentRecord as
 * JSON; `served` the VersionManifest that last answered, null before the first.
 */
export const migrations: readonly Migration[] = [
  {
    version: 1,
    name: 'deployments',
    sql: [
      `CREATE TABLE deployments (
        name TEXT PRIMARY KEY,
        uid TEXT NOT NULL,
        body TEXT NOT NULL,
        served TEXT
      ) STRICT, WITHOUT ROWID`,
    ],
  },
  idempotencyMigration(2),
];
