import test from 'ava';
import { loadModel } from '../../../native/estimators/load-model.js';
import { ExchangeError, formatOf, importModel } from '../../../native/exchange/import-model.js';
import type { OnnxNode } from '../../../native/exchange/onnx.js';
import { singleAtMost, singleBelow } from '../../../native/exchange/single.js';
import { lightgbmText, node, onnxBytes, treeNode, xgboostText } from './fixtures.js';

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Predictions for values of x0, x1 being 0. */
function predicted(bytes: Uint8Array, values: number[]): number[] {
  const model = loadModel(importModel(bytes).model);
  try {
    const data = Float32Array.from(values.flatMap((value) => [value, 0]));
    return [...model.predictSync({ data, rowCount: values.length, columnCount: 2 })];
  } finally {
    model.dispose();
  }
}

/** The error of an import. */
function refused(bytes: Uint8Array): ExchangeError {
  try {
    importModel(bytes);
  } catch (error) {
    if (error instanceof ExchangeError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

const half = 0.5;
const below = singleBelow(half);

test('a number of single precision just below, and the largest that is at most a double', (t) => {
  t.is(singleBelow(1), 1 - 2 ** -24);
  t.is(singleBelow(0), -(2 ** -149));
  t.is(singleBelow(-1), -1 - 2 ** -23);
  t.is(singleAtMost(0.1), Math.fround(0.1) > 0.1 ? singleBelow(Math.fround(0.1)) : Math.fround(0.1));
  t.true(singleAtMost(0.1) <= 0.1);
  t.is(singleAtMost(0.5), 0.5);
  t.is(singleAtMost(1e300), 3.4028234663852886e38);
  t.is(singleAtMost(-1e300), Number.NEGATIVE_INFINITY);
});

test('XGBoost sends what is below a threshold left, and what equals it right', (t) => {
  const text = xgboostText({ objective: 'reg:squarederror', parameters: { base_score: '0E0' } });
  t.deepEqual(predicted(bytesOf(text), [below, half, Number.NaN]), [1, -2, 1]);
});

test('LightGBM sends what equals a threshold left; a missing value counts as zero, is told apart, or is refused', (t) => {
  const numbers = (decision: string, threshold = '0.5') =>
    bytesOf(lightgbmText({ header: { objective: 'regression' }, tree: { decision_type: decision, threshold } }));
  const values = [half, 0.75, Number.NaN];
  // Without a missing type zero goes by the threshold, whatever the default.
  t.deepEqual(predicted(numbers('0'), values), [1, -2, 1]);
  t.deepEqual(predicted(numbers('2', '-0.5'), values), [-2, -2, -2]);
  t.deepEqual(predicted(numbers('8'), values), [1, -2, -2]);
  t.deepEqual(predicted(numbers('10'), values), [1, -2, 1]);
  t.deepEqual(predicted(numbers('6'), values), [1, -2, 1]);
  const error = refused(numbers('4'));
  t.is(error.reason, 'INVALID_FIELD');
  t.regex(error.message, /Tree=0\.decision_type\[0\]: 4 .*zero_as_missing=false/);
});

test('a double threshold of LightGBM sends each number of single precision the same way', (t) => {
  const threshold = 0.1;
  const text = lightgbmText({ header: { objective: 'regression' }, tree: { threshold: String(threshold) } });
  const nearest = Math.fround(threshold);
  const values = [singleBelow(nearest), nearest, Math.fround(nearest + 2 ** -26)];
  t.deepEqual(
    predicted(bytesOf(text), values),
    values.map((value) => (value <= threshold ? 1 : -2)),
  );
});

for (const [mode, wanted] of [
  ['BRANCH_LEQ', [1, 1, -2, -2]],
  ['BRANCH_LT', [1, -2, -2, -2]],
  ['BRANCH_GT', [-2, -2, 1, -2]],
  ['BRANCH_GTE', [-2, 1, 1, -2]],
] as const) {
  test(`ONNX ${mode} keeps its side of the threshold, and missing values go the false way unless told`, (t) => {
    const values = [below, half, 0.75, Number.NaN];
    t.deepEqual(predicted(onnxBytes([treeNode(mode)]), values), [...wanted]);
    const tracking = treeNode(mode, { nodes_missing_value_tracks_true: [1, 0, 0] });
    t.deepEqual(predicted(onnxBytes([tracking]), values), [...wanted.slice(0, 3), 1]);
  });
}

test('base scores of XGBoost are a number or a list in brackets, and become margins', (t) => {
  for (const base of ['2E-1', '[2E-1]']) {
    const [, second = 0] = predicted(bytesOf(xgboostText({ parameters: { base_score: base } })), [0]);
    t.true(Math.abs(second - 1 / (1 + Math.exp(-(1 + Math.log(0.2 / 0.8))))) < 1e-6, base);
  }
});

test('a sigmoid of LightGBM multiplies its sums', (t) => {
  const text = lightgbmText({ header: { objective: 'binary sigmoid:3' } });
  const [, second = 0] = predicted(bytesOf(text), [0]);
  t.true(Math.abs(second - 1 / (1 + Math.exp(-3))) < 1e-6);
});

test('categories go by their sets, unknown ones as the library sends them', (t) => {
  // XGBoost: those of the set go right, all others left, a missing value by its default.
  const tree = {
    split_type: [1, 0, 0],
    categories: [1, 3],
    categories_nodes: [0],
    categories_segments: [0],
    categories_sizes: [2],
    default_left: [0, 0, 0],
  };
  const xgboost = xgboostText({ objective: 'reg:squarederror', parameters: { base_score: '0' }, tree });
  t.deepEqual(predicted(bytesOf(xgboost), [0, 1, 2, 3, 200, Number.NaN]), [1, -2, 1, -2, 1, -2]);
  // LightGBM: those of the set go left, all others and missing values right. 10 is categories 1 and 3.
  const sets = { num_cat: '1', decision_type: '1', threshold: '0', cat_boundaries: '0 1', cat_threshold: '10' };
  const lightgbm = lightgbmText({ header: { objective: 'regression' }, tree: sets });
  t.deepEqual(predicted(bytesOf(lightgbm), [0, 1, 2, 3, 200, Number.NaN]), [-2, 1, -2, 1, -2, -2]);
});

test('the format is told by the first bytes', (t) => {
  t.is(formatOf(bytesOf(' {"learner": {}}')), 'xgboost-json');
  t.is(formatOf(bytesOf('tree\nversion=v4\n')), 'lightgbm-text');
  t.is(formatOf(onnxBytes([treeNode('BRANCH_LEQ')])), 'onnx');
  for (const [head, message] of [
    ['', /no beginning/],
    ['{L\0\0\0\0\0\0\0\x07learner', /\.json/],
    ['\x80\x04\x95', /no beginning/],
  ] as const) {
    const error = t.throws(() => formatOf(bytesOf(head)), { instanceOf: ExchangeError });
    t.is(error?.reason, 'UNPARSABLE_FILE');
    t.regex(error?.message ?? '', message);
  }
});

const huge = '9'.repeat(12);

/** Category sets of these nodes, each the same two categories. */
const overlapping = ({ nodes, size = 2 }: { nodes: number[]; size?: number }) => ({
  split_type: [1, 0, 0],
  categories: [1, 3],
  categories_nodes: nodes,
  categories_segments: nodes.map(() => 0),
  categories_sizes: nodes.map(() => size),
});

const wrongXgboost: [string, string, RegExp, ExchangeError['reason']?][] = [
  ['a child that leads back', xgboostText({ tree: { left_children: [0, -1, -1] } }), /nodes\[0\]\.left: 0 .*cycle/],
  ['two parents', xgboostText({ tree: { right_children: [1, -1, -1] } }), /nodes\[0\]\.right: 1 .*cycle/],
  ['a child out of range', xgboostText({ tree: { right_children: [9, -1, -1] } }), /nodes\[0\]\.right: 9 .*3 nodes/],
  ['a negative child', xgboostText({ tree: { left_children: [-2, -1, -1] } }), /nodes\[0\]\.left: -2/],
  ['half a child', xgboostText({ tree: { left_children: [1.5, -1, -1] } }), /nodes\[0\]\.left: 1\.5/],
  ['a feature out of range', xgboostText({ tree: { split_indices: [2, 0, 0] } }), /feature: 2 must be from 0 to 1/],
  ['a shorter array', xgboostText({ tree: { split_indices: [0] } }), /split_indices: 1 elements must be 3/],
  ['text for a number', xgboostText({ tree: { sum_hessian: ['1', 2, 3] } }), /sum_hessian\[0\]: "1" must be a number/],
  ['a leaf beyond single precision', xgboostText({ tree: { split_conditions: [0.5, 1e39, 1] } }), /value: .*finite/],
  [
    'no nodes',
    xgboostText({
      tree: Object.fromEntries(
        [
          'left_children',
          'right_children',
          'split_indices',
          'split_conditions',
          'default_left',
          'sum_hessian',
          'loss_changes',
        ].map((key) => [key, []]),
      ),
    }),
    /nodes must be at least 1/,
  ],
  ['no learner', '{"version": [1]}', /learner: null must be there/],
  ['an array for an object', '{"learner": []}', /learner: \[\] must be an object/],
  ['too many features', xgboostText({ parameters: { num_feature: huge } }), /num_feature: .*from 1 to 10000/],
  ['a base that is no number', xgboostText({ parameters: { base_score: 'half' } }), /base_score: "half"/],
  ['a base that is no share', xgboostText({ parameters: { base_score: '2' } }), /base_score: .*finite/],
  ['a class that is none', xgboostText({ model: { tree_info: [1] } }), /tree_info\[0\]: 1 must be from 0 to 0/],
  ['a cut file', xgboostText().slice(0, -20), /file: .*must be JSON/],
  ['deep nesting', `{"learner":${'['.repeat(100_000)}`, /file: .*must be JSON/],
  [
    'an unknown objective',
    xgboostText({ objective: 'survival:aft' }),
    /objective\.name: "survival:aft" must be one of/,
    'INVALID_FIELD',
  ],
  [
    'an objective of Object',
    xgboostText({ objective: 'constructor' }),
    /objective\.name: "constructor" must be one of/,
    'INVALID_FIELD',
  ],
  [
    'an unknown booster',
    xgboostText({ learner: { gradient_booster: { name: 'gbx' } } }),
    /name: "gbx" must be gbtree/,
    'INVALID_FIELD',
  ],
  [
    'several outputs per tree',
    xgboostText({ tree: { tree_param: { size_leaf_vector: '3' } } }),
    /size_leaf_vector: 3/,
    'INVALID_FIELD',
  ],
  ['several targets', xgboostText({ parameters: { num_target: '2' } }), /num_target: 2 must be 1/, 'INVALID_FIELD'],
  [
    'a large category',
    xgboostText({
      tree: {
        split_type: [1, 0, 0],
        categories: [254],
        categories_nodes: [0],
        categories_segments: [0],
        categories_sizes: [1],
      },
    }),
    /categories: 254 must be .* 253/,
    'INVALID_FIELD',
  ],
  [
    'sets that overlap',
    xgboostText({ tree: overlapping({ nodes: [0, 1, 2] }) }),
    /categories_sizes: 4 must sum to at most the 2 categories/,
  ],
  ['a set told twice', xgboostText({ tree: overlapping({ nodes: [0, 0] }) }), /categories_nodes\[1\]: 0 .*twice/],
  ['a set of no node', xgboostText({ tree: overlapping({ nodes: [0.5] }) }), /categories_nodes\[0\]: 0\.5 .*0 to 2/],
  ['a set of a node beyond', xgboostText({ tree: overlapping({ nodes: [3] }) }), /categories_nodes\[0\]: 3 .*0 to 2/],
  [
    'half a category',
    xgboostText({ tree: overlapping({ nodes: [0], size: 1.5 }) }),
    /categories_sizes\[0\]: 1\.5 must be at most 2/,
  ],
];
for (const [what, text, message, reason = 'UNPARSABLE_FILE'] of wrongXgboost) {
  test(`XGBoost JSON with ${what} is ${reason}`, (t) => {
    const error = refused(bytesOf(text));
    t.regex(error.message, message);
    t.is(error.reason, reason);
  });
}

const wrongLightgbm: [string, string, RegExp, ExchangeError['reason']?][] = [
  ['a cut file', lightgbmText({ end: '' }), /end of trees: null .*cut short/],
  ['a child that leads back', lightgbmText({ tree: { left_child: '0' } }), /nodes\[0\]\.left: 0 .*cycle/],
  ['a leaf out of range', lightgbmText({ tree: { right_child: '-9' } }), /nodes\[0\]\.right: 9/],
  ['a split out of range', lightgbmText({ tree: { left_child: '7' } }), /nodes\[0\]\.left: -1/],
  ['too few values', lightgbmText({ tree: { leaf_value: '1' } }), /Tree=0\.leaf_value: 1 numbers must be 2/],
  [
    'a value that is no number',
    lightgbmText({ tree: { leaf_value: '1 nan' } }),
    /leaf_value\[1\]: "nan" must be a finite/,
  ],
  ['a claimed size', lightgbmText({ tree: { num_leaves: '1000000000' } }), /leaf_value: 2 numbers must be 1000000000/],
  ['no leaves', lightgbmText({ tree: { num_leaves: '0' } }), /num_leaves: "0" must be a whole number from 1/],
  [
    'no objective that is known',
    lightgbmText({ header: { objective: 'multiclassova num_class:3' } }),
    /objective: "multiclassova/,
    'INVALID_FIELD',
  ],
  [
    'a square root',
    lightgbmText({ header: { objective: 'regression sqrt' } }),
    /objective: "regression sqrt" must be without sqrt/,
    'INVALID_FIELD',
  ],
  ['linear leaves', lightgbmText({ tree: { is_linear: '1' } }), /is_linear: 1 must be 0/, 'INVALID_FIELD'],
  [
    'a set that is none',
    lightgbmText({ tree: { decision_type: '1', threshold: '4' } }),
    /threshold\[0\]: 4 must be a set/,
  ],
];
for (const [what, text, message, reason = 'UNPARSABLE_FILE'] of wrongLightgbm) {
  test(`LightGBM text with ${what} is ${reason}`, (t) => {
    const error = refused(bytesOf(text));
    t.regex(error.message, message);
    t.is(error.reason, reason);
  });
}

const matrix = (name: string, shape: number[]) => {
  const count = shape.reduce((product, size) => product * size, 1);
  return { name, type: 'float' as const, shape, values: new Float32Array(count).fill(1) };
};

/** Trees of one leaf each, of that many scores. */
function loneLeaves(count: number, units: number): OnnxNode {
  const zeros = new Array<number>(count).fill(0);
  const places = zeros.map((_, index) => index);
  return treeNode('LEAF', {
    n_targets: units,
    nodes_treeids: places,
    nodes_nodeids: zeros,
    nodes_featureids: zeros,
    nodes_values: zeros,
    nodes_modes: zeros.map(() => 'LEAF'),
    nodes_truenodeids: zeros,
    nodes_falsenodeids: zeros,
    nodes_missing_value_tracks_true: zeros,
  });
}

/** A chain of splits of so many nodes, whose leaves give something to so many scores, as the output `sums`. */
function manyScores(nodes: number, units: number): OnnxNode {
  const places = Array.from({ length: nodes }, (_, index) => index);
  const isSplit = (place: number) => place % 2 === 0 && place < nodes - 1;
  const scores = Array.from({ length: units }, (_, unit) => unit);
  const each = (value: number) => places.map(() => value);
  const tree = treeNode('BRANCH_LEQ', {
    n_targets: units,
    nodes_treeids: each(0),
    nodes_nodeids: places,
    nodes_featureids: each(0),
    nodes_values: each(0.5),
    nodes_modes: places.map((place) => (isSplit(place) ? 'BRANCH_LEQ' : 'LEAF')),
    nodes_truenodeids: places.map((place) => (isSplit(place) ? place + 1 : 0)),
    nodes_falsenodeids: places.map((place) => (isSplit(place) ? place + 2 : 0)),
    nodes_missing_value_tracks_true: each(0),
    target_treeids: scores.map(() => 0),
    target_nodeids: scores.map(() => 1),
    target_ids: scores,
    target_weights: scores.map(() => 1),
  });
  return { ...tree, outputs: ['sums'] };
}

/** Nodes each of which takes what the one before it gave. */
const chained = (count: number, make: (from: string, to: string) => OnnxNode): OnnxNode[] =>
  Array.from({ length: count }, (_, index) => make(index === 0 ? 'x' : `c${index}`, `c${index + 1}`));
const wide = { columns: 10_000, constants: [matrix('one', [1])] };

const wrongOnnx: [string, () => Uint8Array, RegExp, ExchangeError['reason']?][] = [
  [
    'a cycle',
    () => onnxBytes([treeNode('BRANCH_LEQ', { nodes_truenodeids: [0, 0, 0] })]),
    /tree 0\.nodes\[0\]\.left: 0 .*cycle/,
  ],
  [
    'a node out of range',
    () => onnxBytes([treeNode('BRANCH_LEQ', { nodes_truenodeids: [7, 0, 0] })]),
    /nodes\[0\]\.left: -1/,
  ],
  [
    'a node told twice',
    () => onnxBytes([treeNode('BRANCH_LEQ', { nodes_nodeids: [0, 1, 1] })]),
    /nodes_nodeids\[2\]: 1/,
  ],
  [
    'a leaf that is none',
    () => onnxBytes([treeNode('BRANCH_LEQ', { target_nodeids: [1, 9] })]),
    /target_nodeids\[1\]: 9/,
  ],
  ['a target out of range', () => onnxBytes([treeNode('BRANCH_LEQ', { target_ids: [0, 5] })]), /target_ids\[1\]: 5/],
  [
    'a threshold that is no number',
    () => onnxBytes([treeNode('BRANCH_LEQ', { nodes_values: [Number.NaN, 0, 0] })]),
    /threshold: NaN must be finite/,
  ],
  [
    'a shorter array',
    () => onnxBytes([treeNode('BRANCH_LEQ', { nodes_featureids: [0] })]),
    /nodes_featureids: 1 elements must be 3/,
  ],
  [
    'a mode of its own',
    () => onnxBytes([treeNode('BRANCH_EQ')]),
    /nodes_modes\[0\]: "BRANCH_EQ" must be LEAF/,
    'INVALID_FIELD',
  ],
  [
    'an unknown node',
    () => onnxBytes([node('Sin', ['x'], ['y'])]),
    /node "y" \(Sin\): "Sin" has no form here/,
    'INVALID_FIELD',
  ],
  [
    'another domain',
    () => onnxBytes([{ ...node('Add', ['x'], ['y']), domain: 'com.microsoft' }]),
    /"com\.microsoft" is no domain/,
    'INVALID_FIELD',
  ],
  ['an input from nowhere', () => onnxBytes([node('Relu', ['z'], ['y'])]), /graph\.node\.input: "z" must be an input/],
  ['an output told twice', () => onnxBytes([node('Identity', ['x'], ['x'])]), /graph\.node\.output: "x"/],
  [
    'a matrix of another height',
    () => onnxBytes([node('MatMul', ['x', 'w'], ['y'])], { constants: [matrix('w', [3, 1])] }),
    /inputs\[1\]: 3 rows must be 2/,
  ],
  [
    'features doubled again and again',
    () =>
      onnxBytes(
        Array.from({ length: 40 }, (_, index) =>
          node('Concat', [index === 0 ? 'x' : `c${index}`, index === 0 ? 'x' : `c${index}`], [`c${index + 1}`], {
            axis: 1,
          }),
        ),
      ),
    /features must be at most 10000/,
    'INVALID_FIELD',
  ],
  [
    'a network of very many layers',
    () =>
      onnxBytes(
        Array.from({ length: 100 }, (_, index) =>
          node('MatMul', [index === 0 ? 'x' : `l${index}`, 'w'], [`l${index + 1}`]),
        ),
        { constants: [matrix('w', [2, 2])] },
      ),
    /layers must be at most 65/,
    'INVALID_FIELD',
  ],
  [
    'classes that trees do not name',
    () => onnxBytes([node('TreeEnsembleClassifier', ['x'], ['l', 'y'], {}, { ml: true })]),
    /classlabels: 0 classes/,
    'INVALID_FIELD',
  ],
  [
    'more scores per row than there may be classes',
    () => onnxBytes([treeNode('BRANCH_LEQ', { n_targets: 10_001 })]),
    /n_targets: 10001 must be from 1 to 10000/,
  ],
  [
    'many leaves of many scores each',
    () => onnxBytes([loneLeaves(13_422, 10_000)]),
    /nodes_modes: 134220000 numbers in leaves, 10000 in each, must be at most 134217728/,
    'INVALID_FIELD',
  ],
  [
    'a tree that adds to very many scores',
    () => onnxBytes([manyScores(4_097, 1_100), node('Softmax', ['sums'], ['y'])]),
    /tree 0: \d+ copies of nodes, .* must be at most 4194304/,
    'INVALID_FIELD',
  ],
  [
    'two ensembles of trees',
    () => onnxBytes([treeNode('BRANCH_LEQ'), { ...treeNode('BRANCH_LEQ'), outputs: ['z'] }]),
    /graph\.node: 2 ensembles of trees must be at most 1/,
    'INVALID_FIELD',
  ],
  [
    'wide features made again and again',
    () =>
      onnxBytes(
        chained(600, (from, to) => node('Add', [from, 'one'], [to])),
        wide,
      ),
    /graph\.node: \d+ bytes of columns and weights must be at most \d+/,
    'INVALID_FIELD',
  ],
  [
    'layers of one constant made again and again',
    () =>
      onnxBytes(
        Array.from({ length: 1_000 }, (_, index) => node('MatMul', ['x', 'w'], [`l${index}`])),
        { columns: 1_000, constants: [matrix('w', [1_000, 50])] },
      ),
    /graph\.node: \d+ bytes of columns and weights must be at most \d+/,
    'INVALID_FIELD',
  ],
];
for (const [what, bytes, message, reason = 'UNPARSABLE_FILE'] of wrongOnnx) {
  test(`ONNX with ${what} is ${reason}`, (t) => {
    const error = refused(bytes());
    t.regex(error.message, message);
    t.is(error.reason, reason);
  });
}

test('every file that is cut short, at any byte, is refused', (t) => {
  const whole = [bytesOf(xgboostText()), bytesOf(lightgbmText()), onnxBytes([treeNode('BRANCH_LEQ')])];
  for (const bytes of whole) {
    t.notThrows(() => importModel(bytes));
    const taken: number[] = [];
    // LightGBM's end of trees is followed by nothing that counts.
    for (let length = 0; length < bytes.length - 1; length++) {
      try {
        importModel(bytes.subarray(0, length));
        taken.push(length);
      } catch (error) {
        if (!(error instanceof ExchangeError)) throw error;
      }
    }
    // An .onnx file may end between two fields: without its opsets, which stand last, it is refused too.
    t.true(taken.length <= 1, `${taken}`);
  }
});

test('a file with any byte changed is taken or refused, and does nothing else', (t) => {
  for (const whole of [bytesOf(xgboostText()), bytesOf(lightgbmText()), onnxBytes([treeNode('BRANCH_LEQ')])]) {
    let refusals = 0;
    for (let at = 0; at < whole.length; at++) {
      const bytes = whole.slice();
      bytes[at] = (whole[at] as number) ^ (1 << (at % 8));
      try {
        const { model } = importModel(bytes);
        loadModel(model).dispose();
      } catch (error) {
        const known = error instanceof ExchangeError || (error as Error).name === 'ModelError';
        if (!known) throw error;
        refusals++;
      }
    }
    t.true(refusals > whole.length / 4);
  }
});
