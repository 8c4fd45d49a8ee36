import { readdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import { createRandom } from '../../native/validation/random.js';
import type { Value } from '../../proto/gen/tenon/common/v1/index.js';
import type { Job__Output, JobSpec } from '../../proto/gen/tenon/training/v1/index.js';
import { eventually } from '../harness/eventually.js';
import { startPartition } from '../harness/partition.js';
import { startTrainingMesh, workerPids } from '../harness/training-mesh.js';

const call = { deadlineMs: 120_000 };
const kills = Number(process.env.TEST_KILLS ?? 30);

/** 3,000 rows in which a few columns decide between three kinds, with noise. */
function csv(): string {
  const random = createRandom(5);
  const share = () => random.next() / 2 ** 32;
  const lines = Array.from({ length: 3_000 }, () => {
    const cells = Array.from({ length: 8 }, share);
    const [a = 0, b = 0, c = 0] = cells;
    const kind = Math.floor(3 * ((a * b + c + 0.2 * share()) / 2.2));
    return `${cells.map((cell) => cell.toFixed(5)).join(',')},k${kind}`;
  });
  return `a,b,c,d,e,f,g,h,kind\n${lines.join('\n')}\n`;
}

function specOf(model: string, seed = 1): JobSpec {
  const integers = (...values: number[]) => ({ values: values.map((integerValue) => ({ integerValue })) });
  return {
    datasetVersion: 'datasets/things/versions/1',
    target: 'kind',
    candidates: [
      {
        estimator: { estimator: 'estimators/random-forest', parameters: { n_estimators: { integerValue: 150 } } },
        space: [
          { parameter: 'min_samples_leaf', list: integers(1, 2, 4, 8) },
          { parameter: 'max_depth', list: integers(0, 6, 12) },
        ],
      },
      { estimator: { estimator: 'estimators/logistic-regression', parameters: {} } },
    ],
    seed,
    model,
    limits: { retry: { maxAttempts: 1_000, initialInterval: { nanos: 1_000_000 }, backoffCoefficient: 1 } },
  };
}

/** Kills a process with -9; false if it had ended by then. */
function endAtOnce(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Every path below a folder, however often a part of it is removed meanwhile. */
async function filesBelow(folder: string): Promise<string[]> {
  for (;;) {
    try {
      return await readdir(folder, { recursive: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

/** What must not depend on how often a job was interrupted. */
function outcomeOf({ result }: Job__Output) {
  return {
    leaderboard: result?.leaderboard.map(({ rank, candidate, outcome, estimator, metrics, trainRows, sizeBytes }) => ({
      rank,
      candidate,
      outcome,
      estimator,
      metrics,
      trainRows,
      sizeBytes,
    })),
    outOfFold: result?.outOfFoldArtifact,
    testMetrics: result?.testMetrics,
  };
}

test.serial(
  `${kills} workers killed with -9 leave models that are bit-equal to uninterrupted ones, each published once`,
  async (t) => {
    t.timeout(600_000);
    const mesh = await startTrainingMesh(csv(), { training: ['--training.checkpoint-interval=0ms'] });
    t.teardown(() => mesh.stop());
    const { clients } = mesh;
    const finish = async (name: string): Promise<Job__Output> => {
      for await (const _event of clients.training.watchJob({ name }, call));
      return clients.training.getJob({ name }, call);
    };
    const filesOf = async (model: string) => {
      const { versions } = await clients.registry.listModelVersions({ parent: model }, call);
      t.is(versions.length, 1, `${model} has one version`);
      return versions[0]?.files.map(({ path, artifact }) => [path, artifact]);
    };
    const calm = await clients.training.createJob({ job: { spec: specOf('models/calm') } }, call);
    const wanted = await finish(calm.name);
    t.is(wanted.state, 'STATE_SUCCEEDED', wanted.error?.message);
    const wantedFiles = await filesOf('models/calm');

    const random = createRandom(7);
    let killed = 0;
    let jobs = 0;
    let resumed = 0;
    while (killed < kills) {
      const model = `models/hunted-${++jobs}`;
      const { name } = await clients.training.createJob({ job: { spec: specOf(model) } }, call);
      let over = false;
      const done = finish(name).finally(() => {
        over = true;
      });
      while (!over && killed < kills) {
        await pause(300 + random.below(900));
        const folds = (await clients.training.getJob({ name }, call)).result?.folds.length ?? 0;
        for (const pid of over ? [] : await workerPids()) {
          if (!endAtOnce(pid)) continue;
          killed++;
          if (folds > 0) resumed++;
        }
      }
      const job = await done;
      t.is(job.state, 'STATE_SUCCEEDED', job.error?.message);
      t.deepEqual(outcomeOf(job), outcomeOf(wanted));
      t.deepEqual(await filesOf(model), wantedFiles);
    }
    t.log(`${killed} kills over ${jobs} jobs, ${resumed} with folds finished`);
  },
);

/** Fits of a few seconds, without folds: whatever a kill does not lose was kept on the way. */
const longFits: Record<string, Record<string, Value>> = {
  'gradient-boosting': { n_estimators: { integerValue: 800 } },
  'random-forest': { n_estimators: { integerValue: 800 } },
  'neural-network': {
    hidden_layer_sizes: { stringValue: '64,64' },
    max_iter: { integerValue: 150 },
    n_iter_no_change: { integerValue: 150 },
  },
};

for (const [estimator, parameters] of Object.entries(longFits)) {
  test.serial(`a fit of ${estimator} killed on its way goes on from there and ends with the same bits`, async (t) => {
    t.timeout(120_000);
    const mesh = await startTrainingMesh(csv(), { training: ['--training.checkpoint-interval=50ms'] });
    t.teardown(() => mesh.stop());
    const { clients } = mesh;
    const spec = (model: string): JobSpec => ({
      ...specOf(model),
      candidates: [],
      estimator: { estimator: `estimators/${estimator}`, parameters },
      validation: { none: {} },
    });
    const snapshotSteps = async () => {
      const files = await filesBelow(mesh.dataDir);
      return files.flatMap((file) => /-(\d+)-[0-9a-f]{64}\.snapshot$/.exec(file)?.[1] ?? []).map(Number);
    };
    const filesOf = async (model: string) => {
      const { versions } = await clients.registry.listModelVersions({ parent: model }, call);
      return versions.flatMap(({ files }) => files.map(({ path, artifact }) => [path, artifact]));
    };
    const calm = await clients.training.createJob({ job: { spec: spec('models/calm') } }, call);
    for await (const _event of clients.training.watchJob({ name: calm.name }, call));
    const wanted = await filesOf('models/calm');
    t.true(wanted.length > 0);

    const { name } = await clients.training.createJob({ job: { spec: spec('models/hunted') } }, call);
    const attempts: { resumed: number; steps: number[] }[] = [];
    const watching = (async () => {
      for await (const { stateChanged, progress } of clients.training.watchJob({ name }, call)) {
        if (stateChanged?.state === 'STATE_RUNNING') attempts.push({ resumed: 0, steps: [] });
        const attempt = attempts.at(-1);
        if (attempt === undefined || progress?.stage !== 'STAGE_FITTING') continue;
        attempt.resumed = Math.max(attempt.resumed, progress.resumedStep);
        attempt.steps.push(progress.step);
      }
    })();
    let over = false;
    const done = watching.finally(() => {
      over = true;
    });
    let last = 0;
    for (let killed = 0; killed < 3 && !over; killed++) {
      while (!over && !(await snapshotSteps()).some((step) => step > last)) await pause(5);
      for (const pid of over ? [] : await workerPids()) endAtOnce(pid);
      last = Math.max(last, ...(await snapshotSteps()));
    }
    await done;
    const job = await clients.training.getJob({ name }, call);
    t.is(job.state, 'STATE_SUCCEEDED', job.error?.message);
    // A fast machine may be done before the third kill.
    t.true(attempts.length >= 2 && attempts.length <= 4, `${attempts.length} attempts`);
    t.deepEqual(await filesOf('models/hunted'), wanted);
    t.deepEqual(
      job.result?.testMetrics,
      (await clients.training.getJob({ name: calm.name }, call)).result?.testMetrics,
    );
    t.log(attempts.map(({ resumed }) => `from ${resumed}`).join(', '));
    const resumed = attempts.map((attempt) => attempt.resumed);
    t.is(resumed[0], 0);
    t.true(
      resumed.slice(1).every((step, index) => step > (resumed[index] ?? 0)),
      'each goes on later than the one before',
    );
    for (const { steps } of attempts) {
      const [entered = 0, ...rest] = steps;
      t.is(entered, 0);
      t.deepEqual(
        rest,
        rest.toSorted((a, b) => a - b),
      );
    }
    // Nothing is kept of a job that is over.
    await eventually(snapshotSteps, (steps) => steps.length === 0);
  });
}

test.serial('a worker that is stopped past its heartbeat is replaced, and cannot come back', async (t) => {
  const mesh = await startTrainingMesh(csv());
  t.teardown(() => mesh.stop());
  const { clients } = mesh;
  const spec = specOf('models/zombie');
  const limits = { ...spec.limits, heartbeatTimeout: { seconds: 2 } };
  const { name } = await clients.training.createJob({ job: { spec: { ...spec, limits } } }, call);
  let pids: number[] = [];
  while (pids.length === 0) {
    await pause(20);
    pids = await workerPids();
  }
  await pause(300);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  for await (const { stateChanged } of clients.training.watchJob({ name }, call)) {
    if (stateChanged?.attempt !== 2) continue;
    for (const pid of pids) {
      t.throws(() => process.kill(pid, 'SIGCONT'), { code: 'ESRCH' }, 'it is gone before another has the job');
    }
  }
  const job = await clients.training.getJob({ name }, call);
  t.like(job, { state: 'STATE_SUCCEEDED', attempt: 2 });
  const { versions } = await clients.registry.listModelVersions({ parent: 'models/zombie' }, call);
  t.is(versions.length, 1);
});

test.serial(
  'a link that is down for 30 s between training and the registry delays a job and makes no duplicate',
  async (t) => {
    t.timeout(180_000);
    let link: Awaited<ReturnType<typeof startPartition>> | undefined;
    const mesh = await startTrainingMesh(csv(), {
      registryAddress: async (address) => {
        link = await startPartition(address);
        return link.address;
      },
    });
    t.teardown(() => mesh.stop());
    t.teardown(() => link?.close());
    const { clients } = mesh;
    const { name } = await clients.training.createJob({ job: { spec: specOf('models/apart') } }, call);
    let cut = false;
    for await (const { event, progress } of clients.training.watchJob({ name }, call)) {
      // While it uploads: what is on its way then is what a retry could double.
      if (cut || event !== 'progress' || progress?.stage !== 'STAGE_REGISTERING') continue;
      cut = true;
      link?.cut();
      setTimeout(() => link?.heal(), 30_000);
    }
    t.true(cut);
    const job = await clients.training.getJob({ name }, call);
    t.is(job.state, 'STATE_SUCCEEDED', job.error?.message);
    const { versions } = await clients.registry.listModelVersions({ parent: 'models/apart' }, call);
    t.is(versions.length, 1);
    t.is(versions[0]?.name, job.result?.modelVersion);
  },
);
