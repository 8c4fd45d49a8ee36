import test from 'ava';
import '../../../native/estimators/raw.js';
import { addon } from '../../../native/addon.js';
import { resolveParameters } from '../../../native/estimators/catalogue.js';
import { convolutionsOf } from '../../../native/estimators/convolution-parameters.js';
import { packConvolutions } from '../../../native/estimators/convolution-shape.js';
import { rawNetworkOptions } from '../../../native/estimators/network-parameters.js';
import { networkSums } from './convolution-reference.js';
import { numbers } from './data.js';

const rowCount = 2;

/** The gradient of a small network beside differences of losses in double precision. */
function check(image: readonly [number, number, number], given: Record<string, unknown>, activation: string) {
  const [height, width, channels] = image;
  const size = { image_height: height, image_width: width, image_channels: channels };
  const parameters = resolveParameters('convolutional-network', { ...size, activation, ...given }, 'parameters');
  const columnCount = height * width * channels;
  const convolutions = convolutionsOf(parameters, columnCount);
  const widths = [4, 1];
  const next = numbers(12);
  const data = Float32Array.from({ length: rowCount * columnCount }, () => next() * 2 - 1);
  const target = Float64Array.from({ length: rowCount }, () => next() * 2 - 1);
  const raw = { ...rawNetworkOptions(parameters, 0, 5), convolutions: packConvolutions(convolutions) };
  const at = (values: Float32Array | null) =>
    addon.networkGradient(data, rowCount, columnCount, null, target, null, 0, Uint32Array.from(widths), raw, values);
  // Away from the start, where biases are zero.
  const values = at(null).parameters.map((value) => value + (next() - 0.5) * 0.4);
  const found = at(values);
  const lossOf = (trial: ArrayLike<number>) => {
    let sum = 0;
    for (let row = 0; row < rowCount; row++) {
      const pixels = Array.from(data.subarray(row * columnCount, (row + 1) * columnCount));
      const [output = Number.NaN] = networkSums(pixels, convolutions, widths, activation, trial);
      sum += 0.5 * (output - (target[row] ?? Number.NaN)) ** 2;
    }
    return sum / rowCount;
  };
  const exact = Array.from(values);
  // In double precision the step is so small that no rectifier and no window changes sides.
  const step = 1e-6;
  // Some numbers of each layer: a prime apart, so that all places in filters come up.
  const every = exact.length > 5000 ? 397 : exact.length > 200 ? 37 : 5;
  const worst = exact.reduce((most, value, index) => {
    if (index % every !== 0) return most;
    const difference = (lossOf(exact.with(index, value + step)) - lossOf(exact.with(index, value - step))) / (2 * step);
    return Math.max(most, Math.abs(difference - (found.gradient[index] ?? Number.NaN)));
  }, 0);
  return { worst, length: Math.hypot(...found.gradient), loss: found.loss, wanted: lossOf(exact) };
}

const pools = [{ pool: 'none' }, { pool: 'max' }, { pool: 'average' }, { pool: 'max', pool_size: 3 }];
const layouts: readonly [readonly [number, number, number], Record<string, unknown>][] = [
  [[7, 7, 1], { convolution_channels: '3' }],
  [[6, 5, 2], { convolution_channels: '3', padding: 'valid', kernel_size: 3 }],
  [[9, 8, 1], { convolution_channels: '2,3', stride: 2, pool: 'none' }],
  [[9, 8, 3], { convolution_channels: '17', stride: 3, kernel_size: 5 }],
  [[12, 9, 1], { convolution_channels: '2,3', kernel_size: 1 }],
  [[4, 11, 2], { convolution_channels: '5', kernel_size: 7 }],
  [[15, 14, 2], { convolution_channels: '3,4', stride: 2, pool: 'max' }],
  // More than one panel of units and of channels.
  [[3, 3, 1], { convolution_channels: '35,33', kernel_size: 3, pool: 'none' }],
  [[4, 4, 1], { convolution_channels: '35,33', kernel_size: 1, pool: 'max' }],
];

for (const [image, layout] of layouts) {
  for (const pooling of 'pool' in layout ? [{}] : pools) {
    // Three positions apart they are too few for a pool of three.
    if ('pool_size' in pooling && 'stride' in layout) continue;
    const name = JSON.stringify({ ...layout, ...pooling });
    const large = String(layout.convolution_channels).includes('35');
    for (const activation of large ? ['relu'] : ['relu', 'gelu', 'tanh', 'logistic', 'identity']) {
      test(`${name} of ${image.join(' x ')} through ${activation} has the loss and the slope of its definition`, (t) => {
        const { worst, length, loss, wanted } = check(image, { ...layout, ...pooling }, activation);
        t.true(Math.abs(loss - wanted) < 1e-5 * Math.max(1, wanted), `${loss} ${wanted}`);
        t.true(length > 1e-3, `${length}`);
        t.true(worst < 2e-5 * Math.max(1, length), `${worst}, length ${length}`);
      });
    }
  }
}

test('the gradient of a batch of many groups is that of one of its rows, if all are alike', (t) => {
  const parameters = resolveParameters('convolutional-network', { convolution_channels: '5,18' }, 'parameters');
  const convolutions = packConvolutions(convolutionsOf(parameters, 64));
  const raw = { ...rawNetworkOptions(parameters, 0, 5), convolutions };
  const next = numbers(3);
  const pixels = Float32Array.from({ length: 64 }, () => next() * 2 - 1);
  const of = (rows: number) => {
    const data = Float32Array.from({ length: rows * 64 }, (_, i) => pixels[i % 64] ?? 0);
    const target = new Float64Array(rows).fill(0.5);
    return addon.networkGradient(data, rows, 64, null, target, null, 0, Uint32Array.of(6, 1), raw, null);
  };
  const one = of(1);
  t.true(Math.hypot(...one.gradient) > 0.01);
  for (const rows of [7, 16, 17, 130, 2000]) {
    const many = of(rows);
    t.is(many.gradient.length, one.gradient.length);
    const worst = one.gradient.reduce((most, value, i) => Math.max(most, Math.abs(value - (many.gradient[i] ?? 9))), 0);
    t.true(worst < 1e-5 * Math.max(1, Math.hypot(...one.gradient)), `${rows} rows: ${worst}`);
  }
});
