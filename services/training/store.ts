import type { FoldResult__Output, JobProgress__Output } from '../../proto/gen/tenon/training/v1/index.js';
import type { JobRecord } from './job.js';

/** Something that happened to a job; the three kinds of WatchJobResponse. */
export type JobEvent =
  | { kind: 'state'; job: JobRecord }
  | { kind: 'progress'; progress: JobProgress__Output }
  | { kind: 'fold'; fold: FoldResult__Output };

/** An event as it is kept: `sequence` counts a job's events from 1, without gaps. */
export interface StoredEvent {
  sequence: number;
  timeMs: number;
  event: JobEvent;
}

/** A job as it is asked for: the store adds what only it knows. */
export type NewJob = Omit<JobRecord, 'ordinal' | 'revision'>;

/** What makes a repeated request safe. */
export interface Idempotency {
  /** The method; CreateJob by default. */
  method?: string;
  requestId: string;
  request: unknown;
}

/** A change of a job with the events that tell of it. */
export interface JobChange {
  job: JobRecord;
  events: readonly JobEvent[];
}

/** Jobs and their events. Every write is on disk when its promise resolves. */
export interface JobStore {
  /** The job that an earlier request with this id created, or null. Throws REQUEST_ID_REUSED for another request. */
  replay(idempotency: Idempotency): Promise<JobRecord | null>;
  /**
   * Keeps a job and its first event. Throws RESOURCE_EXISTS if the name is taken, and
   * QUOTA_EXCEEDED if `maxQueued` jobs wait already.
   */
  create(job: NewJob, idempotency: Idempotency, limits: { maxQueued: number }): Promise<JobRecord>;
  /** The job, or null. */
  get(name: string): Promise<JobRecord | null>;
  /** At most `limit` jobs, newest first, created before the one of ordinal `before`. */
  list(limit: number, before: number | null): Promise<JobRecord[]>;
  /** The names of the jobs in these states, oldest first. */
  named(states: readonly JobRecord['state'][]): Promise<string[]>;
  /**
   * Changes a job and appends its events in one transaction; nobody else changes it in
   * between. `change` returns null to leave the job as it is. Returns the job after the
   * change, or null if there was none or the job does not exist.
   */
  update(name: string, change: (job: JobRecord) => JobChange | null): Promise<JobRecord | null>;
  /** Deletes a job and its events after `check` has looked at it. Throws RESOURCE_NOT_FOUND. */
  delete(name: string, check: (job: JobRecord) => void): Promise<void>;
  /** At most `limit` events after `sequence`, in order; null if the job does not exist. */
  events(name: string, sequence: number, limit: number): Promise<StoredEvent[] | null>;
  close(): Promise<void>;
}
