// What a service still feels while every native thread computes: prints, as JSON, the event loop's
// delay, gzip and readFile at the 99th percentile, idle and busy, and how long a cancel takes.
// Run: node dist/bench/kernels/event-loop.js
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { activeIsa } from '../../native/isa.js';
import { multiply } from '../../native/kernels/linear.js';
import { NativeMatrix } from '../../native/matrix.js';
import { threadCount } from '../../native/threads.js';
import { machineName } from '../lib/machine.js';

const rounds = 300;

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function milliseconds(body: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await body();
  return performance.now() - start;
}

async function feel(file: string, payload: Buffer): Promise<Record<string, number>> {
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const gzipMs: number[] = [];
  const fileMs: number[] = [];
  for (let i = 0; i < rounds; i++) {
    gzipMs.push(await milliseconds(() => promisify(gzip)(payload)));
    fileMs.push(await milliseconds(() => readFile(file)));
    await sleep(5);
  }
  loop.disable();
  return {
    eventLoopP99Ms: loop.percentile(99) / 1e6,
    eventLoopMaxMs: loop.max / 1e6,
    gzipP50Ms: percentile(gzipMs, 0.5),
    gzipP99Ms: percentile(gzipMs, 0.99),
    readFileP99Ms: percentile(fileMs, 0.99),
  };
}

const folder = await mkdtemp(join(tmpdir(), 'tenon-bench-'));
const file = join(folder, 'payload');
const payload = Buffer.alloc(64 * 1024, 'a gzip message of an RPC ');
await writeFile(file, payload);

const idle = await feel(file, payload);

const size = 8192;
const matrix = NativeMatrix.from(new Float32Array(size * size).fill(1), size, size);
const start = () => {
  const controller = new AbortController();
  const tasks = Array.from({ length: threadCount() + 1 }, () =>
    multiply(matrix, matrix, { signal: controller.signal }).catch(() => undefined),
  );
  return { controller, tasks };
};

let busyWork = start();
const again = setInterval(() => {
  busyWork.controller.abort();
  busyWork = start();
}, 3000);
await sleep(200);
const busy = await feel(file, payload);
clearInterval(again);
busyWork.controller.abort();
await Promise.all(busyWork.tasks);

const cancelMs: number[] = [];
for (let i = 0; i < 30; i++) {
  const { controller, tasks } = start();
  await sleep(50 + i);
  cancelMs.push(
    await milliseconds(() => {
      controller.abort();
      return Promise.all(tasks);
    }),
  );
}
await rm(folder, { recursive: true, force: true });
console.log(
  JSON.stringify(
    {
      machine: machineName(),
      isa: activeIsa(),
      threads: threadCount(),
      idle,
      busy,
      cancelP50Ms: percentile(cancelMs, 0.5),
      cancelMaxMs: Math.max(...cancelMs),
    },
    null,
    2,
  ),
);
