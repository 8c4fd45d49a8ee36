import { notFound } from '../mesh/errors.js';
import type { JobRecord } from './job.js';
import { isFinal } from './job.js';
import { watchPageSize } from './limits.js';
import type { JobStore, StoredEvent } from './store.js';

/** Tells watchers that a job has changed; carries no data, so a slow watcher costs nothing. */
export interface JobSignals {
  /** Wakes everyone who waits for this job. */
  changed(name: string): void;
  /** Resolves at the job's next change; rejects with the signal's reason when it aborts. */
  next(name: string, signal: AbortSignal): Promise<void>;
}

/** In-process signals, one set of waiters per job. */
export function createJobSignals(): JobSignals {
  const waiting = new Map<string, Set<() => void>>();
  return {
    changed(name) {
      const waiters = waiting.get(name);
      waiting.delete(name);
      for (const wake of waiters ?? []) wake();
    },
    next(name, signal) {
      return new Promise((resolve, reject) => {
        const waiters = waiting.get(name) ?? new Set();
        waiting.set(name, waiters);
        const leave = () => {
          signal.removeEventListener('abort', aborted);
          waiters.delete(wake);
          if (waiters.size === 0 && waiting.get(name) === waiters) waiting.delete(name);
        };
        const wake = () => {
          leave();
          resolve();
        };
        const aborted = () => {
          leave();
          reject(signal.reason);
        };
        waiters.add(wake);
        if (signal.aborted) aborted();
        else signal.addEventListener('abort', aborted, { once: true });
      });
    },
  };
}

/**
 * A job's events after `afterSequence`: history first, then live, ending after the final
 * state. Events are read from the store a page at a time as the caller takes them, so a
 * late watcher misses none and a slow one holds at most one page. Throws
 * RESOURCE_NOT_FOUND if the job does not exist or is deleted meanwhile.
 */
export async function* watchEvents(
  { store, signals }: { store: JobStore; signals: JobSignals },
  name: string,
  afterSequence: number,
  signal: AbortSignal,
): AsyncGenerator<StoredEvent> {
  let sequence = afterSequence;
  let change: Promise<void> | null = null;
  const stop = new AbortController();
  const stopped = AbortSignal.any([signal, stop.signal]);
  try {
    for (;;) {
      const page = await store.events(name, sequence, watchPageSize);
      if (page === null) throw notFound(name);
      for (const stored of page) {
        yield stored;
        sequence = stored.sequence;
        if (stored.event.kind === 'state' && isFinal(stored.event.job.state)) return;
      }
      if (page.length > 0) continue;
      if (change === null) {
        // Listens first and reads once more, so that a change in between is not missed.
        change = signals.next(name, stopped);
        change.catch(() => undefined);
        continue;
      }
      const job = await store.get(name);
      if (job !== null && isFinal(job.state) && (await store.events(name, sequence, 1))?.length === 0) return;
      await change;
      change = null;
    }
  } finally {
    stop.abort();
  }
}

/** Resolves with the job once `until` holds. Throws RESOURCE_NOT_FOUND if it does not exist. */
export async function jobWhen(
  { store, signals }: { store: JobStore; signals: JobSignals },
  name: string,
  until: (job: JobRecord) => boolean,
  signal: AbortSignal,
): Promise<JobRecord> {
  for (;;) {
    const stop = new AbortController();
    const change = signals.next(name, AbortSignal.any([signal, stop.signal]));
    change.catch(() => undefined);
    const job = await store.get(name);
    if (job !== null && !until(job)) {
      await change;
      continue;
    }
    stop.abort();
    if (job === null) throw notFound(name);
    return job;
  }
}
