import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { multiply } from '../../native/kernels/linear.js';
import { NativeMatrix } from '../../native/matrix.js';
import { threadCount } from '../../native/threads.js';
import { inFolder } from '../lib/folder.js';
import { type Benchmark, type BenchRow, rowOf } from '../lib/row.js';
import { percentile } from '../lib/statistics.js';

async function milliseconds(body: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await body();
  return performance.now() - start;
}

/** The 99th percentiles of what a service does besides: its event loop's delay, gzip, reading a file. */
async function feel(file: string, payload: Buffer, rounds: number) {
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const gzipMs: number[] = [];
  const fileMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    gzipMs.push(await milliseconds(() => promisify(gzip)(payload)));
    fileMs.push(await milliseconds(() => readFile(file)));
    await sleep(5);
  }
  loop.disable();
  return { loop: loop.percentile(99) / 1e6, gzip: percentile(gzipMs, 0.99), file: percentile(fileMs, 0.99) };
}

/** More products than there are threads, so that all compute until they are cancelled. */
function startWork(matrix: NativeMatrix) {
  const controller = new AbortController();
  const tasks = Array.from({ length: threadCount() + 1 }, () =>
    multiply(matrix, matrix, { signal: controller.signal }).catch(() => undefined),
  );
  return async () => {
    controller.abort();
    await Promise.all(tasks);
  };
}

async function rowsOf(folder: string, smoke: boolean): Promise<BenchRow[]> {
  const file = join(folder, 'payload');
  const payload = Buffer.alloc(64 * 1024, 'a gzip message of an RPC ');
  await writeFile(file, payload);
  const size = smoke ? 2048 : 8192;
  const matrix = NativeMatrix.from(new Float32Array(size * size).fill(1), size, size);

  const busy: Awaited<ReturnType<typeof feel>>[] = [];
  const cancels: number[] = [];
  for (let round = 0; round < (smoke ? 1 : 5); round++) {
    // Shorter than the products last.
    const stop = startWork(matrix);
    await sleep(smoke ? 1 : 100);
    busy.push(await feel(file, payload, smoke ? 2 : 100));
    await stop();
    for (let cancel = 0; cancel < (smoke ? 1 : 6); cancel++) {
      const end = startWork(matrix);
      await sleep(smoke ? 1 : 50 + cancel);
      cancels.push(await milliseconds(end));
    }
  }
  const row = (work: string, ours: readonly number[], bound: number) =>
    rowOf({
      work: `${work}, every native thread busy`,
      peer: 'the promised bound',
      peerVersion: '',
      threads: threadCount(),
      ours,
      theirs: [bound],
      unit: 'ms',
      better: 'smaller',
      goal: 1,
    });
  return [
    row(
      'event loop delay, 99th percentile',
      busy.map(({ loop }) => loop),
      20,
    ),
    row(
      'gzip of 64 KiB, 99th percentile',
      busy.map((side) => side.gzip),
      50,
    ),
    row(
      'reading 64 KiB, 99th percentile',
      busy.map((side) => side.file),
      50,
    ),
    row('the slowest of 30 cancellations', [Math.max(...cancels)], 200),
  ];
}

/** What a service still feels while native code computes. There is no peer: the other side is what is promised. */
export const eventLoopBenchmark: Benchmark = {
  name: 'event-loop',
  run: ({ smoke }) => inFolder((folder) => rowsOf(folder, smoke)),
};
