import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceDefinition } from '@grpc/grpc-js';
import test from 'ava';
import {
  datasetService,
  deploymentService,
  predictionService,
  recipeService,
  registryService,
  trainingService,
} from '../../proto/contracts.js';
import { serviceNames } from '../../services/mesh/discovery/backend.js';
import type { Clients, ServiceName } from '../../services/mesh/rpc/clients.js';
import { verifyRegistry } from '../../services/registry/verify.js';
import { eventually } from '../harness/eventually.js';
import { type InProcessMesh, startInProcessMesh } from '../harness/in-process-mesh.js';
import { type RandomFinding, type RandomOutcome, sendRandomRequests } from '../harness/random-requests.js';
import { answerOf, connectRaw, cutRaw, framed, openRaw } from '../harness/raw-grpc.js';

const seed = 20_260_101;
const messagesPerMethod = 1_000;
const soon = { deadlineMs: 60_000 };
const contracts: readonly [ServiceName, ServiceDefinition][] = [
  ['data', datasetService],
  ['data', recipeService],
  ['training', trainingService],
  ['registry', registryService],
  ['serving', deploymentService],
  ['serving', predictionService],
];

const csv = `size,colour,species\n${Array.from({ length: 60 }, (_, row) => `${row}.5,${row % 2 ? 'red' : ''},${row < 30 ? 'small' : 'tall'}`).join('\n')}\n`;
const steps = [{ fillMissing: {} }, { columns: ['colour'], oneHot: { unknown: 2 } }];
const artifact = Buffer.from('an artifact');
const sha256 = createHash('sha256').update(artifact).digest('hex');

function specOf(name: string) {
  return {
    datasetVersion: `datasets/${name}/versions/1`,
    target: 'species',
    steps,
    estimator: { estimator: 'estimators/random-forest', parameters: { n_estimators: { integerValue: 5 } } },
    validation: { kFold: { folds: 2 } },
    seed: 7,
    model: `models/${name}`,
    alias: 'production',
  };
}

const row = { values: { size: { doubleValue: 3 }, colour: { stringValue: 'red' } } };
const version = {
  description: 'by hand',
  signature: {
    inputs: { columns: [{ name: 'size', type: 3 }] },
    target: { name: 'species', type: 4, categories: ['small', 'tall'] },
    task: 1,
    classes: ['small', 'tall'],
  },
  files: [{ path: 'weights.safetensors', artifact: `artifacts/${sha256}`, sizeBytes: artifact.length }],
  metrics: [{ name: 'accuracy', value: 0.9 }],
  lineage: { datasetVersion: 'datasets/penguins/versions/1', seed: 3 },
};

const { estimator, ...withoutEstimator } = specOf('penguins');
const search = {
  ...withoutEstimator,
  candidates: [
    {
      estimator,
      steps,
      space: [{ parameter: 'max_depth', list: { values: [{ integerValue: 1 }, { integerValue: 3 }] } }],
    },
    {
      estimator: { estimator: 'estimators/logistic-regression' },
      space: [{ parameter: 'C', range: { low: 0.1, high: 1 } }],
    },
  ],
  search: { random: { samples: 2 }, budget: { maxCandidates: 3, maxSeconds: 5 } },
  metric: 'accuracy',
  permutationImportance: { repeats: 2 },
  limits: { scheduleToCloseTimeout: { seconds: 20 }, retry: { maxAttempts: 2 }, maxThreads: 2 },
};

/** Right requests of each method, enums by number as they are serialized. */
const bases: Record<string, readonly Record<string, unknown>[]> = {
  UploadDataset: [{ header: { dataset: 'datasets/penguins', format: 1 } }, { chunk: Buffer.from(csv) }],
  GetDataset: [{ name: 'datasets/penguins' }],
  ListDatasets: [{ pageSize: 3 }],
  UpdateDataset: [
    { dataset: { name: 'datasets/penguins', displayName: 'x' }, updateMask: { paths: ['display_name'] } },
  ],
  DeleteDataset: [{ name: 'datasets/penguins' }],
  GetDatasetVersion: [{ name: 'datasets/penguins/versions/1' }],
  ListDatasetVersions: [{ parent: 'datasets/penguins', pageSize: 3 }],
  PreviewDatasetVersion: [{ name: 'datasets/penguins/versions/1', rowCount: 3, firstRow: 1 }],
  ReadDatasetVersion: [
    { name: 'datasets/penguins/versions/1', columns: ['size'], split: { testFraction: 0.3, seed: 2 }, part: 1 },
  ],
  DownloadDatasetVersion: [{ name: 'datasets/penguins/versions/1' }],
  SplitDatasetVersion: [
    { name: 'datasets/penguins/versions/1', split: { testFraction: 0.3, stratifyColumn: 'species', seed: 2 } },
  ],
  CreateRecipe: [{ recipe: { name: 'recipes/other', displayName: 'Other', steps } }],
  GetRecipe: [{ name: 'recipes/clean' }],
  ListRecipes: [{ pageSize: 3 }],
  UpdateRecipe: [{ recipe: { name: 'recipes/clean', displayName: 'x', steps }, updateMask: { paths: ['steps'] } }],
  DeleteRecipe: [{ name: 'recipes/clean' }],
  PreviewRecipe: [{ datasetVersion: 'datasets/penguins/versions/1', steps, target: 'species', rowCount: 3 }],
  CreateJob: [{ job: { spec: specOf('penguins') } }, { job: { spec: search } }],
  GetJob: [{ name: 'jobs/j1' }],
  ListJobs: [{ pageSize: 3 }],
  WatchJob: [{ name: 'jobs/j1', afterSequence: 1 }],
  CancelJob: [{ name: 'jobs/j1' }],
  DeleteJob: [{ name: 'jobs/j1' }],
  GetEstimator: [{ name: 'estimators/random-forest' }],
  ListEstimators: [{ pageSize: 2 }],
  OptimizeModel: [{ modelVersion: 'models/penguins/versions/1' }],
  ImportModel: [{ spec: { artifact: `artifacts/${'0'.repeat(64)}`, model: 'models/other', classes: ['a', 'b'] } }],
  ExportModel: [{ spec: { modelVersion: 'models/penguins/versions/1', format: 'FORMAT_ONNX' } }],
  CreateModel: [{ model: { name: 'models/other', displayName: 'Other', description: 'x' } }],
  GetModel: [{ name: 'models/penguins' }],
  ListModels: [{ pageSize: 3 }],
  UpdateModel: [{ model: { name: 'models/penguins', description: 'x' }, updateMask: { paths: ['description'] } }],
  DeleteModel: [{ name: 'models/penguins', force: true }],
  CreateModelVersion: [{ parent: 'models/penguins', version }],
  GetModelVersion: [{ name: 'models/penguins/versions/1' }],
  ListModelVersions: [{ parent: 'models/penguins', pageSize: 3 }],
  DeleteModelVersion: [{ name: 'models/penguins/versions/2' }],
  SetAlias: [{ model: 'models/penguins', alias: 'staging', version: 'models/penguins/versions/1' }],
  PromoteModelVersion: [{ name: 'models/penguins/versions/1', alias: 'staging' }],
  RollbackAlias: [{ model: 'models/penguins', alias: 'staging' }],
  DeleteAlias: [{ model: 'models/penguins', alias: 'staging' }],
  WatchModel: [{ name: 'models/penguins' }],
  ListJournalEntries: [{ pageSize: 3 }],
  UploadArtifact: [{ chunk: artifact, sha256 }],
  GetArtifact: [{ name: `artifacts/${sha256}` }],
  DownloadArtifact: [{ name: `artifacts/${sha256}` }],
  CreateDeployment: [{ deployment: { name: 'deployments/other', version: 'models/penguins/versions/1' } }],
  GetDeployment: [{ name: 'deployments/penguins' }],
  ListDeployments: [{ pageSize: 3 }],
  UpdateDeployment: [
    {
      deployment: { name: 'deployments/other', version: 'models/penguins/versions/1' },
      updateMask: { paths: ['version'] },
    },
  ],
  DeleteDeployment: [{ name: 'deployments/penguins' }],
  WatchDeployment: [{ name: 'deployments/penguins' }],
  Predict: [{ deployment: 'deployments/penguins', rows: [row, row] }],
  Explain: [
    { deployment: 'deployments/penguins', rows: [row, row], granularity: 2, allClasses: true, limit: 1 },
    { deployment: 'deployments/penguins', rows: [row], method: 3 },
  ],
  GetPartialDependence: [{ deployment: 'deployments/penguins', column: 'size', rows: [row, row], gridSize: 3 }],
  GetSignature: [{ deployment: 'deployments/penguins' }],
};

async function* messages<Message>(...all: Message[]): AsyncGenerator<Message> {
  yield* all;
}

/** From a file to a prediction, everything named `name`. */
async function walk(clients: Clients, name: string, job: string): Promise<string | undefined> {
  const header = { dataset: `datasets/${name}` };
  await clients.datasets.uploadDataset(messages({ header }, { chunk: Buffer.from(csv) }), soon);
  const spec = { ...specOf(name), steps: [{ fillMissing: {} }, { columns: ['colour'], oneHot: {} }] };
  await clients.training.createJob({ job: { name: `jobs/${job}`, spec } }, soon);
  for await (const _event of clients.training.watchJob({ name: `jobs/${job}` }, soon));
  const deployment = { name: `deployments/${name}`, alias: `models/${name}/versions/@production` };
  await clients.deployments.createDeployment({ deployment }, soon);
  await eventually(
    () => clients.deployments.getDeployment({ name: deployment.name }, soon),
    ({ state }) => state === 'STATE_READY',
  );
  const { predictions } = await clients.predictions.predict({ deployment: deployment.name, rows: [row] }, soon);
  return predictions[0]?.value?.stringValue;
}

let mesh: InProcessMesh;

test.before(async () => {
  mesh = await startInProcessMesh({ training: ['--training.max-queued-jobs=3'] });
});

test.after.always(async () => {
  await mesh?.remove();
});

/** Methods in three turns, so that there is something to meet: what deletes goes second, what deletes a whole last. */
function turnOf(path: string): number {
  if (/\/(?:DeleteDataset|DeleteModel)$/.test(path)) return 2;
  return /\/(?:Delete|Cancel)/.test(path) ? 1 : 0;
}

/** Every file below a folder that is no database and no blob under its digest. */
async function strayFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !/^[0-9a-f]{64}$|\.db(?:-wal|-shm)?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

test(`random requests of every method of the four services end as documented (seed ${seed})`, async (t) => {
  t.timeout(300_000);
  t.is(await walk(mesh.clients, 'penguins', 'j1'), 'small');
  await mesh.clients.recipes.createRecipe({ recipe: { name: 'recipes/clean', steps: [{ fillMissing: {} }] } }, soon);
  await mesh.clients.registry.uploadArtifact(messages({ chunk: artifact }), soon);

  const outcomes: RandomOutcome[] = [];
  const findings: RandomFinding[] = [];
  const tested: string[] = [];
  const sendAll = async (service: ServiceName, turn: number) => {
    const session = await connectRaw(mesh.addresses[service]);
    const definitions = contracts
      .filter(([name]) => name === service)
      .flatMap(([, contract]) => Object.values(contract));
    for (const { path, requestStream } of definitions.filter((method) => turnOf(method.path) === turn)) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      tested.push(name);
      const found = await sendRandomRequests({
        methods: [path],
        bases: { [path]: bases[name] ?? [] },
        // A stream has up to three messages.
        runs: requestStream ? messagesPerMethod / 2 : messagesPerMethod,
        seed,
        concurrency: 16,
        send(method, requests) {
          // A watch has no end of its own.
          const stream = openRaw(session, method, { 'grpc-timeout': name.startsWith('Watch') ? '20m' : '60S' });
          const answered = answerOf(stream);
          stream.end(Buffer.concat(requests.map((request) => framed(request))));
          return answered;
        },
      });
      outcomes.push(...found.outcomes);
      findings.push(...found.findings);
    }
    cutRaw(session);
  };
  for (const turn of [0, 1, 2]) await Promise.all(serviceNames.map((service) => sendAll(service, turn)));

  t.deepEqual(tested.toSorted(), Object.keys(bases).toSorted(), 'every method has a right request to vary');
  t.deepEqual(findings.slice(0, 20), [], `${findings.length} of ${outcomes.length} answers, seed ${seed}`);
  const timedOut = outcomes.filter(({ code, method }) => code === 4 && !method.includes('/Watch'));
  t.deepEqual(timedOut, []);
  const beyondChecks = new Set(outcomes.filter(({ code }) => code !== 3).map(({ method }) => method));
  const held = outcomes.filter(({ method }) => !beyondChecks.has(method)).map(({ method }) => method);
  t.deepEqual([...new Set(held)], [], 'requests of every method came past the checks of their fields');

  const { jobs } = await mesh.clients.training.listJobs({}, soon);
  for (const { name } of jobs) await mesh.clients.training.cancelJob({ name }, soon).catch(() => null);
  t.is(await walk(mesh.clients, 'afterwards', 'afterwards'), 'small', 'the services work as before');
  await mesh.stop();
  t.deepEqual(await strayFiles(mesh.dataDir), []);
  const broken: string[] = [];
  for await (const problem of verifyRegistry(join(mesh.dataDir, 'registry'))) broken.push(problem);
  t.deepEqual(broken, []);
});
