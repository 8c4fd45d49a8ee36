import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import test from 'ava';
import { createRandom } from '../../native/validation/random.js';
import type { Value as JsonValue } from '../../proto/gen/google/protobuf/Value.js';
import type { JobSpec } from '../../proto/gen/tenon/training/v1/index.js';
import { idxFile } from '../harness/array-files.js';
import { eventually } from '../harness/eventually.js';
import { type InProcessMesh, startInProcessMesh } from '../harness/in-process-mesh.js';
import { requireTool } from '../harness/required.js';

const soon = { deadlineMs: 110_000 };

let mesh: InProcessMesh;

test.before(async () => {
  mesh = await startInProcessMesh();
});

test.after.always(async () => {
  await mesh?.remove();
});

/** Uploads array files as the columns of one version. */
async function upload(id: string, files: Record<string, Buffer>) {
  const file = Buffer.concat(Object.values(files));
  const parts = Object.entries(files).map(([column, bytes]) => ({ column, sizeBytes: bytes.length }));
  async function* messages() {
    yield { header: { dataset: `datasets/${id}`, parts } };
    for (let at = 0; at < file.length; at += 1 << 20) yield { chunk: file.subarray(at, at + (1 << 20)) };
  }
  return mesh.clients.datasets.uploadDataset(messages(), soon);
}

/** Trains on a dataset's images and deploys the model; the held-out accuracy. */
async function trainAndDeploy(id: string, spec: JobSpec): Promise<number> {
  const { training, deployments } = mesh.clients;
  const name = `jobs/${id}`;
  const full = {
    datasetVersion: `datasets/${id}/versions/1`,
    target: 'label',
    seed: 3,
    model: `models/${id}`,
    ...spec,
  };
  await training.createJob({ job: { name, spec: full } }, soon);
  for await (const _event of training.watchJob({ name }, soon));
  const job = await training.getJob({ name }, soon);
  if (job.state !== 'STATE_SUCCEEDED') throw new Error(`the job ended ${job.state}: ${job.error?.message}`);
  await deployments.createDeployment(
    { deployment: { name: `deployments/${id}`, version: `models/${id}/versions/1` } },
    soon,
  );
  await eventually(
    () => deployments.getDeployment({ name: `deployments/${id}` }, soon),
    ({ state }) => state === 'STATE_READY',
  );
  return job.result?.testMetrics.find(({ name: metric }) => metric === 'accuracy')?.value ?? 0;
}

const flat = (pixels: Uint8Array): JsonValue => ({
  listValue: { values: Array.from(pixels, (numberValue) => ({ numberValue })) },
});

const tensorOf = (shape: number[], data: Uint8Array) => ({
  tensorValue: { dtype: 'DATA_TYPE_UINT8' as const, shape, data: Buffer.from(data) },
});

/** Bars: the label is the row, or 8 plus the column, that is bright. */
function bars(count: number) {
  const random = createRandom(5);
  const pixels = new Uint8Array(count * 64).map(() => random.below(60));
  const labels = Uint8Array.from({ length: count }, (_, index) => index % 16);
  for (let index = 0; index < count; index++) {
    const bar = (labels[index] ?? 0) % 8;
    for (let at = 0; at < 8; at++) {
      pixels[index * 64 + ((labels[index] ?? 0) < 8 ? bar * 8 + at : at * 8 + bar)] = 200 + random.below(55);
    }
  }
  return { pixels, labels };
}

test('images and labels in IDX train a dense network that is served, every form of a row giving the same', async (t) => {
  const { pixels, labels } = bars(480);
  const version = await upload('bars', { image: idxFile([480, 8, 8], pixels), label: idxFile([480], labels) });
  t.is(version.rowCount, 480);
  const accuracy = await trainAndDeploy('bars', {
    estimator: {
      estimator: 'estimators/neural-network',
      parameters: { hidden_layer_sizes: { stringValue: '32' }, max_iter: { integerValue: 30 } },
    },
    validation: { holdout: { fraction: 0.2 } },
  });
  t.true(accuracy >= 0.95, `accuracy ${accuracy}`);
  const { predictions } = mesh.clients;
  const deployment = 'deployments/bars';
  const { signature } = await predictions.getSignature({ deployment }, soon);
  t.deepEqual(
    signature?.inputs?.columns.map(({ name, type, tensor }) => [name, type, tensor]),
    [['image', 'COLUMN_TYPE_TENSOR', { dtype: 'DATA_TYPE_UINT8', shape: [8, 8] }]],
  );
  const one = pixels.subarray(64 * 5, 64 * 6);
  const nested = {
    listValue: { values: Array.from({ length: 8 }, (_, row) => flat(one.subarray(row * 8, row * 8 + 8))) },
  };
  const records = [{ fields: { image: flat(one) } }, { fields: { image: nested } }];
  const fromRecords = await predictions.predict({ deployment, records }, soon);
  const rows = [{ values: { image: tensorOf([8, 8], one) } }];
  const fromRows = await predictions.predict({ deployment, rows }, soon);
  t.is(fromRecords.predictions[0]?.value?.integerValue, 5);
  t.deepEqual(fromRecords.predictions[1], fromRecords.predictions[0]);
  t.deepEqual(fromRows.predictions[0], fromRecords.predictions[0]);
  // Enough rows that the event loop does not score them.
  const many = Array.from({ length: 200 }, (_, index) => ({
    values: { image: tensorOf([8, 8], pixels.subarray(index * 64, index * 64 + 64)) },
  }));
  const all = await predictions.predict({ deployment, rows: many }, soon);
  t.deepEqual(all.predictions[5], fromRecords.predictions[0]);
});

test('a convolutional network takes the size of its images from their column, channels included', async (t) => {
  const { pixels, labels } = bars(480);
  // Two channels: the bars, and their negative.
  const colours = Uint8Array.from({ length: pixels.length * 2 }, (_, at) => {
    const pixel = pixels[at >> 1] ?? 0;
    return at % 2 === 0 ? pixel : 255 - pixel;
  });
  await upload('colours', { image: idxFile([480, 16, 4, 2], colours), label: idxFile([480], labels) });
  const spec = {
    estimator: {
      estimator: 'estimators/convolutional-network',
      parameters: { convolution_channels: { stringValue: '8' }, max_iter: { integerValue: 30 } },
    },
    validation: { none: {} },
  };
  // Sixteen rows of four: as a square, 128 features of one channel are no image.
  t.true((await trainAndDeploy('colours', spec)) >= 0.9);
});

test('a tensor feature goes with other columns, and with estimators that know nothing of images', async (t) => {
  const { pixels, labels } = bars(160);
  const noise = idxFile(
    [160],
    Float32Array.from({ length: 160 }, (_, row) => Math.sin(row)),
    'f32',
  );
  await upload('mixed', { noise, image: idxFile([160, 64], pixels), label: idxFile([160], labels) });
  const accuracy = await trainAndDeploy('mixed', {
    estimator: { estimator: 'estimators/random-forest', parameters: { n_estimators: { integerValue: 50 } } },
    validation: { none: {} },
  });
  t.true(accuracy >= 0.8, `accuracy ${accuracy}`);
  const { result } = await mesh.clients.training.getJob({ name: 'jobs/mixed' }, soon);
  t.deepEqual(result?.features, ['noise', 'image']);
  const [ofNoise = 0, ofImage = 0] = result?.importances ?? [];
  t.true(ofImage > 0.9 && Math.abs(ofNoise + ofImage - 1) < 1e-9, `${ofNoise} and ${ofImage}`);
  const rows = [{ values: { noise: { doubleValue: 0 }, image: tensorOf([64], pixels.subarray(64 * 9, 64 * 10)) } }];
  const { predictions } = await mesh.clients.predictions.predict({ deployment: 'deployments/mixed', rows }, soon);
  t.is(predictions[0]?.value?.integerValue, 9);
});

test('a convolutional network knows the size of images by their column', async (t) => {
  // Images of 4 x 16 are no square, so that features alone would not tell.
  const { pixels, labels } = bars(320);
  await upload('wide', { image: idxFile([320, 4, 16], pixels), label: idxFile([320], labels) });
  const accuracy = await trainAndDeploy('wide', {
    estimator: {
      estimator: 'estimators/convolutional-network',
      parameters: {
        convolution_channels: { stringValue: '8' },
        pool: { stringValue: 'none' },
        hidden_layer_sizes: { stringValue: '32' },
        max_iter: { integerValue: 30 },
      },
    },
    validation: { none: {} },
  });
  t.true(accuracy >= 0.9, `accuracy ${accuracy}`);
  const rows = [{ values: { image: tensorOf([4, 16], pixels.subarray(64 * 5, 64 * 6)) } }];
  const { predictions } = await mesh.clients.predictions.predict({ deployment: 'deployments/wide', rows }, soon);
  t.is(predictions[0]?.value?.integerValue, 5);
});

const folder = '/usr/share/datasets/fashion-mnist';
const packaged = requireTool('Fashion-MNIST', folder, 'scripts/install-debian-packages.sh');

packaged.test('a dense network learns 5,000 images of Fashion-MNIST, and is served as it was tested', async (t) => {
  const count = 5_000;
  const read = (name: string) => gunzipSync(readFileSync(join(folder, `train-${name}-ubyte.gz`)));
  const pixels = read('images-idx3').subarray(16, 16 + count * 784);
  const labels = read('labels-idx1').subarray(8, 8 + count);
  await upload('fashion', { image: idxFile([count, 28, 28], pixels), label: idxFile([count], labels) });
  const accuracy = await trainAndDeploy('fashion', {
    estimator: {
      estimator: 'estimators/neural-network',
      parameters: { hidden_layer_sizes: { stringValue: '64' }, max_iter: { integerValue: 12 } },
    },
    validation: { none: {} },
  });
  t.true(accuracy > 0.8, `held-out accuracy ${accuracy}`);
  const deployment = 'deployments/fashion';
  const rows = Array.from({ length: 50 }, (_, row) => pixels.subarray(row * 784, row * 784 + 784));
  const typed = await mesh.clients.predictions.predict(
    { deployment, rows: rows.map((image) => ({ values: { image: tensorOf([28, 28], image) } })) },
    soon,
  );
  const plain = await mesh.clients.predictions.predict(
    { deployment, records: rows.map((image) => ({ fields: { image: flat(image) } })) },
    soon,
  );
  t.deepEqual(plain.predictions, typed.predictions);
  const right = typed.predictions.filter(({ value }, row) => value?.integerValue === labels[row]).length;
  t.true(right >= 40, `${right} of 50`);
});
