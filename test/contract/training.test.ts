import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import test from 'ava';
import type { Job, JobSpec, WatchJobResponse__Output } from '../../proto/gen/tenon/training/v1/index.js';
import { dataDefinition } from '../../services/data/definition.js';
import type { Clients } from '../../services/mesh/rpc/clients.js';
import { createClients } from '../../services/mesh/rpc/clients.js';
import { RpcError } from '../../services/mesh/rpc/rpc-error.js';
import type { RunningService } from '../../services/mesh/server/run-service.js';
import { startService } from '../../services/mesh/server/run-service.js';
import { registryDefinition } from '../../services/registry/definition.js';
import { trainingDefinition } from '../../services/training/definition.js';

const call = { deadlineMs: 60_000 };
let folder = '';
let data: RunningService;
let registry: RunningService;
let training: RunningService;
let clients: Clients;
const rowCount = 300;

/** Size decides the kind and most of the price; every seventh colour and the first two kinds are missing. */
function csv(): string {
  const lines = Array.from({ length: rowCount }, (_, row) => {
    const size = (row * 37) % rowCount;
    const kind = row < 2 ? '' : size < 150 ? 'small' : 'tall';
    return `${size + 0.5},${row % 7 === 0 ? '' : row % 2 === 0 ? 'red' : 'blue'},${kind},${2 * size + (row % 3) + 0.25}`;
  });
  return `size,colour,kind,price\n${lines.join('\n')}\n`;
}

function startTraining(): Promise<RunningService> {
  return startService({
    ...trainingDefinition,
    argv: [
      '--service.address=127.0.0.1:0',
      `--data-dir=${folder}`,
      '--log.level=silent',
      `--discovery.static.data=${data.address}`,
      `--discovery.static.registry=${registry.address}`,
    ],
    env: {},
  });
}

function connect(): Clients {
  return createClients({
    targets: { data: data.address, registry: registry.address, training: training.address },
  });
}

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenon-training-contract-'));
  const argv = ['--service.address=127.0.0.1:0', `--data-dir=${folder}`, '--log.level=silent'];
  data = await startService({ ...dataDefinition, argv, env: {} });
  registry = await startService({ ...registryDefinition, argv, env: {} });
  training = await startTraining();
  clients = connect();
  async function* upload() {
    yield { header: { dataset: 'datasets/things' } };
    yield { chunk: Buffer.from(csv()) };
  }
  await clients.datasets.uploadDataset(upload(), call);
});

test.after.always(async () => {
  await clients?.close();
  for (const service of [training, registry, data]) await service?.stop();
  await rm(folder, { recursive: true, force: true });
});

function specWith(changes: JobSpec = {}): JobSpec {
  return {
    datasetVersion: 'datasets/things/versions/latest',
    target: 'kind',
    features: ['size', 'colour'],
    estimator: { estimator: 'estimators/random-forest', parameters: {} },
    validation: { method: 'stratifiedKFold', stratifiedKFold: { folds: 3 } },
    seed: 7,
    model: `models/m-${randomUUID()}`,
    ...changes,
  };
}

/** A job that takes long enough to be met while it runs. */
function longSpec(changes: JobSpec = {}): JobSpec {
  return specWith({ features: [], validation: { method: 'kFold', kFold: { folds: 100 } }, ...changes });
}

async function create(job: Job) {
  return clients.training.createJob({ job }, call);
}

/** All events until the job's end. */
async function watched(name: string, afterSequence = 0): Promise<WatchJobResponse__Output[]> {
  const events: WatchJobResponse__Output[] = [];
  for await (const event of clients.training.watchJob({ name, afterSequence }, call)) events.push(event);
  return events;
}

/** Resolves when the job's first fold is done or the job is over. */
async function firstFold(name: string): Promise<void> {
  for await (const { event } of clients.training.watchJob({ name }, call)) if (event === 'foldFinished') return;
}

async function versionsOf(model: string): Promise<number> {
  const { versions } = await clients.registry.listModelVersions({ parent: model }, call);
  return versions.length;
}

test('a job goes from a dataset version to a registered, aliased model version, and tells of every step', async (t) => {
  const spec = specWith({ alias: 'production' });
  const created = await create({ spec });
  t.is(created.state, 'STATE_QUEUED');
  t.is(created.spec?.datasetVersion, 'datasets/things/versions/1');
  const events = await watched(created.name);
  t.deepEqual(
    events.map(({ sequence }) => sequence),
    events.map((_, index) => index + 1),
  );
  t.deepEqual(
    events.flatMap(({ stateChanged }) => stateChanged?.state ?? []),
    ['STATE_QUEUED', 'STATE_RUNNING', 'STATE_SUCCEEDED'],
  );
  const job = await clients.training.getJob({ name: created.name }, call);
  t.is(job.error, null);
  t.is(job.attempt, 1);
  t.is(job.progress?.fraction, 1);
  t.deepEqual(
    job.result?.folds,
    events.flatMap(({ foldFinished }) => foldFinished ?? []),
  );
  t.is((job.result?.trainRows ?? 0) + (job.result?.testRows ?? 0), rowCount - 2);
  t.true((job.result?.testMetrics.find(({ name }) => name === 'accuracy')?.value ?? 0) > 0.9);
  t.deepEqual(job.result?.features, ['size', 'colour=blue', 'colour=red']);
  t.is(job.result?.importances.length, 3);

  const version = await clients.registry.getModelVersion({ name: `${spec.model}/versions/@production` }, call);
  t.is(version.name, job.result?.modelVersion ?? '');
  t.deepEqual(version.signature?.classes, ['small', 'tall']);
  t.deepEqual(version.metrics, job.result?.testMetrics);
  t.is(version.lineage?.job, created.name);
  t.is(version.lineage?.datasetVersion, 'datasets/things/versions/1');
  const dataset = await clients.datasets.getDatasetVersion({ name: 'datasets/things/versions/1' }, call);
  t.is(version.lineage?.datasetDigest, dataset.digest);
  t.true(version.files.some(({ path }) => path === 'weights.safetensors'));

  const late = await watched(job.name, events.length - 1);
  t.deepEqual(
    late.map(({ sequence }) => sequence),
    [events.length],
  );
});

for (const [estimator, target, metric] of [
  ['linear-regression', 'price', 'r2'],
  ['random-forest', 'price', 'r2'],
  ['logistic-regression', 'kind', 'accuracy'],
] as const) {
  test(`${estimator} learns ${target} with the default recipe`, async (t) => {
    const features = ['size', 'colour'];
    const { name } = await create({
      spec: specWith({ target, features, validation: null, estimator: { estimator: `estimators/${estimator}` } }),
    });
    await watched(name);
    const job = await clients.training.getJob({ name }, call);
    t.is(job.error?.message, undefined);
    t.is(job.result?.folds.length, 5);
    t.true((job.result?.testMetrics.find((each) => each.name === metric)?.value ?? 0) > 0.9);
  });
}

test('the same spec trains the same model: the artifacts are equal', async (t) => {
  const filesOf = async () => {
    const { name } = await create({ spec: specWith({ validation: { method: 'none', none: {} } }) });
    await watched(name);
    const job = await clients.training.getJob({ name }, call);
    const version = await clients.registry.getModelVersion({ name: job.result?.modelVersion ?? '' }, call);
    return version.files.map(({ path, artifact }) => [path, artifact]);
  };
  t.deepEqual(await filesOf(), await filesOf());
});

test('a job that cannot be trained fails with a status that names the field', async (t) => {
  const folds = 100;
  const { name } = await create({
    spec: specWith({ testFraction: 0.5, validation: { method: 'stratifiedKFold', stratifiedKFold: { folds } } }),
  });
  await watched(name);
  const job = await clients.training.getJob({ name }, call);
  t.is(job.state, 'STATE_FAILED');
  t.is(job.error?.code, status.INVALID_ARGUMENT);
  t.regex(job.error?.message ?? '', /job\.spec\.validation\.stratified_k_fold\.folds: 100 must be 2 to \d+/);
  t.true((job.error?.details.length ?? 0) >= 2);
});

test('a running job that is cancelled ends as cancelled and registers nothing', async (t) => {
  const spec = longSpec();
  const { name } = await create({ spec });
  await firstFold(name);
  const answer = await clients.training.cancelJob({ name }, call);
  t.true(['STATE_CANCELLING', 'STATE_CANCELLED'].includes(answer.state));
  const events = await watched(name);
  t.is(events.at(-1)?.stateChanged?.state, 'STATE_CANCELLED');
  const error = await t.throwsAsync(clients.registry.getModel({ name: `${spec.model}` }, call));
  t.is((error as RpcError).reason, 'RESOURCE_NOT_FOUND');
  t.is((await clients.training.cancelJob({ name }, call)).state, 'STATE_CANCELLED');
});

test.serial('a job that runs when the service stops is run again after its start and registered once', async (t) => {
  const spec = longSpec();
  const { name } = await create({ spec });
  await firstFold(name);
  await clients.close();
  await training.stop();
  training = await startTraining();
  clients = connect();
  const events = await watched(name);
  t.is(events.at(-1)?.stateChanged?.state, 'STATE_SUCCEEDED');
  t.is((await clients.training.getJob({ name }, call)).attempt, 2);
  t.is(await versionsOf(`${spec.model}`), 1);
});

const workersCanBeFound = process.platform === 'linux';
(workersCanBeFound ? test.serial : test.serial.skip)(
  `a job whose worker is killed is trained again from its start and registered once${workersCanBeFound ? '' : ' (skipped: children are found in /proc)'}`,
  async (t) => {
    const spec = longSpec();
    const { name } = await create({ spec });
    await firstFold(name);
    const children = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
    const workers = children.trim().split(' ').map(Number);
    t.is(workers.length, 1);
    for (const worker of workers) process.kill(worker, 'SIGKILL');
    const events = await watched(name);
    t.deepEqual(
      events.flatMap(({ stateChanged }) => stateChanged?.state ?? []),
      ['STATE_QUEUED', 'STATE_RUNNING', 'STATE_QUEUED', 'STATE_RUNNING', 'STATE_SUCCEEDED'],
    );
    const job = await clients.training.getJob({ name }, call);
    t.is(job.attempt, 2);
    t.is(job.result?.folds.length, 100);
    t.is(await versionsOf(`${spec.model}`), 1);
  },
);

test('a repeated request id returns the first job, and is refused with another request', async (t) => {
  const requestId = randomUUID();
  const job = { spec: specWith({ validation: { method: 'none', none: {} } }) };
  const first = await clients.training.createJob({ job, requestId }, call);
  t.is((await clients.training.createJob({ job, requestId }, call)).name, first.name);
  const other = clients.training.createJob({ job: { ...job, displayName: 'x' }, requestId }, call);
  t.is(((await t.throwsAsync(other)) as RpcError).reason, 'REQUEST_ID_REUSED');
  await watched(first.name);
});

test('jobs are listed newest first, page by page, and deleted once they are over', async (t) => {
  const ids = ['a', 'b', 'c'].map((letter) => `jobs/${letter}-${randomUUID()}`);
  for (const name of ids) await create({ name, spec: specWith({ validation: { method: 'none', none: {} } }) });
  const found: string[] = [];
  let pageToken = '';
  do {
    const page = await clients.training.listJobs({ pageSize: 2, pageToken }, call);
    t.true(page.jobs.length <= 2);
    found.push(...page.jobs.map(({ name }) => name));
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  t.deepEqual(
    found.filter((name) => ids.includes(name)),
    ids.toReversed(),
  );
  const [name = ''] = ids;
  await watched(name);
  const stale = await t.throwsAsync(clients.training.deleteJob({ name, etag: 'stale' }, call));
  t.is((stale as RpcError).reason, 'ETAG_MISMATCH');
  const over = await t.throwsAsync(clients.training.cancelJob({ name }, call));
  t.is((over as RpcError).code, status.FAILED_PRECONDITION);
  await clients.training.deleteJob({ name }, call);
  t.is(((await t.throwsAsync(clients.training.getJob({ name }, call))) as RpcError).code, status.NOT_FOUND);
});

test('estimators are listed by name, page by page, each as it is got', async (t) => {
  const all = await clients.training.listEstimators({}, call);
  const names = all.estimators.map(({ name }) => name);
  t.deepEqual(names, names.toSorted());
  for (const id of ['linear-regression', 'logistic-regression', 'neural-network', 'random-forest']) {
    t.true(names.includes(`estimators/${id}`), id);
  }
  for (const estimator of all.estimators) {
    t.true(estimator.description.length > 0 && estimator.parameters.every(({ help }) => help.length > 0));
    t.deepEqual(await clients.training.getEstimator({ name: estimator.name }, call), estimator);
  }
  const first = await clients.training.listEstimators({ pageSize: 1 }, call);
  const second = await clients.training.listEstimators({ pageSize: 100, pageToken: first.nextPageToken }, call);
  t.is(first.estimators.length, 1);
  t.deepEqual([...first.estimators, ...second.estimators], all.estimators);
  t.is(second.nextPageToken, '');
});

test('permutation importance tells of each feature column how much worse the model is without it', async (t) => {
  const train = async (changes: JobSpec) => {
    const { name } = await create({ spec: specWith(changes) });
    await watched(name);
    const { error, result } = await clients.training.getJob({ name }, call);
    t.is(error, null);
    return result;
  };
  const without = await train({});
  t.is(without?.columnImportances, null);
  const classes = await train({ permutationImportance: { repeats: 7 } });
  t.like(classes?.columnImportances?.baseline, {
    name: 'accuracy',
    value: classes?.testMetrics.find(({ name }) => name === 'accuracy')?.value,
    higherIsBetter: true,
  });
  const [size, colour] = classes?.columnImportances?.columns ?? [];
  // One column of two features is one.
  t.is(classes?.columnImportances?.columns.length, 2);
  t.deepEqual([size?.column, colour?.column], ['size', 'colour']);
  t.true((size?.mean ?? 0) > 0.2 && (size?.stdDev ?? 0) > 0);
  t.true(Math.abs(colour?.mean ?? 1) < 0.1);
  t.deepEqual((await train({ permutationImportance: { repeats: 7 } }))?.columnImportances, classes?.columnImportances);
  // Prices follow the size too; what is measured is an error, which grows.
  const prices = { target: 'price', validation: { none: {} }, permutationImportance: {} };
  const price = (await train({ ...prices, estimator: { estimator: 'estimators/gradient-boosting' } }))
    ?.columnImportances;
  t.like(price?.baseline, { name: 'rmse', higherIsBetter: false });
  t.true((price?.columns[0]?.mean ?? 0) > 50);
});

const errors: [string, () => Promise<unknown>, status, string, string][] = [
  [
    'no dataset',
    () => create({ spec: specWith({ datasetVersion: 'datasets/no/versions/1' }) }),
    5,
    'RESOURCE_NOT_FOUND',
    'datasets/no',
  ],
  ['no recipe', () => create({ spec: specWith({ recipe: 'recipes/no' }) }), 5, 'RESOURCE_NOT_FOUND', 'recipes/no'],
  [
    'a target that is no column',
    () => create({ spec: specWith({ target: 'x' }) }),
    3,
    'UNKNOWN_COLUMN',
    'job.spec.target',
  ],
  ['no spec', () => create({}), 3, 'INVALID_FIELD', 'job.spec'],
  ['a negative seed', () => create({ spec: specWith({ seed: -1 }) }), 3, 'INVALID_FIELD', 'job.spec.seed'],
  [
    'too many permutations',
    () => create({ spec: specWith({ permutationImportance: { repeats: 101 } }) }),
    3,
    'INVALID_FIELD',
    'job.spec.permutation_importance.repeats',
  ],
  [
    'permutations of no rows',
    () => create({ spec: specWith({ permutationImportance: {}, testFraction: 0 }) }),
    3,
    'INVALID_FIELD',
    'job.spec.permutation_importance',
  ],
  ['a share of 1', () => create({ spec: specWith({ testFraction: 1 }) }), 3, 'INVALID_FIELD', 'job.spec.test_fraction'],
  [
    'an unknown parameter',
    () =>
      create({
        spec: specWith({
          estimator: { estimator: 'estimators/random-forest', parameters: { no: { integerValue: 1 } } },
        }),
      }),
    3,
    'INVALID_FIELD',
    'job.spec.estimator.parameters["no"]',
  ],
  [
    'a parameter whose name has no end',
    () =>
      create({
        spec: specWith({
          estimator: { estimator: 'estimators/random-forest', parameters: { ['x'.repeat(999)]: { integerValue: 1 } } },
        }),
      }),
    3,
    'INVALID_FIELD',
    `job.spec.estimator.parameters["${'x'.repeat(125)}..."]: `,
  ],
  ['no job', () => clients.training.getJob({ name: 'jobs/no' }, call), 5, 'RESOURCE_NOT_FOUND', 'jobs/no'],
  ['a job without a name', () => clients.training.getJob({ name: '' }, call), 3, 'INVALID_FIELD', 'name'],
  ['watching no job', () => watched('jobs/no'), 5, 'RESOURCE_NOT_FOUND', 'jobs/no'],
  ['watching from before the start', () => watched('jobs/no', -1), 3, 'INVALID_FIELD', 'after_sequence'],
  [
    'cancelling no job',
    () => clients.training.cancelJob({ name: 'jobs/no' }, call),
    5,
    'RESOURCE_NOT_FOUND',
    'jobs/no',
  ],
  ['deleting no job', () => clients.training.deleteJob({ name: 'jobs/no' }, call), 5, 'RESOURCE_NOT_FOUND', 'jobs/no'],
  [
    'no estimator',
    () => clients.training.getEstimator({ name: 'estimators/no' }, call),
    5,
    'RESOURCE_NOT_FOUND',
    'estimators/no',
  ],
  ['a page size below 0', () => clients.training.listJobs({ pageSize: -1 }, call), 3, 'INVALID_FIELD', 'page_size'],
  ['a made-up page token', () => clients.training.listJobs({ pageToken: 'x' }, call), 3, 'INVALID_FIELD', 'page_token'],
];
for (const [what, request, code, reason, shown] of errors) {
  test(`${what} is ${reason}`, async (t) => {
    const error = await t.throwsAsync(request(), { instanceOf: RpcError });
    t.is(error?.code, code);
    t.is(error?.reason, reason as RpcError['reason']);
    t.true(error?.message.includes(shown), error?.message);
  });
}

test('a search scores its candidates, registers the best, and shows the leaderboard', async (t) => {
  const trees = (...values: number[]) => ({ values: values.map((integerValue) => ({ integerValue })) });
  const job = await create({
    spec: specWith({
      estimator: null,
      metric: 'log_loss',
      candidates: [
        {
          estimator: { estimator: 'estimators/random-forest', parameters: {} },
          space: [{ parameter: 'max_depth', list: trees(1, 3) }],
        },
        { estimator: { estimator: 'estimators/logistic-regression', parameters: {} } },
      ],
    }),
  });
  t.is(job.spec?.candidates[1]?.steps[1]?.step, 'standardize');
  const events = await watched(job.name);
  t.is(events.filter(({ event }) => event === 'foldFinished').length, 9);
  const done = await clients.training.getJob({ name: job.name }, call);
  t.is(done.state, 'STATE_SUCCEEDED', done.error?.message);
  const board = done.result?.leaderboard ?? [];
  t.is(board.length, 3);
  t.deepEqual(
    board.map(({ rank }) => rank),
    [1, 2, 3],
  );
  const losses = board.map(({ metrics }) => metrics.find(({ name }) => name === 'log_loss')?.value ?? Number.NaN);
  t.deepEqual(
    losses,
    [...losses].sort((a, b) => a - b),
  );
  const version = await clients.registry.getModelVersion({ name: done.result?.modelVersion ?? '' }, call);
  t.is(version.lineage?.estimator, board[0]?.estimator?.estimator);
  t.true(
    version.files.some(
      ({ path, artifact }) => path === 'out_of_fold.safetensors' && artifact === done.result?.outOfFoldArtifact,
    ),
  );
});

test('an automatic search needs nothing but the data and a target', async (t) => {
  const { name } = await create({
    spec: specWith({
      estimator: null,
      target: 'price',
      validation: null,
      features: ['size', 'colour'],
      search: { automatic: { samples: 4 }, budget: { maxSeconds: 60 } },
    }),
  });
  await watched(name);
  const { state, result, error } = await clients.training.getJob({ name }, call);
  t.is(state, 'STATE_SUCCEEDED', error?.message);
  t.true((result?.leaderboard.length ?? 0) >= 4);
  t.true((result?.testMetrics.find((metric) => metric.name === 'r2')?.value ?? 0) > 0.99);
});

test('beyond 200 folds none is listed, and the metrics are over all predictions together', async (t) => {
  const { name } = await create({
    spec: specWith({
      estimator: { estimator: 'estimators/random-forest', parameters: { n_estimators: { integerValue: 5 } } },
      validation: { leaveOneOut: {} },
    }),
  });
  const events = await watched(name);
  t.false(events.some(({ event }) => event === 'foldFinished'));
  const { state, result, error } = await clients.training.getJob({ name }, call);
  t.is(state, 'STATE_SUCCEEDED', error?.message);
  t.deepEqual(result?.folds, []);
  const metrics = new Map(result?.validationMetrics.map((metric) => [metric.name, metric.value]));
  t.true((metrics.get('accuracy') ?? 0) > 0.97);
  // One row alone has no such area.
  t.true((metrics.get('roc_auc') ?? 0) > 0.97);
});
