import test from 'ava';
import { addon } from '../../../native/addon.js';
import { fitEstimator } from '../../../native/estimators/fit.js';
import { loadModel } from '../../../native/estimators/load-model.js';
import type { Model } from '../../../native/estimators/model.js';
import { treesOf as treesHandle } from '../../../native/estimators/trees-handle.js';
import { treeExplainer } from '../../../native/explain/tree-shap.js';
import type { Matrix } from '../../../native/table/matrix.js';
import { setThreads, threadCount } from '../../../native/threads.js';
import { fixture, numbers, twoClasses } from '../learn/data.js';
import { shapleyByEnumeration, treesOf } from './shapley.js';

function grow(features: Matrix, target: Float64Array, classCount: number, parameters: Record<string, unknown> = {}) {
  const task = classCount === 0 ? 'regression' : 'classification';
  return fitEstimator({ estimator: 'random-forest', parameters, task, features, target, classCount, seed: 3 });
}

/** Rows with gaps, and targets of every kind. */
function cases(rowCount: number, columnCount: number) {
  const { features, target } = twoClasses(rowCount, columnCount);
  const gaps = { ...features, data: features.data.map((x, index) => (index % 7 === 0 ? Number.NaN : x)) };
  const three = target.map((value, row) => (row % 5 === 0 ? 2 : value));
  const amount = target.map((value, row) => 100 * value + (features.data[row * columnCount] ?? 0));
  return [
    ['two classes', features, target, 2],
    ['three classes with gaps', gaps, three, 3],
    ['a regression with gaps', gaps, amount, 0],
  ] as const;
}

/** Base value plus contributions against the prediction, the worst relative difference. */
async function worstSum(model: Model, features: Matrix): Promise<number> {
  const explainer = await treeExplainer(model);
  const { values, outputCount, featureCount } = await explainer.explain(features);
  const predicted = await model.predict(features);
  let worst = 0;
  predicted.forEach((value, index) => {
    const parts = values.subarray(index * featureCount, (index + 1) * featureCount);
    const sum = parts.reduce((total, part) => total + part, explainer.baseValues[index % outputCount] ?? Number.NaN);
    worst = Math.max(worst, Math.abs(sum - value) / Math.max(1, Math.abs(value)));
  });
  return worst;
}

for (const columnCount of [1, 2, 3, 6]) {
  for (const [what, features, target, classCount] of cases(300, columnCount)) {
    test(`contributions to ${what} of ${columnCount} columns are Shapley values by enumeration`, async (t) => {
      // Deep trees of few columns test the same feature again and again on a path.
      const model = await grow(features, target, classCount, { n_estimators: 5 });
      const trees = treesOf(model);
      const explainer = await treeExplainer(model);
      const { values, outputCount } = await explainer.explain(features);
      // Of two classes one is kept as the rest to one, to the precision of the float beside it.
      const tolerance = classCount === 2 ? 1e-7 : 1e-12;
      for (let row = 0; row < 20; row++) {
        const x = features.data.subarray(row * columnCount, (row + 1) * columnCount);
        for (let output = 0; output < outputCount; output++) {
          const start = (row * outputCount + output) * columnCount;
          shapleyByEnumeration(trees, x, output).forEach((value, feature) => {
            const ours = values[start + feature] ?? Number.NaN;
            t.true(Math.abs(ours - value) <= tolerance * Math.max(1, Math.abs(value)), `${ours} against ${value}`);
          });
        }
      }
    });
  }
}

for (const [name, classCount] of [
  ['iris', 3],
  ['breast-cancer', 2],
  ['diabetes', 0],
] as const) {
  test(`base value and contributions sum to the prediction on every row of ${name}`, async (t) => {
    const { features, target } = fixture(name);
    t.true((await worstSum(await grow(features, target, classCount), features)) < 1e-5);
  });
}

test('contributions sum to the prediction with gaps, many classes and infinite features', async (t) => {
  for (const [, features, target, classCount] of cases(2000, 9)) {
    const data = features.data.map((x, index) => (index % 101 === 0 ? Number.POSITIVE_INFINITY : x));
    t.true(
      (await worstSum(await grow(features, target, classCount, { n_estimators: 20 }), { ...features, data })) < 1e-5,
    );
  }
  const { features } = twoClasses(1000, 3);
  const next = numbers(4);
  const many = Float64Array.from({ length: 1000 }, () => Math.floor(next() * 30));
  t.true((await worstSum(await grow(features, many, 30, { n_estimators: 3 }), features)) < 1e-5);
});

test.serial('one row, few and many give the same bits at any number of threads', async (t) => {
  const before = threadCount();
  t.teardown(() => setThreads(before));
  for (const [, features, target, classCount] of cases(700, 5)) {
    const model = await grow(features, target, classCount, { n_estimators: 21 });
    const explainer = await treeExplainer(model);
    setThreads(1);
    const all = await explainer.explain(features);
    const width = all.outputCount * all.featureCount;
    for (const threads of [1, 2, 3, 5]) {
      setThreads(threads);
      t.deepEqual((await explainer.explain(features)).values, all.values);
      for (const rowCount of [0, 1, 15, 16, 17, 40]) {
        const part = { ...features, data: features.data.subarray(0, rowCount * 5), rowCount };
        t.deepEqual((await explainer.explain(part)).values, all.values.slice(0, rowCount * width), `${rowCount} rows`);
      }
    }
  }
});

test('a feature that no tree tests contributes nothing, and one leaf explains itself', async (t) => {
  const { features, target } = twoClasses(200, 3);
  const constant = { ...features, data: features.data.map((x, index) => (index % 3 === 2 ? 1 : x)) };
  const { values } = await (await treeExplainer(await grow(constant, target, 2))).explain(constant);
  t.true(values.every((value, index) => index % 3 !== 2 || value === 0));
  const flat = await grow(features, new Float64Array(200).fill(4), 0);
  const explained = await (await treeExplainer(flat)).explain(features);
  t.deepEqual([...explained.baseValues], [4]);
  t.true(explained.values.every((value) => value === 0));
});

test('a model read back from its file is explained as before, and one without covers is refused', async (t) => {
  const { features, target } = twoClasses(300, 4);
  const model = await grow(features, target, 2);
  const { values } = await (await treeExplainer(model)).explain(features);
  const file = model.toTensors();
  t.deepEqual((await (await treeExplainer(loadModel(file))).explain(features)).values, values);
  const older = loadModel({ ...file, tensors: file.tensors.filter(({ name }) => name !== 'cover') });
  await t.throwsAsync(treeExplainer(older), {
    message: /^random-forest: its file does not tell the training rows per node, as those of imported models may not$/,
  });
});

test('nodes that no training row reached are explained, not divided by', async (t) => {
  const { features, target } = twoClasses(300, 3);
  const model = await grow(features, target, 2, { n_estimators: 4 });
  const file = model.toTensors();
  const empty = file.tensors.map((tensor) => {
    if (tensor.name !== 'cover') return tensor;
    // Every third node, wherever it is.
    const cover = new Float32Array(Uint8Array.from(tensor.data).buffer).map((x, index) => (index % 3 === 0 ? 0 : x));
    return { ...tensor, data: new Uint8Array(cover.buffer) };
  });
  t.true((await worstSum(loadModel({ ...file, tensors: empty }), features)) < 1e-5);
});

test('other models, other shapes and disposed explainers are refused', async (t) => {
  const { features, target } = twoClasses(200, 3);
  const linear = await fitEstimator({
    estimator: 'linear-regression',
    parameters: {},
    task: 'regression',
    features,
    target,
    classCount: 0,
    seed: 0,
  });
  await t.throwsAsync(treeExplainer(linear), { message: /^linear-regression: has no trees/ });
  const model = await grow(features, target, 2);
  const explainer = await treeExplainer(model);
  const narrow = { data: new Float32Array(2), rowCount: 1, columnCount: 2 };
  await t.throwsAsync(explainer.explain(narrow), { message: /^features.columnCount: 2 must be 3/ });
  const underWay = explainer.explain(features);
  model.dispose();
  explainer.dispose();
  explainer.dispose();
  t.is((await underWay).rowCount, 200);
  await t.throwsAsync(explainer.explain(features), { message: /^explainer: "\(disposed of\)"/ });
  await t.throwsAsync(treeExplainer(model), { message: /disposed/ });
});

test('an aborted signal ends an explanation with its reason', async (t) => {
  const { features, target } = twoClasses(4000, 10);
  const explainer = await treeExplainer(await grow(features, target, 2, { n_estimators: 200 }));
  const many = { data: new Float32Array(10 * 100_000), rowCount: 100_000, columnCount: 10 };
  let steps = 0;
  const abort = new AbortController();
  const explaining = explainer.explain(many, {
    signal: abort.signal,
    onProgress: () => {
      steps++;
      abort.abort(new Error('enough'));
    },
  });
  await t.throwsAsync(explaining, { message: 'enough' });
  t.is(steps, 1);
});

test('a path of many features is explained to the last digits', async (t) => {
  // A chain: nine rows of ten pass each test of a feature of its own, and all of them lead to 1. By
  // symmetry every feature of a row that passes has the same share of what the row is above the mean.
  for (const featureCount of [1, 2, 31, 64, 101]) {
    const nodes = 2 * featureCount + 1;
    const inner = (node: number) => node % 2 === 0 && node < nodes - 1;
    const tensor = (
      name: string,
      dtype: 'F32' | 'F64' | 'I32' | 'U32' | 'U8',
      array: Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array,
      shape = [array.length],
    ) => ({ name, dtype, shape, data: new Uint8Array(array.buffer) });
    const per = (value: (node: number) => number) => Array.from({ length: nodes }, (_, node) => value(node));
    const leaf = (node: number) => (node === nodes - 1 ? featureCount : (node - 1) / 2);
    const values = new Float32Array(featureCount + 1);
    values[featureCount] = 1;
    const model = loadModel({
      metadata: { format: '1', estimator: 'random-forest', feature_count: String(featureCount), class_count: '0' },
      tensors: [
        tensor('tree_start', 'U32', Uint32Array.of(0, nodes)),
        tensor('feature', 'I32', Int32Array.from(per((node) => (inner(node) ? node / 2 : -1)))),
        tensor('threshold', 'F32', Float32Array.from(per((node) => (inner(node) ? 0.5 : 0)))),
        tensor('child', 'I32', Int32Array.from(per((node) => (inner(node) ? node + 1 : leaf(node))))),
        tensor('missing_left', 'U8', new Uint8Array(nodes)),
        tensor('values', 'F32', values, [featureCount + 1, 1]),
        tensor('importances', 'F64', new Float64Array(featureCount)),
        tensor('cover', 'F32', Float32Array.from(per((node) => (node % 2 === 1 ? 1 : 9)))),
      ],
    });
    const explainer = await treeExplainer(model);
    const data = new Float32Array(featureCount).fill(1);
    const explained = await explainer.explain({ data, rowCount: 1, columnCount: featureCount });
    const reached = 0.9 ** featureCount;
    t.true(Math.abs((explainer.baseValues[0] ?? 0) - reached) < 1e-15);
    for (const value of explained.values) t.true(Math.abs(value - (1 - reached) / featureCount) < 1e-15);
  }
});

test('trees that are summed in turn into several outputs are explained as such', async (t) => {
  const { features, target } = twoClasses(300, 4);
  const amount = target.map((value, row) => value + (features.data[4 * row] ?? 0));
  const model = await grow(features, amount, 0, { n_estimators: 6, max_depth: 5 });
  const handle = treesHandle(model);
  if (handle?.kind !== 'forest') return t.fail();
  const explainer = await addon.forestExplainer(handle.forest, 3, null);
  const base = addon.forestExplainerBaseValues(explainer);
  const values = await addon.forestExplain(explainer, features.data, 300, null);
  const average = await (await treeExplainer(model)).explain(features);
  t.is(values.length, 300 * 3 * 4);
  // All sums together are six times the average; and each differs.
  for (let row = 0; row < 300; row++) {
    for (let c = 0; c < 4; c++) {
      const parts = [0, 1, 2].map((sum) => values[(row * 3 + sum) * 4 + c] ?? Number.NaN);
      t.true(Math.abs(parts.reduce((a, b) => a + b) / 6 - (average.values[row * 4 + c] ?? 0)) < 1e-12);
    }
  }
  t.true(Math.abs(base.reduce((a, b) => a + b) / 6 - (average.baseValues[0] ?? 0)) < 1e-12);
  t.is(new Set(base).size, 3);
  // Trees 1 and 4 add to sum 1.
  const trees = treesOf(model);
  const row = features.data.subarray(0, 4);
  const [second, fifth] = [1, 4].map((tree) => {
    const starts = trees.start.subarray(tree, tree + 2);
    return shapleyByEnumeration({ ...trees, start: starts }, row, 0);
  });
  for (let c = 0; c < 4; c++) {
    t.true(Math.abs((second?.[c] ?? 0) + (fifth?.[c] ?? 0) - (values[4 + c] ?? 0)) < 1e-12);
  }
  const classes = treesHandle(await grow(features, target, 2, { n_estimators: 2 }));
  if (classes?.kind !== 'forest') return t.fail();
  t.throws(() => addon.forestExplainer(classes.forest, 1, null), {
    message: 'sums must be 0 for trees of 2 values per leaf',
  });
});
