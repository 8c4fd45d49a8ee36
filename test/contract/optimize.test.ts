import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import test from 'ava';
import type { Job__Output, JobSpec, OptimizeModelRequest } from '../../proto/gen/tenon/training/v1/index.js';
import { createClients } from '../../services/mesh/rpc/clients.js';
import { RpcError } from '../../services/mesh/rpc/rpc-error.js';
import { startService } from '../../services/mesh/server/run-service.js';
import { servingDefinition } from '../../services/serving/definition.js';
import { eventually } from '../harness/eventually.js';
import { endOf, trained } from '../harness/jobs.js';
import { startTrainingMesh, type TrainingMesh } from '../harness/training-mesh.js';
import { onnxBytes, treeNode } from '../unit/exchange/fixtures.js';

const call = { deadlineMs: 120_000 };
const header = 'a,b,c,kind,price';
let mesh: TrainingMesh;
/** A version with 160 held-out rows, and its job. */
let forest = '';
let line = '';

/** Two features and a noise of their own decide the kind; the price is nearly linear. */
function rows(count: number, offset: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const row = index + offset;
    const [a, b, c] = [(row * 37) % 101, (row * 53) % 97, (row * 71) % 89];
    const score = a + b + ((row * 7919) % 61) - 30;
    const kind = score < 70 ? 'low' : score < 120 ? 'middle' : 'high';
    return `${a + 0.5},${b + 0.25},${c},${kind},${2 * a + b + ((row * 31) % 7)}`;
  });
}

const csvOf = (lines: readonly string[]) => `${header}\n${lines.join('\n')}\n`;

async function upload(dataset: string, csv: string): Promise<void> {
  async function* parts() {
    yield { header: { dataset } };
    yield { chunk: Buffer.from(csv) };
  }
  await mesh.clients.datasets.uploadDataset(parts(), call);
}

async function train(changes: JobSpec): Promise<string> {
  const spec: JobSpec = {
    datasetVersion: 'datasets/things/versions/1',
    target: 'kind',
    features: ['a', 'b', 'c'],
    estimator: { estimator: 'estimators/random-forest', parameters: { n_estimators: { integerValue: 60 } } },
    validation: { none: {} },
    seed: 3,
    model: `models/m-${randomUUID()}`,
    ...changes,
  };
  return (await trained(mesh.clients, spec)).result?.modelVersion ?? '';
}

const ended = (name: string) => endOf(mesh.clients, name);

async function optimized(request: OptimizeModelRequest): Promise<Job__Output> {
  const { name } = await mesh.clients.training.optimizeModel(request, call);
  return ended(name);
}

async function versionCount(version: string): Promise<number> {
  const parent = version.replace(/\/versions\/.*/, '');
  return (await mesh.clients.registry.listModelVersions({ parent }, call)).versions.length;
}

test.before(async () => {
  mesh = await startTrainingMesh(csvOf(rows(800, 0)));
  forest = await train({});
  line = await train({ target: 'price', estimator: { estimator: 'estimators/linear-regression' } });
});

test.after.always(() => mesh?.stop());

test('an optimization registers a smaller version of the same model, with both deltas, that serving takes', async (t) => {
  const before = await mesh.clients.registry.getModelVersion({ name: forest }, call);
  const created = await mesh.clients.training.optimizeModel({ modelVersion: forest, maxLoss: 0.03 }, call);
  t.is(created.state, 'STATE_QUEUED');
  t.is(created.spec, null);
  t.is(created.optimize?.metric, 'accuracy');
  t.is(created.optimize?.objective, 'OBJECTIVE_SIZE');
  t.is(created.optimize?.methods.length, 5);
  const job = await ended(created.name);
  t.is(job.state, 'STATE_SUCCEEDED', job.error?.message);
  const variants = job.result?.variants ?? [];
  const [original] = variants;
  const chosen = variants.filter((variant) => variant.chosen);
  t.is(chosen.length, 1);
  t.is(original?.description, 'original');
  // The rows are those that the training held out: the original does on them as its version says.
  t.is(original?.value, before.metrics.find(({ name }) => name === 'accuracy')?.value);
  t.is(job.result?.testRows, 160);
  t.true((chosen[0]?.loss ?? 1) <= 0.03);
  t.true((chosen[0]?.sizeRatio ?? 1) <= 0.5);
  t.true(variants.every(({ batchSeconds, rowSeconds }) => batchSeconds > 0 && rowSeconds > 0));
  t.true(chosen[0]?.pareto);

  const name = job.result?.modelVersion ?? '';
  t.is(name, forest.replace('versions/1', 'versions/2'));
  const after = await mesh.clients.registry.getModelVersion({ name }, call);
  t.is(after.lineage?.parentVersion, forest);
  t.is(after.lineage?.optimization, chosen[0]?.description);
  t.is(after.lineage?.job, job.name);
  t.is(after.lineage?.datasetDigest, before.lineage?.datasetDigest);
  t.is(after.metrics.find((metric) => metric.name === 'accuracy')?.value, chosen[0]?.value);
  t.is(after.files.find(({ path }) => path === 'weights.safetensors')?.sizeBytes, chosen[0]?.sizeBytes);
  t.deepEqual(after.signature, before.signature);

  const argv = ['--service.address=127.0.0.1:0', `--data-dir=${mesh.dataDir}`, '--log.level=silent'];
  const registry = `--discovery.static.registry=${mesh.registry.address}`;
  const serving = await startService({ ...servingDefinition, argv: [...argv, registry], env: {} });
  const clients = createClients({ targets: { serving: serving.address } });
  try {
    const deployment = 'deployments/optimized';
    await clients.deployments.createDeployment({ deployment: { name: deployment, version: name } }, call);
    const deployed = () => clients.deployments.getDeployment({ name: deployment }, call);
    await eventually(deployed, ({ state }) => state === 'STATE_READY');
    const records = [{ fields: { a: { numberValue: 3 }, b: { numberValue: 4 }, c: { numberValue: 5 } } }];
    const { predictions } = await clients.predictions.predict({ deployment, records }, call);
    t.is(predictions[0]?.value?.stringValue, 'low');
  } finally {
    await clients.close();
    await serving.stop();
  }

  // What was optimized can be optimized again: its job still tells the rows.
  const again = await optimized({ modelVersion: name, maxLoss: 0.2, methods: ['METHOD_FEWER_TREES'] });
  t.is(again.result?.variants[0]?.value, chosen[0]?.value, again.error?.message);
});

test('a linear model is measured in 16 and 8 bits on rows of another dataset', async (t) => {
  await upload('datasets/later', csvOf(rows(50, 900)));
  const job = await optimized({
    modelVersion: line,
    maxLoss: 5,
    metric: 'mae',
    methods: ['METHOD_QUANTIZE'],
    evaluationDatasetVersion: 'datasets/later/versions/latest',
  });
  t.is(job.optimize?.evaluationDatasetVersion, 'datasets/later/versions/1');
  t.is(job.result?.variants.length, 3);
  t.deepEqual(
    job.result?.variants.map(({ methods }) => methods),
    [[], ['METHOD_QUANTIZE'], ['METHOD_QUANTIZE']],
  );
  t.true((job.result?.variants[1]?.loss ?? 1) < 0.1);
});

test('a method that needs covers fails the job of an imported version without them, unless all methods are used', async (t) => {
  async function* parts() {
    yield { chunk: Buffer.from(onnxBytes([treeNode('BRANCH_LEQ')])) };
  }
  const { name: artifact } = await mesh.clients.registry.uploadArtifact(parts(), call);
  const spec = { artifact, model: `models/m-${randomUUID()}`, featureNames: ['a', 'b'], target: 'price' };
  const { name } = await mesh.clients.training.importModel({ spec }, call);
  const modelVersion = (await ended(name)).result?.modelVersion ?? '';
  await upload('datasets/halves', 'a,b,price\n0.25,1.5,1.5\n0.75,0.5,-1.5\n');
  const request = { modelVersion, maxLoss: 1_000, evaluationDatasetVersion: 'datasets/halves/versions/1' };
  const refused = await optimized({ ...request, methods: ['METHOD_PACK', 'METHOD_PRUNE'] });
  t.is(refused.state, 'STATE_FAILED');
  t.is(refused.error?.code, status.INVALID_ARGUMENT);
  t.is(refused.attempt, 1);
  t.regex(
    refused.error?.message ?? '',
    /methods\[1\]: "METHOD_PRUNE" needs the training rows per node, which this version's file lacks/,
  );
  const whole = await optimized(request);
  t.true((whole.result?.variants.length ?? 0) > 1, whole.error?.message);
});

test('a loss that no variant keeps to fails the job, names the nearest variant and registers nothing', async (t) => {
  const version = await train({ target: 'price' });
  const job = await optimized({ modelVersion: version, maxLoss: 0, methods: ['METHOD_FEWER_TREES'] });
  const variants = job.result?.variants ?? [];
  // A forest of fewer trees may happen to do as well; then this data proves nothing.
  t.true(variants.slice(1).every(({ loss }) => loss > 0));
  t.is(job.state, 'STATE_FAILED');
  t.is(job.error?.code, status.FAILED_PRECONDITION);
  const best = variants.slice(1).reduce((one, other) => (other.loss < one.loss ? other : one));
  t.true(job.error?.message.includes(best.description), job.error?.message);
  t.regex(job.error?.message ?? '', /loses [\d.]+ of rmse at [\d.]+ % .*; max_loss is 0$/);
  t.true(job.error?.details.some(({ value }) => Buffer.from(value as Buffer).includes('BUDGET_NOT_MET')));
  t.is(await versionCount(version), 1);
});

test('an optimization that is cancelled registers nothing', async (t) => {
  const version = await train({ target: 'price' });
  const { name } = await mesh.clients.training.optimizeModel({ modelVersion: version, maxLoss: 100 }, call);
  for await (const { progress } of mesh.clients.training.watchJob({ name }, call)) {
    if (progress?.stage === 'STAGE_OPTIMIZING') break;
  }
  await mesh.clients.training.cancelJob({ name }, call);
  t.is((await ended(name)).state, 'STATE_CANCELLED');
  t.is(await versionCount(version), 1);
});

test('a repeated request id returns the first job, and is refused with another request', async (t) => {
  const requestId = randomUUID();
  const request = { modelVersion: await train({}), maxLoss: 0.5, methods: ['METHOD_PACK'] as const, requestId };
  const first = await mesh.clients.training.optimizeModel({ ...request, methods: [...request.methods] }, call);
  const again = await mesh.clients.training.optimizeModel({ ...request, methods: [...request.methods] }, call);
  t.is(again.name, first.name);
  const other = mesh.clients.training.optimizeModel({ ...request, methods: [], requestId }, call);
  t.is(((await t.throwsAsync(other)) as RpcError).reason, 'REQUEST_ID_REUSED');
  await ended(first.name);
});

test('a version whose job is gone, or held out nothing, needs a dataset to measure on', async (t) => {
  const orphan = await train({});
  const { lineage } = await mesh.clients.registry.getModelVersion({ name: orphan }, call);
  await mesh.clients.training.deleteJob({ name: lineage?.job ?? '' }, call);
  for (const [modelVersion, why] of [
    [orphan, 'does not exist any more'],
    [await train({ testFraction: 0 }), 'held out no rows'],
  ] as const) {
    const error = await t.throwsAsync(mesh.clients.training.optimizeModel({ modelVersion, maxLoss: 1 }, call));
    t.is((error as RpcError).reason, 'INVALID_FIELD');
    t.true(error?.message.includes('evaluation_dataset_version'), error?.message);
    t.true(error?.message.includes(why), error?.message);
  }
});

const errors: [string, () => OptimizeModelRequest, status, string, string][] = [
  ['no version', () => ({ modelVersion: 'models/no/versions/1' }), 5, 'RESOURCE_NOT_FOUND', 'models/no'],
  ['no name', () => ({}), 3, 'INVALID_FIELD', 'model_version'],
  ['a loss below 0', () => ({ modelVersion: forest, maxLoss: -1 }), 3, 'INVALID_FIELD', 'max_loss: -1 must be >= 0'],
  ['a loss that is no number', () => ({ modelVersion: forest, maxLoss: Number.NaN }), 3, 'INVALID_FIELD', 'max_loss'],
  ['a metric of another task', () => ({ modelVersion: forest, metric: 'rmse' }), 3, 'INVALID_FIELD', 'metric: "rmse"'],
  ['an unknown metric', () => ({ modelVersion: forest, metric: 'acuracy' }), 3, 'INVALID_FIELD', 'accuracy?'],
  [
    'a method that is not for the estimator',
    () => ({ modelVersion: line, methods: ['METHOD_PRUNE', 'METHOD_PACK'] }),
    3,
    'INVALID_FIELD',
    'methods[1]: "METHOD_PACK"',
  ],
  [
    'a method named twice',
    () => ({ modelVersion: forest, methods: ['METHOD_PACK', 'METHOD_PACK'] }),
    3,
    'INVALID_FIELD',
    'methods[1]',
  ],
  [
    'no dataset to measure on',
    () => ({ modelVersion: forest, evaluationDatasetVersion: 'datasets/no/versions/1' }),
    5,
    'RESOURCE_NOT_FOUND',
    'datasets/no',
  ],
  [
    'too many threads',
    () => ({ modelVersion: forest, limits: { maxThreads: 1_000 } }),
    3,
    'INVALID_FIELD',
    'limits.max_threads',
  ],
  [
    'a memory bound below the need',
    () => ({ modelVersion: forest, limits: { maxMemoryBytes: 1_000 } }),
    8,
    'QUOTA_EXCEEDED',
    'limits.max_memory_bytes',
  ],
];
for (const [what, request, code, reason, shown] of errors) {
  test(`${what} is ${reason}`, async (t) => {
    const error = await t.throwsAsync(mesh.clients.training.optimizeModel(request(), call), { instanceOf: RpcError });
    t.is(error?.code, code);
    t.is(error?.reason, reason as RpcError['reason']);
    t.true(error?.message.includes(shown), error?.message);
  });
}
