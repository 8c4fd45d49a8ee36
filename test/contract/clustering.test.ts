import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import test from 'ava';
import type { JobSpec } from '../../proto/gen/tenon/training/v1/index.js';
import { TenonError } from '../../services/mesh/errors.js';
import { RpcError } from '../../services/mesh/rpc/rpc-error.js';
import { eventually } from '../harness/eventually.js';
import { type InProcessMesh, startInProcessMesh } from '../harness/in-process-mesh.js';
import { trained } from '../harness/jobs.js';

const call = { deadlineMs: 120_000 };
let mesh: InProcessMesh;

/** Four groups far apart, in two columns of different units, with a colour that says nothing. */
function csv(): string {
  const lines = Array.from({ length: 240 }, (_, row) => {
    const group = row % 4;
    const [x, y] = [
      (group % 2) * 10 + ((row * 37) % 20) / 20,
      (Math.floor(group / 2) * 10 + ((row * 53) % 20) / 20) * 1e3,
    ];
    return `${x},${y},${row % 3 === 0 ? 'red' : 'blue'},${1 + (row % 2)}`;
  });
  return `x,y,colour,weight\n${lines.join('\n')}\n`;
}

test.before(async () => {
  mesh = await startInProcessMesh();
  async function* parts() {
    yield { header: { dataset: 'datasets/groups' } };
    yield { chunk: Buffer.from(csv()) };
  }
  await mesh.clients.datasets.uploadDataset(parts(), call);
});

test.after.always(() => mesh?.remove());

function specWith(changes: JobSpec = {}): JobSpec {
  return {
    datasetVersion: 'datasets/groups/versions/1',
    task: 'TASK_CLUSTERING',
    features: ['x', 'y'],
    estimator: { estimator: 'estimators/k-means', parameters: { n_clusters: { integerValue: 4 } } },
    seed: 5,
    model: `models/m-${randomUUID()}`,
    ...changes,
  };
}

const trainedWith = (changes: JobSpec = {}) => trained(mesh.clients, specWith(changes));

const metricOf = (metrics: readonly { name: string; value: number }[] | undefined, name: string) =>
  metrics?.find((metric) => metric.name === name)?.value ?? Number.NaN;

async function refused(changes: JobSpec, field: string, message: RegExp) {
  try {
    await mesh.clients.training.createJob({ job: { spec: specWith(changes) } }, call);
  } catch (error) {
    if (error instanceof RpcError) {
      return {
        code: error.code,
        at: error.violations.some((violation) => violation.field === field),
        told: message.test(error.message),
      };
    }
    throw error;
  }
  return null;
}

test('k-means is listed among the estimators, for clustering', async (t) => {
  const estimator = await mesh.clients.training.getEstimator({ name: 'estimators/k-means' }, call);
  t.deepEqual(estimator.tasks, ['TASK_CLUSTERING']);
});

test('a clustering is trained without a target, measured on rows left out, and served', async (t) => {
  const job = await trainedWith({ features: [], weightColumn: 'weight' });
  t.is(job.spec?.validation?.method, 'none');
  t.deepEqual(job.spec?.features, ['x', 'y', 'colour']);
  t.deepEqual(
    job.result?.testMetrics.map(({ name }) => name),
    ['silhouette', 'inertia'],
  );
  const version = await mesh.clients.registry.getModelVersion({ name: job.result?.modelVersion ?? '' }, call);
  t.is(version.signature?.task, 'TASK_CLUSTERING');
  t.is(version.signature?.target, null);
  t.deepEqual(version.signature?.classes, []);
  const { name } = await mesh.clients.deployments.createDeployment(
    { deployment: { name: 'deployments/groups', version: version.name } },
    call,
  );
  await eventually(
    () => mesh.clients.deployments.getDeployment({ name }, call),
    ({ state }) => state === 'STATE_READY',
  );
  const at = (x: number, y: number, colour: string) => ({
    values: { x: { doubleValue: x }, y: { integerValue: y }, colour: { stringValue: colour } },
  });
  const rows = [at(0, 0, 'red'), at(1, 0, 'red'), at(10, 0, 'red'), at(0, 1e4, 'red'), at(10, 1e4, 'red')];
  const { predictions, classes } = await mesh.clients.predictions.predict({ deployment: name, rows }, call);
  t.deepEqual(classes, []);
  t.true(predictions.every(({ value, probabilities }) => value?.kind === 'integerValue' && probabilities.length === 0));
  const groups = predictions.map(({ value }) => value?.integerValue);
  t.is(groups[0], groups[1]);
  t.is(new Set(groups).size, 4);
  const asked = { deployment: name, rows };
  for (const unordered of [
    mesh.clients.predictions.explain({ ...asked, method: 'EXPLANATION_METHOD_SAMPLING' }, call),
    mesh.clients.predictions.explain(asked, call),
    mesh.clients.predictions.getPartialDependence({ ...asked, column: 'x' }, call),
  ]) {
    const error = await t.throwsAsync(unordered, { instanceOf: TenonError });
    t.is(error?.reason, 'EXPLANATION_UNSUPPORTED');
    t.regex(error?.message ?? '', /^k-means: predicts the number of a group; numbers of groups have no order/);
  }
});

test('folds judge a clustering by the rows left out', async (t) => {
  const job = await trainedWith({ validation: { kFold: { folds: 3 } } });
  t.is(job.result?.folds.length, 3);
  t.true(metricOf(job.result?.validationMetrics, 'silhouette') > 0.9);
  t.true((job.result?.outOfFoldArtifact ?? '') !== '');
});

test('a search by the silhouette finds how many groups there are', async (t) => {
  const space = [
    { parameter: 'n_clusters', list: { values: [2, 3, 4, 5, 6].map((integerValue) => ({ integerValue })) } },
  ];
  const job = await trainedWith({
    estimator: null,
    candidates: [
      { estimator: { estimator: 'estimators/k-means', parameters: { n_init: { integerValue: 5 } } }, space },
    ],
  });
  t.is(job.spec?.validation?.method, 'kFold');
  t.is(job.result?.leaderboard[0]?.estimator?.parameters.n_clusters?.integerValue, 4);
  const automatic = await trainedWith({ estimator: null, search: { automatic: { samples: 6 } } });
  t.is(automatic.result?.leaderboard.length, 6);
});

test('what clustering cannot do is refused at its field', async (t) => {
  const wrong = { code: status.INVALID_ARGUMENT, at: true, told: true };
  t.deepEqual(await refused({ target: 'x' }, 'job.spec.target', /must be empty for TASK_CLUSTERING/), wrong);
  t.deepEqual(
    await refused({ task: 'TASK_UNSPECIFIED' }, 'job.spec.target', /must be set unless task is TASK_CLUSTERING/),
    wrong,
  );
  t.deepEqual(
    await refused({ validation: { leaveOneOut: {} } }, 'job.spec.validation.leave_one_out', /several rows/),
    wrong,
  );
  t.deepEqual(
    await refused({ validation: { stratifiedKFold: {} } }, 'job.spec.validation.stratified_k_fold', /classification/),
    wrong,
  );
  t.deepEqual(
    await refused(
      { estimator: { estimator: 'estimators/random-forest' } },
      'job.spec.estimator.estimator',
      /cannot do/,
    ),
    wrong,
  );
  t.deepEqual(
    await refused(
      { task: 'TASK_REGRESSION', target: 'x', features: ['y'] },
      'job.spec.estimator.estimator',
      /it does TASK_CLUSTERING/,
    ),
    wrong,
  );
  t.deepEqual(
    await refused({ permutationImportance: {} }, 'job.spec.permutation_importance', /unset for TASK_CLUSTERING/),
    wrong,
  );
  const metric = { metric: 'accuracy', validation: { kFold: {} }, estimator: null, search: { automatic: {} } };
  t.deepEqual(await refused(metric, 'job.spec.metric', /a metric of clustering: silhouette, inertia/), wrong);
});
