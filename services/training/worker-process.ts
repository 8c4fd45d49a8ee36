import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type {
  FoldResult__Output,
  JobProgress__Output,
  Variant__Output,
} from '../../proto/gen/tenon/training/v1/index.js';
import type { JobFailure } from './job.js';
import type { FromWorker, ToWorker, Trained, WorkerJob } from './worker-protocol.js';

/** How a worker ended. */
export type WorkerOutcome =
  | { kind: 'trained'; trained: Trained }
  | { kind: 'failed'; failure: JobFailure }
  | { kind: 'cancelled' }
  /** It is gone without a word: killed, crashed or silent for too long. */
  | { kind: 'died'; detail: string };

/** What a worker reports on the way, in order. */
export interface WorkerReports {
  onProgress(progress: JobProgress__Output): Promise<void>;
  onFold(fold: FoldResult__Output): Promise<void>;
  /** All variants measured so far. */
  onVariants(variants: Variant__Output[]): Promise<void>;
}

/** A running worker. */
export interface WorkerProcess {
  pid: number | undefined;
  /** Resolves once the process is gone and all it reported is handled; rejects if handling failed. */
  outcome: Promise<WorkerOutcome>;
  /** Asks it to stop, and kills it after the grace. */
  cancel(): void;
  /** Ends it at once. */
  kill(): void;
}

/** How workers are started and watched. */
export interface WorkerSettings {
  config: Readonly<Record<string, unknown>>;
  heartbeatTimeoutMs: number;
  cancelGraceMs: number;
  /** The threads that compute; null for one per processor. */
  maxThreads: number | null;
}

const workerFile = fileURLToPath(new URL('worker.js', import.meta.url));

/**
 * Starts a process that trains one attempt of a job. It is killed when it is silent for
 * the heartbeat timeout, and ends by itself when this process does.
 */
export function startWorker(job: WorkerJob, settings: WorkerSettings, reports: WorkerReports): WorkerProcess {
  // Standard output belongs to the service's own one line; the worker writes to standard error alone.
  const env = { ...process.env };
  if (settings.maxThreads !== null) env.TENON_NATIVE_THREADS = String(settings.maxThreads);
  const child = fork(workerFile, [], { serialization: 'advanced', stdio: ['ignore', 2, 2, 'ipc'], execArgv: [], env });
  let ended: WorkerOutcome | null = null;
  let silent = false;
  let handled: Promise<void> = Promise.resolve();
  let killTimer: NodeJS.Timeout | undefined;
  let handlingFailed = false;

  const kill = () => {
    child.kill('SIGKILL');
  };
  const heartbeat = setTimeout(() => {
    silent = true;
    kill();
  }, settings.heartbeatTimeoutMs);
  const send = (message: ToWorker) => {
    // A worker that has gone says so by its exit; a message to it has nowhere to go.
    if (child.connected) child.send(message, () => undefined);
  };
  const handle = (report: () => Promise<void>) => {
    handled = handled.then(() => (handlingFailed ? undefined : report()));
    handled.catch(() => {
      handlingFailed = true;
      kill();
    });
  };

  child.on('message', (message: FromWorker) => {
    heartbeat.refresh();
    switch (message.kind) {
      case 'heartbeat':
        break;
      case 'progress':
        handle(() => reports.onProgress(message.progress));
        break;
      case 'fold':
        handle(() => reports.onFold(message.fold));
        break;
      case 'variants':
        handle(() => reports.onVariants(message.variants));
        break;
      default:
        ended ??= message;
    }
  });

  const outcome = new Promise<WorkerOutcome>((resolve, reject) => {
    let startError: Error | null = null;
    const settle = (detail: string) => {
      clearTimeout(heartbeat);
      clearTimeout(killTimer);
      handled.then(() => resolve(ended ?? { kind: 'died', detail }), reject);
    };
    child.on('error', (error) => {
      startError = error;
      // Without a process there is no exit to wait for.
      if (child.pid === undefined) settle(`could not be started: ${error.message}`);
    });
    child.on('close', (code, signal) => {
      if (silent) settle(`sent nothing for ${settings.heartbeatTimeoutMs} ms (training.heartbeat-timeout)`);
      else if (startError !== null) settle(startError.message);
      else settle(signal === null ? `exited with code ${code}` : `was ended by ${signal}`);
    });
  });

  send({ kind: 'start', job, config: settings.config });
  return {
    pid: child.pid,
    outcome,
    kill,
    cancel() {
      send({ kind: 'cancel' });
      killTimer ??= setTimeout(kill, settings.cancelGraceMs);
    },
  };
}
