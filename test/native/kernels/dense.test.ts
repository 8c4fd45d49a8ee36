import test from 'ava';
import { ArgumentError } from '../../../native/argument-error.js';
import { isas } from '../../../native/isa.js';
import { DenseLayer, type DenseWeights } from '../../../native/kernels/dense.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { runChild } from '../child.js';
import { denseShapes, floats } from './inputs.js';

const unit = 2 ** -24;

const weightsOf = (inputs: number, units: number): DenseWeights => ({
  weights: floats(inputs * units, 1),
  bias: floats(units, 2),
  inputs,
  units,
});

/** Applies a layer that is made and disposed of here. */
function applied(of: DenseWeights, rows: Float32Array, rowCount: number): Float32Array {
  const layer = new DenseLayer(of);
  const out = layer.apply(rows, rowCount);
  layer.dispose();
  return out;
}

const same = (a: Float32Array, b: Float32Array) =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));

test('a dense layer is within its rounding of the exact sums, and a rectifier makes the negative ones zero', (t) => {
  for (const { rows, inputs, units } of denseShapes) {
    const x = floats(rows * inputs, 3);
    const of = weightsOf(inputs, units);
    const sums = applied(of, x, rows);
    const rectified = applied({ ...of, activation: 'relu' }, x, rows);
    let worst = 0;
    for (let row = 0; row < rows; row++) {
      for (let j = 0; j < units; j += 3) {
        let exact = of.bias[j] ?? Number.NaN;
        let size = Math.abs(exact);
        for (let k = 0; k < inputs; k++) {
          const term = (x[row * inputs + k] ?? Number.NaN) * (of.weights[k * units + j] ?? Number.NaN);
          exact += term;
          size += Math.abs(term);
        }
        const off = Math.abs((sums[row * units + j] ?? Number.NaN) - exact) / size;
        worst = Number.isNaN(off) ? Number.NaN : Math.max(worst, off);
      }
    }
    // A chain of as many multiply-adds as inputs.
    t.true(worst <= (inputs + 4) * unit, `${rows}x${inputs}x${units}: ${worst / unit} units of the sum of sizes`);
    t.deepEqual(
      rectified,
      sums.map((sum) => Math.max(0, sum)),
    );
  }
});

test('a row of a dense layer has the same bits alone as among others', (t) => {
  for (const { rows, inputs, units } of denseShapes) {
    const x = floats(rows * inputs, 3);
    const layer = new DenseLayer(weightsOf(inputs, units));
    const all = layer.apply(x, rows);
    for (const row of [0, rows >> 1, rows - 1]) {
      const alone = layer.apply(x.slice(row * inputs, (row + 1) * inputs), 1);
      t.true(same(alone, all.slice(row * units, (row + 1) * units)), `row ${row} of ${rows}x${inputs}x${units}`);
    }
  }
});

test('what is not finite in a dense layer stays in its rows and columns, as what it is', (t) => {
  const [rows, inputs, units] = [70, 100, 40];
  const half = new Float32Array(rows * inputs).fill(0.5);
  const of = { weights: new Float32Array(inputs * units).fill(0.25), bias: new Float32Array(units), inputs, units };
  const x = half.slice();
  x[3 * inputs + 10] = Number.POSITIVE_INFINITY;
  x[40 * inputs + 99] = Number.NaN;
  x[69 * inputs] = Number.NEGATIVE_INFINITY;
  const seen = applied(of, x, rows);
  for (const [row, value] of [
    [2, 12.5],
    [3, Number.POSITIVE_INFINITY],
    [40, Number.NaN],
    [69, Number.NEGATIVE_INFINITY],
  ] as const) {
    t.deepEqual(seen.slice(row * units, (row + 1) * units), new Float32Array(units).fill(value), `row ${row}`);
  }
  of.weights[55 * units + 33] = Number.POSITIVE_INFINITY;
  const columns = applied(of, half, rows);
  for (let row = 0; row < rows; row++) {
    t.is(columns[row * units + 32], 12.5);
    t.is(columns[row * units + 33], Number.POSITIVE_INFINITY);
  }
});

test.serial('a dense layer has the same bits on 1, 2, 3 and 5 threads', (t) => {
  const threads = threadCount();
  try {
    for (const { rows, inputs, units } of denseShapes) {
      const x = floats(rows * inputs, 3);
      setThreads(1);
      const one = applied(weightsOf(inputs, units), x, rows);
      for (const count of [2, 3, 5]) {
        setThreads(count);
        t.true(same(applied(weightsOf(inputs, units), x, rows), one), `${rows}x${inputs}x${units}, ${count} threads`);
      }
    }
  } finally {
    setThreads(threads);
  }
});

test('a dense layer has the same bits on every instruction set without tiles', async (t) => {
  const names = isas().flatMap(({ name, supported }) => (supported && name !== 'amx' ? [name] : []));
  const digests = await Promise.all(
    names.map(async (name) => {
      const { code, stdout, stderr } = await runChild('kernels/dense-probe.js', { env: { TENON_FORCE_ISA: name } });
      t.is(code, 0, stderr);
      return stdout;
    }),
  );
  t.deepEqual(new Set(digests).size, 1, names.join(', '));
});

test('a dense layer refuses what does not fit, naming it', (t) => {
  const of = weightsOf(3, 2);
  const layer = new DenseLayer(of);
  const fieldOf = (call: () => unknown) => t.throws(call, { instanceOf: ArgumentError })?.field;
  t.is(
    fieldOf(() => new DenseLayer({ ...of, inputs: 4 })),
    'weights',
  );
  t.is(
    fieldOf(() => new DenseLayer({ ...of, bias: new Float32Array(3) })),
    'bias',
  );
  t.is(
    fieldOf(() => new DenseLayer({ ...of, units: 0 })),
    'units',
  );
  t.is(
    fieldOf(() => new DenseLayer({ ...of, activation: 'tanh' as 'relu' })),
    'activation',
  );
  t.is(
    fieldOf(() => layer.apply(new Float32Array(5), 2)),
    'rows',
  );
  t.is(
    fieldOf(() => layer.apply(new Float32Array(6), 2, new Float32Array(5))),
    'out',
  );
  const shared = new Float32Array(9);
  t.throws(() => layer.apply(shared.subarray(0, 6), 2, shared.subarray(5)), { message: /out overlaps rows/ });
  t.deepEqual(layer.apply(new Float32Array(0), 0), new Float32Array(0));
  layer.dispose();
  layer.dispose();
  t.is(
    fieldOf(() => layer.apply(new Float32Array(6), 2)),
    'layer',
  );
});
