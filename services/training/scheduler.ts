import type { Logger } from '../mesh/log.js';
import type { JobSignals } from './events.js';
import type { JobFailure, JobRecord } from './job.js';
import { cancelled, cancelRequested, failed, requeued, succeeded, taken } from './job.js';
import type { Publication } from './publication.js';
import type { JobChange, JobEvent, JobStore } from './store.js';
import type { WorkerOutcome, WorkerProcess, WorkerReports } from './worker-process.js';

/** What the scheduler stands on. */
export interface SchedulerParts {
  store: JobStore;
  signals: JobSignals;
  log: Logger;
  /** Milliseconds since 1970. */
  now: () => number;
  maxWorkers: number;
  maxAttempts: number;
  startWorker(job: JobRecord, reports: WorkerReports): WorkerProcess;
  /** Registers the version, once however often it is called, and returns its name. */
  publish(job: JobRecord, publication: Publication, signal: AbortSignal): Promise<string>;
  /** What an error of `publish` says to the job's owner. */
  failureOf(error: unknown): JobFailure;
}

/** Runs queued jobs, oldest first, `maxWorkers` at a time. */
export interface Scheduler {
  /** Looks for queued jobs; called after a job was created. */
  wake(): void;
  /** Asks a job to stop; see cancelRequested. Returns null if it does not exist. */
  cancel(name: string): Promise<JobRecord | 'registering' | null>;
  /** Stops all workers; their jobs are run again at the next start. */
  close(): Promise<void>;
}

function stateChange(job: JobRecord): JobChange {
  return { job, events: [{ kind: 'state', job }] };
}

/**
 * Starts with what a former process left behind: jobs it had taken go back to the queue
 * (one more death, as they may be what ended it), jobs it was cancelling are cancelled.
 */
export async function startScheduler(parts: SchedulerParts): Promise<Scheduler> {
  const { store, signals, log, now, maxWorkers, maxAttempts } = parts;
  const workers = new Map<string, WorkerProcess>();
  const running = new Map<string, Promise<void>>();
  const closing = new AbortController();
  let filling: Promise<void> | null = null;
  let again = false;

  async function update(name: string, change: (job: JobRecord) => JobChange | null): Promise<JobRecord | null> {
    const job = await store.update(name, change);
    if (job !== null) signals.changed(name);
    return job;
  }

  /** A change by the attempt that has the job; anyone else's is refused. */
  function updateHeld(held: JobRecord, change: (job: JobRecord) => JobChange): Promise<JobRecord | null> {
    return update(held.name, (job) =>
      job.uid === held.uid && job.state === 'STATE_RUNNING' && job.attempt === held.attempt ? change(job) : null,
    );
  }

  function died(job: JobRecord, detail: string): JobChange {
    const next = requeued(job, { died: true }, now());
    if (next.deaths < maxAttempts) return stateChange(next);
    const failure: JobFailure = {
      reason: 'INTERNAL',
      message: `${next.deaths} workers died over ${job.name} (training.max-attempts is ${maxAttempts}); the last one ${detail}`,
      facts: { deaths: next.deaths, bound: maxAttempts, option: 'training.max-attempts' },
      violations: [],
    };
    return stateChange({ ...failed(job, failure, now()), deaths: next.deaths });
  }

  async function publish(job: JobRecord, publication: Publication): Promise<void> {
    try {
      const version = await parts.publish(job, publication, closing.signal);
      await updateHeld(job, (current) => stateChange(succeeded(current, version, now())));
    } catch (error) {
      if (closing.signal.aborted) return;
      log.warn({ job: job.name, err: error }, 'the model version could not be registered');
      await updateHeld(job, (current) => stateChange(failed(current, parts.failureOf(error), now())));
    }
  }

  async function conclude(job: JobRecord, outcome: WorkerOutcome): Promise<void> {
    switch (outcome.kind) {
      case 'trained': {
        const { publication, result } = outcome.trained;
        const held = await updateHeld(job, (current) => ({ job: { ...current, publication, result }, events: [] }));
        if (held !== null) await publish(held, publication);
        break;
      }
      case 'failed':
        await updateHeld(job, (current) => stateChange(failed(current, outcome.failure, now())));
        break;
      case 'died':
      case 'cancelled':
        // The next start of the service takes it up; that is no fault of the job.
        if (closing.signal.aborted) break;
        log.warn({ job: job.name, attempt: job.attempt, outcome }, 'a worker ended before its job did');
        await updateHeld(job, (current) =>
          died(current, outcome.kind === 'died' ? outcome.detail : 'stopped without being asked'),
        );
        break;
    }
    if (closing.signal.aborted) return;
    await update(job.name, (current) =>
      current.uid === job.uid && current.state === 'STATE_CANCELLING' ? stateChange(cancelled(current, now())) : null,
    );
  }

  async function run(job: JobRecord): Promise<void> {
    if (job.publication !== null) return publish(job, job.publication);
    const report = async (event: JobEvent, change: (job: JobRecord) => JobRecord) => {
      await updateHeld(job, (current) => ({ job: change(current), events: [event] }));
    };
    const worker = parts.startWorker(job, {
      onProgress: (progress) => report({ kind: 'progress', progress }, (current) => ({ ...current, progress })),
      onFold: (fold) =>
        report({ kind: 'fold', fold }, (current) => ({
          ...current,
          result: { ...current.result, folds: [...current.result.folds, fold] },
        })),
    });
    workers.set(job.name, worker);
    log.info({ job: job.name, attempt: job.attempt, worker: worker.pid }, 'a worker has taken the job');
    // A cancellation that came between taking the job and starting the worker found no worker to tell.
    if ((await store.get(job.name))?.state === 'STATE_CANCELLING') worker.cancel();
    if (closing.signal.aborted) worker.kill();
    try {
      await conclude(job, await worker.outcome);
    } finally {
      worker.kill();
      workers.delete(job.name);
    }
  }

  function start(job: JobRecord): void {
    const done = run(job)
      .catch(async (error: unknown) => {
        log.error({ job: job.name, err: error }, 'the job could not be carried on');
        if (!closing.signal.aborted) await updateHeld(job, (current) => died(current, 'could not be followed'));
      })
      .catch((error: unknown) => {
        log.error({ job: job.name, err: error }, 'the job stays as it is until the service starts again');
      })
      .finally(() => {
        running.delete(job.name);
        wake();
      });
    running.set(job.name, done);
  }

  async function fill(): Promise<void> {
    for (const name of await store.named(['STATE_QUEUED'])) {
      if (running.size >= maxWorkers || closing.signal.aborted) return;
      if (running.has(name)) continue;
      const job = await update(name, (current) =>
        current.state === 'STATE_QUEUED' ? stateChange(taken(current, now())) : null,
      );
      if (job !== null) start(job);
    }
  }

  function wake(): void {
    again = true;
    if (filling !== null) return;
    const work = async () => {
      while (again && !closing.signal.aborted) {
        again = false;
        await fill();
      }
    };
    filling = work()
      .catch((error: unknown) => log.error({ err: error }, 'the queue could not be read'))
      .finally(() => {
        filling = null;
      });
  }

  for (const name of await store.named(['STATE_RUNNING', 'STATE_CANCELLING'])) {
    await update(name, (job) => {
      if (job.state === 'STATE_CANCELLING') return stateChange(cancelled(job, now()));
      if (job.publication !== null) return stateChange(requeued(job, { died: false }, now()));
      return died(job, 'ended together with the service');
    });
  }
  wake();

  return {
    wake,

    async cancel(name) {
      let answer: JobRecord | 'registering' | null = null;
      const changed = await update(name, (job) => {
        answer = cancelRequested(job, now());
        return answer === 'registering' || answer === job ? null : stateChange(answer);
      });
      if (changed?.state === 'STATE_CANCELLING') workers.get(name)?.cancel();
      return changed ?? answer;
    },

    async close() {
      closing.abort(new Error('the service is stopping'));
      await filling;
      for (const worker of workers.values()) worker.kill();
      await Promise.all(running.values());
      // What stopped with us did not die: it goes back to the queue without a mark.
      for (const name of await store.named(['STATE_RUNNING', 'STATE_CANCELLING'])) {
        await update(name, (job) =>
          stateChange(job.state === 'STATE_CANCELLING' ? cancelled(job, now()) : requeued(job, { died: false }, now())),
        );
      }
    },
  };
}
