import test from 'ava';
import { estimators, ParameterError, resolveParameters } from '../../../native/estimators/catalogue.js';
import { type EstimatorFit, fitEstimator } from '../../../native/estimators/fit.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import type { ModelFile } from '../../../native/estimators/model.js';
import type { NamedTensor } from '../../../native/safetensors.js';
import { twoClasses } from './data.js';

const { features, target } = twoClasses(60, 3);

function request(change: Partial<EstimatorFit> & { estimator?: string }): EstimatorFit {
  return {
    estimator: 'random-forest',
    parameters: {},
    task: 'classification',
    features,
    target,
    classCount: 2,
    seed: 0,
    ...change,
  };
}

function withValue<A extends Float32Array | Float64Array>(array: A, index: number, value: number): A {
  const copy = array.slice() as A;
  copy[index] = value;
  return copy;
}

const refused: Record<string, [Partial<EstimatorFit>, RegExp]> = {
  'an unknown estimator': [{ estimator: 'boosting' }, /^estimator "boosting" must be one of random-forest/],
  'regression by logistic-regression': [
    { estimator: 'logistic-regression', task: 'regression', classCount: 0 },
    /^task: "regression" must be classification/,
  ],
  'classes for regression': [{ task: 'regression' }, /^classCount: 2 must be 0/],
  'one class to tell apart': [{ classCount: 1 }, /^classCount: 1 must be from 2/],
  'rows of one class only': [
    { target: new Float64Array(60) },
    /^target: "only class 0" must hold at least two classes/,
  ],
  'a class beyond the count': [
    { target: withValue(target, 7, 2) },
    /^target\[7\]: 2 must be a class index from 0 to 1/,
  ],
  'half a class': [{ target: withValue(target, 7, 0.5) }, /^target\[7\]: 0.5 must be a class index/],
  'a NaN target': [
    { task: 'regression', classCount: 0, target: withValue(target, 3, Number.NaN) },
    /^target\[3\]: NaN must be finite/,
  ],
  'a target of another length': [{ target: new Float64Array(59) }, /^target: "of length 59" must be of length 60/],
  'an infinite feature': [
    { features: { ...features, data: withValue(features.data, 10, Number.POSITIVE_INFINITY) } },
    /^features column 1: Infinity must be finite or missing \(NaN\); row 3/,
  ],
  'a missing feature for a linear estimator': [
    {
      estimator: 'logistic-regression',
      features: { ...features, data: withValue(features.data, 10, Number.NaN) },
    },
    /^features column 1: NaN must be finite: this estimator takes no missing values; row 3/,
  ],
  'no rows': [
    { features: { data: new Float32Array(), rowCount: 0, columnCount: 3 }, target: new Float64Array() },
    /^features.rowCount: 0 must be >= 1/,
  ],
  'no columns': [{ features: { data: new Float32Array(), rowCount: 60, columnCount: 0 } }, /^features.columnCount/],
  'no chosen rows': [{ rows: new Uint32Array() }, /^rows: 0 must name at least one row/],
  'a chosen row beyond the last': [{ rows: Uint32Array.of(0, 60) }, /^rows\[1\]: 60 must be below 60/],
  'a huge claimed shape': [
    { features: { data: new Float32Array(6), rowCount: 2 ** 31 - 1, columnCount: 2 ** 20 } },
    /^features.data: "of length 6" must be of length 2251799812636672/,
  ],
  'a fractional seed': [{ seed: 0.5 }, /^seed: 0.5 must be a whole number/],
  'a negative seed': [{ seed: -1 }, /^seed: -1 must be/],
};

for (const [what, [change, message]] of Object.entries(refused)) {
  test(`a fit refuses ${what}`, async (t) => {
    await t.throwsAsync(fitEstimator(request(change)), { message });
  });
}

test('rows that are not chosen may hold anything', async (t) => {
  const broken = { ...features, data: withValue(features.data, 0, Number.POSITIVE_INFINITY) };
  const rows = Uint32Array.from({ length: 59 }, (_, index) => index + 1);
  const model = await fitEstimator(request({ features: broken, target: withValue(target, 0, Number.NaN), rows }));
  t.is(model.featureCount, 3);
});

const badParameters: [string, Record<string, unknown>, string, RegExp][] = [
  ['random-forest', { n_estimatorz: 3 }, 'p["n_estimatorz"]', /did you mean n_estimators\?/],
  ['random-forest', { n_estimators: 0 }, 'p["n_estimators"]', /^must be >= 1$/],
  ['random-forest', { n_estimators: 1.5 }, 'p["n_estimators"]', /whole number/],
  ['random-forest', { n_estimators: '9' }, 'p["n_estimators"]', /whole number/],
  ['random-forest', { max_bins: 256 }, 'p["max_bins"]', /^must be <= 255$/],
  ['random-forest', { max_features: 'most' }, 'p["max_features"]', /^must be one of auto, sqrt, log2, all, fraction$/],
  ['random-forest', { max_features_fraction: 0.5 }, 'p["max_features_fraction"]', /unless max_features is fraction/],
  [
    'random-forest',
    { max_features: 'fraction', max_features_fraction: 0 },
    'p["max_features_fraction"]',
    /^must be > 0$/,
  ],
  ['random-forest', { bootstrap: 1 }, 'p["bootstrap"]', /true or false/],
  ['random-forest', { min_impurity_decrease: Number.NaN }, 'p["min_impurity_decrease"]', /must be a number/],
  ['linear-regression', { alpha: 2 }, 'p["alpha"]', /unless penalty is l1, l2/],
  ['linear-regression', { learning_rate_init: 0.5 }, 'p["learning_rate_init"]', /unless solver is gd/],
  ['linear-regression', { max_iter: 7 }, 'p["max_iter"]', /unless solver is lbfgs, .* or penalty is l1/],
  ['logistic-regression', { penalty: 'l1' }, 'p["penalty"]', /must not be used with solver lbfgs/],
  [
    'logistic-regression',
    { solver: 'adamw', penalty: 'elasticnet' },
    'p["penalty"]',
    /must not be used with solver adamw/,
  ],
  ['logistic-regression', { l1_ratio: 0.2 }, 'p["l1_ratio"]', /unless penalty is elasticnet/],
  ['logistic-regression', { learning_rate: 'cosine' }, 'p["learning_rate"]', /must not be used with solver lbfgs/],
  [
    'logistic-regression',
    { solver: 'sgd', validation_fraction: 0.2 },
    'p["validation_fraction"]',
    /unless early_stopping is true/,
  ],
  ['neural-network', { hidden_layer_sizes: '' }, 'p["hidden_layer_sizes"]', /^must be 1 to 64 whole numbers from 1 to/],
  ['neural-network', { hidden_layer_sizes: '8,,8' }, 'p["hidden_layer_sizes"]', /separated by commas/],
  ['neural-network', { hidden_layer_sizes: '8,0' }, 'p["hidden_layer_sizes"]', /from 1 to 65536/],
  ['neural-network', { hidden_layer_sizes: 2.5 }, 'p["hidden_layer_sizes"]', /whole numbers/],
  ['neural-network', { hidden_layer_sizes: Array(65).fill(2).join() }, 'p["hidden_layer_sizes"]', /1 to 64/],
  ['neural-network', { solver: 'lbfgs', dropout: 0.5 }, 'p["dropout"]', /unless solver is sgd/],
  [
    'neural-network',
    { solver: 'lbfgs', normalization: 'batch' },
    'p["normalization"]',
    /not be used with solver lbfgs/,
  ],
  ['neural-network', { momentum: 0.5 }, 'p["momentum"]', /unless solver is momentum, nesterov/],
  ['neural-network', { huber_delta: 2 }, 'p["huber_delta"]', /unless loss is huber/],
  ['neural-network', { validation_fraction: 0.2 }, 'p["validation_fraction"]', /unless early_stopping is true/],
  [
    'neural-network',
    { learning_rate_factor: 0.2 },
    'p["learning_rate_factor"]',
    /unless learning_rate is step, plateau/,
  ],
  ['logistic-regression', { __proto__: null, constructor: 1 }, 'p["constructor"]', /no such parameter/],
];

for (const [id, given, field, bound] of badParameters) {
  test(`${id} refuses the parameters ${JSON.stringify(given)}`, (t) => {
    const error = t.throws(() => resolveParameters(id, given, 'p'), { instanceOf: ParameterError });
    t.is(error?.field, field);
    t.regex(error?.bound ?? '', bound);
  });
}

test('every default is within its own bounds, and resolved parameters resolve to themselves', (t) => {
  for (const { id, parameters } of estimators) {
    const defaults = resolveParameters(id, {}, 'p');
    t.deepEqual(defaults, Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.default])));
    t.deepEqual(resolveParameters(id, defaults, 'p'), defaults);
  }
});

/** A tree of one split and a copy of it with one tensor changed. */
function stump(
  change: Partial<Record<string, Partial<NamedTensor>>> = {},
  metadata: Record<string, string> = {},
): ModelFile {
  const bytes = (array: ArrayBufferView) => new Uint8Array(array.buffer);
  const tensors: NamedTensor[] = [
    { name: 'tree_start', dtype: 'U32', shape: [2], data: bytes(Uint32Array.of(0, 3)) },
    { name: 'feature', dtype: 'I32', shape: [3], data: bytes(Int32Array.of(0, -1, -1)) },
    { name: 'threshold', dtype: 'F32', shape: [3], data: bytes(Float32Array.of(0.5, 0, 0)) },
    { name: 'child', dtype: 'I32', shape: [3], data: bytes(Int32Array.of(1, 0, 1)) },
    { name: 'missing_left', dtype: 'U8', shape: [3], data: Uint8Array.of(0, 0, 0) },
    { name: 'values', dtype: 'F32', shape: [2, 1], data: bytes(Float32Array.of(-1, 1)) },
    { name: 'importances', dtype: 'F64', shape: [1], data: bytes(Float64Array.of(1)) },
  ];
  return {
    tensors: tensors.map((tensor) => ({ ...tensor, ...change[tensor.name] })),
    metadata: { format: '1', estimator: 'random-forest', feature_count: '1', class_count: '0', ...metadata },
  };
}

const int32 = (...values: number[]) => ({ data: new Uint8Array(Int32Array.from(values).buffer) });
const float32 = (...values: number[]) => ({ data: new Uint8Array(Float32Array.from(values).buffer) });

test('a file written by hand loads and scores', (t) => {
  const model = loadModel(stump());
  t.deepEqual([...model.predictSync({ data: Float32Array.of(0.5, 0.6), rowCount: 2, columnCount: 1 })], [-1, 1]);
});

/** A stump whose nodes have the given covers. */
function covered(...cover: number[]): ModelFile {
  const file = stump();
  const tensor: NamedTensor = { name: 'cover', dtype: 'F32', shape: [cover.length], ...float32(...cover) };
  return { ...file, tensors: [...file.tensors, tensor] };
}

test('the weight of training rows in each node is kept in a file, and may be missing from it', (t) => {
  const names = (file: ModelFile) => file.tensors.map(({ name }) => name);
  t.true(names(loadModel(covered(5, 2, 3)).toTensors()).includes('cover'));
  t.false(names(loadModel(stump()).toTensors()).includes('cover'));
});

const hostile: Record<string, ModelFile> = {
  'a negative cover': covered(5, -2, 7),
  'an infinite cover': covered(Number.POSITIVE_INFINITY, 2, 3),
  'fewer covers than nodes': covered(5, 2),
  'a child that is its own parent': stump({ child: int32(0, 0, 1) }),
  'a child beyond the last node': stump({ child: int32(2, 0, 1) }),
  'a child far beyond memory': stump({ child: int32(2_000_000_000, 0, 1) }),
  'a negative child': stump({ child: int32(-5, 0, 1) }),
  'a leaf beyond the last value': stump({ child: int32(1, 0, 2) }),
  'two leaves with one value': stump({ child: int32(1, 0, 0) }),
  'a feature beyond the last column': stump({ feature: int32(1, -1, -1) }),
  'a feature below a leaf': stump({ feature: int32(-2, -1, -1) }),
  'a NaN threshold': stump({ threshold: float32(Number.NaN, 0, 0) }),
  'an infinite threshold': stump({ threshold: float32(Number.POSITIVE_INFINITY, 0, 0) }),
  'a NaN leaf value': stump({ values: float32(Number.NaN, 1) }),
  'a direction that is no bit': stump({ missing_left: { data: Uint8Array.of(2, 0, 0) } }),
  'a tree that ends before it starts': stump({ tree_start: int32(3, 0) }),
  'a tree beyond the nodes': stump({ tree_start: int32(0, 900) }),
  'no tree': stump({ tree_start: { shape: [1], ...int32(3) } }),
  'nodes that nothing leads to': stump({
    feature: int32(-1, -1, -1),
    child: int32(0, 1, 2),
    values: { shape: [3, 1], ...float32(1, 2, 3) },
  }),
  'a NaN importance': stump({ importances: { data: new Uint8Array(Float64Array.of(Number.NaN).buffer) } }),
  'another element type': stump({ threshold: { dtype: 'F64' } }),
  'a claimed shape beyond the bytes': stump({ feature: { shape: [2 ** 40] } }),
  'a claimed shape that overflows': stump({ values: { shape: [2 ** 60, 1] } }),
  'bytes that are no whole element': stump({ threshold: { data: new Uint8Array(11) } }),
  'a missing tensor': { ...stump(), tensors: stump().tensors.slice(1) },
  'a tensor twice': { ...stump(), tensors: [...stump().tensors, ...stump().tensors.slice(0, 1)] },
  'an unknown tensor': stump({ importances: { name: 'script' } }),
  'an unknown estimator': stump({}, { estimator: '__proto__' }),
  'another format': stump({}, { format: '2' }),
  'a column count that is no number': stump({}, { feature_count: '1e3' }),
  'more columns than any model has': stump({}, { feature_count: '99999999999' }),
  'one class': stump({}, { class_count: '1' }),
  'classes that the values do not have': stump({}, { class_count: '2' }),
  'weights that are not finite': {
    tensors: [
      { name: 'weights', dtype: 'F64', shape: [1, 1], data: new Uint8Array(Float64Array.of(Number.NaN).buffer) },
      { name: 'intercept', dtype: 'F64', shape: [1], data: new Uint8Array(8) },
    ],
    metadata: { format: '1', estimator: 'linear-regression', feature_count: '1', class_count: '0' },
  },
};

for (const [what, file] of Object.entries(hostile)) {
  test(`a model file is refused for ${what}`, (t) => {
    const error = t.throws(() => loadModel(file), { name: 'ModelError' });
    t.log(error?.message);
  });
}

test('probabilities outside 0 to 1 are refused', (t) => {
  const file = stump({ values: { shape: [2, 2], ...float32(0.5, 0.5, -1, 2) } }, { class_count: '2' });
  t.throws(() => loadModel(file), { name: 'ModelError', message: /must be from 0 to 1/ });
});
