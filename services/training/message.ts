import type { Status } from '../../proto/gen/google/rpc/index.js';
import type { Job, WatchJobResponse } from '../../proto/gen/tenon/training/v1/index.js';
import { etagOf } from '../mesh/resource/etag.js';
import { timestampOf } from '../mesh/resource/timestamp.js';
import type { JobFailure, JobRecord } from './job.js';
import type { StoredEvent } from './store.js';

/** Turns a failure into a `google.rpc.Status` with its details. */
export type ToStatus = (failure: JobFailure) => Status;

/** The job's etag: it changes with every change of the job. */
export function etagOfJob({ name, uid, revision }: JobRecord): string {
  return etagOf([name, uid, revision]);
}

/** The job as the contract shows it. */
export function toJob(job: JobRecord, toStatus: ToStatus): Job {
  return {
    name: job.name,
    displayName: job.displayName,
    spec: job.optimize === null && job.exchange === null ? job.spec : null,
    optimize: job.optimize,
    modelImport: job.exchange?.kind === 'import' ? job.exchange.spec : null,
    modelExport: job.exchange?.kind === 'export' ? job.exchange.spec : null,
    state: job.state,
    progress: job.progress,
    result: job.result,
    error: job.failure === null ? null : toStatus(job.failure),
    attempt: job.attempt,
    createTime: timestampOf(job.createMs),
    startTime: job.startMs === null ? null : timestampOf(job.startMs),
    endTime: job.endMs === null ? null : timestampOf(job.endMs),
    etag: etagOfJob(job),
  };
}

/** An event as the contract shows it. */
export function toWatchResponse({ sequence, timeMs, event }: StoredEvent, toStatus: ToStatus): WatchJobResponse {
  const head = { sequence, time: timestampOf(timeMs) };
  if (event.kind === 'state') return { ...head, stateChanged: toJob(event.job, toStatus) };
  return event.kind === 'progress' ? { ...head, progress: event.progress } : { ...head, foldFinished: event.fold };
}
