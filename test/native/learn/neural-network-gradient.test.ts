import test from 'ava';
import '../../../native/estimators/raw.js';
import { addon } from '../../../native/addon.js';
import { resolveParameters } from '../../../native/estimators/catalogue.js';
import { lossOf, rawNetworkOptions } from '../../../native/estimators/network-parameters.js';
import { integersOf } from '../../../native/estimators/parameters.js';
import { numbers } from './data.js';

const rowCount = 13;
const columnCount = 5;
const next = numbers(6);
const data = Float32Array.from({ length: rowCount * columnCount }, () => next() * 2 - 1);
const weights = Float64Array.from({ length: rowCount }, (_, row) => 0.5 + (row % 3));
const targets: Record<number, Float64Array> = {
  0: Float64Array.from({ length: rowCount }, (_, row) => Math.sin(row) * 2),
  2: Float64Array.from({ length: rowCount }, (_, row) => row % 2),
  3: Float64Array.from({ length: rowCount }, (_, row) => row % 3),
};

function check(parameters: Record<string, unknown>, classCount: number) {
  const resolved = resolveParameters('neural-network', { hidden_layer_sizes: '7,6', ...parameters }, 'parameters');
  const outputs = lossOf(resolved, classCount) === 'softmax' ? classCount : 1;
  const widths = Uint32Array.from([...integersOf(resolved, 'hidden_layer_sizes'), outputs]);
  const raw = rawNetworkOptions(resolved, classCount, 11);
  const target = targets[classCount] ?? new Float64Array(rowCount);
  const at = (values: Float32Array | null) =>
    addon.networkGradient(data, rowCount, columnCount, null, target, weights, classCount, widths, raw, values);
  const start = at(null);
  // Away from the start, where biases are zero and gains one.
  const move = numbers(7);
  const values = start.parameters.map((value) => value + (move() - 0.5) * 0.6);
  const { gradient } = at(values);
  // Losses are in single precision, to 1e-7; the difference of two over twice the step is then
  // good to 1e-5, and the step's square times the third derivative is of that order too.
  const step = 1 / 128;
  let worst = 0;
  for (let index = 0; index < values.length; index++) {
    const moved = (by: number) => at(values.with(index, (values[index] ?? 0) + by)).loss;
    const difference = (moved(step) - moved(-step)) / (2 * step);
    worst = Math.max(worst, Math.abs(difference - (gradient[index] ?? 0)));
  }
  return { worst, length: Math.hypot(...gradient), count: values.length };
}

for (const normalization of ['none', 'batch', 'layer']) {
  // Rectifiers have a kink that a difference may step over; they are checked apart.
  for (const activation of ['gelu', 'tanh', 'logistic', 'identity']) {
    for (const [loss, classCount] of [
      ['softmax', 3],
      ['logistic', 2],
      ['squared', 0],
      ['huber', 0],
    ] as const) {
      test(`${loss} through ${activation} with normalization ${normalization} has the slope of its differences`, (t) => {
        const { worst, length, count } = check({ normalization, activation, loss }, classCount);
        t.true(length > 0.01, `${length}`);
        t.true(worst < 1e-3 * Math.max(1, length), `${worst} of ${count} numbers, length ${length}`);
      });
    }
  }
}

test('the slope through rectifiers is that of the same network where none changes sides', (t) => {
  // One positive unit: the slope by its weights is that of a linear network.
  const parameters = { hidden_layer_sizes: 1, activation: 'relu' };
  const linear = { hidden_layer_sizes: 1, activation: 'identity' };
  const shape = (given: Record<string, unknown>, values: Float32Array) => {
    const raw = rawNetworkOptions(resolveParameters('neural-network', given, 'p'), 0, 1);
    const target = targets[0] ?? new Float64Array();
    const widths = Uint32Array.of(1, 1);
    return addon.networkGradient(data, rowCount, columnCount, null, target, null, 0, widths, raw, values);
  };
  const on = Float32Array.of(0.3, -0.2, 0.1, 0.4, 0.2, 5, 1.5, 0.1);
  t.deepEqual(shape(parameters, on), shape(linear, on));
  // Below zero nothing comes back to the weights before it.
  const off = on.with(5, -5);
  t.deepEqual([...shape(parameters, off).gradient.subarray(0, 7)], [0, 0, 0, 0, 0, 0, 0]);
});
