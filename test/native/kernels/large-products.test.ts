import test from 'ava';
import { type GemmShape, gemmF32 } from '../../../native/kernels/linear.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { floats } from './inputs.js';

// Products so large that a processor with tiles of bfloat16 multiplies on them.

const unit = 2 ** -24;

/** Around panels of 32 rows and columns, steps of 32, a depth of 512, 8,192 columns and what is split at once. */
const shapes: readonly (readonly [m: number, n: number, k: number])[] = [
  [128, 256, 64],
  [33, 1000, 65],
  [257, 100, 95],
  [49, 80, 1025],
  [511, 47, 512],
  [32, 8230, 70],
];
/** Two depths of what is split at once, for the first 8,192 columns. */
const deep = [33, 8200, 1100] as const;

interface Product {
  name: string;
  shape: GemmShape;
  a: Float32Array;
  b: Float32Array;
  left: (row: number, k: number) => number;
  right: (k: number, column: number) => number;
}

function productOf(m: number, n: number, k: number, transposeA: boolean, transposeB: boolean): Product {
  const [a, b] = [floats(m * k, m + k), floats(k * n, n + k)];
  return {
    name: `${m}x${n}x${k}${transposeA ? ' a transposed' : ''}${transposeB ? ' b transposed' : ''}`,
    shape: { m, n, k, transposeA, transposeB },
    a,
    b,
    left: (row, at) => a[transposeA ? at * m + row : row * k + at] ?? Number.NaN,
    right: (at, column) => b[transposeB ? column * k + at : at * n + column] ?? Number.NaN,
  };
}

const products = (): Product[] => [
  ...shapes.flatMap(([m, n, k]) =>
    [false, true].flatMap((transposeA) =>
      [false, true].map((transposeB) => productOf(m, n, k, transposeA, transposeB)),
    ),
  ),
  productOf(...deep, false, false),
];

/** Some elements of every panel, the last ones of all among them. */
function* places(m: number, n: number): Generator<[row: number, column: number]> {
  for (let at = 0; at < m * n; at += 1009) yield [Math.floor(at / n), at % n];
  for (let column = 0; column < n; column += 31) yield [m - 1, column];
  for (let row = 0; row < m; row += 7) yield [row, n - 1];
}

test('a large product is as near to the exact one as a sum in single precision can be', (t) => {
  for (const { name, shape, a, b, left, right } of products()) {
    const before = floats(shape.m * shape.n, 9);
    const seen = gemmF32(a, b, shape);
    const added = gemmF32(a, b, shape, { out: before.slice(), accumulate: true });
    let worst = 0;
    for (const [row, column] of places(shape.m, shape.n)) {
      let [exact, size] = [0, 0];
      for (let k = 0; k < shape.k; k++) {
        const term = left(row, k) * right(k, column);
        exact += term;
        size += Math.abs(term);
      }
      const at = row * shape.n + column;
      const start = before[at] ?? Number.NaN;
      const off = Math.abs((seen[at] ?? Number.NaN) - exact) / size;
      const offAdded = Math.abs((added[at] ?? Number.NaN) - start - exact) / (size + Math.abs(start));
      worst = Number.isNaN(off + offAdded) ? Number.NaN : Math.max(worst, off, offAdded);
    }
    // Sums of random signs: roundings add up as the root of their number, and some more.
    t.true(worst <= 6 * unit, `${name}: ${worst / unit} units of the sum of sizes`);
  }
});

test('a large product of whole numbers is exact', (t) => {
  const whole = (length: number, factor: number, modulus: number) =>
    Float32Array.from({ length }, (_, i) => ((i * factor) % modulus) - (modulus >> 1));
  const shape = { m: 130, n: 100, k: 300 };
  // Significands of 14 bits need two parts; their products all fit 24 bits when summed up.
  const [a, b] = [whole(130 * 300, 7919, 4093), whole(300 * 100, 5, 7)];
  const seen = gemmF32(a, b, shape);
  for (const [row, column] of places(shape.m, shape.n)) {
    let exact = 0;
    for (let k = 0; k < shape.k; k++) exact += (a[row * 300 + k] ?? 0) * (b[k * 100 + column] ?? 0);
    t.is(seen[row * shape.n + column], exact);
  }
});

test('infinities and NaN in a large product stay in their rows and columns, as what they are', (t) => {
  const [m, n, k] = [70, 200, 600];
  for (const [transposeA, transposeB] of [
    [false, false],
    [true, true],
  ] as const) {
    const shape = { m, n, k, transposeA, transposeB };
    const leftAt = (row: number, at: number) => (transposeA ? at * m + row : row * k + at);
    const rightAt = (at: number, column: number) => (transposeB ? column * k + at : at * n + column);
    const a = new Float32Array(m * k).fill(0.5);
    const b = new Float32Array(k * n).fill(0.25);
    a[leftAt(3, 10)] = Number.POSITIVE_INFINITY;
    a[leftAt(40, 599)] = Number.NaN;
    a[leftAt(69, 0)] = Number.NEGATIVE_INFINITY;
    const seen = gemmF32(a, b, shape);
    for (const [row, value] of [
      [2, 75],
      [3, Number.POSITIVE_INFINITY],
      [40, Number.NaN],
      [69, Number.NEGATIVE_INFINITY],
    ] as const) {
      t.deepEqual(seen.slice(row * n, row * n + n), new Float32Array(n).fill(value), `row ${row}`);
    }
    const finite = new Float32Array(m * k).fill(0.5);
    b[rightAt(550, 33)] = Number.NEGATIVE_INFINITY;
    const columns = gemmF32(finite, b, shape, { out: new Float32Array(m * n).fill(1), accumulate: true });
    for (let row = 0; row < m; row++) {
      t.is(columns[row * n + 32], 76);
      t.is(columns[row * n + 33], Number.NEGATIVE_INFINITY);
    }
  }
});

test.serial('a large product has the same bits on 1, 2, 3 and 5 threads', (t) => {
  const threads = threadCount();
  try {
    for (const { name, shape, a, b } of products()) {
      setThreads(1);
      const one = gemmF32(a, b, shape);
      for (const count of [2, 3, 5]) {
        setThreads(count);
        const same = Buffer.from(gemmF32(a, b, shape).buffer).equals(Buffer.from(one.buffer));
        t.true(same, `${name}, ${count} threads`);
      }
    }
  } finally {
    setThreads(threads);
  }
});
