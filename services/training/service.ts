import { randomBytes } from 'node:crypto';
import type { Estimator, TrainingServiceHandlers } from '../../proto/gen/tenon/training/v1/index.js';
import { notFound, wrongState } from '../mesh/errors.js';
import { checkEtag } from '../mesh/resource/etag.js';
import { parseName } from '../mesh/resource/name.js';
import { cutPage, pageOf } from '../mesh/resource/page.js';
import type { CallContext, Implementation } from '../mesh/rpc/handler.js';
import type { JobSignals } from './events.js';
import { jobWhen, watchEvents } from './events.js';
import { checkExportModel, checkImportModel } from './exchange/validate.js';
import { emptyResult, isFinal, type JobExchange } from './job.js';
import type { ToStatus } from './message.js';
import { etagOfJob, toJob, toWatchResponse } from './message.js';
import type { CheckedOptimization } from './optimize/validate.js';
import { checkOptimizeModel } from './optimize/validate.js';
import type { Scheduler } from './scheduler.js';
import type { Idempotency, JobStore, NewJob } from './store.js';
import type { CheckedJob } from './validate.js';
import { checkCreateJob, checkWatchJob } from './validate.js';

/** What the handlers stand on. */
export interface TrainingParts {
  store: JobStore;
  signals: JobSignals;
  scheduler: Scheduler;
  /** What can be trained, ordered by name. */
  estimators: readonly Estimator[];
  maxQueuedJobs: number;
  /** Milliseconds since 1970. */
  now: () => number;
  toStatus: ToStatus;
  /** Looks up dataset, recipe and parameters; throws where the spec does not fit them. */
  resolve(job: CheckedJob, context: CallContext): Promise<Pick<NewJob, 'spec' | 'datasetDigest' | 'traceparent'>>;
  /** Looks up version and rows; throws where the request does not fit them. */
  resolveOptimization(
    optimization: CheckedOptimization,
    context: CallContext,
  ): Promise<Pick<NewJob, 'spec' | 'optimize' | 'datasetDigest' | 'traceparent'>>;
  /** Looks up artifact or version; throws where it does not exist or is too large. */
  resolveExchange(
    exchange: JobExchange,
    context: CallContext,
  ): Promise<Pick<NewJob, 'spec' | 'exchange' | 'traceparent'>>;
}

/** The handlers of TrainingService. */
export function createTrainingService(parts: TrainingParts): Implementation<TrainingServiceHandlers> {
  const { store, signals, scheduler, estimators, now, toStatus } = parts;

  /** Keeps a job that waits from now on; an empty name is made up. */
  async function enqueue(asked: Pick<NewJob, 'spec' | 'traceparent'> & Partial<NewJob>, key: Idempotency) {
    const draft: NewJob = {
      displayName: '',
      optimize: null,
      exchange: null,
      datasetDigest: '',
      ...asked,
      name: asked.name || `jobs/job-${randomBytes(8).toString('hex')}`,
      uid: randomBytes(16).toString('hex'),
      state: 'STATE_QUEUED',
      attempt: 0,
      deaths: 0,
      notBeforeMs: 0,
      progress: null,
      result: emptyResult(),
      publication: null,
      failure: null,
      createMs: now(),
      startMs: null,
      endMs: null,
    };
    const job = await store.create(draft, key, { maxQueued: parts.maxQueuedJobs });
    scheduler.wake();
    return toJob(job, toStatus);
  }

  async function exchange(asked: JobExchange, key: Idempotency, context: CallContext) {
    const earlier = await store.replay(key);
    if (earlier !== null) return toJob(earlier, toStatus);
    return enqueue(await parts.resolveExchange(asked, context), key);
  }

  return {
    async createJob(request, context) {
      const checked = checkCreateJob(request);
      const key = { requestId: checked.requestId, request };
      const earlier = await store.replay(key);
      if (earlier !== null) return toJob(earlier, toStatus);
      const { name, displayName } = checked;
      return enqueue({ name, displayName, ...(await parts.resolve(checked, context)) }, key);
    },

    async getJob({ name }) {
      parseName('jobs/{job}', name, 'name');
      const job = await store.get(name);
      if (job === null) throw notFound(name);
      return toJob(job, toStatus);
    },

    async listJobs(request) {
      const page = pageOf(request, 'jobs');
      const before = page.after === null ? null : Number(page.after);
      const found = await store.list(page.limit + 1, before);
      const { items, nextPageToken } = cutPage(found, page, 'jobs', ({ ordinal }) => `${ordinal}`);
      return { jobs: items.map((job) => toJob(job, toStatus)), nextPageToken };
    },

    async *watchJob(request, { signal }) {
      checkWatchJob(request);
      for await (const event of watchEvents(parts, request.name, request.afterSequence, signal)) {
        yield toWatchResponse(event, toStatus);
      }
    },

    async cancelJob({ name }, { signal }) {
      parseName('jobs/{job}', name, 'name');
      const answer = await scheduler.cancel(name);
      if (answer === null) throw notFound(name);
      if (answer !== 'registering') return toJob(answer, toStatus);
      // Too late to stop, too early to say how it ended.
      const ended = await jobWhen({ store, signals }, name, ({ state }) => isFinal(state), signal);
      throw wrongState(name, ended.state, 'only a job that is queued or running can be cancelled');
    },

    async deleteJob({ name, etag }) {
      parseName('jobs/{job}', name, 'name');
      await store.delete(name, (job) => {
        checkEtag(etag, etagOfJob(job), name);
        if (!isFinal(job.state)) throw wrongState(name, job.state, 'only a job in a final state can be deleted');
      });
      signals.changed(name);
      return {};
    },

    getEstimator({ name }) {
      parseName('estimators/{estimator}', name, 'name');
      const estimator = estimators.find((known) => known.name === name);
      if (estimator === undefined) throw notFound(name);
      return estimator;
    },

    listEstimators(request) {
      const page = pageOf(request, 'estimators');
      const { after } = page;
      const rest = estimators.filter(({ name = '' }) => after === null || name > after).slice(0, page.limit + 1);
      const { items, nextPageToken } = cutPage(rest, page, 'estimators', ({ name = '' }) => name);
      return { estimators: items, nextPageToken };
    },

    async optimizeModel(request, context) {
      const checked = checkOptimizeModel(request);
      const key = { method: 'OptimizeModel', requestId: checked.requestId, request };
      const earlier = await store.replay(key);
      if (earlier !== null) return toJob(earlier, toStatus);
      return enqueue(await parts.resolveOptimization(checked, context), key);
    },

    async importModel(request, context) {
      const { spec, requestId } = checkImportModel(request);
      return exchange({ kind: 'import', spec }, { method: 'ImportModel', requestId, request }, context);
    },

    async exportModel(request, context) {
      const { spec, requestId } = checkExportModel(request);
      return exchange({ kind: 'export', spec }, { method: 'ExportModel', requestId, request }, context);
    },
  };
}
