import test from 'ava';
import { columnStatistics } from '../../../native/kernels/columns.js';
import { dotInt8, gemmInt8, gemvInt8, quantizeInt8 } from '../../../native/kernels/int8.js';
import { axpyF32, dotF32, gemmF32, gemvF32, gemvTransposedF32 } from '../../../native/kernels/linear.js';
import { sigmoid, sigmoidLoss, softmax, softmaxLoss } from '../../../native/kernels/loss.js';
import { adamStep, momentumStep, sgdStep } from '../../../native/kernels/optimizers.js';
import { minMaxFit, scaleColumns, standardizeFit } from '../../../native/kernels/scaling.js';
import { bytes, floats, sharedSize, sizes } from './inputs.js';

// Each kernel beside a plain double-precision loop. All instruction sets agree with each other bit
// for bit (isa.test.ts), so the active one stands for all.

/** Rounding of one single-precision operation: half a unit in the last place. */
const unit = 2 ** -24;

function at(values: ArrayLike<number>, index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`no element ${index}`);
  return value;
}

function worst(seen: ArrayLike<number>, expected: (i: number) => number, bound: (i: number) => number): string | null {
  for (let i = 0; i < seen.length; i++) {
    const value = at(seen, i);
    const right = expected(i);
    if (Number.isNaN(right) ? Number.isNaN(value) : Math.abs(value - right) <= bound(i)) continue;
    return `[${i}] is ${value}, expected ${right} within ${bound(i)}`;
  }
  return null;
}

const allSizes = [...sizes, sharedSize];

test('dotF32 is within its rounding of the exact sum', (t) => {
  for (const n of allSizes) {
    const [a, b] = [floats(n, 1), floats(n, 2)];
    let exact = 0;
    let magnitude = 0;
    for (let i = 0; i < n; i++) {
      exact += at(a, i) * at(b, i);
      magnitude += Math.abs(at(a, i) * at(b, i));
    }
    // One rounding for each multiply-add of a lane's chain (n / 64 and the tail's four) and each of
    // the six levels of the tree.
    const roundings = n / 64 + 4 + 6;
    t.true(Math.abs(dotF32(a, b) - exact) <= roundings * unit * magnitude * 1.01, `n = ${n}`);
  }
});

test('dotF32 carries NaN through and keeps subnormals', (t) => {
  const values = new Float32Array(70).fill(1);
  values[69] = Number.NaN;
  t.true(Number.isNaN(dotF32(values, new Float32Array(70).fill(1))));
  t.is(dotF32(Float32Array.of(1e-42), Float32Array.of(1)), Math.fround(1e-42));
});

test('axpyF32 rounds once', (t) => {
  for (const n of allSizes) {
    const [x, before] = [floats(n, 3), floats(n, 4)];
    const y = before.slice();
    axpyF32(0.25, x, y); // 0.25 is exact, so is the product
    t.is(
      worst(
        y,
        (i) => Math.fround(0.25 * at(x, i) + at(before, i)),
        () => 0,
      ),
      null,
    );
  }
});

test('gemvTransposedF32 equals axpyF32 of each row in turn', (t) => {
  for (const [rows, columns] of [
    [0, 5],
    [7, 1],
    [9, 100],
    [3, 197],
  ] as const) {
    const a = floats(rows * columns, 1);
    const x = floats(rows, 2);
    const expected = new Float32Array(columns);
    for (let row = 0; row < rows; row++) {
      axpyF32(x[row] ?? 0, a.subarray(row * columns, (row + 1) * columns), expected);
    }
    t.deepEqual(gemvTransposedF32(a, x, { rows, columns }), expected);
  }
});

test('gemvF32 equals dotF32 of each row', (t) => {
  for (const [rows, columns] of [
    [0, 5],
    [3, 0],
    [7, 65],
    [1200, 321],
  ] as const) {
    const [a, x] = [floats(rows * columns, 5), floats(columns, 6)];
    const y = gemvF32(a, x, { rows, columns });
    t.is(
      worst(
        y,
        (r) => dotF32(a.slice(r * columns, (r + 1) * columns), x),
        () => 0,
      ),
      null,
    );
  }
});

test('gemmF32 is within its rounding of the exact product, transposed or not, added or not', (t) => {
  for (const [m, n, k] of [
    [1, 1, 1],
    [13, 31, 383],
    [14, 32, 384],
    [15, 33, 385],
    [70, 160, 17],
    [65, 40, 900],
  ] as const) {
    for (const [transposeA, transposeB] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      const [a, b, before] = [floats(m * k, 7), floats(k * n, 8), floats(m * n, 9)];
      const shape = { m, n, k, transposeA, transposeB };
      const product = gemmF32(a, b, shape);
      const added = gemmF32(a, b, shape, { out: before.slice(), accumulate: true });
      const sum = (i: number, part: (x: number) => number) => {
        const [row, column] = [Math.floor(i / n), i % n];
        let total = 0;
        for (let p = 0; p < k; p++) {
          const left = at(a, transposeA ? p * m + row : row * k + p);
          total += part(left * at(b, transposeB ? column * k + p : p * n + column));
        }
        return total;
      };
      // A chain of k multiply-adds, and one addition per packed depth.
      const bound = (i: number) => (k + 4) * unit * (sum(i, Math.abs) + 2);
      t.is(
        worst(product, (i) => sum(i, (x) => x), bound),
        null,
      );
      t.is(
        worst(added, (i) => at(before, i) + sum(i, (x) => x), bound),
        null,
      );
    }
  }
});

test('columnStatistics agrees with two passes in double precision, at any mean', (t) => {
  for (const [rows, columns] of [
    [1, 3],
    [40, 16],
    [1001, 17],
    [30_000, 20],
  ] as const) {
    for (const offset of [0, 1e6]) {
      const data = floats(rows * columns, 10).map((value) => value + offset);
      const found = columnStatistics(data, { rows, columns });
      for (let c = 0; c < columns; c++) {
        const column = Array.from({ length: rows }, (_, r) => at(data, r * columns + c));
        const mean = column.reduce((sum, value) => sum + value, 0) / rows;
        const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows;
        t.is(at(found.count, c), rows);
        // Double precision throughout: 1e-16 for each of some thousand additions about a near value.
        t.true(Math.abs(at(found.mean, c) - mean) <= 1e-12 * (Math.abs(mean) + 1));
        t.true(Math.abs(at(found.variance, c) - variance) <= 1e-11 * (variance + 1e-9));
        t.is(at(found.low, c), Math.min(...column));
        t.is(at(found.high, c), Math.max(...column));
      }
    }
  }
});

test('columnStatistics leaves missing values out', (t) => {
  const [rows, columns] = [999, 5];
  const data = floats(rows * columns, 11).map((value, i) => ((i % columns) + 1) * value);
  for (let r = 0; r < rows; r++) {
    if (r % 3 === 0) data[r * columns] = Number.NaN; // a third, the first row's among them
    data[r * columns + 1] = Number.NaN; // all
  }
  const found = columnStatistics(data, { rows, columns });
  t.deepEqual([...found.count], [666, 0, 999, 999, 999]);
  const kept = Array.from({ length: rows }, (_, r) => at(data, r * columns)).filter((value) => !Number.isNaN(value));
  const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
  t.true(Math.abs(at(found.mean, 0) - mean) < 1e-13);
  t.is(at(found.low, 0), Math.min(...kept));
  for (const statistic of [found.mean, found.variance, found.low, found.high]) t.true(Number.isNaN(at(statistic, 1)));
});

test('a standardized column has mean 0 and deviation 1, a constant one becomes 0', (t) => {
  const [rows, columns] = [5000, 7];
  const data = floats(rows * columns, 12).map((value, i) => (i % columns === 3 ? 42.5 : value * 100 + 1000));
  const scaled = scaleColumns(data, { rows, columns }, standardizeFit(data, { rows, columns }));
  const after = columnStatistics(scaled, { rows, columns });
  for (let c = 0; c < columns; c++) {
    // Values near 1000 with deviation 100 are rounded to 1000 * unit, so 1e-6 after scaling.
    t.true(Math.abs(at(after.mean, c)) < 2e-6);
    t.true(Math.abs(at(after.variance, c) - (c === 3 ? 0 : 1)) < 2e-6);
  }
});

test('a min-max scaled column spans the range given, and missing values stay missing', (t) => {
  const [rows, columns] = [2001, 3];
  const data = floats(rows * columns, 13);
  data[4] = Number.NaN;
  for (let r = 0; r < rows; r++) data[r * columns + 2] = 7;
  const out = data.slice();
  scaleColumns(out, { rows, columns }, minMaxFit(data, { rows, columns }, { low: -1, high: 3 }), out);
  const after = columnStatistics(out, { rows, columns });
  t.deepEqual([at(after.low, 0), at(after.low, 1), at(after.low, 2)], [-1, -1, -1]);
  for (const c of [0, 1]) t.true(Math.abs(at(after.high, c) - 3) <= 4 * unit * 4);
  t.true(Number.isNaN(at(out, 4)));
});

test('fitting refuses an infinite value and names its column', (t) => {
  const data = Float32Array.of(1, 2, 3, Number.NEGATIVE_INFINITY);
  t.throws(() => standardizeFit(data, { rows: 2, columns: 2 }), { message: /column 1 holds -Infinity/ });
  t.throws(() => minMaxFit(data, { rows: 2, columns: 2 }), { message: /column 1 holds -Infinity/ });
});

const logistic = (z: number) => 1 / (1 + Math.exp(-z));

test('sigmoid is within four units of the exact value, and does not overflow', (t) => {
  const z = Float32Array.from({ length: 4001 }, (_, i) => (i - 2000) / 25);
  // Exponential two units, then an addition, a division and a product.
  t.is(
    worst(
      sigmoid(z),
      (i) => logistic(at(z, i)),
      (i) => 8 * unit * logistic(at(z, i)) + 1e-37,
    ),
    null,
  );
  t.deepEqual([...sigmoid(Float32Array.of(-1e30, 1e30, 0, Number.POSITIVE_INFINITY))].slice(1), [1, 0.5, 1]);
  t.true(Number.isNaN(at(sigmoid(Float32Array.of(Number.NaN)), 0)));
});

test('sigmoidLoss gives the logistic loss and its gradient', (t) => {
  for (const n of allSizes) {
    const z = floats(n, 14).map((value) => value * 8);
    const target = Float32Array.from({ length: n }, (_, i) => i % 2);
    const { loss, gradient } = sigmoidLoss(z, target);
    let exact = 0;
    for (let i = 0; i < n; i++) {
      const x = at(z, i);
      exact += Math.max(x, 0) - x * at(target, i) + Math.log1p(Math.exp(-Math.abs(x)));
    }
    t.true(Math.abs(loss - exact) <= 4 * unit * (exact + n), `n = ${n}`);
    t.is(
      worst(
        gradient,
        (i) => logistic(at(z, i)) - at(target, i),
        () => 8 * unit,
      ),
      null,
    );
  }
});

test('softmax and softmaxLoss agree with double precision', (t) => {
  for (const classes of [1, 2, 10, 16, 17, 100]) {
    const rows = 501;
    const z = floats(rows * classes, 15).map((value) => value * 10);
    const label = Uint32Array.from({ length: rows }, (_, r) => (r * 7) % classes);
    const powers = Float64Array.from(z, (value) => Math.exp(value));
    const sums = Float64Array.from({ length: rows }, (_, r) =>
      powers.subarray(r * classes, (r + 1) * classes).reduce((sum, value) => sum + value, 0),
    );
    const exact = (i: number) => at(powers, i) / at(sums, Math.floor(i / classes));
    // The shift by the highest is rounded (40 * unit at most), the sum once per sixteenth class.
    const bound = () => 64 * unit;
    t.is(worst(softmax(z, { rows, classes }), exact, bound), null);
    const { loss, gradient } = softmaxLoss(z, label, classes);
    const one = (i: number) => (i % classes === at(label, Math.floor(i / classes)) ? 1 : 0);
    t.is(
      worst(gradient, (i) => exact(i) - one(i), bound),
      null,
    );
    let total = 0;
    for (let r = 0; r < rows; r++) total += Math.log(at(sums, r)) - at(z, r * classes + at(label, r));
    t.true(Math.abs(loss - total) <= 16 * unit * (total + rows), `${classes} classes`);
  }
});

test('softmaxLoss refuses a label beyond the classes and names it', (t) => {
  t.throws(() => softmaxLoss(new Float32Array(4), Uint32Array.of(0, 2), 2), {
    message: /label\[1\] 2 must be below classes 2/,
  });
});

test('an optimizer step follows its formula', (t) => {
  for (const n of allSizes) {
    const [w, g] = [floats(n, 16), floats(n, 17)];
    const [rate, decay, momentum, dampening] = [0.125, 0.25, 0.5, 0.25]; // exact in single precision

    const plain = w.slice();
    sgdStep(plain, g, { learningRate: rate, weightDecay: decay });
    const bound = () => 16 * unit; // four operations on numbers below 4
    t.is(
      worst(plain, (i) => at(w, i) - rate * (at(g, i) + decay * at(w, i)), bound),
      null,
    );

    for (const nesterov of [false, true]) {
      const [moved, velocity, before] = [w.slice(), floats(n, 18), floats(n, 18)];
      momentumStep(moved, g, velocity, { learningRate: rate, weightDecay: decay, momentum, dampening, nesterov });
      const direction = (i: number) => at(g, i) + decay * at(w, i);
      const next = (i: number) => momentum * at(before, i) + (1 - dampening) * direction(i);
      t.is(worst(velocity, next, bound), null);
      const step = (i: number) => (nesterov ? direction(i) + momentum * next(i) : next(i));
      t.is(
        worst(moved, (i) => at(w, i) - rate * step(i), bound),
        null,
      );
    }

    for (const decoupled of [false, true]) {
      const [moved, mean, square] = [w.slice(), new Float32Array(n), new Float32Array(n)];
      adamStep(moved, g, mean, square, { learningRate: rate, weightDecay: decay, decoupled, step: 1 });
      const shrunk = (i: number) => at(w, i) * (decoupled ? 1 - rate * decay : 1);
      const direction = (i: number) => at(g, i) + (decoupled ? 0 : decay * at(w, i));
      // On the first step mean / root is the gradient's sign, up to epsilon.
      const expected = (i: number) => shrunk(i) - (rate * direction(i)) / (Math.abs(direction(i)) + 1e-8);
      t.is(
        worst(moved, expected, () => 32 * unit),
        null,
      );
    }
  }
});

test('quantizeInt8 keeps each value within half a step and each row to its own scale', (t) => {
  const [rows, columns] = [37, 333];
  const data = floats(rows * columns, 19).map((value, i) => value * 10 ** (Math.floor(i / columns) % 5));
  data.fill(0, 0, columns);
  const { q, scale } = quantizeInt8(data, { rows, columns });
  t.is(at(scale, 0), 1);
  t.is(
    worst(
      q,
      (i) => at(data, i) / at(scale, Math.floor(i / columns)),
      () => 0.5 + 1e-4,
    ),
    null,
  );
  t.is(Math.max(...q), 127);
});

test('quantizeInt8 refuses a value that is not finite and names its place', (t) => {
  const data = new Float32Array(12);
  data[7] = Number.NaN;
  t.throws(() => quantizeInt8(data, { rows: 3, columns: 4 }), { message: /data\[1\]\[3\] NaN must be finite/ });
});

test('dotInt8 is exact, also where 16 and 32 bits would overflow', (t) => {
  for (const n of [...allSizes, 65_537]) {
    const [a, b] = [bytes(n, 20), bytes(n, 21)];
    t.is(
      dotInt8(a, b),
      a.reduce((sum, value, i) => sum + value * at(b, i), 0),
    );
  }
  const lowest = new Int8Array(300_000).fill(-128);
  t.is(dotInt8(lowest, lowest), 300_000 * 16_384);
  t.is(dotInt8(lowest, new Int8Array(300_000).fill(127)), 300_000 * -16_256);
});

test('gemvInt8 is the scaled dot product of each row', (t) => {
  const [rows, columns] = [300, 777];
  const matrix = { q: bytes(rows * columns, 22), scale: floats(rows, 23).map(Math.abs) };
  const x = bytes(columns, 24);
  const y = gemvInt8(matrix, x, 0.5, { rows, columns });
  const exact = (r: number) => dotInt8(matrix.q.slice(r * columns, (r + 1) * columns), x) * at(matrix.scale, r) * 0.5;
  t.is(
    worst(y, exact, (r) => 4 * unit * Math.abs(exact(r))),
    null,
  );
});

test('gemmInt8 is the exact product, transposed or not', (t) => {
  for (const [m, n, k] of [
    [1, 1, 1],
    [2, 33, 67],
    [9, 70, 515],
    [40, 37, 1030],
  ] as const) {
    const [a, b] = [bytes(m * k, 26), bytes(k * n, 27)];
    const columns = Array.from({ length: n }, (_, j) => Int8Array.from({ length: k }, (_, i) => at(b, i * n + j)));
    const exact = Int32Array.from({ length: m * n }, (_, i) =>
      dotInt8(a.slice(Math.floor(i / n) * k, (Math.floor(i / n) + 1) * k), columns[i % n] as Int8Array),
    );
    const across = Int8Array.from(columns.flatMap((column) => [...column]));
    t.deepEqual(gemmInt8(a, b, { m, n, k }), exact);
    t.deepEqual(gemmInt8(a, across, { m, n, k, transposeB: true }, new Int32Array(m * n).fill(7)), exact);
  }
});

test('gemmInt8 sums 65,536 products of the largest bytes, and no more', (t) => {
  const k = 65_536;
  for (const m of [1, 33]) {
    const lowest = new Int8Array(m * k).fill(-128);
    const right = new Int8Array(2 * k).map((_, i) => (i % 2 === 0 ? -128 : 127));
    const product = gemmInt8(lowest, right, { m, n: 2, k });
    t.deepEqual([...product.subarray(-2)], [k * 16_384, k * -16_256]);
  }
  t.throws(() => gemmInt8(new Int8Array(k + 1), new Int8Array(k + 1), { m: 1, n: 1, k: k + 1 }), {
    message: 'k 65537 must be an integer from 0 to 65536',
  });
  t.throws(() => gemmInt8(new Int8Array(4), new Int8Array(4), { m: 2, n: 2, k: 2 }, new Int32Array(3)), {
    message: 'out of length 3 must be of length 4',
  });
});
