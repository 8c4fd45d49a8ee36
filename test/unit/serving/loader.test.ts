import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import type { PredictRequest__Output } from '../../../proto/gen/tenon/serving/v1/index.js';
import { TenonError } from '../../../services/mesh/errors.js';
import { openBlobStore } from '../../../services/mesh/storage/blob-store.js';
import { createActiveVersion } from '../../../services/serving/active-version.js';
import { createLoader } from '../../../services/serving/loader.js';
import { createMemoryBudget } from '../../../services/serving/memory-budget.js';
import { bundleOf, liveModels, loadSmallModel, stubRegistry } from './fixture.js';

const name = 'models/m/versions/1';

async function setUp(t: ExecutionContext, { maxBytes = 1e9, loadModel = loadSmallModel } = {}) {
  const dir = join(tmpdir(), `tenon-loader-${randomUUID()}`);
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  const blobs = await openBlobStore(dir);
  const budget = createMemoryBudget(maxBytes);
  const stub = stubRegistry();
  const parts = { registry: stub.registry, blobs, budget, loadModel, timeoutMs: 20_000 };
  const load = (options = {}) =>
    createLoader(parts).load(name, { remembered: null, signal: new AbortController().signal, ...options });
  const refused = async (options = {}) => {
    try {
      (await load(options)).dispose();
      return null;
    } catch (error) {
      if (!(error instanceof TenonError)) throw error;
      return [error.reason, error.message] as const;
    }
  };
  return { ...stub, blobs, budget, load, refused };
}

/** A bundle with one JSON file changed. */
function tampered(path: string, change: (json: Record<string, unknown>) => unknown) {
  return bundleOf().map((file) => {
    if (file.path !== path) return file;
    const json = JSON.parse(Buffer.from(file.bytes).toString()) as Record<string, unknown>;
    return { path, bytes: Buffer.from(JSON.stringify(change(json))) };
  });
}

test.serial('a version is fetched once, then read from the cache', async (t) => {
  const { add, state, load, budget } = await setUp(t);
  const before = liveModels.count;
  add(name, bundleOf());
  const first = await load();
  t.is(state.downloads, 4);
  const second = await load();
  t.is(state.downloads, 4);
  t.true(budget.usedBytes > 0);
  t.is(liveModels.count, before + 2);
  first.dispose();
  second.dispose();
  t.is(budget.usedBytes, 0);
  t.is(liveModels.count, before);
});

test.serial('a version that was loaded before loads while the registry is away', async (t) => {
  const { add, setUp: turn, load, refused } = await setUp(t);
  add(name, bundleOf());
  const { manifest, dispose } = await load();
  dispose();
  turn(false);
  t.is((await refused())?.[0], 'DEPENDENCY_UNAVAILABLE');
  const other = { ...manifest, version: 'models/m/versions/2' };
  t.is((await refused({ remembered: other }))?.[0], 'DEPENDENCY_UNAVAILABLE');
  t.is(await refused({ remembered: manifest }), null);
});

test.serial('a model whose rows take long is never scored on the event loop', async (t) => {
  const loadModel: typeof loadSmallModel = (file) => {
    const model = loadSmallModel(file);
    const { predictSync } = model;
    return {
      ...model,
      operationsPerRow: 3e7,
      predict: async (matrix) => predictSync(matrix),
      predictSync: () => {
        throw new Error('scored on the event loop');
      },
    };
  };
  const { add, load } = await setUp(t, { loadModel });
  add(name, bundleOf());
  const { scorer, dispose } = await load();
  const fields = {
    bill_length_mm: { kind: 'numberValue', numberValue: 40 },
    island: { kind: 'stringValue', stringValue: 'Dream' },
  };
  const request = { records: [{ fields }], rows: [] } as unknown as PredictRequest__Output;
  const { predictions } = await scorer.predict(request, { signal: new AbortController().signal });
  t.is(predictions?.length, 1);
  dispose();
});

test.serial('bytes that rotted in the cache are fetched again', async (t) => {
  const { add, blobs, state, load } = await setUp(t);
  add(name, bundleOf());
  const { manifest, dispose } = await load();
  dispose();
  const [weights] = manifest.files;
  await writeFile(blobs.path(weights?.sha256 ?? ''), Buffer.alloc(weights?.sizeBytes ?? 0));
  (await load()).dispose();
  t.is(state.downloads, 5);
});

test.serial('bytes that are not what their name says are refused and nothing stays in memory', async (t) => {
  const { add, artifacts, refused, budget } = await setUp(t);
  add(name, bundleOf());
  for (const [key, bytes] of artifacts) artifacts.set(key, Buffer.alloc(bytes.length, 1));
  t.is((await refused())?.[0], 'DIGEST_MISMATCH');
  t.is(budget.usedBytes, 0);
});

test.serial('a version beyond the memory budget is refused before anything is fetched', async (t) => {
  const { add, state, refused } = await setUp(t, { maxBytes: 100 });
  add(name, bundleOf());
  const [reason, message] = (await refused()) ?? [];
  t.is(reason, 'QUOTA_EXCEEDED');
  t.regex(message ?? '', /serving\.memory-budget is 100/);
  t.is(state.downloads, 0);
});

const unloadable = test.macro(
  async (t: ExecutionContext, path: string, change: (json: Record<string, unknown>) => unknown, message: RegExp) => {
    const { add, refused, budget } = await setUp(t);
    const before = liveModels.count;
    add(name, tampered(path, change));
    const [reason, text] = (await refused()) ?? [];
    t.is(reason, 'MODEL_NOT_LOADABLE');
    t.regex(text ?? '', message);
    t.is(budget.usedBytes, 0);
    t.is(liveModels.count, before);
  },
);

test.serial(
  'a model that does not give the trainer’s outputs is refused',
  unloadable,
  'parity.json',
  (json) => ({ ...json, outputs: (json.outputs as number[][]).map((row) => row.map(() => 0.5)) }),
  /parity\.json\.outputs\[0\].*trainer's output/,
);
test.serial(
  'a version without parity rows is refused',
  unloadable,
  'parity.json',
  (json) => ({ ...json, rows: [], outputs: [] }),
  /parity\.json\.rows: 0 must be an array of 1 to 20 rows/,
);
test.serial(
  'an unknown key is refused',
  unloadable,
  'signature.json',
  (json) => ({ ...json, extra: 1 }),
  /signature\.json\.extra/,
);
test.serial(
  'a class that is no value of the target type is refused',
  unloadable,
  'signature.json',
  (json) => ({ ...json, target: { name: 'species', type: 'integer' } }),
  /signature\.json\.classes\[0\].*integer/,
);
test.serial(
  'a signature that disagrees with the recipe is refused',
  unloadable,
  'signature.json',
  (json) => ({ ...json, inputs: [] }),
  /signature\.json\.inputs.*as the recipe says/,
);
test.serial(
  'fewer classes than the model has are refused',
  unloadable,
  'signature.json',
  (json) => ({ ...json, classes: ['Adelie', 'Gentoo'] }),
  /must be an array of 2/,
);

test.serial('a version that lacks a file is refused by its name', async (t) => {
  const { add, refused } = await setUp(t);
  add(
    name,
    bundleOf().filter(({ path }) => path !== 'recipe.json'),
  );
  t.deepEqual(await refused(), ['MODEL_NOT_LOADABLE', `${name} cannot be loaded: it has no file recipe.json`]);
});

test.serial('a cancelled load rejects with the reason of its signal', async (t) => {
  const { add, load, budget } = await setUp(t);
  add(name, bundleOf());
  await t.throwsAsync(load({ signal: AbortSignal.abort(new Error('enough')) }), { message: 'enough' });
  t.is(budget.usedBytes, 0);
});

test.serial('a retired version is freed by its last user', async (t) => {
  const { add, load, budget } = await setUp(t);
  add(name, bundleOf());
  const active = createActiveVersion(await load());
  active.acquire();
  active.acquire();
  let freed = false;
  const retired = active.retire().then(() => {
    freed = true;
  });
  active.release();
  await Promise.resolve();
  t.false(freed);
  t.true(budget.usedBytes > 0);
  active.release();
  await retired;
  t.is(budget.usedBytes, 0);
  t.throws(() => active.acquire(), { message: /takes no new users/ });
});
