import type { Job__Output } from '../../proto/gen/tenon/training/v1/index.js';
import type { Clients } from '../../services/mesh/rpc/clients.js';
import { examplePenguin } from './paste-lines.js';
import { penguinsCsv } from './penguins.js';

const deadlineMs = 120_000;
const chunkBytes = 256 * 1024;

async function* upload(bytes: Buffer) {
  yield { header: { dataset: 'datasets/penguins' } };
  for (let at = 0; at < bytes.length; at += chunkBytes) yield { chunk: bytes.subarray(at, at + chunkBytes) };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** What a JSON object is as a `google.protobuf.Struct`. */
function structOf(record: Record<string, string | number | null>) {
  const fields = Object.entries(record).map(([name, value]) => {
    if (value === null) return [name, { nullValue: 'NULL_VALUE' as const }] as const;
    return [name, typeof value === 'string' ? { stringValue: value } : { numberValue: value }] as const;
  });
  return { fields: Object.fromEntries(fields) };
}

/** What the walk found. */
export interface WalkResult {
  /** The accuracy on the held-out rows. */
  accuracy: number;
  /** The version that answers. Format: `models/{model}/versions/{version}`. */
  modelVersion: string;
  /** The class predicted for the example penguin. */
  species: string;
}

/** Takes the penguins from a raw CSV file to a served prediction, saying what happens at each step. */
export async function walk(clients: Clients, say: (line: string) => void): Promise<WalkResult> {
  const csv = Buffer.from(penguinsCsv());
  const dataset = await clients.datasets.uploadDataset(upload(csv), { deadlineMs });
  say(`\n1. Uploaded ${csv.length} bytes of CSV: ${dataset.name}, ${dataset.rowCount} rows, kept under its sha256`);
  say(`   ${dataset.digest}`);
  for (const { name, nullCount, distinctCount, topValues } of dataset.profile) {
    const values = topValues.slice(0, 4).map(({ value, count }) => `${value} ${count}`);
    say(`   ${name.padEnd(18)} ${`${nullCount} missing`.padEnd(11)} ${distinctCount} distinct  ${values.join(', ')}`);
  }

  const created = await clients.training.createJob(
    {
      job: {
        spec: {
          datasetVersion: dataset.name,
          target: 'species',
          steps: [{ fillMissing: {} }, { columns: ['island', 'sex'], oneHot: { unknown: 'UNKNOWN_CATEGORY_IGNORE' } }],
          estimator: { estimator: 'estimators/random-forest' },
          validation: { stratifiedKFold: { folds: 5 } },
          seed: 7,
          model: 'models/penguins',
          alias: 'production',
        },
      },
    },
    { deadlineMs },
  );
  say(`\n2. Training ${created.name}: fill missing values, one-hot the text, random forest of 100 trees, 5 folds`);
  let job: Job__Output | null = null;
  for await (const event of clients.training.watchJob({ name: created.name }, { deadlineMs })) {
    if (event.foldFinished) {
      const { fold, trainRows, testRows, metrics, fitSeconds } = event.foldFinished;
      const accuracy = metrics.find(({ name }) => name === 'accuracy')?.value ?? Number.NaN;
      const time = `fitted ${trainRows} rows in ${(1000 * fitSeconds).toFixed(0)} ms`;
      say(`   fold ${fold}: ${time}, accuracy ${percent(accuracy)} on ${testRows} rows`);
    }
    if (event.stateChanged) job = event.stateChanged;
  }
  const result = job?.result;
  if (job?.state !== 'STATE_SUCCEEDED' || !result) {
    throw new Error(`${created.name} ended as ${job?.state}: ${job?.error?.message ?? 'no reason given'}`);
  }
  const accuracy = result.testMetrics.find(({ name }) => name === 'accuracy')?.value ?? Number.NaN;
  say(`   held out: accuracy ${percent(accuracy)} on ${result.testRows} rows that no fold saw`);

  const version = await clients.registry.getModelVersion({ name: result.modelVersion }, { deadlineMs });
  const bytes = version.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  say(
    `\n3. Registered ${version.name} with ${version.files.length} files, ${bytes} bytes; alias production points at it`,
  );
  say(`   trained with ${version.lineage?.isa} on ${version.lineage?.datasetVersion}`);

  const deployment = await clients.deployments.createDeployment(
    { deployment: { name: 'deployments/penguins', alias: 'models/penguins/versions/@production' } },
    { deadlineMs },
  );
  const begin = performance.now();
  for await (const event of clients.deployments.watchDeployment({ name: deployment.name }, { deadlineMs })) {
    if (event.deployment?.state === 'STATE_READY') break;
    if (event.deployment?.state === 'STATE_ERROR') throw new Error(event.deployment.error?.message);
  }
  const took = (performance.now() - begin).toFixed(0);
  say(`\n4. Deployed ${deployment.name}: digests checked, training's answers reproduced, ready after ${took} ms`);

  const request = { deployment: deployment.name, records: [structOf(examplePenguin)] };
  const answer = await clients.predictions.predict(request, { deadlineMs: 5_000 });
  const [prediction] = answer.predictions;
  const species = prediction?.value?.stringValue ?? '';
  const shares = answer.classes.map((name, index) => `${name} ${percent(prediction?.probabilities[index] ?? 0)}`);
  say(`\n5. Predicted ${JSON.stringify(examplePenguin)}`);
  say(`   ${species} (${shares.join(', ')}) by ${answer.modelVersion}`);
  return { accuracy, modelVersion: answer.modelVersion, species };
}
