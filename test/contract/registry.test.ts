import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import type { Column } from '../../proto/gen/tenon/common/v1/index.js';
import type { ModelVersion, UploadArtifactRequest } from '../../proto/gen/tenon/registry/v1/index.js';
import type { Clients } from '../../services/mesh/rpc/clients.js';
import { createClients } from '../../services/mesh/rpc/clients.js';
import { RpcError } from '../../services/mesh/rpc/rpc-error.js';
import type { RunningService } from '../../services/mesh/server/run-service.js';
import { startService } from '../../services/mesh/server/run-service.js';
import { registryDefinition } from '../../services/registry/definition.js';

type Registry = Clients['registry'];

const soon = { deadlineMs: 60_000 };
const hour = { deadlineMs: 3_600_000 };
const weights = Buffer.from('weights of a model');

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function start(
  dir: string,
  ...flags: string[]
): Promise<RunningService & { registry: Registry; clients: Clients }> {
  const argv = ['--service.address=127.0.0.1:0', `--data-dir=${dir}`, '--log.level=silent', ...flags];
  const running = await startService({ ...registryDefinition, argv, env: {} });
  const clients = createClients({ targets: { registry: running.address } });
  return { ...running, clients, registry: clients.registry };
}

async function tempDir(t: ExecutionContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tenon-registry-'));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

async function registryOf(t: ExecutionContext, ...flags: string[]): Promise<Registry> {
  const service = await start(await tempDir(t), ...flags);
  t.teardown(async () => {
    await service.clients.close();
    await service.stop();
  });
  return service.registry;
}

async function* parts(...messages: UploadArtifactRequest[]): AsyncGenerator<UploadArtifactRequest> {
  yield* messages;
}

function versionOf(description = ''): ModelVersion {
  return {
    description,
    signature: {
      inputs: { columns: [{ name: 'x', type: 'COLUMN_TYPE_DOUBLE' }] },
      target: { name: 'species', type: 'COLUMN_TYPE_STRING', categories: ['a', 'b'] },
      task: 'TASK_CLASSIFICATION',
      classes: ['a', 'b'],
    },
    files: [{ path: 'weights.safetensors', artifact: `artifacts/${sha256Of(weights)}`, sizeBytes: weights.length }],
    metrics: [{ name: 'accuracy', value: 0.97, stdDev: 0.01, higherIsBetter: true }],
    lineage: { datasetVersion: 'datasets/iris/versions/1', job: 'jobs/j', seed: 42, parametersJson: '{"trees":10}' },
  };
}

/** A model `m` with so many versions. */
async function withVersions(registry: Registry, count: number): Promise<void> {
  await registry.uploadArtifact(parts({ chunk: weights }), soon);
  await registry.createModel({ model: { name: 'models/m', displayName: 'M' } }, soon);
  for (let made = 1; made <= count; made++) {
    await registry.createModelVersion({ parent: 'models/m', version: versionOf(`version ${made}`) }, soon);
  }
}

async function failsWith(
  t: ExecutionContext,
  call: Promise<unknown>,
  code: status,
  message: RegExp,
  field?: string,
): Promise<void> {
  const error = await t.throwsAsync(call, { instanceOf: RpcError });
  t.is(error?.code, code, error?.message);
  t.regex(error?.message ?? '', message);
  if (field !== undefined) t.is(error?.violations[0]?.field, field);
}

async function bytesOf(registry: Registry, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const { chunk } of registry.downloadArtifact({ name }, soon)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test('a model is created once, read, and refused a second time', async (t) => {
  const registry = await registryOf(t);
  const model = { name: 'models/iris', displayName: 'Iris', description: 'Flowers' };
  const created = await registry.createModel({ model, requestId: 'one' }, soon);
  t.like(created, { ...model, aliases: {}, latestVersion: '', versionCount: 0 });
  t.true(created.etag.length > 0);
  t.deepEqual(await registry.getModel({ name: 'models/iris' }, soon), created);
  t.deepEqual(await registry.createModel({ model, requestId: 'one' }, soon), created);
  await failsWith(t, registry.createModel({ model }, soon), status.ALREADY_EXISTS, /models\/iris exists already/);
  const reused = registry.createModel({ model: { name: 'models/other' }, requestId: 'one' }, soon);
  await failsWith(t, reused, status.INVALID_ARGUMENT, /used before with another request/, 'request_id');
  await failsWith(t, registry.getModel({ name: 'models/rose' }, soon), status.NOT_FOUND, /models\/rose does not exist/);
});

test('an update changes what its mask names, guarded by the etag', async (t) => {
  const registry = await registryOf(t);
  const name = 'models/iris';
  const created = await registry.createModel({ model: { name, displayName: 'Iris', description: 'old' } }, soon);
  const updated = await registry.updateModel(
    {
      model: { name, displayName: 'ignored', description: 'new', etag: created.etag },
      updateMask: { paths: ['description'] },
    },
    soon,
  );
  t.like(updated, { displayName: 'Iris', description: 'new' });
  t.not(updated.etag, created.etag);
  const stale = registry.updateModel({ model: { name, etag: created.etag } }, soon);
  await failsWith(t, stale, status.ABORTED, /the current etag of models\/iris/);
  const unknown = registry.updateModel({ model: { name }, updateMask: { paths: ['aliases'] } }, soon);
  await failsWith(t, unknown, status.INVALID_ARGUMENT, /display_name, description/, 'update_mask.paths[0]');
  t.like(await registry.updateModel({ model: { name } }, soon), { displayName: '', description: '' });
  await failsWith(t, registry.updateModel({ model: { name: 'models/rose' } }, soon), status.NOT_FOUND, /rose/);
});

test('models, versions and journal entries are listed page by page', async (t) => {
  const registry = await registryOf(t);
  await withVersions(registry, 5);
  for (const id of ['c', 'a', 'b']) await registry.createModel({ model: { name: `models/${id}` } }, soon);
  const first = await registry.listModels({ pageSize: 3 }, soon);
  t.deepEqual(
    first.models.map(({ name }) => name),
    ['models/a', 'models/b', 'models/c'],
  );
  const second = await registry.listModels({ pageSize: 3, pageToken: first.nextPageToken }, soon);
  t.deepEqual([second.models.map(({ name }) => name), second.nextPageToken], [['models/m'], '']);

  const seen: string[] = [];
  for (let pageToken = '', more = true; more; more = pageToken !== '') {
    const page = await registry.listModelVersions({ parent: 'models/m', pageSize: 2, pageToken }, soon);
    seen.push(...page.versions.map(({ description }) => description));
    pageToken = page.nextPageToken;
  }
  t.deepEqual(seen, ['version 5', 'version 4', 'version 3', 'version 2', 'version 1']);

  const history = await registry.listJournalEntries({ model: 'models/m', pageSize: 4 }, soon);
  const rest = await registry.listJournalEntries({ model: 'models/m', pageToken: history.nextPageToken }, soon);
  t.deepEqual(
    [...history.entries, ...rest.entries].map(({ sequence }) => sequence),
    [1, 2, 3, 4, 5, 6],
  );
  t.is((await registry.listJournalEntries({}, soon)).entries.length, 9);

  const foreign = registry.listModelVersions({ parent: 'models/a', pageToken: history.nextPageToken }, soon);
  await failsWith(t, foreign, status.INVALID_ARGUMENT, /next_page_token/, 'page_token');
  await failsWith(
    t,
    registry.listModels({ pageSize: -1 }, soon),
    status.INVALID_ARGUMENT,
    /-1 must be >= 0/,
    'page_size',
  );
  await failsWith(t, registry.listModelVersions({ parent: 'models/x' }, soon), status.NOT_FOUND, /models\/x/);
});

test('a version is created with a number and a digest, and found by number, as latest and by alias', async (t) => {
  const registry = await registryOf(t);
  await withVersions(registry, 2);
  const second = await registry.getModelVersion({ name: 'models/m/versions/2' }, soon);
  t.regex(second.manifestDigest, /^[0-9a-f]{64}$/);
  t.like(second, {
    name: 'models/m/versions/2',
    description: 'version 2',
    metrics: [{ name: 'accuracy', value: 0.97 }],
  });
  t.deepEqual(await registry.getModelVersion({ name: 'models/m/versions/latest' }, soon), second);
  await registry.promoteModelVersion({ name: 'models/m/versions/1' }, soon);
  const production = await registry.getModelVersion({ name: 'models/m/versions/@production' }, soon);
  t.is(production.name, 'models/m/versions/1');
  for (const name of ['models/m/versions/3', 'models/m/versions/@canary', 'models/x/versions/latest']) {
    await failsWith(t, registry.getModelVersion({ name }, soon), status.NOT_FOUND, /does not exist/);
  }
  for (const name of ['models/m/versions/01', 'models/m', 'models/m/versions/@latest', 'models/M/versions/@a', '/@a']) {
    await failsWith(t, registry.getModelVersion({ name }, soon), status.INVALID_ARGUMENT, /must/, 'name');
  }
});

test('a retried creation of a version gives the first answer', async (t) => {
  const registry = await registryOf(t);
  await withVersions(registry, 0);
  const request = { parent: 'models/m', version: versionOf(), requestId: 'publish-1' };
  const first = await registry.createModelVersion(request, soon);
  t.deepEqual(await registry.createModelVersion(request, soon), first);
  t.is((await registry.getModel({ name: 'models/m' }, soon)).versionCount, 1);
});

test('a signature keeps the element types and shapes of its tensor columns', async (t) => {
  const registry = await registryOf(t);
  await withVersions(registry, 0);
  const tensor = { dtype: 'DATA_TYPE_FP32' as const, shape: [32, 32, 3] };
  const columns = [{ name: 'image', type: 'COLUMN_TYPE_TENSOR' as const, tensor }];
  const version = { ...versionOf(), signature: { ...versionOf().signature, inputs: { columns } } };
  const { name } = await registry.createModelVersion({ parent: 'models/m', version }, soon);
  const { signature } = await registry.getModelVersion({ name }, soon);
  t.like(signature?.inputs?.columns[0], { name: 'image', type: 'COLUMN_TYPE_TENSOR', tensor });
  t.is(signature?.target?.tensor, null);
});

test('a version with anything wrong is refused with the field that is wrong', async (t) => {
  const registry = await registryOf(t);
  await withVersions(registry, 0);
  const good = versionOf();
  const file = { path: 'recipe.json', artifact: `artifacts/${sha256Of(weights)}`, sizeBytes: weights.length };
  const wrong: [ModelVersion | null, string, RegExp][] = [
    [null, 'version', /must be set/],
    [{ ...good, name: 'models/m/versions/7' }, 'version.name', /must be empty/],
    [{ ...good, signature: null }, 'version.signature', /must be set/],
    [{ ...good, files: [] }, 'version.files', /0 files must be 1 to 100/],
    [{ ...good, files: [{ ...file, path: '../etc' }] }, 'version.files[0].path', /starting with a letter/],
    [{ ...good, files: [file, file] }, 'version.files[1].path', /must be unique/],
    [
      { ...good, files: [{ ...file, artifact: 'artifacts/ABC' }] },
      'version.files[0].artifact',
      /artifacts\/\{sha256\}/,
    ],
    [{ ...good, files: [{ ...file, sizeBytes: 3 }] }, 'version.files[0].size_bytes', /3 must be 18, the length of/],
    [{ ...good, metrics: [{ name: 'r2', value: Number.NaN }] }, 'version.metrics[0].value', /NaN.* must be finite/],
    [{ ...good, lineage: { parametersJson: '{' } }, 'version.lineage.parameters_json', /must be a JSON object/],
    [{ ...good, lineage: { isa: 'sse' } }, 'version.lineage.isa', /must be one of scalar/],
    [{ ...good, description: 'x'.repeat(4097) }, 'version.description', /at most 4096/],
    [{ ...good, signature: { ...good.signature, classes: [] } }, 'version.signature.classes', /must be 1 to 10000/],
  ];
  const columns = 'version.signature.inputs.columns[0]';
  const withColumn = (column: Column) => ({
    ...good,
    signature: { ...good.signature, inputs: { columns: [{ name: 'image', ...column }] } },
  });
  const tensor = (dtype: 'DATA_TYPE_UINT8' | 'DATA_TYPE_INT64', shape: number[]) =>
    withColumn({ type: 'COLUMN_TYPE_TENSOR', tensor: { dtype, shape } });
  const pixels = { dtype: 'DATA_TYPE_UINT8' as const, shape: [2] };
  const target = { name: 'mask', type: 'COLUMN_TYPE_TENSOR' as const, tensor: pixels };
  wrong.push(
    [withColumn({ type: 'COLUMN_TYPE_TENSOR' }), `${columns}.tensor`, /must be set for COLUMN_TYPE_TENSOR/],
    [
      withColumn({ type: 'COLUMN_TYPE_DOUBLE', tensor: pixels }),
      `${columns}.tensor`,
      /must not be set for COLUMN_TYPE_DOUBLE/,
    ],
    [tensor('DATA_TYPE_INT64', [2]), `${columns}.tensor.dtype`, /must be one of DATA_TYPE_UINT8, DATA_TYPE_FP32/],
    [tensor('DATA_TYPE_UINT8', []), `${columns}.tensor.shape`, /0 dimensions must be 1 to 8/],
    [tensor('DATA_TYPE_UINT8', [2, 0]), `${columns}.tensor.shape[1]`, /0 must be >= 1/],
    [tensor('DATA_TYPE_UINT8', [3e9]), `${columns}.tensor.shape`, /3000000000 elements.* must be <= 1048576/],
    [{ ...good, signature: { ...good.signature, target } }, 'version.signature.target.type', /single values/],
  );
  for (const [version, field, message] of wrong) {
    await failsWith(
      t,
      registry.createModelVersion({ parent: 'models/m', version }, soon),
      status.INVALID_ARGUMENT,
      message,
      field,
    );
  }
  const never = { ...good, files: [{ ...file, artifact: `artifacts/${'0'.repeat(64)}` }] };
  const missing = registry.createModelVersion({ parent: 'models/m', version: never }, soon);
  await failsWith(t, missing, status.NOT_FOUND, /version.files\[0\].artifact: artifacts\/0+ does not exist/);
  const orphan = registry.createModelVersion({ parent: 'models/x', version: good }, soon);
  await failsWith(t, orphan, status.NOT_FOUND, /models\/x does not exist/);
  t.is((await registry.getModel({ name: 'models/m' }, soon)).versionCount, 0);
});

test('an alias is set, promoted, rolled back step by step and deleted, each written to the journal', async (t) => {
  const registry = await registryOf(t);
  await withVersions(registry, 3);
  const production = async (call: Promise<{ aliases: Record<string, string> }>) => (await call).aliases.production;
  t.is(
    await production(
      registry.setAlias({ model: 'models/m', alias: 'production', version: 'models/m/versions/1' }, soon),
    ),
    'models/m/versions/1',
  );
  t.is(await production(registry.promoteModelVersion({ name: 'models/m/versions/2' }, soon)), 'models/m/versions/2');
  t.is(
    await production(registry.promoteModelVersion({ name: 'models/m/versions/latest' }, soon)),
    'models/m/versions/3',
  );
  t.is(await production(registry.rollbackAlias({ model: 'models/m' }, soon)), 'models/m/versions/2');
  t.is(await production(registry.rollbackAlias({ model: 'models/m' }, soon)), 'models/m/versions/1');
  const tooFar = registry.rollbackAlias({ model: 'models/m' }, soon);
  await failsWith(t, tooFar, status.FAILED_PRECONDITION, /@production is at its first version/);
  t.is(await production(registry.deleteAlias({ model: 'models/m', alias: 'production' }, soon)), undefined);
  const gone = registry.deleteAlias({ model: 'models/m', alias: 'production' }, soon);
  await failsWith(t, gone, status.NOT_FOUND, /models\/m\/versions\/@production does not exist/);
  const { entries } = await registry.listJournalEntries({ model: 'models/m' }, soon);
  t.deepEqual(
    entries
      .slice(4)
      .map(({ action, version, previousVersion }) => [action, version.slice(-1), previousVersion.slice(-1)]),
    [
      ['ACTION_ALIAS_SET', '1', ''],
      ['ACTION_ALIAS_SET', '2', '1'],
      ['ACTION_ALIAS_SET', '3', '2'],
      ['ACTION_ALIAS_ROLLED_BACK', '2', '3'],
      ['ACTION_ALIAS_ROLLED_BACK', '1', '2'],
      ['ACTION_ALIAS_DELETED', '', '1'],
    ],
  );
  t.is(new Set(entries.map(({ chainDigest }) => chainDigest)).size, entries.length);
});

test('an alias is guarded by the etag, its name and the existence of its version', async (t) => {
  const registry = await registryOf(t);
  await withVersions(registry, 2);
  const { etag } = await registry.getModel({ name: 'models/m' }, soon);
  const set = { model: 'models/m', alias: 'canary', version: 'models/m/versions/1', etag };
  await registry.setAlias(set, soon);
  await failsWith(t, registry.setAlias(set, soon), status.ABORTED, /etag/);
  await failsWith(
    t,
    registry.rollbackAlias({ model: 'models/m', alias: 'canary', etag }, soon),
    status.ABORTED,
    /etag/,
  );
  await failsWith(t, registry.deleteAlias({ model: 'models/m', alias: 'canary', etag }, soon), status.ABORTED, /etag/);
  await failsWith(t, registry.promoteModelVersion({ name: 'models/m/versions/2', etag }, soon), status.ABORTED, /etag/);
  const open = { ...set, etag: '' };
  await failsWith(
    t,
    registry.setAlias({ ...open, version: 'models/m/versions/9' }, soon),
    status.NOT_FOUND,
    /models\/m\/versions\/9 does not exist/,
  );
  await failsWith(t, registry.setAlias({ ...open, alias: 'latest' }, soon), status.INVALID_ARGUMENT, /newest/, 'alias');
  await failsWith(t, registry.setAlias({ ...open, alias: 'A' }, soon), status.INVALID_ARGUMENT, /\[a-z0-9-\]/, 'alias');
  const foreign = registry.setAlias({ ...open, version: 'models/x/versions/1' }, soon);
  await failsWith(t, foreign, status.INVALID_ARGUMENT, /must be a version of models\/m/, 'version');
});

test('of callers that hold the same etag exactly one changes the alias', async (t) => {
  const registry = await registryOf(t);
  await withVersions(registry, 8);
  const { etag } = await registry.getModel({ name: 'models/m' }, soon);
  const outcomes = await Promise.allSettled(
    [1, 2, 3, 4, 5, 6, 7, 8].map((version) =>
      registry.promoteModelVersion({ name: `models/m/versions/${version}`, etag }, soon),
    ),
  );
  const won = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  t.is(won.length, 1);
  const codes = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [(outcome.reason as RpcError).code] : [],
  );
  t.deepEqual(new Set(codes), new Set([status.ABORTED]));
  t.deepEqual(await registry.getModel({ name: 'models/m' }, soon), won[0]);
});

test('what an alias needs is not deleted: a version that it names, a model that has one, unless forced', async (t) => {
  const registry = await registryOf(t);
  await withVersions(registry, 2);
  const promoted = await registry.promoteModelVersion({ name: 'models/m/versions/1' }, soon);
  const inUse = registry.deleteModelVersion({ name: 'models/m/versions/1' }, soon);
  await failsWith(t, inUse, status.FAILED_PRECONDITION, /named by the alias production/);
  await registry.promoteModelVersion({ name: 'models/m/versions/2' }, soon);
  await registry.deleteModelVersion({ name: 'models/m/versions/1' }, soon);
  const twice = registry.deleteModelVersion({ name: 'models/m/versions/1' }, soon);
  await failsWith(t, twice, status.NOT_FOUND, /versions\/1 does not exist/);
  const back = registry.rollbackAlias({ model: 'models/m' }, soon);
  await failsWith(t, back, status.FAILED_PRECONDITION, /versions\/1, which was deleted/);
  const model = registry.deleteModel({ name: 'models/m' }, soon);
  await failsWith(t, model, status.FAILED_PRECONDITION, /has the alias production/);
  const stale = registry.deleteModel({ name: 'models/m', force: true, etag: promoted.etag }, soon);
  await failsWith(t, stale, status.ABORTED, /etag/);
  await registry.deleteModel({ name: 'models/m', force: true }, soon);
  await failsWith(t, registry.getModel({ name: 'models/m' }, soon), status.NOT_FOUND, /models\/m/);
  const { entries } = await registry.listJournalEntries({ model: 'models/m' }, soon);
  t.is(entries.at(-1)?.action, 'ACTION_MODEL_DELETED');
});

test('an artifact comes back byte for byte, named by its sha256, however often it is sent', async (t) => {
  const registry = await registryOf(t);
  const bytes = randomBytes(3 * 1024 * 1024 + 17);
  const sha256 = sha256Of(bytes);
  const chunks = Array.from({ length: 4 }, (_, index) => ({
    chunk: bytes.subarray(index * 1024 * 1024, (index + 1) * 1024 * 1024),
    sha256: index === 0 ? sha256 : '',
  }));
  const artifact = await registry.uploadArtifact(parts(...chunks), soon);
  t.like(artifact, { name: `artifacts/${sha256}`, sizeBytes: bytes.length });
  t.deepEqual(await registry.uploadArtifact(parts(...chunks), soon), artifact);
  t.deepEqual(await registry.getArtifact({ name: artifact.name }, soon), artifact);
  t.true(bytes.equals(await bytesOf(registry, artifact.name)));
});

test('an upload that breaks a rule leaves nothing behind', async (t) => {
  const registry = await registryOf(t, '--registry.max-artifact-bytes=1MiB');
  const refused: [UploadArtifactRequest[], status, RegExp][] = [
    [[], status.INVALID_ARGUMENT, /chunk/],
    [[{ chunk: weights, sha256: 'f'.repeat(64) }], status.INVALID_ARGUMENT, /must equal [0-9a-f]{64}/],
    [[{ chunk: weights, sha256: 'xyz' }], status.INVALID_ARGUMENT, /64 lower-case hexadecimal/],
    [
      [{ chunk: weights }, { chunk: weights, sha256: sha256Of(weights) }],
      status.INVALID_ARGUMENT,
      /first message only/,
    ],
    [[{ chunk: Buffer.alloc(1024 * 1024 + 1) }], status.INVALID_ARGUMENT, /1048577 bytes must be at most 1048576/],
    [[{ chunk: Buffer.alloc(1024 * 1024) }, { chunk: weights }], status.RESOURCE_EXHAUSTED, /at most 1048576 bytes/],
  ];
  for (const [messages, code, message] of refused) {
    await failsWith(t, registry.uploadArtifact(parts(...messages), soon), code, message);
  }
  const name = `artifacts/${sha256Of(weights)}`;
  await failsWith(t, registry.getArtifact({ name }, soon), status.NOT_FOUND, /does not exist/);
  await failsWith(t, bytesOf(registry, name), status.NOT_FOUND, /does not exist/);
  await failsWith(t, bytesOf(registry, 'artifacts/x'), status.INVALID_ARGUMENT, /artifacts\/\{sha256\}/, 'name');
});

test('an artifact that rotted on disk is DATA_LOSS, and sending it again repairs it', async (t) => {
  const dir = await tempDir(t);
  const service = await start(dir);
  t.teardown(async () => {
    await service.clients.close();
    await service.stop();
  });
  const { registry } = service;
  const { name } = await registry.uploadArtifact(parts({ chunk: weights }), soon);
  const sha256 = sha256Of(weights);
  const path = join(dir, 'registry', 'artifacts', sha256.slice(0, 2), sha256);
  const bytes = await readFile(path);
  bytes[3] = (bytes[3] ?? 0) ^ 1;
  await writeFile(path, bytes);
  await failsWith(t, bytesOf(registry, name), status.DATA_LOSS, /does not match its digest/);
  await registry.uploadArtifact(parts({ chunk: weights }), soon);
  t.true(weights.equals(await bytesOf(registry, name)));
});

test('a watcher sees the model at once, after each change, and NOT_FOUND when it is deleted', async (t) => {
  const registry = await registryOf(t);
  await withVersions(registry, 1);
  const states = registry.watchModel({ name: 'models/m' }, hour)[Symbol.asyncIterator]();
  t.is((await states.next()).value?.model?.versionCount, 1);
  await registry.promoteModelVersion({ name: 'models/m/versions/1' }, soon);
  t.deepEqual((await states.next()).value?.model?.aliases, { production: 'models/m/versions/1' });
  await registry.deleteModel({ name: 'models/m', force: true }, soon);
  await failsWith(t, states.next(), status.NOT_FOUND, /models\/m does not exist/);
  const never = registry.watchModel({ name: 'models/x' }, soon)[Symbol.asyncIterator]();
  await failsWith(t, never.next(), status.NOT_FOUND, /models\/x/);
});

test('a watcher that leaves is cancelled, and the service still answers', async (t) => {
  const registry = await registryOf(t);
  await withVersions(registry, 0);
  const controller = new AbortController();
  const options = { ...hour, signal: controller.signal };
  const states = registry.watchModel({ name: 'models/m' }, options)[Symbol.asyncIterator]();
  await states.next();
  const end = states.next();
  controller.abort();
  await failsWith(t, end, status.CANCELLED, /./);
  t.is((await registry.getModel({ name: 'models/m' }, soon)).name, 'models/m');
});

test('everything is there after a restart, request ids and journal included', async (t) => {
  const dir = await tempDir(t);
  const first = await start(dir);
  await withVersions(first.registry, 1);
  const request = { parent: 'models/m', version: versionOf('last'), requestId: 'r' };
  const version = await first.registry.createModelVersion(request, soon);
  const model = await first.registry.promoteModelVersion({ name: version.name }, soon);
  const journal = await first.registry.listJournalEntries({}, soon);
  await first.clients.close();
  await first.stop();
  const second = await start(dir);
  t.teardown(async () => {
    await second.clients.close();
    await second.stop();
  });
  t.deepEqual(await second.registry.getModel({ name: 'models/m' }, soon), model);
  t.deepEqual(await second.registry.createModelVersion(request, soon), version);
  t.deepEqual(await second.registry.listJournalEntries({}, soon), journal);
  t.true(weights.equals(await bytesOf(second.registry, version.files[0]?.artifact ?? '')));
});
