import type {
  ExportSpec__Output,
  ImportSpec__Output,
  Job__Output,
  JobProgress__Output,
  JobResult__Output,
  JobSpec__Output,
  OptimizeSpec__Output,
} from '../../proto/gen/tenon/training/v1/index.js';
import type { FieldViolation } from '../mesh/errors.js';
import { wrongState } from '../mesh/errors.js';
import type { Reason } from '../mesh/reasons.js';
import { jobBoundsOf, pauseAfter } from './job-bounds.js';
import type { Publication } from './publication.js';

/** Where a job stands; the contract's names. */
export type JobState = Exclude<Job__Output['state'], 'STATE_UNSPECIFIED'>;

/** The states a job may go to from each state, as job.proto documents them. */
export const nextStates: Readonly<Record<JobState, readonly JobState[]>> = {
  STATE_QUEUED: ['STATE_RUNNING', 'STATE_CANCELLED', 'STATE_FAILED'],
  STATE_RUNNING: ['STATE_SUCCEEDED', 'STATE_FAILED', 'STATE_CANCELLING', 'STATE_QUEUED'],
  STATE_CANCELLING: ['STATE_CANCELLED'],
  STATE_SUCCEEDED: [],
  STATE_FAILED: [],
  STATE_CANCELLED: [],
};

/** Whether a job in this state stays there for ever. */
export function isFinal(state: JobState): boolean {
  return nextStates[state].length === 0;
}

/** Why a job failed: a TenonError in a form that can be kept and sent between processes. */
export interface JobFailure {
  reason: Reason;
  message: string;
  facts: Readonly<Record<string, string | number | boolean>>;
  violations: readonly FieldViolation[];
}

/** A model to take from another library, or a version to write for one. */
export type JobExchange = { kind: 'import'; spec: ImportSpec__Output } | { kind: 'export'; spec: ExportSpec__Output };

/** Everything that is kept about a job. Plain data: it is stored as JSON. */
export interface JobRecord {
  /** Counts jobs in order of creation, from 1. */
  ordinal: number;
  /** `jobs/{job}`. */
  name: string;
  /** Differs between two jobs of the same name, one deleted: what registration is made unique with. */
  uid: string;
  displayName: string;
  /** As asked for, with `latest`, recipe, task, defaults and folds resolved. */
  spec: JobSpec__Output;
  /** What to optimize; then `spec` only says how the rows to measure on are read. Null for a training. */
  optimize: OptimizeSpec__Output | null;
  /** What to import or export; then `spec` only holds the model, the alias and the limits. Null otherwise. */
  exchange: JobExchange | null;
  /** The sha256 of the dataset version, for the model's lineage. */
  datasetDigest: string;
  /** The W3C traceparent of the call that created the job; empty where there was none. */
  traceparent: string;
  state: JobState;
  /** How many workers have taken the job: the fencing token of the present one. */
  attempt: number;
  /** How many of them ended without a result; stopping the service is no such end. */
  deaths: number;
  /** When the next attempt may be made, in milliseconds since 1970; 0 for at once. */
  notBeforeMs: number;
  progress: JobProgress__Output | null;
  result: JobResult__Output;
  /** The trained model, uploaded and ready to be registered: from here the job never trains again. */
  publication: Publication | null;
  failure: JobFailure | null;
  createMs: number;
  startMs: number | null;
  endMs: number | null;
  /** Counts the changes of the job. */
  revision: number;
}

/** Where a job shows its limits. */
export function limitsField({ optimize, exchange }: Pick<JobRecord, 'optimize' | 'exchange'>): string {
  if (exchange !== null) return `job.model_${exchange.kind}.limits`;
  return optimize === null ? 'job.spec.limits' : 'job.optimize.limits';
}

/** A spec that trains nothing: no data, no estimator, no rows held out. */
export function emptySpec(): JobSpec__Output {
  return {
    datasetVersion: '',
    target: '',
    features: [],
    task: 'TASK_UNSPECIFIED',
    recipe: '',
    steps: [],
    estimator: null,
    validation: { method: 'none', none: {} },
    testFraction: 0,
    _testFraction: 'testFraction',
    seed: 0,
    model: '',
    alias: '',
    candidates: [],
    search: null,
    metric: '',
    limits: null,
    weightColumn: '',
    permutationImportance: null,
  };
}

/** A result with nothing in it yet. */
export function emptyResult(): JobResult__Output {
  return {
    folds: [],
    validationMetrics: [],
    testMetrics: [],
    trainRows: 0,
    testRows: 0,
    fitSeconds: 0,
    modelVersion: '',
    features: [],
    importances: [],
    leaderboard: [],
    outOfFoldArtifact: '',
    variants: [],
    exported: null,
    columnImportances: null,
  };
}

/**
 * The job in its next state. Throws on a transition that job.proto does not list: that is
 * a fault of ours, which leaves as INTERNAL.
 */
function moved(job: JobRecord, state: JobState, nowMs: number): JobRecord {
  if (!nextStates[job.state].includes(state)) throw new Error(`${job.name} cannot go from ${job.state} to ${state}`);
  return { ...job, state, endMs: isFinal(state) ? nowMs : null };
}

/** A worker takes the job. What an earlier attempt reported is forgotten; a finished training is not. */
export function taken(job: JobRecord, nowMs: number): JobRecord {
  const next = moved(job, 'STATE_RUNNING', nowMs);
  return {
    ...next,
    attempt: job.attempt + 1,
    startMs: job.startMs ?? nowMs,
    progress: job.publication === null ? null : job.progress,
    result: job.publication === null ? emptyResult() : job.result,
  };
}

/** The service stopped under the job; another worker may take it. */
export function requeued(job: JobRecord, nowMs: number): JobRecord {
  return moved(job, 'STATE_QUEUED', nowMs);
}

/**
 * The attempt ended without a result. The job waits for another one, unless it has had as many as its retry policy (or
 * else the service's `maxAttempts`) allows, or `failure` is one that the policy does not retry.
 */
export function attemptEnded(job: JobRecord, failure: JobFailure, maxAttempts: number, nowMs: number): JobRecord {
  const { retry } = jobBoundsOf(job.spec);
  const deaths = job.deaths + 1;
  const most = retry.maxAttempts ?? maxAttempts;
  if (deaths >= most || retry.nonRetryable.has(failure.reason)) {
    const option = retry.maxAttempts === null ? 'training.max-attempts' : `${limitsField(job)}.retry.max_attempts`;
    const used = deaths >= most;
    const message = used ? `${failure.message}; ${deaths} of ${most} attempts have ended (${option})` : failure.message;
    const facts = { ...failure.facts, deaths, ...(used ? { bound: most, option } : {}) };
    return { ...failed(job, { ...failure, message, facts }, nowMs), deaths };
  }
  return { ...moved(job, 'STATE_QUEUED', nowMs), deaths, notBeforeMs: nowMs + pauseAfter(deaths, retry) };
}

/** The model version is registered. */
export function succeeded(job: JobRecord, modelVersion: string, nowMs: number): JobRecord {
  const next = moved(job, 'STATE_SUCCEEDED', nowMs);
  const progress = job.progress === null ? null : { ...job.progress, fraction: 1 };
  return { ...next, progress, result: { ...job.result, modelVersion }, publication: null };
}

/** The job is given up. */
export function failed(job: JobRecord, failure: JobFailure, nowMs: number): JobRecord {
  return { ...moved(job, 'STATE_FAILED', nowMs), failure, publication: null };
}

/** The worker of a cancelled job has stopped. */
export function cancelled(job: JobRecord, nowMs: number): JobRecord {
  return moved(job, 'STATE_CANCELLED', nowMs);
}

/**
 * The job after a request to stop: a queued one is cancelled at once, a running one is
 * cancelling, one that is being or was cancelled is returned as it is. A job that is
 * registering its version is `'registering'`: CANCELLED promises that nothing was
 * registered, so the outcome decides. Throws WRONG_STATE if it succeeded or failed.
 */
export function cancelRequested(job: JobRecord, nowMs: number): JobRecord | 'registering' {
  switch (job.state) {
    case 'STATE_QUEUED':
      return job.publication === null ? moved(job, 'STATE_CANCELLED', nowMs) : 'registering';
    case 'STATE_RUNNING':
      return job.publication === null ? moved(job, 'STATE_CANCELLING', nowMs) : 'registering';
    case 'STATE_CANCELLING':
    case 'STATE_CANCELLED':
      return job;
    default:
      throw wrongState(job.name, job.state, 'only a job that is queued or running can be cancelled');
  }
}
