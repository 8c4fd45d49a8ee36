import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { trainingService } from '../../proto/contracts.js';
import { bind } from '../mesh/rpc/bind.js';
import type { CallContext } from '../mesh/rpc/handler.js';
import { ServerCall } from '../mesh/rpc/server-call.js';
import type { CreatedService, ServiceDescription, ServiceKit } from '../mesh/server/run-service.js';
import { formatTraceparent } from '../mesh/telemetry/trace-context.js';
import { failureOf } from './errors.js';
import { estimatorMessages } from './estimators.js';
import { createJobSignals } from './events.js';
import { resolveExchange } from './exchange/resolve.js';
import type { JobFailure } from './job.js';
import { jobBoundsOf } from './job-bounds.js';
import { callDeadlineMs } from './limits.js';
import { defaultMaxMemory } from './memory.js';
import { catalogue, checkedParameters } from './native.js';
import { resolveOptimization } from './optimize/resolve.js';
import { trainingOptions } from './options.js';
import { publishVersion } from './publish.js';
import { resolveJob } from './resolve.js';
import { retrying } from './retrying.js';
import { startScheduler } from './scheduler.js';
import { createTrainingService } from './service.js';
import { openSqliteStore } from './sqlite-store.js';
import { statusOf } from './status.js';
import { startWorker } from './worker-process.js';

/** The W3C header of the call's trace; empty outside a call. */
function traceparentOf(context: CallContext): string {
  return context instanceof ServerCall ? formatTraceparent(context.trace) : '';
}

async function create(kit: ServiceKit<typeof trainingOptions>): Promise<CreatedService> {
  const { config, log, clients } = kit;
  const now = () => Date.now();
  const store = await openSqliteStore(join(kit.dataDir, 'jobs.db'), now);
  const signals = createJobSignals();
  const checkpoints = join(kit.dataDir, 'checkpoints');
  const failure = (error: unknown): JobFailure =>
    failureOf(error, () => {
      const id = randomUUID();
      log.error({ err: error, id }, 'a job failed by a fault of ours');
      return id;
    });
  const scheduler = await startScheduler({
    store,
    signals,
    log,
    now,
    maxWorkers: config['training.max-workers'],
    maxAttempts: config['training.max-attempts'],
    failureOf: failure,
    startWorker: ({ name, uid, attempt, spec, optimize, exchange, datasetDigest, traceparent }, reports) => {
      const { heartbeatMs, maxThreads } = jobBoundsOf(spec);
      return startWorker(
        {
          name,
          attempt,
          spec,
          optimize,
          exchange,
          datasetDigest,
          traceparent,
          checkpointFolder: join(checkpoints, uid),
        },
        {
          config,
          heartbeatTimeoutMs: heartbeatMs ?? config['training.heartbeat-timeout'],
          cancelGraceMs: config['training.cancel-grace'],
          maxThreads,
        },
        reports,
      );
    },
    forget: ({ uid }) => rm(join(checkpoints, uid), { recursive: true, force: true }),
    publish(job, publication, signal) {
      const options = { deadlineMs: callDeadlineMs, signal, traceparent: job.traceparent };
      const registry = {
        createModel: (request: Parameters<typeof clients.registry.createModel>[0]) =>
          clients.registry.createModel(request, options),
        createModelVersion: (request: Parameters<typeof clients.registry.createModelVersion>[0]) =>
          clients.registry.createModelVersion(request, options),
        setAlias: (request: Parameters<typeof clients.registry.setAlias>[0]) =>
          clients.registry.setAlias(request, options),
      };
      const timeoutMs = config['training.dependency-timeout'];
      return retrying(() => publishVersion(registry, job, publication), {
        timeoutMs,
        now: () => performance.now(),
        signal,
      });
    },
  });
  const implementation = createTrainingService({
    store,
    signals,
    scheduler,
    estimators: estimatorMessages(catalogue),
    maxQueuedJobs: config['training.max-queued-jobs'],
    now,
    toStatus: statusOf,
    async resolve({ spec }, context) {
      const resolved = await resolveJob(
        spec,
        {
          getDatasetVersion: (request, parent) => clients.datasets.getDatasetVersion(request, { parent }),
          getRecipe: (request, parent) => clients.recipes.getRecipe(request, { parent }),
          catalogue,
          resolveParameters: checkedParameters,
          maxCells: config['training.max-cells'],
          maxMemory: config['training.max-memory'] || defaultMaxMemory(),
        },
        context,
      );
      return { ...resolved, traceparent: traceparentOf(context) };
    },
    async resolveExchange(exchange, context) {
      const resolved = await resolveExchange(
        exchange,
        {
          getArtifact: (request, parent) => clients.registry.getArtifact(request, { parent }),
          getModelVersion: (request, parent) => clients.registry.getModelVersion(request, { parent }),
          maxMemory: config['training.max-memory'] || defaultMaxMemory(),
        },
        context,
      );
      return { ...resolved, traceparent: traceparentOf(context) };
    },
    async resolveOptimization({ spec }, context) {
      const resolved = await resolveOptimization(
        spec,
        {
          getModelVersion: (request, parent) => clients.registry.getModelVersion(request, { parent }),
          getDatasetVersion: (request, parent) => clients.datasets.getDatasetVersion(request, { parent }),
          getJob: (name) => store.get(name),
          maxCells: config['training.max-cells'],
          maxMemory: config['training.max-memory'] || defaultMaxMemory(),
        },
        context,
      );
      return { ...resolved, traceparent: traceparentOf(context) };
    },
  });
  return {
    services: [bind(trainingService, implementation)],
    async close() {
      await scheduler.close();
      await store.close();
    },
  };
}

/** The training service. */
export const trainingDefinition: ServiceDescription<typeof trainingOptions> = {
  name: 'training',
  options: trainingOptions,
  create,
};
