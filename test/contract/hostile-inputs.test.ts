import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { status } from '@grpc/grpc-js';
import test from 'ava';
import { predictionService } from '../../proto/contracts.js';
import type { Value as JsonValue } from '../../proto/gen/google/protobuf/Value.js';
import type { Tensor } from '../../proto/gen/tenon/common/v1/index.js';
import type { UploadDatasetHeader } from '../../proto/gen/tenon/data/v1/index.js';
import type { ExplainRequest } from '../../proto/gen/tenon/serving/v1/index.js';
import type { JobSpec } from '../../proto/gen/tenon/training/v1/index.js';
import { packageRoot } from '../../proto/root.js';
import type { FieldViolation } from '../../services/mesh/errors.js';
import { RpcError } from '../../services/mesh/rpc/rpc-error.js';
import { decodeStatus, messageType, type ReadStatus } from '../../services/mesh/rpc/status-details.js';
import { idxFile, npyFile, npyHeader } from '../harness/array-files.js';
import { eventually } from '../harness/eventually.js';
import { type InProcessMesh, startInProcessMesh } from '../harness/in-process-mesh.js';
import { callRaw } from '../harness/raw-grpc.js';

const soon = { deadlineMs: 60_000 };
const threeGigabytes = 3_000_000_000;
const csv = `size,colour,species\n${Array.from({ length: 60 }, (_, row) => `${row}.5,${row % 2 ? 'red' : 'blue'},${row < 30 ? 'small' : 'tall'}`).join('\n')}\n`;

/** How a call, or a job or deployment, failed. */
interface Failure {
  reason: ReadStatus['reason'];
  violations: readonly FieldViolation[];
  code: number;
  message: string;
}
interface Case {
  /** What is sent, and how it fails. */
  failure(): Promise<Failure>;
  /** What the message tells besides the field. */
  tells: RegExp;
}

let mesh: InProcessMesh;
let parquet: Buffer;
let weights: Buffer;

async function* messages<Message>(...all: Message[]): AsyncGenerator<Message> {
  yield* all;
}

function upload(file: string | Buffer, header: UploadDatasetHeader = {}, dataset = 'datasets/hostile') {
  return mesh.clients.datasets.uploadDataset(
    messages({ header: { dataset, ...header } }, { chunk: Buffer.from(file as string) }),
    soon,
  );
}

function createJob(changes: JobSpec, name = '') {
  const spec = {
    datasetVersion: 'datasets/things/versions/1',
    target: 'species',
    steps: [{ columns: ['colour'], oneHot: {} }],
    estimator: { estimator: 'estimators/logistic-regression' },
    validation: { kFold: { folds: 2 } },
    seed: 7,
    model: 'models/things',
    ...changes,
  };
  return mesh.clients.training.createJob({ job: { name, spec } }, soon);
}

const images = idxFile(
  [40, 2, 2],
  Uint8Array.from({ length: 160 }, (_, index) => (index % 8 < 4 ? 10 : 200) + (index % 7)),
);
const imageSpec: JobSpec = { datasetVersion: 'datasets/images/versions/1', target: 'label', model: 'models/images' };

/** Uploads two arrays as the columns `image` and `label`. */
function uploadImages(pixels: Buffer, labels: Buffer, dataset = 'datasets/hostile') {
  const parts = [
    { column: 'image', sizeBytes: pixels.length },
    { column: 'label', sizeBytes: labels.length },
  ];
  return upload(Buffer.concat([pixels, labels]), { parts }, dataset);
}

test.before(async () => {
  mesh = await startInProcessMesh();
  const { clients } = mesh;
  const { name } = await upload(csv, {}, 'datasets/things');
  const chunks: Buffer[] = [];
  for await (const { chunk } of clients.datasets.downloadDatasetVersion({ name }, soon)) chunks.push(chunk);
  parquet = Buffer.concat(chunks);
  await createJob({}, 'jobs/things');
  for await (const _event of clients.training.watchJob({ name: 'jobs/things' }, soon));
  const version = await clients.registry.getModelVersion({ name: 'models/things/versions/1' }, soon);
  const stored = version.files.find(({ path }) => path === 'weights.safetensors')?.artifact ?? '';
  const parts: Buffer[] = [];
  for await (const { chunk } of clients.registry.downloadArtifact({ name: stored }, soon)) parts.push(chunk);
  weights = Buffer.concat(parts);
  await deploy('things', version.name);
  await uploadImages(
    images,
    idxFile(
      [40],
      Array.from({ length: 40 }, (_, row) => row % 2),
    ),
    'datasets/images',
  );
  await createJob({ ...imageSpec, steps: [{ columns: ['image'], minMax: {} }] }, 'jobs/images');
  for await (const _event of clients.training.watchJob({ name: 'jobs/images' }, soon));
  await deploy('images', 'models/images/versions/1');
  for (const [id, fields] of [
    ['things', right],
    ['images', { image: list([10, 11, 12, 13]) }],
  ] as const) {
    const { name: deployment } = await eventually(
      () => clients.deployments.getDeployment({ name: `deployments/${id}` }, soon),
      ({ state }) => state === 'STATE_READY',
    );
    await clients.predictions.predict({ deployment, records: [{ fields }] }, soon);
  }
});

test.after.always(async () => {
  await mesh?.remove();
});

function deploy(id: string, version: string) {
  return mesh.clients.deployments.createDeployment({ deployment: { name: `deployments/${id}`, version } }, soon);
}

/** How a call fails. */
async function failing(call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    if (error instanceof RpcError) return error;
    throw error;
  }
  throw new Error('the call did not fail');
}

/** What a `google.rpc.Status` inside a resource says. */
function told(resource: object | null | undefined): Failure {
  const bytes = messageType<object, object>('google.rpc.Status').serialize(resource ?? {});
  const { code = 0, message = '' } = (resource ?? {}) as { code?: number; message?: string };
  return { ...decodeStatus(bytes), code, message };
}

const right: Record<string, JsonValue> = { size: { numberValue: 3.5 }, colour: { stringValue: 'red' } };

/** A prediction of a right record and then this one. */
function record(fields: Record<string, JsonValue>): Promise<Failure> {
  const records = [{ fields: right }, { fields }];
  return failing(mesh.clients.predictions.predict({ deployment: 'deployments/things', records }, soon));
}

function row(size: object): Promise<Failure> {
  const values = { size, colour: { stringValue: 'red' } };
  return failing(mesh.clients.predictions.predict({ deployment: 'deployments/things', rows: [{ values }] }, soon));
}

function explain(request: ExplainRequest): Promise<Failure> {
  return failing(mesh.clients.predictions.explain({ deployment: 'deployments/things', ...request }, soon));
}

const list = (numbers: number[]): JsonValue => ({
  listValue: { values: numbers.map((numberValue) => ({ numberValue })) },
});

/** A prediction of one record with this image. */
function image(value: JsonValue): Promise<Failure> {
  const records = [{ fields: { image: value } }];
  return failing(mesh.clients.predictions.predict({ deployment: 'deployments/images', records }, soon));
}

function typedImage(tensorValue: Tensor): Promise<Failure> {
  const rows = [{ values: { image: { tensorValue } } }];
  return failing(mesh.clients.predictions.predict({ deployment: 'deployments/images', rows }, soon));
}

/** The weights with a first tensor whose header claims three gigabytes, whatever its data are. */
function claimingWeights(): Buffer {
  const headerLength = Number(weights.readBigUInt64LE(0));
  const header = JSON.parse(weights.toString('utf8', 8, 8 + headerLength)) as Record<string, { shape: number[] }>;
  const [name = ''] = Object.keys(header).filter((key) => key !== '__metadata__');
  const tensor = header[name];
  if (tensor !== undefined) tensor.shape = [threeGigabytes / 8]; // Of 64-bit numbers.
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, weights.subarray(8 + headerLength)]);
}

async function versionClaiming(changes: { bytes?: Buffer; sizeBytes?: number }) {
  const { registry } = mesh.clients;
  const { signature, files } = await registry.getModelVersion({ name: 'models/things/versions/1' }, soon);
  const artifact = changes.bytes && (await registry.uploadArtifact(messages({ chunk: changes.bytes }), soon));
  const claiming = files.map((file) => {
    if (file.path !== 'weights.safetensors') return file;
    return {
      path: file.path,
      artifact: artifact?.name ?? file.artifact,
      sizeBytes: changes.sizeBytes ?? artifact?.sizeBytes ?? file.sizeBytes,
    };
  });
  const weightsFirst = claiming.toSorted((a) => (a.path === 'weights.safetensors' ? -1 : 1));
  return registry.createModelVersion({ parent: 'models/things', version: { signature, files: weightsFirst } }, soon);
}

const damagedParquet = () => {
  const bytes = Buffer.from(parquet);
  return bytes.fill(0xff, 4, Math.floor(bytes.length / 2));
};

const cases: Record<string, Case> = {
  'Predict: a column that the model does not have': {
    failure: () => record({ ...right, colr: { stringValue: 'red' } }),
    tells: /"colr" .*did you mean colour\?/,
  },
  'Predict: a misspelt column in place of the right one': {
    failure: () => record({ size: { numberValue: 1 }, colr: { stringValue: 'red' } }),
    tells: /must be present.*the row has "colr"/,
  },
  'Predict: a missing column': {
    failure: () => record({ colour: { stringValue: 'red' } }),
    tells: /must be present; send null/,
  },
  'Predict: text where a number belongs': {
    failure: () => record({ ...right, size: { stringValue: '3.5' } }),
    tells: /"3\.5" must be a .*double|"3\.5" .*number/,
  },
  'Predict: a typed value of another type': { failure: () => row({ boolValue: true }), tells: /true must be a/ },
  'Predict: an unknown category': {
    failure: () => record({ ...right, colour: { stringValue: 'mauve' } }),
    tells: /"mauve"/,
  },
  'Predict: NaN': {
    failure: () => record({ ...right, size: { numberValue: Number.NaN } }),
    tells: /NaN must be finite/,
  },
  'Predict: an infinity in a typed row': {
    failure: () => row({ doubleValue: Number.NEGATIVE_INFINITY }),
    tells: /-Infinity must be finite/,
  },
  'Predict: a tensor of another shape': {
    failure: () => image(list([1, 2, 3])),
    tells: /shape \[3\]" must be a list of shape \[2, 2\], or a flat list of 4, of u8/,
  },
  'Predict: a typed tensor of another element type': {
    failure: () => typedImage({ dtype: 'DATA_TYPE_FP32', shape: [2, 2], data: Buffer.alloc(16) }),
    tells: /DATA_TYPE_FP32 \[2, 2\]" must be DATA_TYPE_UINT8 \[2, 2\]/,
  },
  'Predict: an element that is no byte': {
    failure: () => image(list([1, 2, 256, 4])),
    tells: /256 at element 2 must be a whole number from 0 to 255/,
  },
  'Predict: NaN in a tensor': {
    failure: () => image(list([1, Number.NaN, 3, 4])),
    tells: /NaN at element 1 must be a whole number from 0 to 255/,
  },
  'Predict: no rows': {
    failure: () => failing(mesh.clients.predictions.predict({ deployment: 'deployments/things' }, soon)),
    tells: /0 rows must be >= 1/,
  },
  'Explain: a missing column': {
    failure: () => explain({ records: [{ fields: right }, { fields: { colour: { stringValue: 'red' } } }] }),
    tells: /must be present; send null/,
  },
  'Explain: more rows than it takes': {
    failure: () => explain({ rows: Array.from({ length: 10_001 }, () => ({})) }),
    tells: /10001 rows must be <= 10000/,
  },
  'Explain: a negative limit': {
    failure: () => explain({ records: [{ fields: right }], limit: -1 }),
    tells: /-1 must be >= 0/,
  },
  'Explain: a method that the estimator does not have': {
    failure: () => explain({ records: [{ fields: right }], method: 'EXPLANATION_METHOD_TREE_SHAP' }),
    tells: /^logistic-regression: is explained by EXPLANATION_METHOD_LINEAR_SHAP/,
  },
  'Upload: CSV with a row that is too short': {
    failure: () => failing(upload('a,b,c\n1,2,3\n4,5\n')),
    tells: /line 3, column c: found 2 fields, expected 3/,
  },
  'Upload: CSV with a row that is too long': {
    failure: () => failing(upload('a,b\n1,2\n\n3,4,5\n')),
    tells: /line 4, column 3: found 3 fields, expected 2/,
  },
  'Upload: CSV with a cell of another type than asked for': {
    failure: () => failing(upload('a,b\n1,2\n3,x\n', { columns: [{ name: 'b', type: 'COLUMN_TYPE_INTEGER' }] })),
    tells: /line 3, column b: "x" is no INTEGER/,
  },
  'Upload: a type for a column that the file does not have': {
    failure: () => failing(upload('a,b\n1,2\n', { columns: [{ name: 'z', type: 'COLUMN_TYPE_DOUBLE' }] })),
    tells: /"z" is no column of the file; it has a, b/,
  },
  'Upload: an empty file': { failure: () => failing(upload('')), tells: /no rows: the file is empty/ },
  'Upload: a header without rows': { failure: () => failing(upload('a,b\n')), tells: /no rows: only a header/ },
  'Upload: a Parquet file cut short': {
    failure: () => failing(upload(parquet.subarray(0, parquet.length - 100))),
    tells: /cut short: the last 4 of its \d+ bytes must be PAR1/,
  },
  'Upload: a Parquet file with damaged pages': {
    failure: () => failing(upload(damagedParquet())),
    tells: /no readable Parquet file: its footer or its pages are damaged/,
  },
  'Upload: a Parquet footer that claims 3 GB': {
    failure: () => {
      const bytes = Buffer.from(parquet);
      bytes.writeUInt32LE(threeGigabytes, bytes.length - 8);
      return failing(upload(bytes));
    },
    tells: /footer claims 3000000000 bytes, must be at most \d+/,
  },
  'Upload: an IDX file cut short': {
    failure: () => failing(upload(images.subarray(0, -1))),
    tells: /claims 160 bytes of elements, must be 159/,
  },
  'Upload: an IDX file with bytes behind its elements': {
    failure: () => failing(upload(Buffer.concat([images, Buffer.of(0)]))),
    tells: /claims 160 bytes of elements, must be 161/,
  },
  'Upload: an IDX shape that claims 3 GB': {
    failure: () => failing(upload(idxFile([threeGigabytes / 1000, 10, 100], new Uint8Array(84)))),
    tells: /claims 3000000000 bytes of elements, must be 84/,
  },
  'Upload: an IDX shape whose product overflows': {
    failure: () => failing(upload(idxFile(new Array(60).fill(0xffff_ffff), []))),
    tells: /bytes of elements, must be <= 4294967296, data\.max-upload-bytes/,
  },
  'Upload: a gzip bomb': {
    failure: () => failing(upload(gzipSync(Buffer.concat([images, Buffer.alloc(100_000_000)])))),
    tells: /claims 160 bytes of elements, the file has more/,
  },
  'Upload: an NPY file of Python objects': {
    failure: () => failing(upload(npyFile(npyHeader('|O', [1]), new Uint8Array(8)))),
    tells: /Python objects are never read/,
  },
  'Upload: NaN among the elements of a tensor': {
    failure: () => failing(upload(idxFile([2, 2], [1, 2, 3, Number.NaN], 'f32'), { parts: [{ column: 'x' }] })),
    tells: /column x: element 1 of row 1 is NaN, must be finite/,
  },
  'Upload: images and labels of different counts': {
    failure: () => failing(uploadImages(images, idxFile([3], [0, 1, 0]))),
    tells: /3 rows must be 40, as header\.parts\[0\] has/,
  },
  'Upload: parts whose lengths are not those of the file': {
    failure: () => failing(upload(images, { parts: [{ sizeBytes: 100 }, { sizeBytes: 100 }] })),
    tells: /200 bytes in all must be 176/,
  },
  'CreateJob: a target that is no column': {
    failure: () => failing(createJob({ target: 'specis' })),
    tells: /"specis" is no column .*did you mean species\?/,
  },
  'CreateJob: a feature that is no column': {
    failure: () => failing(createJob({ features: ['size', 'colr'] })),
    tells: /"colr" is no column .*did you mean colour\?/,
  },
  'CreateJob: a step that names no column': {
    failure: () => failing(createJob({ steps: [{ columns: ['colr'], oneHot: {} }] })),
    tells: /"colr" .*colour/,
  },
  'CreateJob: a step for numbers on a text column': {
    failure: () => failing(createJob({ steps: [{ columns: ['colour'], standardize: {} }] })),
    tells: /"colour" is string here; standardize takes double, integer/,
  },
  'CreateJob: a step for single values on a tensor column': {
    failure: () => failing(createJob({ ...imageSpec, steps: [{ columns: ['image'], oneHot: {} }] })),
    tells: /"image" is tensor here; one_hot takes string, boolean, integer/,
  },
  'CreateJob: steps that leave no row': {
    async failure() {
      const file = 'size,gap,species\n1.5,,a\n2.5,,b\n3.5,,a\n4.5,,b\n5.5,,a\n6.5,,b\n';
      const columns = [{ name: 'gap', type: 'COLUMN_TYPE_DOUBLE' as const }];
      const holes = await upload(file, { columns }, 'datasets/holes');
      const job = await createJob({ datasetVersion: holes.name, steps: [{ columns: ['gap'], dropMissing: {} }] });
      const ended = await eventually(
        () => mesh.clients.training.getJob({ name: job.name }, soon),
        ({ state }) => state === 'STATE_FAILED',
      );
      return told(ended.error);
    },
    tells: /0 rows are left; must be >= 1/,
  },
  'A message that announces 3 GB': {
    async failure() {
      const prefix = Buffer.alloc(5);
      prefix.writeUInt32BE(threeGigabytes, 1);
      const { path } = predictionService.Predict;
      const answer = await callRaw(mesh.addresses.serving, path, { 'grpc-timeout': '20S' }, prefix);
      return { ...answer, code: answer.code ?? -1 };
    },
    tells: /3000000000 bytes.*rpc\.max-message-bytes/,
  },
  'A version whose file claims 3 GB': {
    failure: () => failing(versionClaiming({ sizeBytes: threeGigabytes })),
    tells: /3000000000 must be \d+/,
  },
  'A deployment of weights whose tensor claims 3 GB': {
    async failure() {
      const { name } = await versionClaiming({ bytes: claimingWeights() });
      await deploy('claiming', name);
      const deployment = await eventually(
        () => mesh.clients.deployments.getDeployment({ name: 'deployments/claiming' }, soon),
        ({ state }) => state === 'STATE_ERROR',
      );
      return told(deployment.error);
    },
    tells: /weights\.safetensors: \w+\.data_offsets: \d+ bytes must be 3000000000, as dtype and shape say/,
  },
};

/** The rows of the table in docs/errors.md: input, status, reason, field. */
async function documented(): Promise<string[][]> {
  const text = await readFile(join(packageRoot, 'docs', 'errors.md'), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, 5)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

test('docs/errors.md lists exactly the inputs that are tested here', async (t) => {
  const listed = (await documented()).map(([input = '']) => input);
  t.deepEqual(listed, Object.keys(cases));
});

for (const [input, { failure, tells }] of Object.entries(cases)) {
  test(`the answer is as docs/errors.md says: ${input}`, async (t) => {
    const row = (await documented()).find(([listed]) => listed === input);
    const { code, reason, violations, message } = await failure();
    t.deepEqual([input, status[code], reason, violations[0]?.field ?? ''], row, message);
    t.regex(message, tells);
    t.false(message.includes(mesh.dataDir));
  });
}

test.after('the services answer as before, and nothing of a refused upload is kept', async (t) => {
  const { clients } = mesh;
  const records = [{ fields: right }];
  const { predictions } = await clients.predictions.predict({ deployment: 'deployments/things', records }, soon);
  t.is(predictions.length, 1);
  const hostile = await failing(clients.datasets.getDataset({ name: 'datasets/hostile' }, soon));
  t.is(hostile.reason, 'RESOURCE_NOT_FOUND');
  t.deepEqual(await readdir(join(mesh.dataDir, 'data', 'tables', 'incoming')), []);
});
