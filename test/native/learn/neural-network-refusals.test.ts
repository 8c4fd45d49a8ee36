import test from 'ava';
import { fitEstimator } from '../../../native/estimators/fit.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import type { ModelFile } from '../../../native/estimators/model.js';
import { data } from './network-cases.js';
import { type FileChange, networkFile } from './network-file.js';

const { features, target, three } = data;
const base = { estimator: 'neural-network', task: 'classification', features, target, classCount: 2, seed: 0 } as const;

for (const [what, change, message] of [
  [
    'one output for three classes',
    { parameters: { loss: 'logistic' }, target: three, classCount: 3 },
    /^parameters\["loss"\] "logistic" must be auto, softmax for 3 classes/,
  ],
  [
    'an error of numbers for classes',
    { parameters: { loss: 'huber' } },
    /^parameters\["loss"\] "huber" must be auto, softmax or logistic/,
  ],
  [
    'classes for regression',
    { parameters: { loss: 'softmax' }, task: 'regression', classCount: 0 },
    /must be auto, squared or huber for regression/,
  ],
  [
    'class weights for regression',
    { parameters: { class_weight: 'balanced' }, task: 'regression', classCount: 0 },
    /class_weight"\] "balanced" must be none for regression/,
  ],
  [
    'more weights than fit',
    { parameters: { hidden_layer_sizes: '65536,65536' } },
    /hidden_layer_sizes"\] "65536,65536" must make at most 536870912 weights/,
  ],
  [
    'a missing feature',
    { parameters: {}, features: { ...features, data: features.data.with(10, Number.NaN) } },
    /^features column 1: NaN must be finite: this estimator takes no missing values; row 1/,
  ],
] as const) {
  test(`a network refuses ${what}`, async (t) => {
    await t.throwsAsync(fitEstimator({ ...base, ...change }), { message });
  });
}

/** Two features, three units, two classes; and a copy of it with tensors or metadata changed. */
const file = (...change: FileChange) =>
  networkFile(
    {
      tensors: {
        'layers.0.weights': [[2, 3], 0.5],
        'layers.0.bias': [[3], 0.25],
        'layers.1.weights': [[3, 2], 1],
        'layers.1.bias': [[2], 0],
      },
      metadata: {
        format: '1',
        estimator: 'neural-network',
        feature_count: '2',
        class_count: '2',
        layer_sizes: '3,2',
        activation: 'relu',
        output: 'softmax',
        normalization: 'none',
        precision: 'f32',
      },
    },
    ...change,
  );

test('a network written by hand loads and scores', (t) => {
  const model = loadModel(file());
  t.deepEqual([...model.predictSync({ data: Float32Array.of(1, -1), rowCount: 1, columnCount: 2 })], [0.5, 0.5]);
});

const nan = { data: new Uint8Array(Float32Array.of(Number.NaN, 0, 0).buffer) };
const hostile: Record<string, ModelFile> = {
  'a NaN bias': file({ 'layers.0.bias': nan }),
  'no bias': file({ 'layers.1.bias': null }),
  'weights of another shape': file({ 'layers.0.weights': { shape: [3, 2] } }),
  'weights of another type': file({ 'layers.0.weights': { dtype: 'F64' } }),
  'too few bytes': file({ 'layers.0.weights': { data: new Uint8Array(20) } }),
  'a tensor too many': file({}, { layer_sizes: '3' }),
  'layers of no units': file({}, { layer_sizes: '0,2' }),
  'no layers': file({}, { layer_sizes: '' }),
  'huge layers': file({}, { layer_sizes: '999999,2' }),
  'layers beyond memory': file({}, { layer_sizes: '65536,65536,65536,2', feature_count: '1048576' }),
  'an output for other classes': file({}, { output: 'identity' }),
  'one output unit for two classes': file({}, { output: 'logistic' }),
  'an unknown activation': file({}, { activation: 'swish' }),
  'an unknown normalization': file({}, { normalization: 'batch' }),
  'gains that are not there': file({}, { normalization: 'layer' }),
  'one class': file({}, { class_count: '1' }),
};

for (const [what, given] of Object.entries(hostile)) {
  test(`loading refuses a network with ${what}`, (t) => {
    t.throws(() => loadModel(given), { name: 'ModelError' });
  });
}
