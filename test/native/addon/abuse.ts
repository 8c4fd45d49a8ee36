// One way of mistreating the addon, named by the first argument, in a process of its own: the
// tests look at how it ended. Prints `ok` when everything it expects has happened.
import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { addon } from '../../../native/addon.js';
import { EstimatorError } from '../../../native/estimators/estimator-error.js';
import { fitEstimator } from '../../../native/estimators/fit.js';
import { columnStatistics } from '../../../native/kernels/columns.js';
import { dotF32, multiply } from '../../../native/kernels/linear.js';
import { NativeMatrix } from '../../../native/matrix.js';
import { randomNumbers } from '../kernels/inputs.js';

const collect = (globalThis as { gc?: () => void }).gc ?? (() => assert.fail('run with --expose-gc'));

function square(size: number, value = 1): NativeMatrix {
  return NativeMatrix.from(new Float32Array(size * size).fill(value), size, size);
}

/**
 * Rows of a square matrix whose product with itself lasts some tenths of a second at least. An
 * emulated processor, which is hundreds of times slower, is given fewer.
 */
const long = Number(process.env.TENON_LONG_PRODUCT ?? 2500);

const junk: unknown[] = [
  undefined,
  null,
  true,
  -1,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  2 ** 62,
  '4',
  1n,
  Symbol('s'),
  {},
  [],
  () => 0,
  new Float32Array(0),
  new Float32Array(4),
  new Float32Array(1000),
  new Float64Array(4),
  new Uint8Array(16),
  new Int8Array(4),
  new Uint32Array(4).fill(4e9),
  new BigInt64Array(4),
  new DataView(new ArrayBuffer(16)),
  new ArrayBuffer(16),
  new Float32Array(new SharedArrayBuffer(16)),
  detached(),
  new Proxy(new Float32Array(4), {}),
  Object.create(Float32Array.prototype),
  Object.create(addon.NativeMatrix.prototype),
  Object.create(addon.TaskControl.prototype),
  addon.TaskControl.prototype,
  Object.setPrototypeOf(new addon.TaskControl(null), addon.NativeMatrix.prototype),
];

function detached(): Float32Array {
  const values = new Float32Array(4);
  structuredClone(values.buffer, { transfer: [values.buffer] });
  return values;
}

/** A fitting value now and then, so that later arguments are reached. */
const fitting: unknown[] = [
  0,
  1,
  2,
  4,
  0.5,
  false,
  new Float32Array(4),
  new Float32Array(16),
  new Int8Array(4),
  new Float64Array(4),
];

const scenarios: Record<string, () => Promise<void> | void> = {
  'junk arguments': async () => {
    const random = randomNumbers(1);
    const pick = () => {
      const from = random() < 0.4 ? junk : fitting;
      return from[Math.floor(random() * from.length)];
    };
    const pending: Promise<unknown>[] = [];
    for (const [name, value] of Object.entries(addon)) {
      if (typeof value !== 'function' || name === 'setThreadCount') continue;
      for (let i = 0; i < 3000; i++) {
        const args = Array.from({ length: Math.floor(random() * 13) }, pick);
        try {
          const result: unknown = /^[A-Z]/.test(name)
            ? Reflect.construct(value, args)
            : Reflect.apply(value, undefined, args);
          if (result instanceof Promise) pending.push(result.catch(() => undefined));
        } catch (error) {
          assert.ok(error instanceof TypeError || error instanceof RangeError, `${name}: ${String(error)}`);
        }
      }
    }
    await Promise.all(pending);
  },
  'methods on foreign objects': () => {
    const matrix = new addon.NativeMatrix(new Float32Array(4), 2, 2);
    const control = new addon.TaskControl(null);
    for (const method of [matrix.copyTo, matrix.dispose, matrix.rowCount, control.cancel]) {
      for (const receiver of [...junk, matrix, control]) {
        try {
          Reflect.apply(method, receiver, [new Float32Array(4)]);
        } catch (error) {
          assert.ok(error instanceof Error);
        }
      }
    }
  },
  'transfer of the source during work': async () => {
    const data = new Float32Array(long * long).fill(1);
    const matrix = NativeMatrix.from(data, long, long);
    const work = multiply(matrix, matrix);
    structuredClone(data.buffer, { transfer: [data.buffer] });
    collect();
    assert.equal(data.length, 0);
    assert.equal((await work).toFloat32Array()[0], long);
  },
  'disposal and collection during work': async () => {
    let matrix: NativeMatrix | null = square(long);
    const work = multiply(matrix, matrix);
    matrix.dispose();
    matrix = null;
    for (let i = 0; i < 5; i++) {
      collect();
      await turn();
    }
    assert.equal((await work).toFloat32Array()[long * long - 1], long);
  },
  'collection without disposal': async () => {
    for (let i = 0; i < 200; i++) {
      square(500);
      if (i % 20 === 0) {
        collect();
        await turn();
      }
    }
    collect();
    assert.ok(process.memoryUsage().rss < 600e6);
  },
  'collection and writing of shared rows during a fit': async () => {
    const [rows, columns] = [200_000, 20];
    let floats: Float32Array | null = addon.sharedFloats(rows * columns);
    for (let i = 0; i < floats.length; i++) floats[i] = Math.sin(i * 7);
    const fitted = fitEstimator({
      estimator: 'logistic-regression',
      parameters: { solver: 'sgd', max_iter: 20 },
      task: 'classification',
      features: { data: floats, rowCount: rows, columnCount: columns },
      target: Float64Array.from({ length: rows }, (_, row) => row % 2),
      classCount: 2,
      seed: 0,
      // Whether it learned is not said.
    }).catch((error: unknown) => assert.ok(error instanceof EstimatorError));
    floats.fill(Number.NaN, 0, 1000);
    floats = null;
    for (let i = 0; i < 20; i++) {
      collect();
      await turn();
    }
    await fitted;
    for (let i = 0; i < 100; i++) {
      addon.sharedFloats(1e6).fill(1);
      collect();
      await turn();
    }
    assert.ok(process.memoryUsage().rss < 600e6);
  },
  'resizable, shared and detached arrays': () => {
    const resizable = Reflect.construct(ArrayBuffer, [16, { maxByteLength: 32 }]) as ArrayBuffer;
    const plain = new Float32Array(4);
    assert.throws(() => dotF32(new Float32Array(resizable), plain), /a over a resizable ArrayBuffer/);
    assert.throws(
      () => dotF32(plain, new Float32Array(new SharedArrayBuffer(16)) as unknown as Float32Array),
      /b over a SharedArrayBuffer/,
    );
    assert.throws(() => dotF32(detached(), plain), /length/);
    assert.throws(() => addon.dotF32(detached(), plain), /a must not be detached/);
    assert.throws(
      () => dotF32(new Uint8Array(4) as unknown as Float32Array, plain),
      /a \(Uint8Array\) must be a Float32Array/,
    );
    // A shrunken resizable buffer must not be read beyond its end, whoever calls.
    const view = new Float32Array(resizable);
    (resizable as unknown as { resize: (length: number) => void }).resize(4);
    assert.throws(() => addon.dotF32(view, plain), RangeError);
  },
  'sizes beyond memory': async () => {
    const before = process.memoryUsage().rss;
    const empty = new Float32Array(0);
    assert.throws(() => new addon.NativeMatrix(empty, 2 ** 40, 2 ** 10), /half of this machine's memory/);
    assert.throws(() => new addon.NativeMatrix(empty, 2 ** 52, 2 ** 52), /rowCount x columnCount is too large/);
    assert.throws(() => columnStatistics(empty, { rows: 2 ** 30, columns: 2 ** 30 }), /at most/);
    assert.throws(() => addon.gemmF32(empty, empty, empty, 2 ** 40, 2 ** 40, 1, false, false, false), RangeError);
    const column = NativeMatrix.from(new Float32Array(2_000_000), 2_000_000, 1);
    await assert.rejects(multiply(column, column, { transposeB: true }), /half of this machine's memory/);
    assert.ok(process.memoryUsage().rss - before < 200e6);
  },
  'a listener that throws': async () => {
    const control = new addon.TaskControl(() => {
      throw new Error('from the listener');
    });
    const matrix = square(64);
    await addon.gemmF32Async(matrix.handle('a'), matrix.handle('b'), false, false, control);
  },
  'a control used twice': async () => {
    const control = new addon.TaskControl(null);
    const raw = square(64).handle('a');
    await addon.gemmF32Async(raw, raw, false, false, control);
    assert.throws(() => addon.gemmF32Async(raw, raw, false, false, control), /already been used/);
  },
  'exit during work': () => {
    for (let i = 0; i < 8; i++) void multiply(square(long), square(long));
    setTimeout(() => process.exit(7), 20);
  },
  'an uncaught exception during work': () => {
    for (let i = 0; i < 4; i++) void multiply(square(long), square(long));
    setTimeout(() => {
      throw new Error('uncaught on purpose');
    }, 20);
  },
  'the end of the script during work': async () => {
    // A promise of ours keeps the process alive, like any other I/O.
    const size = Math.min(long, 1000);
    void multiply(square(size), square(size)).then(() => console.log('finished'));
  },
  'termination of workers during work': async () => {
    for (let round = 0; round < 25; round++) {
      const worker = new Worker(fileURLToPath(import.meta.url), { argv: ['worker'] });
      await new Promise((resolve) => worker.once('message', resolve));
      // Sooner and later within the work, by turns of the loop rather than by time.
      for (let i = 0; i < round * 3; i++) await turn();
      await worker.terminate();
    }
    // The addon still works after the last environment but ours has gone.
    assert.equal(dotF32(Float32Array.of(2), Float32Array.of(3)), 6);
    assert.equal((await multiply(square(300), square(300))).toFloat32Array()[0], 300);
  },
  worker: async () => {
    const { parentPort } = await import('node:worker_threads');
    const matrix = square(700);
    const work = Array.from({ length: 6 }, () => multiply(matrix, matrix));
    parentPort?.postMessage('started');
    await Promise.all(work);
  },
};

const name = process.argv[2] ?? '';
const scenario = scenarios[name] ?? (() => assert.fail(`no scenario "${name}"`));
await scenario();
if (name !== 'worker') console.log('ok');
