import { createHash } from 'node:crypto';
import { TenonError } from '../errors.js';
import { comparableJson } from './canonical-json.js';
import type { Migration } from './migration.js';
import type { Queries } from './queries.js';

/** What makes a retry recognisable. An empty `requestId` means that each call stands for itself. */
export interface OnceKey {
  /** The method's name; the same id may be used with another method. */
  method: string;
  requestId: string;
  /** The whole request, compared by its canonical JSON. */
  request: unknown;
  /** Where the id stands in the request, for its error; default `request_id`. */
  field?: string;
}

/** The table that `once` needs, as the migration with the given version. */
export function idempotencyMigration(version: number): Migration {
  return {
    version,
    name: 'idempotency',
    sql: [
      `CREATE TABLE idempotent_requests (
        method TEXT NOT NULL, request_id TEXT NOT NULL, request_digest TEXT NOT NULL, response TEXT NOT NULL,
        PRIMARY KEY (method, request_id)) STRICT`,
    ],
  };
}

/**
 * Runs `work` once per method and request id, its response stored in the same transaction
 * as its effect. A retry with the same request gets the stored response (which must survive
 * JSON); with another request REQUEST_ID_REUSED. What `work` throws is not stored.
 */
export async function once<Response>(
  tx: Queries,
  { method, requestId, request, field = 'request_id' }: OnceKey,
  work: () => Promise<Response>,
): Promise<Response> {
  if (requestId === '') return work();
  const digest = createHash('sha256').update(comparableJson(request)).digest('hex');
  const stored = await tx.get<{ request_digest: string; response: string }>(
    'SELECT request_digest, response FROM idempotent_requests WHERE method = ? AND request_id = ?',
    [method, requestId],
  );
  if (stored !== undefined) {
    if (stored.request_digest === digest) return JSON.parse(stored.response) as Response;
    const description = `${JSON.stringify(requestId)} was used before with another request`;
    throw new TenonError({
      reason: 'REQUEST_ID_REUSED',
      message: `${field}: ${description}`,
      facts: { field, requestId },
      violations: [{ field, description }],
    });
  }
  const response = await work();
  await tx.run('INSERT INTO idempotent_requests (method, request_id, request_digest, response) VALUES (?, ?, ?, ?)', [
    method,
    requestId,
    digest,
    JSON.stringify(response),
  ]);
  return response;
}
