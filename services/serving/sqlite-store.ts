import { alreadyExists, notFound } from '../mesh/errors.js';
import { openDatabase } from '../mesh/storage/database.js';
import { once } from '../mesh/storage/idempotency.js';
import type { Queries } from '../mesh/storage/queries.js';
import type { DeploymentRecord } from './deployment.js';
import { migrations } from './migrations.js';
import type { DeploymentStore, VersionManifest } from './store.js';

const method = 'CreateDeployment';

/** Thrown out of a transaction to leave it when a request id is new. */
class NotSeenBefore extends Error {}

interface Row {
  body: string;
  served: string | null;
}

function recordOf({ body }: Row): DeploymentRecord {
  return JSON.parse(body) as DeploymentRecord;
}

async function rowNamed(tx: Queries, name: string): Promise<Row> {
  const row = await tx.get<Row>('SELECT body, served FROM deployments WHERE name = ?', [name]);
  if (row === undefined) throw notFound(name);
  return row;
}

/** The deployments of one serving service, in the SQLite file at `path`. */
export async function openSqliteStore(path: string): Promise<DeploymentStore> {
  const database = await openDatabase(path, migrations);

  return {
    async replay({ requestId, request }) {
      if (requestId === '') return null;
      try {
        return await database.transaction((tx) =>
          once<DeploymentRecord>(tx, { method, requestId, request }, async () => {
            throw new NotSeenBefore();
          }),
        );
      } catch (error) {
        if (error instanceof NotSeenBefore) return null;
        throw error;
      }
    },

    async create(record, { requestId, request }, check) {
      let created = false;
      const kept = await database.transaction((tx) =>
        once(tx, { method, requestId, request }, async () => {
          check();
          const { changes } = await tx.run(
            'INSERT INTO deployments (name, uid, body) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING',
            [record.name, record.uid, JSON.stringify(record)],
          );
          if (changes === 0) throw alreadyExists(record.name);
          created = true;
          return record;
        }),
      );
      return { record: kept, created };
    },

    async list(limit, after) {
      const rows = await database.all<Row>(
        'SELECT body, served FROM deployments WHERE name > ? ORDER BY name LIMIT ?',
        [after ?? '', limit],
      );
      return rows.map(recordOf);
    },

    async all() {
      const rows = await database.all<Row>('SELECT body, served FROM deployments ORDER BY name');
      return rows.map((row) => ({
        record: recordOf(row),
        served: row.served === null ? null : (JSON.parse(row.served) as VersionManifest),
      }));
    },

    async update(name, change) {
      return database.transaction(async (tx) => {
        const record = change(recordOf(await rowNamed(tx, name)));
        await tx.run('UPDATE deployments SET body = ? WHERE name = ?', [JSON.stringify(record), name]);
        return record;
      });
    },

    async remember({ name, uid }, served) {
      await database.run('UPDATE deployments SET served = ? WHERE name = ? AND uid = ?', [
        JSON.stringify(served),
        name,
        uid,
      ]);
    },

    async delete(name, check) {
      await database.transaction(async (tx) => {
        check(recordOf(await rowNamed(tx, name)));
        await tx.run('DELETE FROM deployments WHERE name = ?', [name]);
      });
    },

    close: () => database.close(),
  };
}
