import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { loadConfig } from '../../../services/mesh/config/load-config.js';
import { serviceOptions } from '../../../services/mesh/server/run-service.js';
import { emptySpec } from '../../../services/training/job.js';
import { trainingOptions } from '../../../services/training/options.js';
import { startWorker } from '../../../services/training/worker-process.js';
import type { WorkerJob } from '../../../services/training/worker-protocol.js';

const job: WorkerJob = {
  name: 'jobs/j',
  attempt: 1,
  spec: {
    ...emptySpec(),
    datasetVersion: 'datasets/d/versions/1',
    target: 'y',
    features: ['x'],
    task: 'TASK_REGRESSION',
    estimator: { estimator: 'estimators/linear-regression', parameters: {} },
    model: 'models/m',
  },
  optimize: null,
  exchange: null,
  datasetDigest: '',
  traceparent: '',
  checkpointFolder: '',
};

/** Nothing listens on port 1, so a worker waits for its data until the timeout has passed. */
function configWith(dependencyTimeout: string) {
  const argv = ['--discovery.static.data=127.0.0.1:1', `--training.dependency-timeout=${dependencyTimeout}`];
  return loadConfig(serviceOptions('training', trainingOptions), { argv: [...argv, '--log.level=silent'], env: {} });
}

/** A real worker that waits for its data; resolves once it has begun. */
async function waitingWorker(heartbeatTimeoutMs = 60_000) {
  let begun: () => void = () => undefined;
  const hasBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const worker = startWorker(
    job,
    { config: configWith('10m'), heartbeatTimeoutMs, cancelGraceMs: 30_000, maxThreads: null },
    { onProgress: async () => begun(), onFold: async () => undefined, onVariants: async () => undefined },
  );
  await Promise.race([hasBegun, worker.outcome]);
  return worker;
}

test.serial('a worker that is cancelled stops by itself', async (t) => {
  const worker = await waitingWorker();
  worker.cancel();
  t.deepEqual(await worker.outcome, { kind: 'cancelled' });
});

test.serial('a worker that is killed has died', async (t) => {
  const worker = await waitingWorker();
  worker.kill();
  t.deepEqual(await worker.outcome, { kind: 'died', detail: 'was ended by SIGKILL' });
});

test.serial('a worker that is silent for training.heartbeat-timeout is killed', async (t) => {
  const worker = await waitingWorker(10_000);
  process.kill(worker.pid ?? 0, 'SIGSTOP');
  const outcome = await worker.outcome;
  t.deepEqual(outcome, { kind: 'died', detail: 'sent nothing for 10000 ms (training.heartbeat-timeout)' });
});

test.serial('a job fails when a service cannot be reached for training.dependency-timeout', async (t) => {
  const settings = { config: configWith('0s'), heartbeatTimeoutMs: 60_000, cancelGraceMs: 30_000, maxThreads: null };
  const reports = {
    onProgress: async () => undefined,
    onFold: async () => undefined,
    onVariants: async () => undefined,
  };
  const outcome = await startWorker(job, settings, reports).outcome;
  t.is(outcome.kind === 'failed' ? outcome.failure.reason : outcome.kind, 'DEPENDENCY_UNAVAILABLE');
});

test.serial('a report that cannot be kept ends the worker and is not lost', async (t) => {
  const worker = startWorker(
    job,
    { config: configWith('10m'), heartbeatTimeoutMs: 60_000, cancelGraceMs: 30_000, maxThreads: null },
    {
      onProgress: () => Promise.reject(new Error('the disk is full')),
      onFold: async () => undefined,
      onVariants: async () => undefined,
    },
  );
  t.is((await t.throwsAsync(worker.outcome))?.message, 'the disk is full');
});

test.serial('a worker ends when the process that started it is killed', async (t) => {
  const file = fileURLToPath(new URL('../../../services/training/worker.js', import.meta.url));
  const script = `const worker = require('node:child_process').fork(${JSON.stringify(file)}, [], { serialization: 'advanced' });
    worker.on('message', () => undefined);
    console.log(worker.pid);
    setInterval(() => undefined, 1000);`;
  const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const worker = Number(line.toString());
  parent.kill('SIGKILL');
  const isThere = () => {
    try {
      return process.kill(worker, 0);
    } catch {
      return false;
    }
  };
  for (let tries = 0; isThere() && tries < 300; tries++) await pause(100);
  t.false(isThere());
});
