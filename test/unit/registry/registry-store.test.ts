import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { openBlobStore } from '../../../services/mesh/storage/blob-store.js';
import { openDatabase } from '../../../services/mesh/storage/database.js';
import { registryMigrations } from '../../../services/registry/migrations.js';
import type { VersionContent } from '../../../services/registry/model-version.js';
import { registryPaths } from '../../../services/registry/paths.js';
import { openRegistryStore } from '../../../services/registry/sqlite-store.js';
import type { RegistryStore } from '../../../services/registry/store.js';
import { verifyRegistry } from '../../../services/registry/verify.js';
import { createModelSignals, watchModel } from '../../../services/registry/watch.js';

const bytes = Buffer.from('weights');
const sha256 = createHash('sha256').update(bytes).digest('hex');
const column = { name: 'x', type: 'COLUMN_TYPE_DOUBLE' as const, nullable: false, categories: [], tensor: null };

const content: VersionContent = {
  description: 'first',
  signature: {
    inputs: { columns: [column] },
    target: { ...column, name: 'y' },
    task: 'TASK_REGRESSION',
    classes: [],
  },
  files: [{ path: 'weights.safetensors', artifact: `artifacts/${sha256}`, sizeBytes: bytes.length }],
  metrics: [{ name: 'rmse', value: 0.5, stdDev: 0, higherIsBetter: false }],
  lineage: null,
};

interface Opened {
  dir: string;
  store: RegistryStore;
}

async function opened(t: { teardown(work: () => Promise<void>): void }): Promise<Opened> {
  const dir = await mkdtemp(join(tmpdir(), 'tenon-registry-'));
  const { database, artifacts } = registryPaths(dir);
  const store = await openRegistryStore(database);
  t.teardown(async () => {
    await store.close();
    await rm(dir, { recursive: true, force: true });
  });
  const blobs = await openBlobStore(artifacts);
  async function* chunks(): AsyncGenerator<Buffer> {
    yield bytes;
  }
  await store.addArtifact(await blobs.put(chunks(), { maxBytes: 100 }));
  return { dir, store };
}

function key(method: string, requestId = '', request: unknown = {}): Parameters<RegistryStore['createModel']>[1] {
  return { method, requestId, request };
}

async function problemsOf(dir: string): Promise<string[]> {
  const problems: string[] = [];
  for await (const problem of verifyRegistry(dir)) problems.push(problem);
  return problems;
}

async function withVersions(store: RegistryStore, count: number): Promise<void> {
  await store.createModel({ id: 'm', displayName: 'M', description: '' }, key('CreateModel'));
  for (let made = 0; made < count; made++) await store.createVersion('m', content, key('CreateModelVersion'));
}

test('an alias goes back one version at a time, then there is nothing to go back to', async (t) => {
  const { store } = await opened(t);
  await withVersions(store, 3);
  const alias = { model: 'm', alias: 'production', etag: '' };
  for (const version of [1, 2, 3, 3]) await store.setAlias({ ...alias, version }, key('SetAlias'));
  t.is((await store.rollbackAlias(alias, key('RollbackAlias'))).aliases.production, 2);
  t.is((await store.rollbackAlias(alias, key('RollbackAlias'))).aliases.production, 1);
  await t.throwsAsync(store.rollbackAlias(alias, key('RollbackAlias')), {
    message: /models\/m\/versions\/@production is at its first version/,
  });
  await store.setAlias({ ...alias, version: 'latest' }, key('SetAlias'));
  t.is((await store.rollbackAlias(alias, key('RollbackAlias'))).aliases.production, 1);
});

test('a rollback to a deleted version is refused and leaves the alias where it is', async (t) => {
  const { store } = await opened(t);
  await withVersions(store, 2);
  const alias = { model: 'm', alias: 'production', etag: '' };
  await store.setAlias({ ...alias, version: 1 }, key('SetAlias'));
  await t.throwsAsync(store.deleteVersion('m', 1), { message: /named by the alias production/ });
  await store.setAlias({ ...alias, version: 2 }, key('SetAlias'));
  await store.deleteVersion('m', 1);
  await t.throwsAsync(store.rollbackAlias(alias, key('RollbackAlias')), { message: /versions\/1, which was deleted/ });
  t.is((await store.model('m'))?.aliases.production, 2);
  const cleared = await store.deleteAlias(alias);
  t.deepEqual(cleared.aliases, {});
  await t.throwsAsync(store.rollbackAlias(alias, key('RollbackAlias')), { message: /is not set/ });
});

test('version numbers are never given twice, also after the newest was deleted', async (t) => {
  const { store } = await opened(t);
  await withVersions(store, 2);
  await store.deleteVersion('m', 2);
  t.is((await store.model('m'))?.latest, 1);
  t.is((await store.createVersion('m', content, key('CreateModelVersion'))).version, 3);
});

test('the journal is one chain over all models and outlives the model it tells of', async (t) => {
  const { dir, store } = await opened(t);
  await withVersions(store, 1);
  await store.setAlias({ model: 'm', alias: 'production', etag: '', version: 1 }, key('SetAlias'));
  await store.createModel({ id: 'other', displayName: '', description: '' }, key('CreateModel'));
  await store.deleteModel('m', { etag: '', force: true });
  const entries = await store.journal({ model: 'm', limit: 10, after: 0 });
  t.deepEqual(
    entries.map(({ sequence, action, version, alias }) => [sequence, action, version, alias]),
    [
      [1, 'ACTION_MODEL_CREATED', '', ''],
      [2, 'ACTION_VERSION_CREATED', 'models/m/versions/1', ''],
      [3, 'ACTION_ALIAS_SET', 'models/m/versions/1', 'production'],
      [5, 'ACTION_MODEL_DELETED', '', ''],
    ],
  );
  const text = JSON.stringify({
    action: 'ACTION_MODEL_CREATED',
    alias: '',
    model: 'models/m',
    previousVersion: '',
    sequence: 1,
    timeMs: entries[0]?.timeMs,
    version: '',
  });
  t.is(
    entries[0]?.chainDigest,
    createHash('sha256')
      .update(`${'0'.repeat(64)}\n${text}`)
      .digest('hex'),
  );
  t.deepEqual(await problemsOf(dir), []);
});

test('the offline check names a changed journal entry, a changed manifest and a rotten artifact', async (t) => {
  const { dir, store } = await opened(t);
  await withVersions(store, 1);
  await store.close();
  const paths = registryPaths(dir);
  const database = await openDatabase(paths.database, registryMigrations);
  await database.run("UPDATE journal SET model = 'models/n' WHERE sequence = 1");
  await database.run("UPDATE model_versions SET content = replace(content, 'first', 'worse')");
  await database.run('UPDATE artifacts SET size_bytes = 8');
  await database.close();
  t.deepEqual(await problemsOf(dir), [
    'journal: entry 1 does not match its chain digest',
    'models/m/versions/1: the manifest does not match its digest',
    `models/m/versions/1: weights.safetensors has 7 bytes, its artifacts/${sha256} has 8`,
    `artifacts/${sha256}: 7 bytes, expected 8`,
  ]);
});

test('a repeated request id gives the first answer and changes nothing; with another request it is refused', async (t) => {
  const { store } = await opened(t);
  await withVersions(store, 0);
  const first = await store.createVersion('m', content, key('CreateModelVersion', 'r1', { a: 1 }));
  const again = await store.createVersion('m', content, key('CreateModelVersion', 'r1', { a: 1 }));
  t.deepEqual(again, first);
  t.is((await store.model('m'))?.versionCount, 1);
  await t.throwsAsync(store.createVersion('m', content, key('CreateModelVersion', 'r1', { a: 2 })), {
    message: /used before with another request/,
  });
  t.is((await store.journal({ model: null, limit: 10, after: 0 })).length, 2);
});

test('a page of versions ends early when they are long, and says that more follow', async (t) => {
  const { store } = await opened(t);
  await withVersions(store, 0);
  const long = { ...content, description: 'x'.repeat(7 * 1024 * 1024) };
  for (let made = 0; made < 3; made++) await store.createVersion('m', long, key('CreateModelVersion'));
  const first = await store.versions('m', 50, null);
  t.deepEqual([first.versions.map(({ version }) => version), first.more], [[3, 2], true]);
  const second = await store.versions('m', 50, 2);
  t.deepEqual([second.versions.map(({ version }) => version), second.more], [[1], false]);
});

test('a watcher that is slow sees the newest state once, and the end when the model is deleted', async (t) => {
  const { store } = await opened(t);
  await withVersions(store, 2);
  const signals = createModelSignals();
  const states = watchModel({ store, signals }, 'm', new AbortController().signal);
  t.deepEqual((await states.next()).value?.aliases, {});
  for (const version of [1, 2]) {
    await store.setAlias({ model: 'm', alias: 'a', etag: '', version }, key('SetAlias'));
    signals.changed('m');
  }
  t.deepEqual((await states.next()).value?.aliases, { a: 2 });
  const end = states.next();
  await store.deleteModel('m', { etag: '', force: true });
  await store.createModel({ id: 'm', displayName: '', description: '' }, key('CreateModel'));
  signals.changed('m');
  await t.throwsAsync(end, { message: 'models/m does not exist' });
});

test('a watcher ends when its signal aborts while it waits', async (t) => {
  const { store } = await opened(t);
  await withVersions(store, 0);
  const controller = new AbortController();
  const states = watchModel({ store, signals: createModelSignals() }, 'm', controller.signal);
  await states.next();
  const end = states.next();
  controller.abort();
  t.true((await end).done);
});

test('the offline check of a folder without a registry says so and creates nothing', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'tenon-registry-'));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  await t.throwsAsync(problemsOf(dir), { code: 'ENOENT' });
  t.deepEqual(await readdir(dir), []);
});
