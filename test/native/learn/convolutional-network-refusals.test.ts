import test from 'ava';
import '../../../native/estimators/raw.js';
import { addon } from '../../../native/addon.js';
import { fitEstimator } from '../../../native/estimators/fit.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import type { ModelFile } from '../../../native/estimators/model.js';
import { pruneNetwork, quantizeNetwork } from '../../../native/estimators/optimize-network.js';
import { optimizableEstimators } from '../../../native/optimize/variants.js';
import { bars, fitConvolutional } from './convolution-cases.js';
import { type FileChange, networkFile } from './network-file.js';

const { features, target } = bars(20);
const base = {
  estimator: 'convolutional-network',
  task: 'classification',
  features,
  target,
  classCount: 2,
  seed: 0,
} as const;

for (const [what, parameters, message] of [
  ['an even kernel', { kernel_size: 4 }, /^parameters\["kernel_size"\] 4 must be odd/],
  ['a kernel of 13', { kernel_size: 13 }, /^parameters\["kernel_size"\] 13 must be <= 11/],
  ['a size that is not that of the features', { image_height: 7 }, /^parameters\["image_height"\] 7 must with/],
  [
    'sizes of which one is too large',
    { image_height: 10, image_width: 10, image_channels: 3 },
    /image_height"\] 10 must with image_width and image_channels make the 100 features; they are 10 x 10 x 3/,
  ],
  ['channels that leave no square', { image_channels: 2 }, /^parameters\["image_height"\] 0 must with/],
  [
    'more pools than an image has room for',
    { convolution_channels: '4,4,4,4' },
    /convolution_channels"\] "4,4,4,4" must be fewer: convolution 4 with its pool does not fit an image of 1 x 1/,
  ],
  [
    'a kernel larger than the image',
    { convolution_channels: '4,4', padding: 'valid', kernel_size: 9 },
    /must be fewer: convolution 2 with its pool does not fit an image of 1 x 1/,
  ],
  [
    'no filters',
    { convolution_channels: '4,0' },
    /convolution_channels"\] "4,0" must be 1 to 32 whole numbers from 1 to 4096/,
  ],
  [
    'a pool size without a pool',
    { pool: 'none', pool_size: 3 },
    /pool_size"\] 3 must not be given unless pool is max, average/,
  ],
  ['lbfgs', { solver: 'lbfgs' }, /solver"\] "lbfgs" must be one of adam, /],
  ['batch normalization', { normalization: 'batch' }, /normalization"\] "batch" must be one of none, layer/],
  ['l1 with adamw', { penalty: 'l1', solver: 'adamw' }, /penalty"\] "l1" must not be used with solver adamw/],
  [
    'more weights than fit',
    { convolution_channels: '4096,4096', pool: 'none', hidden_layer_sizes: '2000' },
    /hidden_layer_sizes"\] "2000" must make at most 536870912 weights/,
  ],
  [
    'more work than an image may be',
    { convolution_channels: Array(20).fill(4096).join(), kernel_size: 11, pool: 'none' },
    /convolution_channels"\] .* must take at most 68719476736 operations for an image/,
  ],
  ['an unknown name', { kernels: 3 }, /parameters\["kernels"\] 3 must not be given: no such parameter/],
] as const) {
  test(`a convolutional network refuses ${what}`, async (t) => {
    await t.throwsAsync(fitEstimator({ ...base, parameters }), { message });
  });
}

test('a convolutional network refuses features whose count is no square where nothing is said of them', async (t) => {
  const columns = { data: features.data.subarray(0, 20 * 99), rowCount: 20, columnCount: 99 };
  await t.throwsAsync(fitEstimator({ ...base, features: columns, parameters: {} }), {
    message: /^parameters\["image_height"\] 0 must with image_width and image_channels make the 99 features/,
  });
});

test('a convolutional network refuses a missing feature, and a target of others', async (t) => {
  const missing = { ...features, data: features.data.with(123, Number.NaN) };
  await t.throwsAsync(fitEstimator({ ...base, features: missing, parameters: {} }), {
    message: /^features column 23: NaN must be finite: this estimator takes no missing values; row 1/,
  });
});

test('an image whose border of zeros makes it large is refused, in parameters and in a model of any origin', async (t) => {
  const wide = { data: new Float32Array(20 * 1024), rowCount: 20, columnCount: 1024 };
  const parameters = { image_height: 1, convolution_channels: '4096,1', kernel_size: 11, pool: 'none' };
  await t.throwsAsync(fitEstimator({ ...base, features: wide, parameters }), {
    message:
      /convolution 2 takes an image of 1 x 1024 x 4096, which must have at most 16777216 values with its border, .* not 46587904/,
  });
  const convolutions = Uint32Array.of(1, 1024, 1, 4096, 1, 1, 1, 0, 1, 1, 11, 1, 1, 0, 1);
  const create = () =>
    addon.convolutionalNetworkCreate(1024, 2, Uint32Array.of(2), 0, 2, false, convolutions, new Float32Array(1));
  t.throws(create, { message: /with its border, .* must have at most 16777216 values/ });
});

test('a network tells the operations of a row: of convolutions with all their positions, and of dense layers', async (t) => {
  const parameters = { max_iter: 1, convolution_channels: '4', hidden_layer_sizes: '8' };
  const model = await fitEstimator({ ...base, parameters });
  t.is(model.operationsPerRow, 2 * (9 * 4 * 100 + 5 * 5 * 4 * 8 + 8));
  t.is(loadModel(model.toTensors()).operationsPerRow, model.operationsPerRow);
  const dense = await fitEstimator({ ...base, estimator: 'neural-network', parameters: { hidden_layer_sizes: '8' } });
  t.is(dense.operationsPerRow, 2 * (100 * 8 + 8));
});

test('sizes left at 0 follow from the others', async (t) => {
  for (const [parameters, size] of [
    [{}, '10,10,1'],
    [{ image_height: 20 }, '20,5,1'],
    [{ image_width: 4 }, '25,4,1'],
    [{ image_channels: 4 }, '5,5,4'],
    [{ image_height: 5, image_width: 4 }, '5,4,5'],
    [{ image_height: 5, image_channels: 2 }, '5,10,2'],
  ] as const) {
    const given = { convolution_channels: 2, pool: 'none', hidden_layer_sizes: 2, max_iter: 1, ...parameters };
    const model = await fitConvolutional(given, { features, target, classCount: 2 });
    t.is(model.toTensors().metadata.image_size, size);
  }
});

/** A 3 x 2 image of one channel, one filter of one tap, a pool of the mean of two; two classes. */
const file = (...change: FileChange) =>
  networkFile(
    {
      tensors: {
        'convolutions.0.weights': [[1, 1, 1, 3], 0.5],
        'convolutions.0.bias': [[3], 0.25],
        'layers.0.weights': [[3, 2], 1],
        'layers.0.bias': [[2], 0],
      },
      metadata: {
        format: '1',
        estimator: 'convolutional-network',
        feature_count: '6',
        class_count: '2',
        layer_sizes: '2',
        activation: 'relu',
        output: 'softmax',
        normalization: 'none',
        precision: 'f32',
        image_size: '3,2,1',
        convolution_channels: '3',
        kernel_sizes: '1',
        strides: '1',
        paddings: 'same',
        pools: 'average',
        pool_sizes: '2',
      },
    },
    ...change,
  );

test('a convolutional network written by hand loads and scores', (t) => {
  const model = loadModel(file());
  const image = { data: Float32Array.of(1, 2, 3, 4, 5, 6), rowCount: 1, columnCount: 6 };
  t.deepEqual([...model.predictSync(image)], [0.5, 0.5]);
});

const nan = { data: new Uint8Array(Float32Array.of(Number.NaN, 0, 0).buffer) };
const lists = { convolution_channels: '3,3', kernel_sizes: '1,1', strides: '1,1', paddings: 'same,same' };
const hostile: Record<string, ModelFile> = {
  'a NaN bias': file({ 'convolutions.0.bias': nan }),
  'no filters': file({ 'convolutions.0.weights': null }),
  'filters of another shape': file({ 'convolutions.0.weights': { shape: [1, 1, 3, 1] } }),
  'filters of another type': file({ 'convolutions.0.weights': { dtype: 'F64' } }),
  'too few bytes': file({ 'convolutions.0.weights': { data: new Uint8Array(8) } }),
  'dense weights of another shape': file({ 'layers.0.weights': { shape: [2, 3] } }),
  'an image of other features': file({}, { image_size: '2,2,1' }),
  'an image of two sizes': file({}, { image_size: '3,2' }),
  'no image': file({}, { image_size: '' }),
  'an image of fractions': file({}, { image_size: '1.5,4,1' }),
  'a huge image': file({}, { image_size: '4294967295,2,1' }),
  'an even kernel': file({}, { kernel_sizes: '2' }),
  'a huge kernel': file({}, { kernel_sizes: '13' }),
  'a stride of zero': file({}, { strides: '0' }),
  'a pool of zero': file({}, { pool_sizes: '0' }),
  'a pool larger than the image': file({}, { pool_sizes: '3' }),
  'a pool size without a pool': file({}, { pools: 'none' }),
  'an unknown pool': file({}, { pools: 'median' }),
  'an unknown padding': file({}, { paddings: 'full' }),
  'too many filters': file({}, { convolution_channels: '4097' }),
  'a convolution too many': file({}, { ...lists, pools: 'average,none', pool_sizes: '2,1' }),
  'lists of different lengths': file({}, { strides: '1,1' }),
  'more convolutions than there may be': file({}, { convolution_channels: Array(33).fill(1).join() }),
  '8 bits': file({}, { precision: 'int8' }),
  'one class': file({}, { class_count: '1' }),
  'the name of a dense network': file({}, { estimator: 'neural-network' }),
};

for (const [what, given] of Object.entries(hostile)) {
  test(`loading refuses a convolutional network with ${what}`, (t) => {
    t.throws(() => loadModel(given), { name: 'ModelError' });
  });
}

for (const [what, numbers] of [
  ['no convolutions', [10, 10, 1]],
  ['a number too few', [10, 10, 1, 4, 3, 1, 1, 1]],
  ['an image of other features', [10, 9, 1, 4, 3, 1, 1, 1, 2]],
  ['an even kernel', [10, 10, 1, 4, 2, 1, 1, 1, 2]],
  ['a stride of zero', [10, 10, 1, 4, 3, 0, 1, 1, 2]],
  ['an unknown pool', [10, 10, 1, 4, 3, 1, 1, 3, 2]],
  ['a pool that does not fit', [10, 10, 1, 4, 3, 1, 1, 1, 11]],
  ['an image whose values do not fit', [1024, 1024, 1, 4096, 3, 1, 1, 0, 1]],
] as const) {
  test(`native code refuses ${what}`, (t) => {
    const create = () =>
      addon.convolutionalNetworkCreate(
        what.includes('values') ? 2 ** 20 : 100,
        0,
        Uint32Array.of(1),
        1,
        0,
        false,
        Uint32Array.from(numbers),
        new Float32Array(10),
      );
    t.throws(create, { instanceOf: RangeError });
  });
}

test('features that leave single precision inside the network are refused by their row', (t) => {
  const model = loadModel(file({}, { activation: 'identity' }));
  const data = new Float32Array(12).fill(1).fill(3e38, 6);
  t.throws(() => model.predictSync({ data, rowCount: 2, columnCount: 6 }), {
    message: /^features row 1: "\(too large\)" must give finite sums in every layer$/,
  });
});

test('a convolutional network is neither pruned nor quantized', async (t) => {
  const model = loadModel(file());
  const message = /^model: "convolutional-network" must be a neural-network/;
  t.throws(() => pruneNetwork(model, { sparsity: 0.5 }), { message });
  const rows = { data: new Float32Array(6), rowCount: 1, columnCount: 6 };
  await t.throwsAsync(quantizeNetwork(model, rows), { message });
  t.false(optimizableEstimators().includes('convolutional-network'));
});
