import test from 'ava';
import { loadModel } from '../../../native/estimators/load-model.js';
import type { ModelFile } from '../../../native/estimators/model.js';
import { numbers } from './data.js';

/** Trees by hand, nodes of all trees one after another; children are numbered from their tree's start. */
interface Trees {
  columnCount: number;
  valueCount: number;
  start: number[];
  feature: number[];
  threshold: number[];
  child: number[];
  missingLeft: number[];
  values: number[];
}

interface Shape {
  columns: number;
  trees: number;
  /** Splits per tree at most. */
  splits: number;
  /** Thresholds that a column chooses among. */
  thresholds: number;
  valueCount: number;
  /** A path that nearly all splits lie on, instead of leaves anywhere. */
  chain?: boolean;
}

function makeTrees({ columns, trees, splits, thresholds, valueCount, chain = false }: Shape, seed: number): Trees {
  const next = numbers(seed);
  const below = (bound: number) => Math.floor(next() * bound);
  const made: Trees = {
    columnCount: columns,
    valueCount,
    start: [0],
    feature: [],
    threshold: [],
    child: [],
    missingLeft: [],
    values: [],
  };
  for (let tree = 0; tree < trees; tree++) {
    const from = made.feature.length;
    const leaves = [0];
    const splitsOf = new Map<number, number>();
    let nodes = 1;
    // Some trees are a leaf.
    for (let split = tree % 5 === 4 ? below(2) : splits; split > 0; split--) {
      const [node = 0] = leaves.splice(chain && next() < 0.9 ? leaves.length - 1 - below(2) : below(leaves.length), 1);
      splitsOf.set(node, nodes);
      leaves.push(nodes, nodes + 1);
      nodes += 2;
    }
    for (let node = 0; node < nodes; node++) {
      const left = splitsOf.get(node);
      made.feature.push(left === undefined ? -1 : below(columns));
      // Zero of either sign, and thresholds that rows have themselves.
      const place = below(thresholds);
      made.threshold.push(left === undefined ? 0 : Math.fround(place === 0 ? -0 : (place - thresholds / 2) / 8));
      made.missingLeft.push(left === undefined ? 0 : below(2));
      made.child.push(left ?? made.values.length / valueCount);
      if (left !== undefined) continue;
      for (let value = 0; value < valueCount; value++) made.values.push(Math.fround(next() ** 4));
    }
    made.start.push(from + nodes);
  }
  return made;
}

function makeRows({ columns, thresholds }: Shape, count: number, gaps: boolean, seed: number): Float32Array {
  const next = numbers(seed);
  return Float32Array.from({ length: count * columns }, () => {
    const kind = next();
    if (gaps && kind < 0.1) return Number.NaN;
    if (kind < 0.12) return kind < 0.11 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    if (kind < 0.15) return kind < 0.135 ? 0 : -0;
    const place = next() * (thresholds + 2) - 1 - thresholds / 2;
    return kind < 0.6 ? Math.round(place) / 8 : place / 8;
  });
}

/** The value of a tree's leaf for a row, walked node by node. */
function leafOf(trees: Trees, tree: number, row: Float32Array, value: number): number {
  const start = trees.start[tree] as number;
  let node = start;
  for (;;) {
    const feature = trees.feature[node] as number;
    const child = trees.child[node] as number;
    if (feature < 0) return trees.values[child * trees.valueCount + value] as number;
    const x = row[feature] as number;
    const left = Number.isNaN(x) ? trees.missingLeft[node] === 1 : x <= (trees.threshold[node] as number);
    node = start + child + (left ? 0 : 1);
  }
}

/** What a forest answers: means over its trees; of two classes the first is what is left to one. */
function forestAnswer(trees: Trees, rows: Float32Array): number[] {
  const { columnCount, valueCount, start } = trees;
  const out: number[] = [];
  for (let at = 0; at < rows.length; at += columnCount) {
    const row = rows.subarray(at, at + columnCount);
    const mean = (value: number) => {
      let sum = 0;
      for (let tree = 0; tree + 1 < start.length; tree++) sum += leafOf(trees, tree, row, value);
      return sum / (start.length - 1);
    };
    if (valueCount === 2) out.push(Math.fround(1 - mean(1)), Math.fround(mean(1)));
    else for (let value = 0; value < valueCount; value++) out.push(Math.fround(mean(value)));
  }
  return out;
}

function boostedAnswer(trees: Trees, base: number, rows: Float32Array): number[] {
  const out: number[] = [];
  for (let at = 0; at < rows.length; at += trees.columnCount) {
    let sum = base;
    for (let tree = 0; tree + 1 < trees.start.length; tree++)
      sum += leafOf(trees, tree, rows.subarray(at, at + trees.columnCount), 0);
    out.push(Math.fround(sum));
  }
  return out;
}

function fileOf(trees: Trees, estimator: string, more: Record<string, string> = {}): ModelFile {
  const bytes = (array: ArrayBufferView) => new Uint8Array(array.buffer);
  const nodes = [trees.feature.length];
  const leaves = trees.values.length / trees.valueCount;
  const boosted = estimator === 'gradient-boosting';
  return {
    tensors: [
      ...(boosted ? [{ name: 'base', dtype: 'F64' as const, shape: [1], data: bytes(Float64Array.of(0.3)) }] : []),
      { name: 'tree_start', dtype: 'U32', shape: [trees.start.length], data: bytes(Uint32Array.from(trees.start)) },
      { name: 'feature', dtype: 'I32', shape: nodes, data: bytes(Int32Array.from(trees.feature)) },
      { name: 'threshold', dtype: 'F32', shape: nodes, data: bytes(Float32Array.from(trees.threshold)) },
      { name: 'child', dtype: 'I32', shape: nodes, data: bytes(Int32Array.from(trees.child)) },
      { name: 'missing_left', dtype: 'U8', shape: nodes, data: Uint8Array.from(trees.missingLeft) },
      {
        name: 'values',
        dtype: 'F32',
        shape: boosted ? [leaves] : [leaves, trees.valueCount],
        data: bytes(Float32Array.from(trees.values)),
      },
      {
        name: 'importances',
        dtype: 'F64',
        shape: [trees.columnCount],
        data: bytes(new Float64Array(trees.columnCount)),
      },
    ],
    metadata: {
      format: '1',
      estimator,
      feature_count: String(trees.columnCount),
      class_count: String(trees.valueCount === 1 ? 0 : trees.valueCount),
      ...more,
    },
  };
}

const forests: Record<string, Shape> = {
  'of few columns': { columns: 20, trees: 21, splits: 300, thresholds: 100, valueCount: 2 },
  'of one column': { columns: 1, trees: 3, splits: 60, thresholds: 254, valueCount: 1 },
  'of three classes': { columns: 7, trees: 9, splits: 90, thresholds: 30, valueCount: 3 },
  'of leaves': { columns: 3, trees: 10, splits: 0, thresholds: 3, valueCount: 2 },
  'of chains': { columns: 9, trees: 17, splits: 200, thresholds: 200, valueCount: 2, chain: true },
  'of 32 columns': { columns: 32, trees: 8, splits: 400, thresholds: 50, valueCount: 1 },
  'of 33 columns': { columns: 33, trees: 8, splits: 400, thresholds: 50, valueCount: 2 },
  'of 64 columns': { columns: 64, trees: 12, splits: 700, thresholds: 20, valueCount: 2 },
  'of 65 columns': { columns: 65, trees: 12, splits: 700, thresholds: 20, valueCount: 2 },
  'of more thresholds than a byte numbers': { columns: 4, trees: 8, splits: 900, thresholds: 900, valueCount: 1 },
};

for (const [name, shape] of Object.entries(forests)) {
  test(`a forest ${name} answers what its nodes say, with and without missing values`, async (t) => {
    const trees = makeTrees(shape, 3);
    const model = loadModel(fileOf(trees, 'random-forest'));
    for (const gaps of [false, true]) {
      const rows = makeRows(shape, 150, gaps, 5);
      const expected = forestAnswer(trees, rows);
      const matrix = { data: rows, rowCount: 150, columnCount: shape.columns };
      t.deepEqual([...(await model.predict(matrix))], expected);
      t.deepEqual([...model.predictSync(matrix)], expected);
    }
    model.dispose();
  });
}

const boosted: Record<string, Shape> = {
  'no deeper than six': { columns: 20, trees: 23, splits: 7, thresholds: 254, valueCount: 1 },
  'of 64 leaves': { columns: 20, trees: 23, splits: 63, thresholds: 200, valueCount: 1 },
  'in chains': { columns: 5, trees: 12, splits: 40, thresholds: 17, valueCount: 1, chain: true },
  'of 15 thresholds a column': { columns: 3, trees: 6, splits: 20, thresholds: 15, valueCount: 1 },
  'of 16 thresholds a column': { columns: 3, trees: 6, splits: 20, thresholds: 16, valueCount: 1 },
  'of a leaf each': { columns: 3, trees: 6, splits: 0, thresholds: 3, valueCount: 1 },
  'of 65 leaves': { columns: 20, trees: 6, splits: 64, thresholds: 50, valueCount: 1 },
  'of more thresholds than a byte numbers': { columns: 1, trees: 40, splits: 50, thresholds: 2000, valueCount: 1 },
};

for (const [name, shape] of Object.entries(boosted)) {
  test(`boosted trees ${name} answer what their nodes say, with and without missing values`, async (t) => {
    const trees = makeTrees(shape, 4);
    const model = loadModel(fileOf(trees, 'gradient-boosting', { link: 'identity' }));
    for (const gaps of [false, true]) {
      const rows = makeRows(shape, 700, gaps, 6);
      const expected = boostedAnswer(trees, 0.3, rows);
      const matrix = { data: rows, rowCount: 700, columnCount: shape.columns };
      t.deepEqual([...(await model.predict(matrix))], expected);
      t.deepEqual([...model.predictSync(matrix)], expected);
    }
    model.dispose();
  });
}
