import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type FoldRecord, openCheckpoint } from '../../../services/training/checkpoint.js';

const record: FoldRecord = {
  metrics: [{ name: 'accuracy', value: 0.1 + 0.2, higherIsBetter: true }],
  trainRows: 10,
  fitSeconds: 0.5,
  scoreSeconds: 0.1,
  sizeBytes: 9,
  rows: Uint32Array.of(3, 1, 4_000_000_000),
  outputs: Float32Array.of(0.1, Number.NaN, -0),
};
const spent = { elapsedMs: 1_234, cpuMs: 99 };

async function folderIn(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tenon-checkpoint-'));
  t.teardown(() => rm(folder, { recursive: true }));
  return folder;
}

function open(folder: string, parts: { intervalMs?: number; broken?: string[]; now?: () => number } = {}) {
  const { intervalMs = 0, broken = [], now = () => 0 } = parts;
  return openCheckpoint(folder, {
    now,
    intervalMs,
    onBroken: (file) => broken.push(file),
    onUnkept: (key) => broken.push(key),
    onResumed: () => undefined,
  });
}

test('a fold is read back bit for bit by the next attempt, with the time spent', async (t) => {
  const folder = await folderIn(t);
  const first = await open(folder);
  await first.put('1 10 0', record, spent);
  await first.put(
    '1 10 1',
    { ...record, rows: Uint32Array.of(), outputs: Float32Array.of() },
    { ...spent, cpuMs: 100 },
  );
  const second = await open(folder);
  t.deepEqual(second.get('1 10 0'), record);
  t.is(second.get('1 10 1')?.rows.length, 0);
  t.is(second.get('1 10 2'), undefined);
  t.deepEqual(second.spent, { elapsedMs: 1_234, cpuMs: 100 });
  await second.put('2 10 0', record, spent);
  t.is((await readdir(folder)).length, 3);
});

test('folds are written together once the interval has passed', async (t) => {
  const folder = await folderIn(t);
  let now = 0;
  const checkpoint = await open(folder, { intervalMs: 1_000, now: () => now });
  await checkpoint.put('a', record, spent);
  t.deepEqual(await readdir(folder), []);
  now = 1_000;
  await checkpoint.put('b', record, spent);
  t.is((await readdir(folder)).length, 1);
  const next = await open(folder);
  t.truthy(next.get('a') && next.get('b'));
});

test('a file that is cut, altered or half written is left out and removed, the others count', async (t) => {
  const folder = await folderIn(t);
  const checkpoint = await open(folder);
  for (const key of ['a', 'b', 'c']) await checkpoint.put(key, record, spent);
  const [first = '', second = ''] = (await readdir(folder)).sort();
  const bytes = await readFile(join(folder, first));
  await writeFile(join(folder, first), bytes.subarray(0, bytes.length - 1));
  const flipped = await readFile(join(folder, second));
  flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
  await writeFile(join(folder, second), flipped);
  await writeFile(join(folder, 'x.temp'), 'half');
  const broken: string[] = [];
  const next = await open(folder, { broken });
  t.deepEqual(broken, [first, second]);
  t.is(next.get('a'), undefined);
  t.is(next.get('b'), undefined);
  t.truthy(next.get('c'));
  t.is((await readdir(folder)).length, 1);
});

const snapshot = { bytes: Uint8Array.of(1, 2, 3), step: 40, fitSeconds: 1.5 };

test('a fit on its way is read back by the next attempt, with the folds before it, until its fold is on disk', async (t) => {
  const folder = await folderIn(t);
  const first = await open(folder, { intervalMs: 1_000 });
  await first.put('a', record, spent);
  const kept = first.fit('b', () => ({ ...spent, cpuMs: 500 }));
  t.is(kept.snapshot, undefined);
  t.is(kept.intervalMs, 1_000);
  await kept.save({ ...snapshot, step: 20 });
  await kept.save(snapshot);
  const files = await readdir(join(folder, 'fits'));
  t.is(files.length, 1, 'the newest is kept');

  const second = await open(folder);
  t.truthy(second.get('a'), 'the interval has passed for all');
  t.deepEqual(second.spent, { elapsedMs: 1_234, cpuMs: 500 });
  const { snapshot: found } = second.fit('b', () => spent);
  t.deepEqual({ ...found, bytes: [...(found?.bytes ?? [])] }, { ...snapshot, bytes: [1, 2, 3] });
  t.is(second.fit('c', () => spent).snapshot, undefined);
  await second.put('b', record, spent);
  t.deepEqual(await readdir(join(folder, 'fits')), []);
});

test('a fit that is cut, altered, half written or not the latest is left out and removed', async (t) => {
  const folder = await folderIn(t);
  const checkpoint = await open(folder);
  for (const key of ['a', 'b', 'c']) await checkpoint.fit(key, () => spent).save(snapshot);
  const fits = join(folder, 'fits');
  const [first = '', second = '', third = ''] = await readdir(fits);
  const bytes = await readFile(join(fits, first));
  await writeFile(join(fits, first), bytes.subarray(0, bytes.length - 1));
  await writeFile(join(fits, second), Buffer.alloc(0));
  await writeFile(join(fits, third.replace('-40-', '-39-')), await readFile(join(fits, third)));
  await writeFile(join(fits, 'x.temp'), 'half');
  const broken: string[] = [];
  const next = await open(folder, { broken });
  t.deepEqual(broken.sort(), [first, second].sort());
  const found = ['a', 'b', 'c'].map((key) => next.fit(key, () => spent).snapshot?.step);
  t.deepEqual(
    found.filter((step) => step !== undefined),
    [40],
  );
  t.deepEqual(await readdir(fits), [third]);
});

test('a snapshot that cannot be written does not end the fit', async (t) => {
  const folder = await folderIn(t);
  const broken: string[] = [];
  const checkpoint = await open(folder, { broken });
  await writeFile(join(folder, 'fits'), 'a file where a folder must be');
  await checkpoint.fit('a', () => spent).save(snapshot);
  t.deepEqual(broken, ['a']);
  const next = await open(await folderIn(t), { broken });
  t.is(next.fit('a', () => spent).snapshot, undefined);
});
