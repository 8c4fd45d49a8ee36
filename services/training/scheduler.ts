import { formatDuration } from '../mesh/config/parse-value.js';
import type { Logger } from '../mesh/log.js';
import { mayPass } from './errors.js';
import type { JobSignals } from './events.js';
import type { JobFailure, JobRecord } from './job.js';
import {
  attemptEnded,
  cancelled,
  cancelRequested,
  failed,
  isFinal,
  limitsField,
  requeued,
  succeeded,
  taken,
} from './job.js';
import { jobBoundsOf } from './job-bounds.js';
import { createJobClocks } from './job-clocks.js';
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
  /** Removes what attempts at a job have kept: it is in a final state. */
  forget(job: JobRecord): Promise<void>;
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

/** What an attempt that ran out of time says. */
function timedOut(job: JobRecord, field: string, ms: number, what: string): JobFailure {
  const at = `${limitsField(job)}.${field}`;
  return {
    reason: 'DEADLINE_EXCEEDED',
    message: `${job.name} ${what} ${formatDuration(ms)} (${at})`,
    facts: { field: at, timeout_ms: ms },
    violations: [],
  };
}

/**
 * Starts with what a former process left behind: jobs it had taken go back to the queue
 * (one more death, as they may be what ended it), jobs it was cancelling are cancelled.
 */
export async function startScheduler(parts: SchedulerParts): Promise<Scheduler> {
  const { store, signals, log, now, maxWorkers, maxAttempts } = parts;
  const workers = new Map<string, WorkerProcess>();
  const running = new Map<string, Promise<void>>();
  const clocks = createJobClocks();
  /** Jobs whose timers have been set. */
  const armed = new Set<string>();
  const closing = new AbortController();
  let filling: Promise<void> | null = null;
  let again = false;

  async function update(name: string, change: (job: JobRecord) => JobChange | null): Promise<JobRecord | null> {
    const job = await store.update(name, change);
    if (job === null) return null;
    signals.changed(name);
    if (isFinal(job.state)) {
      clocks.clear(name);
      armed.delete(name);
      await parts
        .forget(job)
        .catch((error: unknown) => log.warn({ job: name, err: error }, 'a checkpoint was not removed'));
    } else if (job.state === 'STATE_QUEUED') rest(job);
    return job;
  }

  /** Lets a queued job wait for its next attempt. */
  function rest({ name, notBeforeMs }: JobRecord): void {
    const pauseMs = notBeforeMs - now();
    if (pauseMs > 0 && !closing.signal.aborted) clocks.set(name, 'rest', pauseMs, wake);
  }

  /** Sets the timers that bound a job from its creation, once. */
  function arm(job: JobRecord): void {
    const { scheduleToStartMs, scheduleToCloseMs } = jobBoundsOf(job.spec);
    const left = (ms: number) => ms - Math.max(0, now() - job.createMs);
    if (scheduleToStartMs !== null && job.attempt === 0 && !clocks.has(job.name, 'start')) {
      const failure = timedOut(job, 'schedule_to_start_timeout', scheduleToStartMs, 'found no worker within');
      clocks.set(job.name, 'start', left(scheduleToStartMs), () => void expire(job, failure, { queuedOnly: true }));
    }
    if (scheduleToCloseMs !== null && !clocks.has(job.name, 'close')) {
      const failure = timedOut(job, 'schedule_to_close_timeout', scheduleToCloseMs, 'was not done within');
      clocks.set(job.name, 'close', left(scheduleToCloseMs), () => void expire(job, failure, { queuedOnly: false }));
    }
  }

  /** Fails a job whose time is over, unless it is registering its version already. */
  async function expire(job: JobRecord, failure: JobFailure, { queuedOnly }: { queuedOnly: boolean }): Promise<void> {
    try {
      await update(job.name, (current) => {
        if (current.uid !== job.uid || current.publication !== null) return null;
        const waiting = current.state === 'STATE_QUEUED' && (!queuedOnly || current.attempt === 0);
        const running = current.state === 'STATE_RUNNING' && !queuedOnly;
        return waiting || running ? stateChange(failed(current, failure, now())) : null;
      });
      const after = await store.get(job.name);
      if (after?.state === 'STATE_FAILED') workers.get(job.name)?.kill();
    } catch (error) {
      log.error({ job: job.name, err: error }, 'a job whose time is over could not be failed');
    }
  }

  /** A change by the attempt that has the job; anyone else's is refused. */
  function updateHeld(held: JobRecord, change: (job: JobRecord) => JobChange): Promise<JobRecord | null> {
    return update(held.name, (job) =>
      job.uid === held.uid && job.state === 'STATE_RUNNING' && job.attempt === held.attempt ? change(job) : null,
    );
  }

  function died(job: JobRecord, detail: string): JobChange {
    const message = `the worker of ${job.name} ${detail}`;
    return ended(job, { reason: 'INTERNAL', message, facts: {}, violations: [] });
  }

  /** The job after an attempt that gave no result, for a reason that another attempt may not meet. */
  function ended(job: JobRecord, failure: JobFailure): JobChange {
    return stateChange(attemptEnded(job, failure, maxAttempts, now()));
  }

  function failedBy(job: JobRecord, failure: JobFailure): JobChange {
    return mayPass(failure) ? ended(job, failure) : stateChange(failed(job, failure, now()));
  }

  async function publish(job: JobRecord, publication: Publication): Promise<void> {
    try {
      const version = await parts.publish(job, publication, closing.signal);
      await updateHeld(job, (current) => stateChange(succeeded(current, version, now())));
    } catch (error) {
      if (closing.signal.aborted) return;
      log.warn({ job: job.name, err: error }, 'the model version could not be registered');
      await updateHeld(job, (current) => failedBy(current, parts.failureOf(error)));
    }
  }

  async function conclude(job: JobRecord, outcome: WorkerOutcome, late: JobFailure | null): Promise<void> {
    switch (outcome.kind) {
      case 'trained': {
        const { publication, result } = outcome.trained;
        if (publication === null) {
          await updateHeld(job, (current) => stateChange(succeeded({ ...current, result }, '', now())));
          break;
        }
        const held = await updateHeld(job, (current) => ({ job: { ...current, publication, result }, events: [] }));
        if (held !== null) await publish(held, publication);
        break;
      }
      case 'failed':
        await updateHeld(job, (current) => failedBy(current, outcome.failure));
        break;
      case 'died':
      case 'cancelled': {
        // The next start of the service takes it up; that is no fault of the job.
        if (closing.signal.aborted) break;
        const held = await updateHeld(job, (current) =>
          late === null
            ? died(current, outcome.kind === 'died' ? outcome.detail : 'stopped without being asked')
            : ended(current, late),
        );
        // A job that was cancelled or whose time was over has ended first.
        if (held !== null) {
          log.warn({ job: job.name, attempt: job.attempt, outcome }, 'a worker ended before its job did');
        }
        break;
      }
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
      async onVariants(variants) {
        await updateHeld(job, (current) => ({
          job: { ...current, result: { ...current.result, variants } },
          events: [],
        }));
      },
      onProgress: (progress) => report({ kind: 'progress', progress }, (current) => ({ ...current, progress })),
      onFold: (fold) =>
        report({ kind: 'fold', fold }, (current) => ({
          ...current,
          result: { ...current.result, folds: [...current.result.folds, fold] },
        })),
    });
    workers.set(job.name, worker);
    const { startToCloseMs } = jobBoundsOf(job.spec);
    let late: JobFailure | null = null;
    if (startToCloseMs !== null) {
      clocks.set(job.name, 'attempt', startToCloseMs, () => {
        late = timedOut(job, 'start_to_close_timeout', startToCloseMs, `attempt ${job.attempt} was not done within`);
        worker.kill();
      });
    }
    log.info({ job: job.name, attempt: job.attempt, worker: worker.pid }, 'a worker has taken the job');
    // A cancellation that came between taking the job and starting the worker found no worker to tell.
    if ((await store.get(job.name))?.state === 'STATE_CANCELLING') worker.cancel();
    if (closing.signal.aborted) worker.kill();
    try {
      const outcome = await worker.outcome;
      clocks.clear(job.name, 'attempt');
      await conclude(job, outcome, late);
    } finally {
      clocks.clear(job.name, 'attempt');
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
      if (closing.signal.aborted) return;
      if (running.has(name)) continue;
      if (!armed.has(name)) {
        const queued = await store.get(name);
        if (queued === null) continue;
        arm(queued);
        armed.add(name);
      }
      if (running.size >= maxWorkers || clocks.has(name, 'rest')) continue;
      const job = await update(name, (current) =>
        current.state === 'STATE_QUEUED' ? stateChange(taken(current, now())) : null,
      );
      if (job === null) continue;
      clocks.clear(name, 'start');
      start(job);
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
      arm(job);
      armed.add(name);
      if (job.state === 'STATE_CANCELLING') return stateChange(cancelled(job, now()));
      if (job.publication !== null) return stateChange(requeued(job, now()));
      return died(job, 'ended together with the service');
    });
  }
  for (const name of await store.named(['STATE_QUEUED'])) {
    const job = await store.get(name);
    if (job !== null) rest(job);
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
      clocks.close();
      await filling;
      for (const worker of workers.values()) worker.kill();
      await Promise.all(running.values());
      // What stopped with us did not die: it goes back to the queue without a mark.
      for (const name of await store.named(['STATE_RUNNING', 'STATE_CANCELLING'])) {
        await update(name, (job) =>
          stateChange(job.state === 'STATE_CANCELLING' ? cancelled(job, now()) : requeued(job, now())),
        );
      }
    },
  };
}
