import { idempotencyMigration } from '../mesh/storage/idempotency.js';
import type { Migration } from '../mesh/storage/migration.js';

/**
 * The schema of `jobs.db`.
 *
 * `jobs` holds one row per job: `body` is the JobRecord as JSON, the columns beside it are
 * what queries need. `job_events` holds the log of each job, numbered without gaps from 1
 * to `jobs.last_sequence`; it goes with its job.
 */
export const migrations: readonly Migration[] = [
  {
    version: 1,
    name: 'jobs and their events',
    sql: [
      `CREATE TABLE jobs (
        ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        state TEXT NOT NULL,
        revision INTEGER NOT NULL,
        last_sequence INTEGER NOT NULL,
        body TEXT NOT NULL
      ) STRICT`,
      'CREATE INDEX jobs_by_state ON jobs (state, ordinal)',
      `CREATE TABLE job_events (
        job INTEGER NOT NULL REFERENCES jobs (ordinal) ON DELETE CASCADE,
        sequence INTEGER NOT NULL,
        time_ms INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (job, sequence)
      ) STRICT, WITHOUT ROWID`,
    ],
  },
  idempotencyMigration(2),
];
