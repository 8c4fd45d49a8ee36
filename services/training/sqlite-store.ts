import { alreadyExists, notFound, TenonError } from '../mesh/errors.js';
import { openDatabase } from '../mesh/storage/database.js';
import { once } from '../mesh/storage/idempotency.js';
import type { Queries } from '../mesh/storage/queries.js';
import { emptyResult, emptySpec, type JobRecord } from './job.js';
import { migrations } from './migrations.js';
import type { Idempotency, JobChange, JobEvent, JobStore, NewJob, StoredEvent } from './store.js';

interface JobRow {
  ordinal: number;
  revision: number;
  last_sequence: number;
  body: string;
}

const columns = 'ordinal, revision, last_sequence, body';

/** Thrown out of a transaction to leave it when a request id is new. */
class NotSeenBefore extends Error {}

/** A job as it was kept; what an earlier release had no word for is empty. */
function jobOf(row: JobRow): JobRecord {
  const body = JSON.parse(row.body) as NewJob;
  const spec = { ...emptySpec(), ...body.spec };
  const result = { ...emptyResult(), ...body.result };
  const { optimize = null, exchange = null } = body as Partial<NewJob>;
  return { ...body, optimize, exchange, spec, result, ordinal: row.ordinal, revision: row.revision };
}

function bodyOf({ ordinal: _ordinal, revision: _revision, ...job }: JobRecord): string {
  return JSON.stringify(job);
}

async function append(tx: Queries, job: number, first: number, events: readonly JobEvent[], nowMs: number) {
  for (const [index, event] of events.entries()) {
    await tx.run('INSERT INTO job_events (job, sequence, time_ms, body) VALUES (?, ?, ?, ?)', [
      job,
      first + index,
      nowMs,
      JSON.stringify(event),
    ]);
  }
}

async function insert(tx: Queries, draft: NewJob, nowMs: number): Promise<JobRecord> {
  const { changes } = await tx.run(
    'INSERT INTO jobs (name, state, revision, last_sequence, body) VALUES (?, ?, 1, 1, ?) ON CONFLICT (name) DO NOTHING',
    [draft.name, draft.state, JSON.stringify(draft)],
  );
  if (changes === 0) throw alreadyExists(draft.name);
  const row = await tx.get<JobRow>(`SELECT ${columns} FROM jobs WHERE name = ?`, [draft.name]);
  if (row === undefined) throw new Error(`${draft.name} is not there after it was inserted`);
  const job = jobOf(row);
  await append(tx, job.ordinal, 1, [{ kind: 'state', job }], nowMs);
  return job;
}

async function checkQueue(tx: Queries, maxQueued: number): Promise<void> {
  const row = await tx.get<{ queued: number }>("SELECT count(*) AS queued FROM jobs WHERE state = 'STATE_QUEUED'");
  const queued = row?.queued ?? 0;
  if (queued < maxQueued) return;
  throw new TenonError({
    reason: 'QUOTA_EXCEEDED',
    message: `${queued} jobs wait already; training.max-queued-jobs is ${maxQueued}`,
    facts: { queued, bound: maxQueued, option: 'training.max-queued-jobs' },
    retryAfterMs: 5_000,
  });
}

/** The jobs of one training service, in the SQLite file at `path`. `now` gives milliseconds since 1970. */
export async function openSqliteStore(path: string, now: () => number): Promise<JobStore> {
  const database = await openDatabase(path, migrations);

  return {
    async replay({ method = 'CreateJob', requestId, request }: Idempotency) {
      if (requestId === '') return null;
      try {
        return await database.transaction((tx) =>
          once<JobRecord>(tx, { method, requestId, request }, async () => {
            throw new NotSeenBefore();
          }),
        );
      } catch (error) {
        if (error instanceof NotSeenBefore) return null;
        throw error;
      }
    },

    async create(draft, { method = 'CreateJob', requestId, request }, { maxQueued }) {
      return database.transaction(async (tx) => {
        const create = async () => {
          await checkQueue(tx, maxQueued);
          return insert(tx, draft, now());
        };
        return requestId === '' ? create() : once(tx, { method, requestId, request }, create);
      });
    },

    async get(name) {
      const row = await database.get<JobRow>(`SELECT ${columns} FROM jobs WHERE name = ?`, [name]);
      return row === undefined ? null : jobOf(row);
    },

    async list(limit, before) {
      const rows = await database.all<JobRow>(
        `SELECT ${columns} FROM jobs WHERE ordinal < ? ORDER BY ordinal DESC LIMIT ?`,
        [before ?? Number.MAX_SAFE_INTEGER, limit],
      );
      return rows.map(jobOf);
    },

    async named(states) {
      const places = states.map(() => '?').join(', ');
      const rows = await database.all<{ name: string }>(
        `SELECT name FROM jobs WHERE state IN (${places}) ORDER BY ordinal`,
        [...states],
      );
      return rows.map(({ name }) => name);
    },

    async update(name, change: (job: JobRecord) => JobChange | null) {
      return database.transaction(async (tx) => {
        const row = await tx.get<JobRow>(`SELECT ${columns} FROM jobs WHERE name = ?`, [name]);
        const next = row === undefined ? null : change(jobOf(row));
        if (row === undefined || next === null) return null;
        const job = { ...next.job, ordinal: row.ordinal, revision: row.revision + 1 };
        const events = next.events.map((event): JobEvent => (event.kind === 'state' ? { kind: 'state', job } : event));
        await tx.run('UPDATE jobs SET state = ?, revision = ?, last_sequence = ?, body = ? WHERE ordinal = ?', [
          job.state,
          job.revision,
          row.last_sequence + events.length,
          bodyOf(job),
          row.ordinal,
        ]);
        await append(tx, row.ordinal, row.last_sequence + 1, events, now());
        return job;
      });
    },

    async delete(name, check) {
      await database.transaction(async (tx) => {
        const row = await tx.get<JobRow>(`SELECT ${columns} FROM jobs WHERE name = ?`, [name]);
        if (row === undefined) throw notFound(name);
        check(jobOf(row));
        await tx.run('DELETE FROM jobs WHERE ordinal = ?', [row.ordinal]);
      });
    },

    async events(name, sequence, limit) {
      const job = await database.get<{ ordinal: number }>('SELECT ordinal FROM jobs WHERE name = ?', [name]);
      if (job === undefined) return null;
      const rows = await database.all<{ sequence: number; time_ms: number; body: string }>(
        'SELECT sequence, time_ms, body FROM job_events WHERE job = ? AND sequence > ? ORDER BY sequence LIMIT ?',
        [job.ordinal, sequence, limit],
      );
      return rows.map(
        (row): StoredEvent => ({
          sequence: row.sequence,
          timeMs: row.time_ms,
          event: JSON.parse(row.body) as JobEvent,
        }),
      );
    },

    close: () => database.close(),
  };
}
