import type { Queries } from './queries.js';

/** One step of a schema: statements that run once, in the order of their versions, which count from 1 without gaps. */
export interface Migration {
  version: number;
  name: string;
  /** One statement per element. */
  sql: readonly string[];
}

/** Thrown at open when the file was written by a newer release; the file is left as it is. */
export class NewerSchemaError extends Error {
  constructor(path: string, found: number, known: number) {
    super(`${path} has schema version ${found}; this release knows up to ${known}: start the newer release again`);
    this.name = 'NewerSchemaError';
  }
}

/** Brings the schema to the newest of `migrations`. Must run inside a transaction: a crash leaves none or all of it. */
export async function migrate(tx: Queries, path: string, migrations: readonly Migration[]): Promise<void> {
  migrations.forEach((migration, index) => {
    if (migration.version !== index + 1) {
      throw new Error(`migration ${migration.name} has version ${migration.version}; versions count from 1`);
    }
  });
  await tx.run('CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT');
  const row = await tx.get<{ version: number }>('SELECT coalesce(max(version), 0) AS version FROM schema_migrations');
  const current = row?.version ?? 0;
  if (current > migrations.length) throw new NewerSchemaError(path, current, migrations.length);
  for (const { version, name, sql } of migrations.slice(current)) {
    for (const statement of sql) await tx.run(statement);
    await tx.run('INSERT INTO schema_migrations (version, name) VALUES (?, ?)', [version, name]);
  }
}
