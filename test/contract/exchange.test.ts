import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import test from 'ava';
import { loadModel } from '../../native/estimators/load-model.js';
import { importModel } from '../../native/exchange/import-model.js';
import type { ImportSpec, JobSpec } from '../../proto/gen/tenon/training/v1/index.js';
import { type Clients, createClients } from '../../services/mesh/rpc/clients.js';
import { RpcError } from '../../services/mesh/rpc/rpc-error.js';
import { type RunningService, startService } from '../../services/mesh/server/run-service.js';
import { servingDefinition } from '../../services/serving/definition.js';
import { largestDifference, numbersIn, peers, runPeers } from '../exchange/peers.js';
import { eventually } from '../harness/eventually.js';
import { endOf, succeeded, trained as trainedBy } from '../harness/jobs.js';
import { startTrainingMesh, type TrainingMesh } from '../harness/training-mesh.js';
import { xgboostText } from '../unit/exchange/fixtures.js';

const call = { deadlineMs: 120_000 };
const rowCount = 1000;
let mesh: TrainingMesh;
let serving: RunningService;
let serve: Clients;

/** Numbers, some of them missing, a text, and a target that hangs on both. */
const rows = Array.from({ length: rowCount }, (_, row) => {
  const [a, b] = [((row * 37) % 101) / 8, (row * 53) % 97];
  const city = ['Oslo', 'Rome', 'Bern'][(row * 7) % 3] as string;
  const kind = a * 8 + b + (city === 'Rome' ? 40 : 0) > 110 ? 'high' : 'low';
  return { a: row % 9 === 0 ? null : a, b, city, kind };
});

test.before(async () => {
  const lines = rows.map(({ a, b, city, kind }) => `${a ?? ''},${b},${city},${kind}`);
  mesh = await startTrainingMesh(`a,b,city,kind\n${lines.join('\n')}\n`);
  serving = await startService({
    ...servingDefinition,
    argv: [
      '--service.address=127.0.0.1:0',
      `--data-dir=${mesh.dataDir}`,
      '--log.level=silent',
      `--discovery.static.registry=${mesh.registry.address}`,
    ],
    env: {},
  });
  serve = createClients({ targets: { serving: serving.address } });
});

test.after.always(async () => {
  await serve?.close();
  await serving?.stop();
  await mesh?.stop();
});

async function uploaded(bytes: Uint8Array): Promise<string> {
  async function* parts() {
    for (let at = 0; at === 0 || at < bytes.length; at += 1 << 20) yield { chunk: bytes.subarray(at, at + (1 << 20)) };
  }
  return (await mesh.clients.registry.uploadArtifact(parts(), call)).name;
}

const ended = (name: string) => endOf(mesh.clients, name);

async function deployed(version: string): Promise<string> {
  const deployment = `deployments/d-${randomUUID()}`;
  await serve.deployments.createDeployment({ deployment: { name: deployment, version } }, call);
  const state = () => serve.deployments.getDeployment({ name: deployment }, call);
  await eventually(state, (found) => found.state === 'STATE_READY');
  return deployment;
}

/** A booster of one tree: x0 below 0.5 or missing gives 1, otherwise -2. */
const stump = JSON.parse(
  xgboostText({ learner: { feature_names: ['x0', 'x1'] }, parameters: { base_score: '[5E-1]' } }),
);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

test('an imported model is registered, deployed and predicts as it should', async (t) => {
  const artifact = await uploaded(Buffer.from(JSON.stringify(stump)));
  const model = `models/m-${randomUUID()}`;
  const spec = { artifact, model, alias: 'production', classes: ['no', 'yes'], target: 'churned' };
  const created = await mesh.clients.training.importModel({ spec }, call);
  t.is(created.spec, null);
  t.is(created.modelImport?.artifact, artifact);
  const job = await ended(created.name);
  t.is(job.state, 'STATE_SUCCEEDED', job.error?.message);
  t.deepEqual(job.result?.features, ['x0', 'x1']);
  t.deepEqual(job.result?.importances, [1, 0]);
  const name = `${model}/versions/1`;
  t.is(job.result?.modelVersion, name);
  const version = await mesh.clients.registry.getModelVersion({ name }, call);
  t.is(version.lineage?.estimator, 'estimators/gradient-boosting');
  t.regex(version.description, /XGBoost JSON 3\.2\.0, binary:logistic, 1 trees/);
  t.deepEqual(version.signature?.classes, ['no', 'yes']);
  t.is((await mesh.clients.registry.getModel({ name: model }, call)).aliases.production, name);

  const deployment = await deployed(name);
  const values = [0, 0.49999997, 0.5, null];
  const records = values.map((x0) => ({
    fields: { x0: x0 === null ? { nullValue: 'NULL_VALUE' as const } : { numberValue: x0 }, x1: { numberValue: 3 } },
  }));
  const { predictions } = await serve.predictions.predict({ deployment, records }, call);
  t.deepEqual(
    predictions.map(({ value }) => value?.stringValue),
    ['yes', 'yes', 'no', 'yes'],
  );
  for (const [row, margin] of [1, 1, -2, 1].entries()) {
    t.true(Math.abs((predictions[row]?.probabilities[1] ?? 0) - sigmoid(margin)) < 1e-6);
  }
});

async function trained(changes: JobSpec): Promise<string> {
  const spec: JobSpec = {
    datasetVersion: 'datasets/things/versions/1',
    target: 'kind',
    validation: { none: {} },
    seed: 3,
    model: `models/m-${randomUUID()}`,
    ...changes,
  };
  return (await trainedBy(mesh.clients, spec)).result?.modelVersion ?? '';
}

async function exported(version: string): Promise<Buffer> {
  const created = await mesh.clients.training.exportModel({ spec: { modelVersion: version } }, call);
  const job = await succeeded(mesh.clients, created.name);
  const chunks: Buffer[] = [];
  const name = job.result?.exported?.artifact ?? '';
  for await (const { chunk } of mesh.clients.registry.downloadArtifact({ name }, call)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test('an export names an artifact and registers nothing', async (t) => {
  const version = await trained({ features: ['b'], estimator: { estimator: 'estimators/gaussian-naive-bayes' } });
  const created = await mesh.clients.training.exportModel({ spec: { modelVersion: version } }, call);
  t.is(created.modelExport?.format, 'FORMAT_ONNX');
  const job = await ended(created.name);
  t.is(job.state, 'STATE_SUCCEEDED', job.error?.message);
  t.is(job.result?.modelVersion, '');
  const { artifact = '', sizeBytes = 0, format } = job.result?.exported ?? {};
  t.is(format, 'FORMAT_ONNX');
  t.is((await mesh.clients.registry.getArtifact({ name: artifact }, call)).sizeBytes, sizeBytes);
  const parent = version.replace(/\/versions\/.*/, '');
  t.is((await mesh.clients.registry.listModelVersions({ parent }, call)).versions.length, 1);
});

test('an exported model that is imported again predicts the same', async (t) => {
  const version = await trained({ features: ['b'], estimator: { estimator: 'estimators/random-forest' } });
  const bytes = await exported(version);
  const model = loadModel(importModel(bytes).model);
  t.is(model.classCount, 2);
  model.dispose();
  const { name } = await mesh.clients.training.importModel(
    {
      spec: { artifact: await uploaded(bytes), model: `models/m-${randomUUID()}`, featureNames: ['b'], target: 'kind' },
    },
    call,
  );
  const job = await ended(name);
  t.is(job.state, 'STATE_SUCCEEDED', job.error?.message);
  const records = rows.slice(0, 60).map(({ b }) => ({ fields: { b: { numberValue: b } } }));
  const shares = async (of: string) => {
    const deployment = await deployed(of);
    const { predictions } = await serve.predictions.predict({ deployment, records }, call);
    return predictions.flatMap(({ probabilities }) => probabilities);
  };
  const again = await shares(job.result?.modelVersion ?? '');
  t.true(largestDifference(again, await shares(version)) <= 1e-6);
});

peers.test('exported models, their recipes in front, give in ONNX Runtime what serving gives', async (t) => {
  t.timeout(300_000);
  const folder = await mkdtemp(join(tmpdir(), 'tenon-exchange-contract-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const steps = {
    mixed: [
      { columns: ['a'], fillMissing: {} },
      { columns: ['a', 'b'], standardize: {} },
      { columns: ['city'], oneHot: {} },
    ],
    ordinal: [
      { columns: ['city'], ordinal: {} },
      { columns: ['b'], minMax: {} },
    ],
    numbers: [
      { columns: ['a'], fillMissing: {} },
      { columns: ['a', 'b'], standardize: {} },
    ],
  };
  const versions = {
    mixed: await trained({ estimator: { estimator: 'estimators/logistic-regression' }, steps: steps.mixed }),
    ordinal: await trained({ estimator: { estimator: 'estimators/random-forest' }, steps: steps.ordinal }),
    numbers: await trained({
      features: ['a', 'b'],
      estimator: { estimator: 'estimators/neural-network' },
      steps: steps.numbers,
    }),
  };
  const told: object[] = [];
  const wanted = new Map<string, { shares: number[]; labels: string[] }>();
  for (const [name, version] of Object.entries(versions)) {
    await writeFile(join(folder, `${name}.onnx`), await exported(version));
    const numbers = (column: 'a' | 'b') => Float64Array.from(rows, (row) => row[column] ?? Number.NaN);
    const [a, b] = [numbers('a'), numbers('b')];
    await writeFile(join(folder, `${name}.a`), a);
    await writeFile(join(folder, `${name}.b`), b);
    const both = Float64Array.from({ length: 2 * rowCount }, (_, at) => {
      return (at % 2 === 0 ? a : b)[Math.floor(at / 2)] as number;
    });
    await writeFile(join(folder, `${name}.input`), both);
    const column = (of: string) => ({ name: of, type: 'double', columns: 1, file: `${name}.${of}` });
    const inputs =
      name === 'numbers'
        ? [{ name: 'input', type: 'double', columns: 2, file: `${name}.input` }]
        : [column('a'), column('b'), { name: 'city', type: 'string', texts: rows.map(({ city }) => city) }];
    told.push({ name, inputs });
    const deployment = await deployed(version);
    const records = rows.map(({ a: first, b: second, city }) => ({
      fields: {
        a: first === null ? { nullValue: 'NULL_VALUE' as const } : { numberValue: first },
        b: { numberValue: second },
        ...(name === 'numbers' ? {} : { city: { stringValue: city } }),
      },
    }));
    const { predictions } = await serve.predictions.predict({ deployment, records }, call);
    wanted.set(name, {
      shares: predictions.flatMap(({ probabilities }) => probabilities),
      labels: predictions.map(({ value }) => value?.stringValue ?? ''),
    });
  }
  await writeFile(join(folder, 'models.json'), JSON.stringify(told));
  await runPeers('run', folder);
  for (const [name, { shares, labels }] of wanted) {
    const theirs = await numbersIn(join(folder, `${name}.scores`), 'f8');
    const away = largestDifference(shares, theirs);
    t.true(away <= 1e-6, `${name}: ${away}`);
    const given = JSON.parse(await readFile(join(folder, `${name}.labels.json`), 'utf8')) as string[];
    t.true(given.filter((label, row) => label !== labels[row]).length <= 2, name);
  }
});

test('a file that is no model fails the job with the place, and registers nothing', async (t) => {
  const { learner } = stump;
  const trees = learner.gradient_booster.model;
  const broken = (change: object) => ({
    ...stump,
    learner: {
      ...learner,
      gradient_booster: { ...learner.gradient_booster, model: { ...trees, trees: [{ ...trees.trees[0], ...change }] } },
    },
  });
  const files: [unknown, string, RegExp][] = [
    ['hello', 'UNPARSABLE_FILE', /no beginning of XGBoost JSON, LightGBM text or ONNX/],
    ['{"learner": {', 'UNPARSABLE_FILE', /JSON/],
    [broken({ left_children: [0, -1, -1] }), 'UNPARSABLE_FILE', /trees\[0\]\.nodes\[0\]\.left.*no cycle/],
    [broken({ right_children: [99, -1, -1] }), 'UNPARSABLE_FILE', /trees\[0\]\.nodes\[0\]\.right: 99 must be one of/],
    [
      { ...stump, learner: { ...learner, objective: { name: 'survival:aft' } } },
      'INVALID_FIELD',
      /learner\.objective\.name: "survival:aft" must be one of/,
    ],
  ];
  for (const [file, reason, message] of files) {
    const artifact = await uploaded(Buffer.from(typeof file === 'string' ? file : JSON.stringify(file)));
    const model = `models/m-${randomUUID()}`;
    const { name } = await mesh.clients.training.importModel({ spec: { artifact, model } }, call);
    const job = await ended(name);
    t.is(job.state, 'STATE_FAILED');
    t.is(job.error?.code, status.INVALID_ARGUMENT, job.error?.message);
    t.regex(job.error?.message ?? '', message);
    t.true(job.error?.details.some(({ value }) => Buffer.from(value as Buffer).includes(reason)));
    const error = await t.throwsAsync(mesh.clients.registry.getModel({ name: model }, call));
    t.is((error as RpcError).reason, 'RESOURCE_NOT_FOUND');
  }
});

test('names that do not fit the model fail the job with their field', async (t) => {
  const artifact = await uploaded(Buffer.from(JSON.stringify(stump)));
  const wrong: [ImportSpec, RegExp][] = [
    [{ featureNames: ['one'] }, /feature_names: 1 must be 2/],
    [{ classes: ['a', 'b', 'c'] }, /classes: 3 must be 2/],
    [{ target: 'x1' }, /target: "x1" must not be the name of a feature/],
  ];
  for (const [names, message] of wrong) {
    const spec = { artifact, model: `models/m-${randomUUID()}`, ...names };
    const { name } = await mesh.clients.training.importModel({ spec }, call);
    const job = await ended(name);
    t.is(job.error?.code, status.INVALID_ARGUMENT);
    t.regex(job.error?.message ?? '', message);
  }
});

test('a repeated request id returns the first job, and is refused with another request', async (t) => {
  const artifact = await uploaded(Buffer.from(JSON.stringify(stump)));
  const request = { spec: { artifact, model: `models/m-${randomUUID()}` }, requestId: randomUUID() };
  const first = await mesh.clients.training.importModel(request, call);
  t.is((await mesh.clients.training.importModel(request, call)).name, first.name);
  const other = mesh.clients.training.importModel({ ...request, spec: { ...request.spec, alias: 'x' } }, call);
  t.is(((await t.throwsAsync(other)) as RpcError).reason, 'REQUEST_ID_REUSED');
  await ended(first.name);
});

const none = `artifacts/${'0'.repeat(64)}`;
const importErrors: [string, ImportSpec | null, status, string, string][] = [
  ['no spec', null, 3, 'INVALID_FIELD', 'spec'],
  ['no artifact', { model: 'models/m' }, 3, 'INVALID_FIELD', 'spec.artifact'],
  ['an artifact that does not exist', { artifact: none, model: 'models/m' }, 5, 'RESOURCE_NOT_FOUND', none],
  ['no model', { artifact: none }, 3, 'INVALID_FIELD', 'spec.model'],
  ['the alias latest', { artifact: none, model: 'models/m', alias: 'latest' }, 3, 'INVALID_FIELD', 'spec.alias'],
  ['a wrong alias', { artifact: none, model: 'models/m', alias: 'A B' }, 3, 'INVALID_FIELD', 'spec.alias'],
  [
    'a feature named twice',
    { artifact: none, model: 'models/m', featureNames: ['a', 'a'] },
    3,
    'INVALID_FIELD',
    'spec.feature_names[1]',
  ],
  ['an empty class', { artifact: none, model: 'models/m', classes: [''] }, 3, 'INVALID_FIELD', 'spec.classes[0]'],
  [
    'too many threads',
    { artifact: none, model: 'models/m', limits: { maxThreads: 10_000 } },
    3,
    'INVALID_FIELD',
    'spec.limits.max_threads',
  ],
];
for (const [what, spec, code, reason, shown] of importErrors) {
  test(`an import with ${what} is ${reason}`, async (t) => {
    const error = await t.throwsAsync(mesh.clients.training.importModel({ spec }, call), { instanceOf: RpcError });
    t.is(error?.code, code);
    t.is(error?.reason, reason as RpcError['reason']);
    t.true(error?.message.includes(shown), error?.message);
  });
}

test('an export of what does not exist is RESOURCE_NOT_FOUND, without a version INVALID_FIELD', async (t) => {
  const missing = mesh.clients.training.exportModel({ spec: { modelVersion: 'models/no/versions/1' } }, call);
  t.is(((await t.throwsAsync(missing)) as RpcError).reason, 'RESOURCE_NOT_FOUND');
  const unnamed = mesh.clients.training.exportModel({ spec: {} }, call);
  t.is(((await t.throwsAsync(unnamed)) as RpcError).reason, 'INVALID_FIELD');
});
