import test, { type ExecutionContext } from 'ava';
import type { Estimator__Output, Job__Output, JobSpec } from '../../proto/gen/tenon/training/v1/index.js';
import type { RpcError } from '../../services/mesh/rpc/rpc-error.js';
import { startTrainingMesh, type TrainingMesh, workerPids } from '../harness/training-mesh.js';

const call = { deadlineMs: 60_000 };
let mesh: TrainingMesh;
let estimators: Estimator__Output[];

/** Tables by name: each a header and its rows. */
const tables: Record<string, string> = {};

function table(name: string, header: string, rowCount: number, cellsOf: (row: number) => (string | number)[]): void {
  const rows = Array.from({ length: rowCount }, (_, row) => cellsOf(row).join(','));
  tables[name] = `${header}\n${rows.join('\n')}\n`;
}

const share = (row: number, times: number) => ((row * times) % 101) / 101;
const word = (row: number) => ['räd', 'blau', '"x, y"'][row % 3] ?? '';
table('awkward', 'same,empty,twice,words,some,kind,price', 120, (row) => [
  3,
  '',
  row % 2,
  word(row),
  row % 7 === 0 ? '' : share(row, 37),
  share(row, 37) > 0.5 ? 'tall' : 'not, tall'.replace(',', ''),
  (share(row, 37) * 10 + share(row, 3)).toFixed(3),
]);
table('alike', 'a,b,kind,price', 60, (row) => [1, 2, row % 2 === 0 ? 'x' : 'y', 5]);
table('rare', 'a,b,kind', 60, (row) => [share(row, 7), share(row, 11), row === 17 ? 'once' : 'often']);
table('single', 'a,b,kind', 60, (row) => [share(row, 7), share(row, 11), 'only']);
table('one-row', 'a,b,kind,price', 1, () => [1, 2, 'x', 3]);
table('many', 'a,b,kind', 4_000, (row) => [share(row, 7), share(row, 13), `class-${row % 1000}`]);
table('below-zero', 'a,b,kind', 60, (row) => [share(row, 7) - 0.5, share(row, 11), row % 2 === 0 ? 'x' : 'y']);

test.before(async () => {
  mesh = await startTrainingMesh(tables.awkward ?? '');
  for (const [name, csv] of Object.entries(tables)) {
    async function* upload() {
      yield { header: { dataset: `datasets/${name}` } };
      yield { chunk: Buffer.from(csv) };
    }
    await mesh.clients.datasets.uploadDataset(upload(), call);
  }
  ({ estimators } = await mesh.clients.training.listEstimators({ pageSize: 1000 }, call));
});

test.after.always(async () => {
  await mesh?.stop();
});

const integer = (value: number) => ({ integerValue: value });
const quick: Record<string, NonNullable<NonNullable<JobSpec['estimator']>['parameters']>> = {
  'estimators/random-forest': { n_estimators: integer(2) },
  'estimators/extra-trees': { n_estimators: integer(2) },
  'estimators/gradient-boosting': { n_estimators: integer(2) },
  'estimators/neural-network': { max_iter: integer(5) },
  // Rows are images of one line, however many features there are.
  'estimators/convolutional-network': {
    image_height: integer(1),
    convolution_channels: integer(3),
    pool: { stringValue: 'none' },
    max_iter: integer(5),
  },
};

async function trained(
  dataset: string,
  target: string,
  estimator: string,
  changes: JobSpec = {},
): Promise<Job__Output> {
  const spec: JobSpec = {
    datasetVersion: `datasets/${dataset}/versions/1`,
    target,
    estimator: { estimator, parameters: quick[estimator] ?? {} },
    validation: { method: 'kFold', kFold: { folds: 2 } },
    model: `models/${dataset}-${target}-${estimator.replace('estimators/', '')}`,
    ...changes,
  };
  const { name } = await mesh.clients.training.createJob({ job: { spec } }, call);
  for await (const _event of mesh.clients.training.watchJob({ name }, call));
  return await mesh.clients.training.getJob({ name }, call);
}

/** Every estimator that can predict such a target. */
const taking = (task: 'TASK_CLASSIFICATION' | 'TASK_REGRESSION') =>
  estimators.filter(({ tasks }) => tasks.includes(task)).map(({ name }) => name);

/** All columns of the awkward table but the empty one. */
const features = ['same', 'twice', 'words', 'some'];

const finite = ({ result }: Job__Output) =>
  [...(result?.testMetrics ?? []), ...(result?.validationMetrics ?? [])].every(({ value }) => Number.isFinite(value));

for (const [title, dataset, target, task] of [
  ['a constant column, text and missing values', 'awkward', 'kind', 'TASK_CLASSIFICATION'],
  ['a constant column, text and missing values', 'awkward', 'price', 'TASK_REGRESSION'],
  ['rows that are all the same, with either class', 'alike', 'kind', 'TASK_CLASSIFICATION'],
  ['rows that are all the same, with the same number', 'alike', 'price', 'TASK_REGRESSION'],
] as const) {
  test.serial(`${title}: every estimator learns ${target}`, async (t) => {
    for (const estimator of taking(task)) {
      const job = await trained(dataset, target, estimator, { task, ...(dataset === 'awkward' ? { features } : {}) });
      t.is(job.state, 'STATE_SUCCEEDED', `${estimator}: ${job.error?.message}`);
      t.true(finite(job), estimator);
    }
  });
}

test.serial('a thousand classes of text are learnt by every estimator', async (t) => {
  for (const estimator of taking('TASK_CLASSIFICATION')) {
    const job = await trained('many', 'kind', estimator, { validation: { method: 'none', none: {} } });
    t.is(job.state, 'STATE_SUCCEEDED', `${estimator}: ${job.error?.message}`);
    t.true(finite(job), estimator);
  }
});

async function refused(t: ExecutionContext, job: Job__Output, field: string, message: RegExp) {
  t.is(job.state, 'STATE_FAILED');
  t.is(job.attempt, 1, 'it is not tried again');
  t.is(job.error?.code, 3);
  t.regex(job.error?.message ?? '', message);
  t.true(job.error?.message.startsWith(`${field}: `), job.error?.message);
}

test.serial('a column without any value is refused by the step that would fill it', async (t) => {
  const message = /"empty" has no value in the training rows; use STRATEGY_CONSTANT or leave the column out$/;
  for (const estimator of taking('TASK_CLASSIFICATION')) {
    await refused(t, await trained('awkward', 'kind', estimator), 'job.spec.steps[0].fill_missing.strategy', message);
  }
});

test.serial('a target of one class is refused when the job is created, and so is one row', async (t) => {
  for (const dataset of ['single', 'one-row']) {
    const error = await t.throwsAsync(trained(dataset, 'kind', 'estimators/random-forest'));
    t.is((error as RpcError).reason, 'INVALID_FIELD');
    t.regex(
      error?.message ?? '',
      /^job\.spec\.target: "kind with 1 distinct values" must have 2 to \d+ distinct values/,
    );
  }
  const numbers = { task: 'TASK_REGRESSION' as const, testFraction: 0 };
  const error = await t.throwsAsync(trained('one-row', 'price', 'estimators/random-forest', numbers));
  t.is((error as RpcError).reason, 'INVALID_FIELD');
  t.regex(error?.message ?? '', /^job\.spec\.validation\.k_fold\.folds: 2 must be at most the 1 rows with a target/);
});

test.serial('a class with a single row cannot be divided over folds, which says so and names it', async (t) => {
  const job = await trained('rare', 'kind', 'estimators/random-forest', { validation: null, testFraction: 0 });
  const field = 'job.spec.validation.stratified_k_fold.folds';
  const message =
    /5 cannot be had: the rows of the rarest class must be >= 2, not 1; "once" has 1 of the 60 rows to train on$/;
  await refused(t, job, field, message);
});

test.serial('a fold that a class is missing from names the class that is left', async (t) => {
  const job = await trained('rare', 'kind', 'estimators/random-forest', { testFraction: 0 });
  const message = /only class "often" is among the 30 rows to learn from; must hold at least two classes$/;
  await refused(t, job, 'job.spec.target', message);
  const none = { testFraction: 0, validation: { method: 'none' as const, none: {} } };
  t.is((await trained('rare', 'kind', 'estimators/random-forest', none)).state, 'STATE_SUCCEEDED');
});

test.serial('what an estimator refuses of a feature or a parameter is told at the field of the job', async (t) => {
  const negative = await trained('below-zero', 'kind', 'estimators/multinomial-naive-bayes');
  await refused(t, negative, 'job.spec.features', /^job\.spec\.features: "a" is -0\.\d+ in row \d+; must be >= 0$/);
  const parameters = { class_weight: { stringValue: 'balanced' } };
  const balanced = {
    task: 'TASK_REGRESSION' as const,
    features,
    estimator: { estimator: 'estimators/random-forest', parameters },
  };
  const job = await trained('awkward', 'price', 'estimators/random-forest', balanced);
  const field = 'job.spec.estimator.parameters["class_weight"]';
  await refused(t, job, field, /must be none for regression$/);
});

test.serial('a job over its memory budget is refused before it is a job, with the figure and the bound', async (t) => {
  const spec: JobSpec = {
    datasetVersion: 'datasets/awkward/versions/1',
    target: 'kind',
    estimator: { estimator: 'estimators/random-forest' },
    model: 'models/too-large',
    limits: { maxMemoryBytes: 2 ** 25 },
  };
  const before = (await mesh.clients.training.listJobs({}, call)).jobs.length;
  const error = (await t.throwsAsync(mesh.clients.training.createJob({ job: { spec } }, call))) as RpcError;
  t.is(error.reason, 'QUOTA_EXCEEDED');
  t.regex(error.message, /the job needs about 65MiB of memory; job\.spec\.limits\.max_memory_bytes is 32MiB/);
  t.like(error.facts, { bound: String(2 ** 25), option: 'job.spec.limits.max_memory_bytes' });
  t.true(Number(error.facts.estimated_bytes) > 2 ** 26);
  t.deepEqual(await workerPids(), []);
  t.is((await mesh.clients.training.listJobs({}, call)).jobs.length, before);
});
