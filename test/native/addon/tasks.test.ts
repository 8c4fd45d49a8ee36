import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import test from 'ava';
import { columnStatistics, columnStatisticsOf } from '../../../native/kernels/columns.js';
import { gemmF32, multiply } from '../../../native/kernels/linear.js';
import { scaleColumns, scaleMatrix, standardizeFit, standardizeFitMatrix } from '../../../native/kernels/scaling.js';
import { NativeMatrix } from '../../../native/matrix.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { floats } from '../kernels/inputs.js';

// Hours of work at any speed: only cancelling ends it.
const endless = () => NativeMatrix.from(new Float32Array(12_000 * 12_000), 12_000, 12_000);

test('the long calls give what the short ones give', async (t) => {
  const [rows, columns] = [4001, 30];
  const data = floats(rows * columns, 1);
  const matrix = NativeMatrix.from(data, rows, columns);
  t.is(matrix.rowCount, rows);
  t.is(matrix.columnCount, columns);
  t.deepEqual(await columnStatisticsOf(matrix), columnStatistics(data, { rows, columns }));
  const scaling = await standardizeFitMatrix(matrix);
  t.deepEqual(scaling, standardizeFit(data, { rows, columns }));
  t.deepEqual((await scaleMatrix(matrix, scaling)).toFloat32Array(), scaleColumns(data, { rows, columns }, scaling));
  const product = await multiply(matrix, matrix, { transposeA: true });
  t.deepEqual(product.toFloat32Array(), gemmF32(data, data, { m: columns, n: columns, k: rows, transposeA: true }));
});

test('a task under an aborted signal rejects with its reason and starts nothing', async (t) => {
  const reason = new Error('not wanted');
  const matrix = NativeMatrix.from(new Float32Array(4), 2, 2);
  await t.throwsAsync(multiply(matrix, matrix, { signal: AbortSignal.abort(reason) }), { is: reason });
});

test('aborting ends tasks under way with the reason, and later tasks run', async (t) => {
  const controller = new AbortController();
  const matrix = endless();
  const tasks = Array.from({ length: 5 }, () => multiply(matrix, matrix, { signal: controller.signal }));
  await turn();
  const reason = new Error('changed our mind');
  controller.abort(reason);
  for (const task of tasks) await t.throwsAsync(task, { is: reason });
  const small = NativeMatrix.from(Float32Array.of(3), 1, 1);
  t.is((await multiply(small, small)).toFloat32Array()[0], 9);
});

test('matrices whose depths disagree are refused with both sizes', async (t) => {
  const matrix = NativeMatrix.from(new Float32Array(6), 2, 3);
  await t.throwsAsync(multiply(matrix, matrix), { message: /a has depth 3 and b 2/ });
});

test('a matrix that was disposed of is refused by name', async (t) => {
  const matrix = NativeMatrix.from(new Float32Array(4), 2, 2);
  matrix.dispose();
  matrix.dispose();
  await t.throwsAsync(multiply(matrix, matrix), { message: /a \(disposed of\) must be a live NativeMatrix/ });
  t.throws(() => matrix.rowCount, { message: /disposed of/ });
});

test('data of another length than its shape is refused with both lengths', (t) => {
  t.throws(() => NativeMatrix.from(new Float32Array(5), 2, 3), { message: 'data of length 5 must be of length 6' });
});

test.serial('while every thread computes, gzip, files and the event loop go on', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'tenon-native-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'payload');
  const payload = Buffer.alloc(100_000, 'payload ');
  await writeFile(file, payload);

  const controller = new AbortController();
  const matrix = endless();
  let computing = 0;
  const tasks = Array.from({ length: 2 * threadCount() + 2 }, async () => {
    computing++;
    await multiply(matrix, matrix, { signal: controller.signal }).finally(() => computing--);
  });
  const busy = computing;
  // Were they held up until the work ends, this would not finish within any patience.
  for (let i = 0; i < 200; i++) {
    await turn();
    const unpacked = await promisify(gunzip)(await promisify(gzip)(payload));
    t.is(unpacked.length, payload.length);
    t.is((await readFile(file)).length, payload.length);
  }
  t.is(computing, busy);
  const reason = new Error('seen enough');
  controller.abort(reason);
  const ends = await Promise.allSettled(tasks);
  for (const end of ends) t.like(end, { status: 'rejected', reason });
});

test.serial('changing the number of threads during work changes no result', async (t) => {
  const before = threadCount();
  t.teardown(() => setThreads(before));
  const [rows, columns] = [60_000, 20];
  const data = floats(rows * columns, 2);
  const matrix = NativeMatrix.from(data, rows, columns);
  const expected = columnStatistics(data, { rows, columns });
  for (const threads of [1, 7, 2, 16, 1, 3]) {
    const running = Array.from({ length: 4 }, () => columnStatisticsOf(matrix));
    setThreads(threads);
    t.is(threadCount(), threads);
    for (const found of await Promise.all(running)) t.deepEqual(found, expected);
  }
});

test('a number of threads out of range is refused with the bound', (t) => {
  for (const threads of [0, 257, 1.5, Number.NaN]) {
    t.throws(() => setThreads(threads), { message: `threads ${threads} must be an integer from 1 to 256` });
  }
});
