import test from 'ava';
import { pruneSmallest } from '../../../native/kernels/prune.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { type Flavour, flavours, floats, randomNumbers, sharedSize, sizes } from './inputs.js';

/** A number's rank among others: NaN above infinity above all numbers. */
const sizeOf = (value: number) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : Math.abs(value));

/** Every position, by the value's rank. */
function ascending(values: Float32Array): number[] {
  return Array.from(values.keys()).sort((a, b) => {
    const [x, y] = [values[a] as number, values[b] as number];
    return sizeOf(x) - sizeOf(y) || Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
  });
}

/** Whether both hold the same bits. */
function same(a: Float32Array, b: Float32Array): boolean {
  const bytes = ({ buffer, byteOffset, byteLength }: Float32Array) => Buffer.from(buffer, byteOffset, byteLength);
  return bytes(a).equals(bytes(b));
}

/** Large where native/src/operations/prune.cc takes its sample, and small elsewhere. */
function unlikeItsSample(n: number): Float32Array {
  const values = floats(n, 56).map((value) => value / 1000);
  for (let i = 0; i < 16_384; i++) values[Math.floor(((i * 0.6180339887498949) % 1) * n)] = 5 + i;
  return values;
}

const inputs: Readonly<Record<string, (n: number) => Float32Array>> = {
  ...Object.fromEntries(flavours.map((flavour: Flavour) => [flavour, (n: number) => floats(n, 50, flavour)])),
  'many equal': (n) => floats(n, 51).map((value) => Math.round(2 * value)),
  'all equal': (n) => new Float32Array(n).map((_, i) => (i % 2 === 0 ? 0.75 : -0.75)),
  'zeros of both signs': (n) => new Float32Array(n).map((_, i) => (i % 3 === 0 ? -0 : 0)),
  'one class of upper bits': (n) => floats(n, 52).map((value) => 1 + Math.abs(value) / 1024),
  'largest numbers': (n) => new Float32Array(n).fill(3.4028234663852886e38),
  'NaN alone': (n) => new Float32Array(n).fill(Number.NaN),
  'NaN and infinities': (n) => {
    const random = randomNumbers(53);
    const kinds = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1, -2];
    return new Float32Array(n).map(() => kinds[Math.floor(random() * kinds.length)] as number);
  },
};

for (const [name, make] of Object.entries(inputs)) {
  test(`pruning ${name} drops those that sorting drops, bit for bit`, (t) => {
    for (const n of [...sizes, 2000]) {
      const values = make(n);
      const before = values.slice();
      const order = ascending(values);
      for (const sparsity of [0, 0.1, 0.5, 0.77, 0.999, 1]) {
        const expected = values.slice();
        for (const at of order.slice(0, Math.floor(sparsity * n))) expected[at] = 0;
        t.true(same(pruneSmallest(values, sparsity), expected), `${n}, ${sparsity}`);
        const inPlace = values.slice();
        t.is(pruneSmallest(inPlace, sparsity, inPlace), inPlace);
        t.true(same(inPlace, expected), `${n}, ${sparsity}, in place`);
      }
      t.true(same(values, before));
    }
  });
}

test.serial('pruning many values gives the same on one thread as on five, and as sorting', (t) => {
  const before = threadCount();
  t.teardown(() => setThreads(before));
  const values = [
    floats(sharedSize, 54),
    floats(sharedSize, 55).map((value) => Math.round(8 * value)),
    new Float32Array(sharedSize).fill(-0.5),
    unlikeItsSample(sharedSize),
  ];
  for (const [index, each] of values.entries()) {
    const expected = each.slice();
    for (const at of ascending(each).slice(0, Math.floor(0.6 * each.length))) expected[at] = 0;
    for (const threads of [1, 5]) {
      setThreads(threads);
      t.true(same(pruneSmallest(each, 0.6), expected), `values ${index}, ${threads} threads`);
    }
  }
});

test('pruning refuses a share that is none and an output of another length', (t) => {
  const values = new Float32Array(4);
  for (const sparsity of [-0.1, 1.1, Number.NaN]) {
    t.throws(() => pruneSmallest(values, sparsity), { message: /^sparsity .* must be/ });
  }
  t.throws(() => pruneSmallest(values, 0.5, new Float32Array(3)), { message: /^out .*4/ });
  t.throws(() => pruneSmallest(new Float64Array(4) as unknown as Float32Array, 0.5), { message: /^values / });
  const memory = new ArrayBuffer(20);
  t.throws(() => pruneSmallest(new Float32Array(memory, 0, 4), 0.5, new Float32Array(memory, 4, 4)), {
    message: /overlaps/,
  });
});
