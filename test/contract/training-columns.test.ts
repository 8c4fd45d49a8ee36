import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import test from 'ava';
import type { EstimatorSpec, Job__Output, JobSpec } from '../../proto/gen/tenon/training/v1/index.js';
import { RpcError } from '../../services/mesh/rpc/rpc-error.js';
import { eventually } from '../harness/eventually.js';
import { type InProcessMesh, startInProcessMesh } from '../harness/in-process-mesh.js';
import { trained } from '../harness/jobs.js';

const call = { deadlineMs: 120_000 };
let mesh: InProcessMesh;

/** The city, of which every second one is dear, and the size decide the price; two widths say the same. */
function csv(): string {
  const lines = Array.from({ length: 400 }, (_, row) => {
    const city = row % 16;
    const size = (row * 37) % 101;
    const noise = ((row * 7919) % 61) - 30;
    const price = (city % 2) * 500 + size + noise;
    return `c${city},${size + 0.5},${2 * size + ((row * 13) % 7)},${price + 0.5},${price > 300 ? 'dear' : price > 60 ? 'fair' : 'cheap'}`;
  });
  return `city,size,width,price,kind\n${lines.join('\n')}\n`;
}

test.before(async () => {
  mesh = await startInProcessMesh();
  async function* parts() {
    yield { header: { dataset: 'datasets/flats' } };
    yield { chunk: Buffer.from(csv()) };
  }
  await mesh.clients.datasets.uploadDataset(parts(), call);
});

test.after.always(() => mesh?.remove());

const boosting = (texts: Readonly<Record<string, string>> = {}): EstimatorSpec => ({
  estimator: 'estimators/gradient-boosting',
  parameters: {
    n_estimators: { integerValue: 40 },
    ...Object.fromEntries(Object.entries(texts).map(([name, stringValue]) => [name, { stringValue }])),
  },
});

function specWith(changes: JobSpec = {}): JobSpec {
  return {
    datasetVersion: 'datasets/flats/versions/1',
    target: 'price',
    features: ['city', 'size', 'width'],
    estimator: boosting(),
    validation: { kFold: { folds: 3 } },
    seed: 5,
    model: `models/m-${randomUUID()}`,
    ...changes,
  };
}

const trainedWith = (changes: JobSpec = {}) => trained(mesh.clients, specWith(changes));

async function parametersOf(job: Job__Output): Promise<Record<string, unknown>> {
  const version = await mesh.clients.registry.getModelVersion({ name: job.result?.modelVersion ?? '' }, call);
  return JSON.parse(version.lineage?.parametersJson ?? '{}');
}

const rmseOf = (job: Job__Output) =>
  job.result?.validationMetrics.find(({ name }) => name === 'rmse')?.value ?? Number.NaN;

/** Trains `version` into a deployment and answers these sizes of a flat in one city. */
async function predicted(job: Job__Output, sizes: readonly number[]): Promise<number[]> {
  const { name } = await mesh.clients.deployments.createDeployment(
    { deployment: { name: `deployments/d-${randomUUID().slice(0, 8)}`, version: job.result?.modelVersion ?? '' } },
    call,
  );
  await eventually(
    () => mesh.clients.deployments.getDeployment({ name }, call),
    ({ state }) => state === 'STATE_READY',
  );
  const records = sizes.map((size) => ({
    fields: { city: { stringValue: 'c3' }, size: { numberValue: size }, width: { numberValue: 100 } },
  }));
  const { predictions } = await mesh.clients.predictions.predict({ deployment: name, records }, call);
  return predictions.map(({ value }) => value?.doubleValue ?? Number.NaN);
}

async function refusal(changes: JobSpec): Promise<[status, string, string]> {
  try {
    await mesh.clients.training.createJob({ job: { spec: specWith(changes) } }, call);
  } catch (error) {
    if (error instanceof RpcError) return [error.code, error.violations[0]?.field ?? '', error.message];
    throw error;
  }
  throw new Error('it was accepted');
}

test('the parameters that name columns are listed with their types', async (t) => {
  const { parameters } = await mesh.clients.training.getEstimator({ name: 'estimators/gradient-boosting' }, call);
  const typeOf = (wanted: string) => parameters.find(({ name }) => name === wanted)?.type;
  t.is(typeOf('categorical_columns'), 'TYPE_COLUMNS');
  t.is(typeOf('monotone_constraints'), 'TYPE_COLUMN_SIGNS');
  const forest = await mesh.clients.training.getEstimator({ name: 'estimators/random-forest' }, call);
  t.false(forest.parameters.some(({ type }) => type === 'TYPE_COLUMNS'));
});

test('text columns of boosting are split by sets of categories, which beats their order', async (t) => {
  const sets = await trainedWith();
  t.deepEqual(
    sets.spec?.steps.map(({ step }) => step),
    ['fillMissing', 'ordinal'],
  );
  t.is((await parametersOf(sets)).categorical_columns, 'automatic');
  const order = await trainedWith({ estimator: boosting({ categorical_columns: 'none' }) });
  t.true(rmseOf(sets) < rmseOf(order), `${rmseOf(sets)} and ${rmseOf(order)}`);
  const named = await trainedWith({ estimator: boosting({ categorical_columns: '["city"]' }) });
  t.is(rmseOf(named), rmseOf(sets));
});

test('predictions follow a constrained column, and a search varies constraints', async (t) => {
  const job = await trainedWith({ estimator: boosting({ monotone_constraints: 'size=1' }) });
  const sizes = Array.from({ length: 40 }, (_, index) => index * 2.5);
  const up = await predicted(job, sizes);
  t.true(up.every((value, index) => index === 0 || value >= (up[index - 1] ?? 0)));
  t.true((up.at(-1) ?? 0) > (up[0] ?? 0));
  const list = { values: ['', 'size=1', '{"size":-1}'].map((stringValue) => ({ stringValue })) };
  const searched = await trainedWith({
    estimator: null,
    candidates: [{ estimator: boosting(), space: [{ parameter: 'monotone_constraints', list }] }],
  });
  const board = searched.result?.leaderboard ?? [];
  t.is(board.length, 3);
  t.is(board.at(-1)?.estimator?.parameters.monotone_constraints?.stringValue, '{"size":-1}');
});

test('columns that cannot have their role are refused at the parameter', async (t) => {
  const at = (name: string) => `job.spec.estimator.parameters["${name}"]`;
  const refused = (parameters: Record<string, string>, changes: JobSpec = {}) =>
    refusal({ estimator: boosting(parameters), ...changes });
  const unknown = await refused({ categorical_columns: 'citty' });
  t.deepEqual(unknown.slice(0, 2), [status.INVALID_ARGUMENT, at('categorical_columns')]);
  t.regex(unknown[2], /did you mean city\?/);
  t.regex((await refused({ monotone_constraints: 'sizes=1' }))[2], /did you mean size\?/);
  for (const [parameters, name, message, changes] of [
    [{ categorical_columns: '' }, 'categorical_columns', /separated by commas/],
    [{ categorical_columns: '[1]' }, 'categorical_columns', /JSON array/],
    [{ monotone_constraints: 'size' }, 'monotone_constraints', /size=1,age=-1/],
    [{ monotone_constraints: 'size=2' }, 'monotone_constraints', /1, 0 or -1/],
    [{ monotone_constraints: '{"size":"1"}' }, 'monotone_constraints', /1, 0 or -1/],
    [{ monotone_constraints: 'city=1' }, 'monotone_constraints', /is text/],
    [{ monotone_constraints: 'size=1', categorical_columns: 'size' }, 'categorical_columns', /constrained/],
    [{ monotone_constraints: 'size=1' }, 'monotone_constraints', /3 classes/, { target: 'kind', validation: null }],
    [
      { categorical_columns: 'city' },
      'categorical_columns',
      /one-hot encoded into several features/,
      { steps: [{ columns: ['city'], oneHot: {} }] },
    ],
    [
      { monotone_constraints: 'size=1' },
      'monotone_constraints',
      /reduced by a pca step/,
      {
        steps: [
          { columns: ['city'], ordinal: {} },
          { columns: ['size', 'width'], pca: {} },
        ],
      },
    ],
  ] as const) {
    const [code, field, told] = await refused(parameters as Record<string, string>, changes as JobSpec | undefined);
    t.is(code, status.INVALID_ARGUMENT, told);
    t.is(field, at(name), told);
    t.regex(told, message);
  }
  const forest = {
    estimator: 'estimators/random-forest',
    parameters: { categorical_columns: { stringValue: 'city' } },
  };
  t.regex((await refusal({ estimator: forest }))[2], /no such parameter/);
});

test('components are trained on, searched for and served', async (t) => {
  const steps = [
    { columns: ['city'], oneHot: {} },
    { columns: ['size', 'width'], standardize: {} },
    { columns: ['size', 'width'], pca: {} },
  ];
  const list = { values: [1, 2].map((integerValue) => ({ integerValue })) };
  const job = await trainedWith({
    estimator: null,
    steps,
    candidates: [
      {
        estimator: { estimator: 'estimators/linear-regression' },
        space: [{ parameter: 'steps[2].pca.components', list }],
      },
    ],
  });
  t.is(job.result?.leaderboard.length, 2);
  t.true(job.result?.features.includes('pca0'));
  const components = job.result?.leaderboard[0]?.steps[2]?.pca?.components ?? 0;
  t.is(job.result?.features.filter((name) => name.startsWith('pca')).length, components);
  const answers = await predicted(job, [1, 50, 99]);
  t.true(answers.every(Number.isFinite));
  const [code, field] = await refusal({ steps: [steps[0] ?? {}, { columns: ['size'], pca: { components: 2 } }] });
  t.deepEqual([code, field], [status.INVALID_ARGUMENT, 'job.spec.steps[1].pca.components']);
});
