import { randomUUID } from 'node:crypto';
import test from 'ava';
import { createRandom } from '../../native/validation/random.js';
import type { Job__Output, JobSpec, OptimizeModelRequest } from '../../proto/gen/tenon/training/v1/index.js';
import { eventually } from '../harness/eventually.js';
import { type InProcessMesh, startInProcessMesh } from '../harness/in-process-mesh.js';
import { succeeded, trained } from '../harness/jobs.js';

const call = { deadlineMs: 120_000 };
let mesh: InProcessMesh;
const strokes = Array.from({ length: 8 }, (_, index) => `s${index}`);

/** Ten kinds told by eight columns of 98 categories each, which are 784 features once they are one-hot encoded. */
function digits(): string {
  const random = createRandom(3);
  const lines = Array.from({ length: 3_000 }, (_, row) => {
    const cells = strokes.map(() => (row % 10) * 9 + random.below(17));
    return `${cells.map((cell) => cell % 98).join()},d${row % 10}`;
  });
  return `${strokes.join()},digit\n${lines.join('\n')}\n`;
}

/** Six numbers, of which three and much noise decide a kind: a deep forest learns the noise. */
function noisy(): string {
  const random = createRandom(4);
  const next = () => random.next() / 2 ** 32;
  const lines = Array.from({ length: 5_000 }, () => {
    const values = Array.from({ length: 6 }, () => Math.floor(next() * 1_000));
    const score = (values[0] ?? 0) + (values[1] ?? 0) - (values[2] ?? 0) + (next() - 0.5) * 800;
    return `${values.join()},${score < 300 ? 'low' : score < 700 ? 'middle' : 'high'},${score}`;
  });
  return `a,b,c,d,e,f,kind,score\n${lines.join('\n')}\n`;
}

const gauges = Array.from({ length: 24 }, (_, index) => `g${index}`);
const gauge = (index: number, heat: number, load: number) =>
  20 + index + heat * Math.cos(index) + load * Math.sin(index * 1.7);

/** Twenty-four gauges of one machine that two causes move, of which the first decides whether it is hot. */
function gauged(): string {
  const random = createRandom(5);
  const next = () => random.next() / 2 ** 32 - 0.5;
  const lines = Array.from({ length: 2_000 }, () => {
    const [heat, load] = [next() * 10, next() * 10];
    const values = gauges.map((_, index) => (gauge(index, heat, load) + next() * 0.05).toFixed(4));
    return `${values.join()},${heat > 0 ? 'hot' : 'cold'}`;
  });
  return `${gauges.join()},state\n${lines.join('\n')}\n`;
}

async function upload(dataset: string, csv: string): Promise<void> {
  async function* parts() {
    yield { header: { dataset } };
    for (let at = 0; at < csv.length; at += 200_000) yield { chunk: Buffer.from(csv.slice(at, at + 200_000)) };
  }
  await mesh.clients.datasets.uploadDataset(parts(), call);
}

test.before(async () => {
  mesh = await startInProcessMesh();
  await Promise.all([
    upload('datasets/digits', digits()),
    upload('datasets/noisy', noisy()),
    upload('datasets/gauged', gauged()),
  ]);
});

test.after.always(() => mesh?.remove());

async function train(spec: JobSpec): Promise<{ version: string; features: number }> {
  const { result } = await trained(mesh.clients, {
    validation: { none: {} },
    seed: 1,
    model: `models/m-${randomUUID()}`,
    ...spec,
  });
  return { version: result?.modelVersion ?? '', features: result?.features.length ?? 0 };
}

async function optimized(request: OptimizeModelRequest): Promise<Job__Output> {
  const { name } = await mesh.clients.training.optimizeModel(request, call);
  return succeeded(mesh.clients, name);
}

/** Deploys the version and answers the kinds of one row by the row's cells. */
async function served(version: string, cells: Readonly<Record<string, number>>): Promise<string> {
  const { name } = await mesh.clients.deployments.createDeployment(
    { deployment: { name: `deployments/d-${randomUUID().slice(0, 8)}`, version } },
    call,
  );
  await eventually(
    () => mesh.clients.deployments.getDeployment({ name }, call),
    ({ state }) => state === 'STATE_READY',
  );
  const fields = Object.fromEntries(Object.entries(cells).map(([key, numberValue]) => [key, { numberValue }]));
  const { predictions } = await mesh.clients.predictions.predict({ deployment: name, records: [{ fields }] }, call);
  const [prediction] = predictions;
  return prediction?.value?.stringValue ?? String(prediction?.value?.doubleValue);
}

test('a network of 784-256-10 in 8 bits is at least 3.9 times smaller and is served', async (t) => {
  const { version, features } = await train({
    datasetVersion: 'datasets/digits/versions/1',
    target: 'digit',
    steps: [{ oneHot: {} }],
    estimator: {
      estimator: 'estimators/neural-network',
      parameters: { hidden_layer_sizes: { stringValue: '256' }, max_iter: { integerValue: 12 } },
    },
  });
  t.is(features, 784);
  const job = await optimized({ modelVersion: version, maxLoss: 0.02, methods: ['METHOD_QUANTIZE'] });
  const [original, small] = job.result?.variants ?? [];
  t.true(small?.chosen);
  t.true((original?.sizeBytes ?? 0) / (small?.sizeBytes ?? 1) >= 3.9, `${original?.sizeBytes} and ${small?.sizeBytes}`);
  t.true((small?.loss ?? 1) <= 0.02);
  const cells = Object.fromEntries(strokes.map((name) => [name, 53]));
  t.is(await served(job.result?.modelVersion ?? '', cells), 'd5');
});

test('pruning a deep forest at least halves its bytes within 0.3 points, and it is served', async (t) => {
  const { version } = await train({
    datasetVersion: 'datasets/noisy/versions/1',
    target: 'kind',
    features: ['a', 'b', 'c', 'd', 'e', 'f'],
    testFraction: 0.4,
    estimator: { estimator: 'estimators/random-forest', parameters: { n_estimators: { integerValue: 40 } } },
  });
  const job = await optimized({ modelVersion: version, maxLoss: 0.003, methods: ['METHOD_PRUNE', 'METHOD_PACK'] });
  const variants = job.result?.variants ?? [];
  // Packing alone is no pruning: what is pruned is held against the same model packed.
  const packed = variants.find(({ methods }) => methods.length === 1 && methods[0] === 'METHOD_PACK');
  const chosen = variants.find((variant) => variant.chosen);
  t.true(chosen?.methods.includes('METHOD_PRUNE'));
  t.true((chosen?.loss ?? 1) <= 0.003);
  t.true((chosen?.sizeBytes ?? 1) <= (packed?.sizeBytes ?? 0) / 2, `${chosen?.sizeBytes} and ${packed?.sizeBytes}`);
  const row = { a: 900, b: 900, c: 10, d: 1, e: 1, f: 1 };
  t.is(await served(job.result?.modelVersion ?? '', row), 'high');
});

test('a boosted model is made smaller within a bound on the loss, and it is served', async (t) => {
  const { version } = await train({
    datasetVersion: 'datasets/noisy/versions/1',
    target: 'score',
    features: ['a', 'b', 'c', 'd', 'e', 'f', 'kind'],
    estimator: { estimator: 'estimators/gradient-boosting', parameters: { n_estimators: { integerValue: 60 } } },
  });
  const job = await optimized({ modelVersion: version, maxLoss: 2, metric: 'rmse' });
  const variants = job.result?.variants ?? [];
  const chosen = variants.find((variant) => variant.chosen);
  t.true((chosen?.sizeRatio ?? 1) <= 0.4, `${chosen?.sizeRatio}`);
  t.true((chosen?.loss ?? 3) <= 2);
  t.true(variants.some(({ description }) => /^the first 30 of 60 rounds/.test(description)));
  const { name } = await mesh.clients.deployments.createDeployment(
    { deployment: { name: 'deployments/boosted', version: job.result?.modelVersion ?? '' } },
    call,
  );
  await eventually(
    () => mesh.clients.deployments.getDeployment({ name }, call),
    ({ state }) => state === 'STATE_READY',
  );
  const fields = {
    ...Object.fromEntries('abcdef'.split('').map((key) => [key, { numberValue: 500 }])),
    kind: { stringValue: 'high' },
  };
  const { predictions } = await mesh.clients.predictions.predict({ deployment: name, records: [{ fields }] }, call);
  t.true((predictions[0]?.value?.doubleValue ?? 0) > 600);
});

for (const [estimator, parameters] of [
  ['neural-network', { hidden_layer_sizes: { stringValue: '32' }, max_iter: { integerValue: 20 } }],
  ['k-nearest-neighbors', {}],
] as const) {
  test(`principal components stand in front of a ${estimator}, whose version takes the same columns`, async (t) => {
    const { version } = await train({
      datasetVersion: 'datasets/gauged/versions/1',
      target: 'state',
      steps: [{ standardize: {} }],
      estimator: { estimator: `estimators/${estimator}`, parameters },
    });
    const job = await optimized({ modelVersion: version, maxLoss: 0.02, methods: ['METHOD_REDUCE'] });
    const chosen = job.result?.variants.find((variant) => variant.chosen);
    t.is(chosen?.description, '2 principal components');
    t.deepEqual(chosen?.methods, ['METHOD_REDUCE']);
    t.true((chosen?.sizeRatio ?? 1) < 0.5, `${chosen?.sizeRatio}`);
    const name = job.result?.modelVersion ?? '';
    for (const [heat, state] of [
      [4, 'hot'],
      [-4, 'cold'],
    ] as const) {
      const cells = Object.fromEntries(gauges.map((column, index) => [column, gauge(index, heat, 1)]));
      t.is(await served(name, cells), state);
    }
    const again = await optimized({ modelVersion: name, maxLoss: 0.02 }).catch((error: Error) => error.message);
    t.regex(String(again), /has no variant by METHOD_/);
  });
}
