import test from 'ava';
import type { JobRecord, JobState } from '../../../services/training/job.js';
import {
  attemptEnded,
  cancelled,
  cancelRequested,
  emptyResult,
  emptySpec,
  failed,
  isFinal,
  nextStates,
  requeued,
  succeeded,
  taken,
} from '../../../services/training/job.js';
import type { Publication } from '../../../services/training/publication.js';

const publication: Publication = {
  description: '',
  signature: { inputs: { columns: [] }, target: null, task: 'TASK_REGRESSION', classes: [] },
  files: [],
  metrics: [],
  lineage: {
    datasetVersion: '',
    datasetDigest: '',
    job: '',
    estimator: '',
    parametersJson: '',
    seed: 0,
    isa: '',
    tenonVersion: '',
    parentVersion: '',
    optimization: '',
  },
};

function jobIn(state: JobState, changes: Partial<JobRecord> = {}): JobRecord {
  return {
    ordinal: 1,
    name: 'jobs/a',
    uid: 'u',
    displayName: '',
    spec: {
      ...emptySpec(),
      datasetVersion: 'datasets/d/versions/1',
      target: 'y',
      features: [],
      task: 'TASK_REGRESSION',
      validation: null,
      seed: 0,
      model: 'models/m',
    },
    optimize: null,
    exchange: null,
    datasetDigest: '',
    traceparent: '',
    state,
    attempt: 1,
    deaths: 0,
    notBeforeMs: 0,
    progress: null,
    result: emptyResult(),
    publication: null,
    failure: null,
    createMs: 1,
    startMs: null,
    endMs: null,
    revision: 1,
    ...changes,
  };
}

const failure = { reason: 'INTERNAL', message: 'x', facts: {}, violations: [] } as const;
const states = Object.keys(nextStates) as JobState[];
const moves: Readonly<Record<string, { to: JobState; run: (job: JobRecord) => JobRecord }>> = {
  'taking it': { to: 'STATE_RUNNING', run: (job) => taken(job, 9) },
  'putting it back': { to: 'STATE_QUEUED', run: (job) => requeued(job, 9) },
  'finishing it': { to: 'STATE_SUCCEEDED', run: (job) => succeeded(job, 'models/m/versions/1', 9) },
  'giving it up': { to: 'STATE_FAILED', run: (job) => failed(job, failure, 9) },
  'stopping it': { to: 'STATE_CANCELLED', run: (job) => cancelled(job, 9) },
};

for (const state of states) {
  for (const [title, { to, run }] of Object.entries(moves)) {
    const allowed = nextStates[state].includes(to);
    test(`${title} is ${allowed ? 'allowed' : 'refused'} when a job is ${state}`, (t) => {
      const job = jobIn(state);
      if (!allowed) {
        t.throws(() => run(job), { message: new RegExp(`cannot go from ${state} to ${to}`) });
        return;
      }
      const next = run(job);
      t.is(next.state, to);
      t.is(next.endMs, isFinal(to) ? 9 : null);
    });
  }
}

test('cancelling a queued job ends it at once, and a running one begins to stop', (t) => {
  t.like(cancelRequested(jobIn('STATE_QUEUED'), 9), { state: 'STATE_CANCELLED', endMs: 9 });
  t.like(cancelRequested(jobIn('STATE_RUNNING'), 9), { state: 'STATE_CANCELLING', endMs: null });
});

test('cancelling a job that is being or was cancelled changes nothing', (t) => {
  for (const state of ['STATE_CANCELLING', 'STATE_CANCELLED'] as const) {
    const job = jobIn(state);
    t.is(cancelRequested(job, 9), job);
  }
});

test('cancelling a job that succeeded or failed is WRONG_STATE', (t) => {
  for (const state of ['STATE_SUCCEEDED', 'STATE_FAILED'] as const) {
    t.throws(() => cancelRequested(jobIn(state), 9), { message: new RegExp(`jobs/a is ${state}`) });
  }
});

test('a job that is registering its version is not cancelled, since CANCELLED promises that nothing was registered', (t) => {
  t.is(cancelRequested(jobIn('STATE_RUNNING', { publication }), 9), 'registering');
  t.is(cancelRequested(jobIn('STATE_QUEUED', { publication }), 9), 'registering');
});

test('a new attempt counts itself, keeps the first start and forgets what an earlier one reported', (t) => {
  const folds = [{ fold: 1, trainRows: 1, testRows: 1, metrics: [], fitSeconds: 1, candidate: 0 }];
  const next = taken(jobIn('STATE_QUEUED', { startMs: 5, result: { ...emptyResult(), folds } }), 9);
  t.is(next.attempt, 2);
  t.is(next.startMs, 5);
  t.deepEqual(next.result.folds, []);
});

test('a trained model is kept over a new attempt, so that it is registered and not trained again', (t) => {
  const result = { ...emptyResult(), trainRows: 7 };
  const next = taken(jobIn('STATE_QUEUED', { publication, result }), 9);
  t.is(next.publication, publication);
  t.is(next.result.trainRows, 7);
});

const death = { reason: 'INTERNAL' as const, message: 'the worker was killed', facts: {}, violations: [] };
const policy = (retry: Partial<NonNullable<NonNullable<JobRecord['spec']['limits']>['retry']>>) => {
  const { spec } = jobIn('STATE_RUNNING');
  const limits = {
    scheduleToStartTimeout: null,
    startToCloseTimeout: null,
    scheduleToCloseTimeout: null,
    heartbeatTimeout: null,
    maxMemoryBytes: 0,
    maxThreads: 0,
    retry: {
      maxAttempts: 0,
      initialInterval: null,
      backoffCoefficient: 0,
      maxInterval: null,
      nonRetryableReasons: [],
      ...retry,
    },
  };
  return { spec: { ...spec, limits } };
};

test('an attempt that ended without a result counts, a stop of the service does not', (t) => {
  t.is(requeued(jobIn('STATE_RUNNING'), 9).deaths, 0);
  const next = attemptEnded(jobIn('STATE_RUNNING'), death, 3, 9);
  t.like(next, { state: 'STATE_QUEUED', deaths: 1, notBeforeMs: 1_009 });
});

test('pauses grow by the coefficient up to the longest', (t) => {
  const retry = {
    maxAttempts: 10,
    initialInterval: { seconds: 0, nanos: 500_000_000 },
    backoffCoefficient: 3,
    maxInterval: { seconds: 4, nanos: 0 },
  };
  let job = jobIn('STATE_RUNNING', policy(retry));
  const pauses = [0, 1, 2, 3].map(() => {
    const next = attemptEnded(job, death, 3, 0);
    job = taken(next, 0);
    return next.notBeforeMs;
  });
  t.deepEqual(pauses, [500, 1_500, 4_000, 4_000]);
});

test('a policy decides after how many attempts a job has failed, over the service', (t) => {
  const job = jobIn('STATE_RUNNING', { ...policy({ maxAttempts: 2 }), deaths: 1 });
  const { state, failure } = attemptEnded(job, death, 100, 9);
  t.is(state, 'STATE_FAILED');
  t.is(failure?.message, 'the worker was killed; 2 of 2 attempts have ended (job.spec.limits.retry.max_attempts)');
  t.like(failure?.facts, { deaths: 2, bound: 2 });
});

test('a reason that the policy does not retry fails the job at once', (t) => {
  const { state, failure } = attemptEnded(
    jobIn('STATE_RUNNING', policy({ nonRetryableReasons: ['INTERNAL'] })),
    death,
    100,
    9,
  );
  t.is(state, 'STATE_FAILED');
  t.is(failure?.message, 'the worker was killed');
});
