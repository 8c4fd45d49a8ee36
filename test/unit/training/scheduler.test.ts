import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import { pino } from 'pino';
import { createJobSignals, jobWhen, watchEvents } from '../../../services/training/events.js';
import type { JobRecord } from '../../../services/training/job.js';
import { emptyResult, emptySpec, isFinal } from '../../../services/training/job.js';
import type { Publication } from '../../../services/training/publication.js';
import type { Scheduler, SchedulerParts } from '../../../services/training/scheduler.js';
import { startScheduler } from '../../../services/training/scheduler.js';
import { openSqliteStore } from '../../../services/training/sqlite-store.js';
import type { JobStore, NewJob } from '../../../services/training/store.js';
import type { WorkerOutcome, WorkerProcess, WorkerReports } from '../../../services/training/worker-process.js';
import { eventually } from '../../harness/eventually.js';

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
const trained: WorkerOutcome = { kind: 'trained', trained: { publication, result: emptyResult() } };
const killed: WorkerOutcome = { kind: 'died', detail: 'was ended by SIGKILL' };
const once = { requestId: '', request: {} };
const room = { maxQueued: 100 };

function jobNamed(name: string): NewJob {
  return {
    name,
    uid: `uid-${name}`,
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
    state: 'STATE_QUEUED',
    attempt: 0,
    deaths: 0,
    notBeforeMs: 0,
    progress: null,
    result: emptyResult(),
    publication: null,
    failure: null,
    createMs: 1,
    startMs: null,
    endMs: null,
  };
}

/** A worker that ends as told: at once, or when it is cancelled or killed. */
function workerThat(outcome: WorkerOutcome | 'waits'): WorkerProcess {
  let end: (outcome: WorkerOutcome) => void = () => undefined;
  const ended = new Promise<WorkerOutcome>((resolve) => {
    end = resolve;
  });
  if (outcome !== 'waits') end(outcome);
  return { pid: 1, outcome: ended, cancel: () => end({ kind: 'cancelled' }), kill: () => end(killed) };
}

async function storeIn(t: ExecutionContext): Promise<{ store: JobStore; reopen: () => Promise<JobStore> }> {
  const folder = await mkdtemp(join(tmpdir(), 'tenon-training-'));
  const opened: JobStore[] = [];
  const reopen = async () => {
    const store = await openSqliteStore(join(folder, 'jobs.db'), () => 5);
    opened.push(store);
    return store;
  };
  t.teardown(async () => {
    for (const store of opened) await store.close();
    await rm(folder, { recursive: true });
  });
  return { store: await reopen(), reopen };
}

async function schedulerOver(
  t: ExecutionContext,
  store: JobStore,
  parts: Partial<SchedulerParts>,
): Promise<{
  scheduler: Scheduler;
  ended: (name: string) => Promise<JobRecord>;
  published: string[];
  parts: SchedulerParts;
}> {
  const published: string[] = [];
  const signals = createJobSignals();
  const all: SchedulerParts = {
    store,
    signals,
    log: pino({ level: 'silent' }),
    now: () => 5,
    maxWorkers: 1,
    maxAttempts: 3,
    startWorker: () => workerThat(trained),
    publish: async (job) => {
      published.push(job.name);
      return 'models/m/versions/1';
    },
    forget: async () => undefined,
    failureOf: () => ({ reason: 'INTERNAL', message: 'x', facts: {}, violations: [] }),
    ...parts,
  };
  const scheduler = await startScheduler(all);
  t.teardown(() => scheduler.close());
  const bound = AbortSignal.timeout(20_000);
  return {
    scheduler,
    published,
    parts: all,
    ended: (name) => jobWhen({ store, signals }, name, ({ state }) => isFinal(state), bound),
  };
}

test('a queued job is taken, registered once and succeeds', async (t) => {
  const { store } = await storeIn(t);
  await store.create(jobNamed('jobs/a'), once, room);
  const { ended, published } = await schedulerOver(t, store, {});
  t.like(await ended('jobs/a'), {
    state: 'STATE_SUCCEEDED',
    attempt: 1,
    result: { modelVersion: 'models/m/versions/1' },
  });
  t.deepEqual(published, ['jobs/a']);
});

test('a job whose worker dies goes back to the queue and is registered once', async (t) => {
  const { store } = await storeIn(t);
  await store.create(jobNamed('jobs/a'), once, room);
  let workers = 0;
  const startWorker = () => workerThat(workers++ === 0 ? killed : trained);
  const { ended, published } = await schedulerOver(t, store, { startWorker });
  t.like(await ended('jobs/a'), { state: 'STATE_SUCCEEDED', attempt: 2, deaths: 1 });
  t.deepEqual(published, ['jobs/a']);
});

test('a job fails after as many deaths as training.max-attempts, naming figure and bound', async (t) => {
  const { store } = await storeIn(t);
  await store.create(jobNamed('jobs/a'), once, room);
  const { ended } = await schedulerOver(t, store, { startWorker: () => workerThat(killed), maxAttempts: 2 });
  const job = await ended('jobs/a');
  t.is(job.state, 'STATE_FAILED');
  t.regex(
    job.failure?.message ?? '',
    /the worker of jobs\/a was ended by SIGKILL; 2 of 2 attempts have ended \(training.max-attempts\)/,
  );
});

/** A log whose messages of level warn and above can be read. */
function warnings(): { log: SchedulerParts['log']; seen: string[] } {
  const seen: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line) => void seen.push((JSON.parse(line) as { msg: string }).msg) });
  return { log, seen };
}

test('a running job that is cancelled is stopped, nothing is registered and nobody is warned', async (t) => {
  const { store } = await storeIn(t);
  await store.create(jobNamed('jobs/a'), once, room);
  const { log, seen } = warnings();
  const { scheduler, ended, published, parts } = await schedulerOver(t, store, {
    startWorker: () => workerThat('waits'),
    log,
  });
  await jobWhen(parts, 'jobs/a', ({ state }) => state === 'STATE_RUNNING', AbortSignal.timeout(20_000));
  t.like(await scheduler.cancel('jobs/a'), { state: 'STATE_CANCELLING' });
  t.like(await ended('jobs/a'), { state: 'STATE_CANCELLED' });
  t.deepEqual(published, []);
  t.deepEqual(seen, []);
});

test('a worker that ends before its job does is warned of', async (t) => {
  const { store } = await storeIn(t);
  await store.create(jobNamed('jobs/a'), once, room);
  const { log, seen } = warnings();
  let workers = 0;
  const startWorker = () => workerThat(workers++ === 0 ? killed : trained);
  const { ended } = await schedulerOver(t, store, { startWorker, log });
  await ended('jobs/a');
  t.deepEqual(seen, ['a worker ended before its job did']);
});

test('stopping the service puts its jobs back without counting a death, and the next start runs them', async (t) => {
  const { store } = await storeIn(t);
  await store.create(jobNamed('jobs/a'), once, room);
  const first = await schedulerOver(t, store, { startWorker: () => workerThat('waits') });
  await jobWhen(first.parts, 'jobs/a', ({ state }) => state === 'STATE_RUNNING', AbortSignal.timeout(20_000));
  await first.scheduler.close();
  t.like(await store.get('jobs/a'), { state: 'STATE_QUEUED', attempt: 1, deaths: 0 });
  const second = await schedulerOver(t, store, {});
  t.like(await second.ended('jobs/a'), { state: 'STATE_SUCCEEDED', attempt: 2 });
});

test('what a killed service leaves behind is run again, cancelled, or registered without training again', async (t) => {
  const { store, reopen } = await storeIn(t);
  for (const [name, change] of [
    ['jobs/running', { state: 'STATE_RUNNING', attempt: 1 }],
    ['jobs/cancelling', { state: 'STATE_CANCELLING', attempt: 1 }],
    ['jobs/registering', { state: 'STATE_RUNNING', attempt: 1, publication }],
  ] as const) {
    await store.create({ ...jobNamed(name), ...change }, once, room);
  }
  const trainedJobs: string[] = [];
  const startWorker = (job: JobRecord) => {
    trainedJobs.push(job.name);
    return workerThat(trained);
  };
  const { ended } = await schedulerOver(t, await reopen(), { startWorker });
  t.like(await ended('jobs/running'), { state: 'STATE_SUCCEEDED', attempt: 2, deaths: 1 });
  t.like(await ended('jobs/cancelling'), { state: 'STATE_CANCELLED' });
  t.like(await ended('jobs/registering'), { state: 'STATE_SUCCEEDED', deaths: 0 });
  t.deepEqual(trainedJobs, ['jobs/running']);
});

test('a watcher sees every event in order without gaps and then the end', async (t) => {
  const { store } = await storeIn(t);
  await store.create(jobNamed('jobs/a'), once, room);
  const { parts } = await schedulerOver(t, store, {});
  for (const after of [0, 2]) {
    const seen: number[] = [];
    let last = '';
    for await (const { sequence, event } of watchEvents(parts, 'jobs/a', after, AbortSignal.timeout(20_000))) {
      seen.push(sequence);
      if (event.kind === 'state') last = event.job.state;
    }
    t.deepEqual(
      seen,
      [1, 2, 3].filter((sequence) => sequence > after),
    );
    t.is(last, 'STATE_SUCCEEDED');
  }
});

test('a repeated request id returns the first job, and another request with it is refused', async (t) => {
  const { store } = await storeIn(t);
  const key = { requestId: 'r', request: { a: 1 } };
  t.is(await store.replay(key), null);
  const job = await store.create(jobNamed('jobs/a'), key, room);
  t.deepEqual(await store.replay(key), job);
  t.deepEqual(await store.create(jobNamed('jobs/b'), key, room), job);
  await t.throwsAsync(store.replay({ requestId: 'r', request: { a: 2 } }), { message: /r/ });
});

test('a queue that is full refuses the next job, naming figure and bound', async (t) => {
  const { store } = await storeIn(t);
  await store.create(jobNamed('jobs/a'), once, { maxQueued: 1 });
  await t.throwsAsync(store.create(jobNamed('jobs/b'), once, { maxQueued: 1 }), {
    message: '1 jobs wait already; training.max-queued-jobs is 1',
  });
});

const seconds = (count: number) => ({ seconds: Math.floor(count), nanos: Math.round((count % 1) * 1e9) });
type Limits = NonNullable<NewJob['spec']['limits']>;
function limited(name: string, limits: Partial<Limits>, maxAttempts = 5): NewJob {
  const job = jobNamed(name);
  return {
    ...job,
    createMs: 5,
    spec: {
      ...job.spec,
      limits: {
        scheduleToStartTimeout: null,
        startToCloseTimeout: null,
        scheduleToCloseTimeout: null,
        heartbeatTimeout: null,
        maxMemoryBytes: 0,
        maxThreads: 0,
        retry: {
          maxAttempts,
          initialInterval: seconds(0.02),
          backoffCoefficient: 1,
          maxInterval: null,
          nonRetryableReasons: [],
        },
        ...limits,
      },
    },
  };
}
const slowRetry: Limits['retry'] = {
  maxAttempts: 9,
  initialInterval: seconds(3_600),
  backoffCoefficient: 1,
  maxInterval: seconds(3_600),
  nonRetryableReasons: [],
};
const failing = (reason: 'INVALID_FIELD' | 'DEPENDENCY_UNAVAILABLE'): WorkerOutcome => ({
  kind: 'failed',
  failure: { reason, message: `it was ${reason}`, facts: {}, violations: [] },
});

test('schedule_to_start: a job that finds no worker in time fails and never runs', async (t) => {
  const { store } = await storeIn(t);
  await store.create(jobNamed('jobs/first'), once, room);
  await store.create(limited('jobs/a', { scheduleToStartTimeout: seconds(0.05) }), once, room);
  const started: string[] = [];
  const startWorker = ({ name }: JobRecord) => {
    started.push(name);
    return workerThat('waits');
  };
  const { ended } = await schedulerOver(t, store, { startWorker });
  const { state, failure } = await ended('jobs/a');
  t.is(state, 'STATE_FAILED');
  t.is(failure?.reason, 'DEADLINE_EXCEEDED');
  t.is(failure?.message, 'jobs/a found no worker within 50ms (job.spec.limits.schedule_to_start_timeout)');
  t.deepEqual(started, ['jobs/first']);
});

test('schedule_to_start: once a worker has taken the job it counts no more', async (t) => {
  const { store } = await storeIn(t);
  await store.create(limited('jobs/a', { scheduleToStartTimeout: seconds(0.05) }), once, room);
  let end: (outcome: WorkerOutcome) => void = () => undefined;
  const outcome = new Promise<WorkerOutcome>((resolve) => {
    end = resolve;
  });
  const startWorker = () => ({ pid: 1, outcome, cancel: () => undefined, kill: () => end(killed) });
  const { ended } = await schedulerOver(t, store, { startWorker });
  setTimeout(() => end(trained), 150);
  t.like(await ended('jobs/a'), { state: 'STATE_SUCCEEDED' });
});

test('start_to_close: an attempt that runs too long is ended, and the next one may succeed', async (t) => {
  const { store } = await storeIn(t);
  await store.create(limited('jobs/a', { startToCloseTimeout: seconds(0.05) }), once, room);
  let workers = 0;
  const startWorker = () => workerThat(workers++ === 0 ? 'waits' : trained);
  const { ended } = await schedulerOver(t, store, { startWorker });
  t.like(await ended('jobs/a'), { state: 'STATE_SUCCEEDED', attempt: 2, deaths: 1 });
});

test('start_to_close: a job of which every attempt runs too long fails with the timeout and the attempts', async (t) => {
  const { store } = await storeIn(t);
  await store.create(limited('jobs/a', { startToCloseTimeout: seconds(0.03) }, 2), once, room);
  const { ended } = await schedulerOver(t, store, { startWorker: () => workerThat('waits') });
  const { failure, attempt } = await ended('jobs/a');
  t.is(attempt, 2);
  t.is(failure?.reason, 'DEADLINE_EXCEEDED');
  t.regex(
    failure?.message ?? '',
    /attempt 2 was not done within 30ms .*start_to_close_timeout.*; 2 of 2 attempts have ended/,
  );
});

test('schedule_to_close: a running job is ended for good, and its worker too', async (t) => {
  const { store } = await storeIn(t);
  await store.create(limited('jobs/a', { scheduleToCloseTimeout: seconds(0.1) }), once, room);
  let workerEnded = false;
  const startWorker = () => {
    const worker = workerThat('waits');
    void worker.outcome.then(() => {
      workerEnded = true;
    });
    return worker;
  };
  const { ended, published } = await schedulerOver(t, store, { startWorker });
  const { state, failure, attempt } = await ended('jobs/a');
  t.is(state, 'STATE_FAILED');
  t.is(attempt, 1);
  t.regex(failure?.message ?? '', /was not done within 100ms \(job\.spec\.limits\.schedule_to_close_timeout\)/);
  await eventually(
    () => workerEnded,
    (gone) => gone,
  );
  t.deepEqual(published, []);
});

test('schedule_to_close: it fires during the pause between two attempts', async (t) => {
  const { store } = await storeIn(t);
  const limits = { scheduleToCloseTimeout: seconds(0.1), retry: slowRetry };
  await store.create(limited('jobs/a', limits), once, room);
  const { ended } = await schedulerOver(t, store, { startWorker: () => workerThat(killed) });
  const { state, failure, attempt } = await ended('jobs/a');
  t.is(state, 'STATE_FAILED');
  t.is(attempt, 1);
  t.is(failure?.reason, 'DEADLINE_EXCEEDED');
});

test('a pause between attempts outlives a restart of the service', async (t) => {
  const { store } = await storeIn(t);
  await store.create(limited('jobs/a', { retry: { ...slowRetry, initialInterval: seconds(0.2) } }), once, room);
  const first = await schedulerOver(t, store, { startWorker: () => workerThat(killed) });
  await jobWhen(first.parts, 'jobs/a', ({ deaths }) => deaths === 1, AbortSignal.timeout(20_000));
  await first.scheduler.close();
  const started: number[] = [];
  const startWorker = () => {
    started.push(performance.now());
    return workerThat(trained);
  };
  const before = performance.now();
  const second = await schedulerOver(t, store, { startWorker });
  t.like(await second.ended('jobs/a'), { state: 'STATE_SUCCEEDED', attempt: 2 });
  t.true((started[0] ?? 0) - before >= 190);
});

test('a failure that may pass is tried again, a spec that does not fit is not', async (t) => {
  const { store } = await storeIn(t);
  await store.create(limited('jobs/a', {}), once, room);
  await store.create(limited('jobs/b', {}), once, room);
  const attempts = new Map<string, number>();
  const startWorker = ({ name }: JobRecord) => {
    const attempt = (attempts.get(name) ?? 0) + 1;
    attempts.set(name, attempt);
    if (name === 'jobs/b') return workerThat(failing('INVALID_FIELD'));
    return workerThat(attempt < 3 ? failing('DEPENDENCY_UNAVAILABLE') : trained);
  };
  const { ended } = await schedulerOver(t, store, { startWorker });
  t.like(await ended('jobs/a'), { state: 'STATE_SUCCEEDED', attempt: 3, deaths: 2 });
  t.like(await ended('jobs/b'), { state: 'STATE_FAILED', attempt: 1, failure: { reason: 'INVALID_FIELD' } });
});

test('a version that cannot be registered yet is registered by a later attempt without training again', async (t) => {
  const { store } = await storeIn(t);
  await store.create(limited('jobs/a', {}), once, room);
  let workers = 0;
  let calls = 0;
  const { ended } = await schedulerOver(t, store, {
    startWorker: () => {
      workers++;
      return workerThat(trained);
    },
    publish: async () => {
      if (++calls === 1) throw new Error('away');
      return 'models/m/versions/1';
    },
  });
  t.like(await ended('jobs/a'), { state: 'STATE_SUCCEEDED', deaths: 1 });
  t.is(workers, 1);
});

test('what an attempt reports after another has the job is refused', async (t) => {
  const { store } = await storeIn(t);
  await store.create(limited('jobs/a', { startToCloseTimeout: seconds(0.05) }), once, room);
  const reports: WorkerReports[] = [];
  let endFirst: (outcome: WorkerOutcome) => void = () => undefined;
  const startWorker = (_job: JobRecord, given: WorkerReports): WorkerProcess => {
    reports.push(given);
    if (reports.length > 1) return workerThat(trained);
    const outcome = new Promise<WorkerOutcome>((resolve) => {
      endFirst = resolve;
    });
    return { pid: 1, outcome, cancel: () => undefined, kill: () => endFirst(killed) };
  };
  const { ended } = await schedulerOver(t, store, { startWorker });
  await ended('jobs/a');
  const before = await store.get('jobs/a');
  const fold = { fold: 1, trainRows: 1, testRows: 1, metrics: [], fitSeconds: 1, candidate: 0 };
  await reports[0]?.onFold(fold);
  t.deepEqual(await store.get('jobs/a'), before);
});
