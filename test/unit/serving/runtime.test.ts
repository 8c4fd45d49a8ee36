import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import { openBlobStore } from '../../../services/mesh/storage/blob-store.js';
import type { DeploymentEvent, DeploymentRecord, Target } from '../../../services/serving/deployment.js';
import { createLoader } from '../../../services/serving/loader.js';
import { createMemoryBudget } from '../../../services/serving/memory-budget.js';
import { startRuntime } from '../../../services/serving/runtime.js';
import type { VersionManifest } from '../../../services/serving/store.js';
import { gate } from '../../harness/gate.js';
import { bundleOf, liveModels, loadSmallModel, stubRegistry, until } from './fixture.js';

const one = 'models/m/versions/1';
const two = 'models/m/versions/2';
const alias = { kind: 'alias', name: 'models/m/versions/@prod' } as const;

async function setUp(t: ExecutionContext) {
  const dir = join(tmpdir(), `tenon-runtime-${randomUUID()}`);
  const blobs = await openBlobStore(dir);
  const budget = createMemoryBudget(1e9);
  const stub = stubRegistry();
  const { registry } = stub;
  const loader = createLoader({ registry, blobs, budget, loadModel: loadSmallModel, timeoutMs: 20_000 });
  const memory: { served: VersionManifest | null } = { served: null };
  const events: DeploymentEvent[] = [];
  const started: { stop(): Promise<void> }[] = [];
  t.teardown(async () => {
    for (const runtime of started) await runtime.stop();
    await rm(dir, { recursive: true, force: true });
  });
  stub.add(one, bundleOf());
  stub.add(two, bundleOf({ shift: 1 }));
  const parts = {
    registry,
    loader,
    now: Date.now,
    report: (_record: DeploymentRecord, event: DeploymentEvent) => void events.push(event),
    async remember(_record: DeploymentRecord, served: VersionManifest) {
      memory.served = served;
    },
  };
  const recordOf = (target: Target, revision = 1): DeploymentRecord => ({
    name: 'deployments/d',
    uid: 'u',
    displayName: '',
    target,
    revision,
    createMs: 1,
    updateMs: 1,
  });
  const start = (target: Target, served: VersionManifest | null = null) => {
    const runtime = startRuntime(parts, recordOf(target), served);
    started.push(runtime);
    return runtime;
  };
  return { ...stub, start, recordOf, memory, events };
}

test.serial('an alias is followed, and no moment passes without a version', async (t) => {
  const { start, point, events } = await setUp(t);
  const before = liveModels.count;
  point('models/m', 'prod', one);
  const runtime = start(alias);
  t.throws(() => runtime.active(), { message: /STATE_LOADING/ });
  await until(() => runtime.standing.activeVersion === one);
  point('models/m', 'prod', two);
  await until(() => {
    runtime.active();
    return runtime.standing.activeVersion === two;
  });
  t.is(liveModels.count, before + 1);
  point('models/m', 'prod', one);
  await until(() => runtime.standing.activeVersion === one);
  t.deepEqual(
    events.map(({ kind }) => kind),
    ['loading', 'ready', 'loading', 'ready', 'loading', 'ready'],
  );
});

test.serial('a version that fails to load leaves the old one serving and says why', async (t) => {
  const { start, point, add } = await setUp(t);
  point('models/m', 'prod', one);
  const runtime = start(alias);
  await until(() => runtime.standing.activeVersion === one);
  add(
    two,
    bundleOf().filter(({ path }) => path !== 'recipe.json'),
  );
  point('models/m', 'prod', two);
  await until(() => runtime.standing.error !== null);
  t.like(runtime.standing, { state: 'STATE_READY', activeVersion: one, loadingVersion: '' });
  t.is(runtime.standing.error?.reason, 'MODEL_NOT_LOADABLE');
  point('models/m', 'prod', one);
  await until(() => runtime.standing.error === null);
  t.is(runtime.active().loaded.manifest.version, one);
});

test.serial('a first version that fails to load is an error until the target changes', async (t) => {
  const { start, recordOf } = await setUp(t);
  const runtime = start({ kind: 'version', name: 'models/m/versions/9' });
  await until(() => runtime.standing.state === 'STATE_ERROR');
  t.is(runtime.standing.error?.reason, 'RESOURCE_NOT_FOUND');
  runtime.update(recordOf({ kind: 'version', name: one }, 2), { reload: true });
  await until(() => runtime.standing.activeVersion === one);
  t.is(runtime.standing.error, null);
});

test.serial(
  'the remembered version serves while the registry is away, and the alias is followed when it is back',
  async (t) => {
    const { start, point, setUp: turn, memory } = await setUp(t);
    point('models/m', 'prod', one);
    const first = start(alias);
    await until(() => memory.served !== null);
    await first.stop();
    turn(false);
    const again = start(alias, memory.served);
    await until(() => again.standing.activeVersion === one);
    t.is(again.standing.error, null);
    point('models/m', 'prod', two);
    turn(true);
    await until(() => again.standing.activeVersion === two);
  },
);

test.serial('a deployment whose registry is away loads as soon as it is back', async (t) => {
  const { start, setUp: turn } = await setUp(t);
  turn(false);
  const runtime = start({ kind: 'version', name: one });
  await until(() => runtime.standing.error !== null);
  t.like(runtime.standing, { state: 'STATE_LOADING', loadingVersion: one });
  turn(true);
  await until(() => runtime.standing.state === 'STATE_READY');
  t.is(runtime.standing.error, null);
});

test.serial('removal waits for the running predictions', async (t) => {
  const { start } = await setUp(t);
  const before = liveModels.count;
  const runtime = start({ kind: 'version', name: one });
  await until(() => runtime.standing.state === 'STATE_READY');
  const active = runtime.active();
  active.acquire();
  let removed = false;
  const removal = runtime.remove().then(() => {
    removed = true;
  });
  t.is(runtime.standing.state, 'STATE_DELETING');
  t.throws(() => runtime.active(), { message: /STATE_DELETING/ });
  await new Promise((resolve) => setImmediate(resolve));
  t.false(removed);
  active.release();
  await removal;
  t.true(runtime.gone);
  t.is(liveModels.count, before);
});

test.serial('a stop waits for a load that is being given up, which may still write', async (t) => {
  const { registry, point } = stubRegistry();
  point('models/m', 'prod', one);
  const [begun, ended] = [gate(), gate()];
  let writing = true;
  const runtime = startRuntime(
    {
      registry,
      now: Date.now,
      report: () => undefined,
      remember: async () => undefined,
      loader: {
        async load(_version, { signal }) {
          begun.open();
          await ended.opened;
          writing = false;
          signal.throwIfAborted();
          throw new Error('the signal should have aborted');
        },
      },
    },
    { name: 'deployments/d', uid: 'u', displayName: '', target: alias, revision: 1, createMs: 1, updateMs: 1 },
    null,
  );
  await begun.opened;
  const stopped = runtime.stop().then(() => writing);
  setImmediate(() => ended.open());
  t.false(await stopped);
});

test.serial('a removed deployment loads nothing more', async (t) => {
  const { start, recordOf, events } = await setUp(t);
  const runtime = start({ kind: 'version', name: one });
  await runtime.remove();
  runtime.update(recordOf({ kind: 'version', name: two }, 2), { reload: true });
  t.is(events.at(-1)?.kind, 'deleting');
});

test.serial('of several wishes the last one wins', async (t) => {
  const { start, recordOf } = await setUp(t);
  const before = liveModels.count;
  const runtime = start({ kind: 'version', name: one });
  for (let revision = 2; revision <= 11; revision++) {
    runtime.update(recordOf({ kind: 'version', name: revision % 2 === 0 ? one : two }, revision), { reload: true });
  }
  await until(() => runtime.standing.activeVersion === two);
  t.is(liveModels.count, before + 1);
});
