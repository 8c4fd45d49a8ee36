import { randomUUID } from 'node:crypto';
import type { CommonOptions } from '../mesh/config/common-options.js';
import type { Config } from '../mesh/config/option.js';
import { createDiscovery } from '../mesh/discovery/discovery.js';
import type { DiscoveryConfig } from '../mesh/discovery/options.js';
import { createLog } from '../mesh/log.js';
import { clientSecurity, createClients } from '../mesh/rpc/clients.js';
import type { TelemetryConfig } from '../mesh/telemetry/options.js';
import { createTelemetry } from '../mesh/telemetry/telemetry.js';
import { failureOf } from './errors.js';
import { heartbeatIntervalMs } from './limits.js';
import { activeIsa, catalogue, checkedParameters, fit } from './native.js';
import type { trainingOptions } from './options.js';
import { tenonVersion } from './tenon-version.js';
import type { FromWorker, ToWorker, WorkerJob } from './worker-protocol.js';
import { runJob } from './worker-run.js';

type WorkerConfig = Config<CommonOptions> & DiscoveryConfig & TelemetryConfig & Config<typeof trainingOptions>;

const cancelling = new AbortController();

/** Resolves when the message is on its way; without a parent there is nobody to tell. */
function tell(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, undefined, {}, () => resolve());
    else resolve();
  });
}

async function work(job: WorkerJob, config: WorkerConfig): Promise<FromWorker> {
  const log = createLog('training', config).child({ job: job.name, attempt: job.attempt });
  const discovery = createDiscovery({ config, log });
  const telemetry = await createTelemetry({ service: 'training', config, log });
  const clients = createClients({
    ...clientSecurity(config),
    targets: { data: discovery.targetFor('data'), registry: discovery.targetFor('registry') },
    channelOptions: discovery.channelOptions,
    telemetry,
  });
  const { signal } = cancelling;
  try {
    const trained = await runJob(job, {
      catalogue,
      resolveParameters: checkedParameters,
      datasets: clients.datasets,
      registry: clients.registry,
      fit,
      maxCells: config['training.max-cells'],
      checkpointIntervalMs: config['training.checkpoint-interval'],
      onBrokenCheckpoint: (file, error) =>
        log.warn({ file, err: error }, 'a checkpoint is not usable; what it kept is done again'),
      onUnkeptFit: (fit, error) => log.warn({ fit, err: error }, 'a fit on its way could not be kept; it goes on'),
      onResumedFit(fit, step, refusal) {
        if (refusal === null) log.info({ fit, step }, 'a fit goes on from where an earlier attempt was');
        else log.warn({ fit, refusal }, 'a fit on its way is not usable; it begins anew');
      },
      dependencyTimeoutMs: config['training.dependency-timeout'],
      isa: activeIsa(),
      tenonVersion,
      onProgress: (progress) => void tell({ kind: 'progress', progress }),
      onFold: (fold) => void tell({ kind: 'fold', fold }),
      onVariants: (variants) => void tell({ kind: 'variants', variants }),
      signal,
    });
    return { kind: 'trained', trained };
  } catch (error) {
    if (signal.aborted) return { kind: 'cancelled' };
    const id = () => {
      const fault = randomUUID();
      log.error({ err: error, id: fault }, 'the job failed by a fault of ours');
      return fault;
    };
    return { kind: 'failed', failure: failureOf(error, id) };
  } finally {
    await clients.close();
    await discovery.close();
    await telemetry.shutdown();
  }
}

async function start(job: WorkerJob, config: WorkerConfig): Promise<void> {
  const heartbeat = setInterval(() => void tell({ kind: 'heartbeat' }), heartbeatIntervalMs);
  const last = await work(job, config);
  clearInterval(heartbeat);
  await tell(last);
  process.exit(0);
}

// A parent that is gone takes no result, and the next one starts the job again.
process.on('disconnect', () => process.exit(1));
// The parent decides when its workers end, also when a terminal's interrupt reaches both.
process.on('SIGINT', () => undefined);
process.on('message', (message: ToWorker) => {
  if (message.kind === 'cancel') cancelling.abort(new Error('the job was cancelled'));
  else void start(message.job, message.config as WorkerConfig);
});
