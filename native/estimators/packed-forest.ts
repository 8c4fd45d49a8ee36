import type { NamedTensor } from '../safetensors.js';
import { fromHalves, toHalves } from './half.js';
import { ModelError } from './model-error.js';
import type { RawForestArrays } from './raw.js';
import { type TensorReader, tensorOf } from './tensors.js';

// Packed trees, `metadata.encoding` = "packed": what can be derived is left out.
//
// Nodes of a tree lie in breadth-first order, so that its k-th split has the nodes 1 + 2k and
// 2 + 2k for children and a leaf's number is its place among leaves.
//
//   tree_start       U32 [trees + 1]
//   split            U8, U16 or U32 [nodes]    0 for a leaf, else 1 + its feature
//   threshold        U8 or U16 [splits]        place in the feature's table, or F32 without tables
//   table_start      U32 [features + 1]        where each feature's table begins
//   table            F32                       ascending thresholds
//   missing_left     U8 [ceil(splits / 8)]     lowest bit first
//   values           F32 or F16 [leaves, V]
//   value_range      F64 [2]                   only F16 with V = 1: value = first + second × half
//   cover            U8, U16 or F32 [leaves]   only where known; a split's is the sum of its leaves'
//   importances      F64 [features]
//
// A split node's threshold, missing bit and place are found by counting splits, a leaf's values by
// counting leaves, through all trees.

/** How trees are packed. */
export interface Packing {
  /** 16 rounds leaf values to half precision; 32 keeps them. */
  readonly valueBits: 16 | 32;
  /** 8 leaves a feature at most 256 thresholds, spread evenly over its own; null keeps them. */
  readonly thresholdBits: 8 | null;
  /** Features from this one on keep their thresholds whatever the bits; all may lose some by default. */
  readonly exactFrom?: number;
}

const tableSizes = { U8: 256, U16: 65_536 } as const;

type Codes = Uint8Array | Uint16Array | Uint32Array;

/** The whole numbers in the narrowest type that holds `most`. */
function narrow(values: Uint32Array, most: number): { dtype: 'U8' | 'U16' | 'U32'; array: Codes } {
  if (most < tableSizes.U8) return { dtype: 'U8', array: Uint8Array.from(values) };
  if (most < tableSizes.U16) return { dtype: 'U16', array: Uint16Array.from(values) };
  return { dtype: 'U32', array: values };
}

/** Nodes of every tree in breadth-first order: by new place the old one. */
function breadthFirst({ treeStart, feature, child }: RawForestArrays): Uint32Array {
  const order = new Uint32Array(feature.length);
  for (let tree = 0; tree + 1 < treeStart.length; tree++) {
    const start = treeStart[tree] as number;
    let end = start;
    order[end++] = start;
    for (let at = start; at < end; at++) {
      const node = order[at] as number;
      if ((feature[node] as number) < 0) continue;
      const left = start + (child[node] as number);
      order[end++] = left;
      order[end++] = left + 1;
    }
  }
  return order;
}

/** Packs trees; `unpackForest` gives the same predictions where nothing was rounded. */
export function packForest(trees: RawForestArrays, packing: Packing): NamedTensor[] {
  const { valueBits } = packing;
  const { treeStart, feature, threshold, child, missingLeft, values, valueCount, featureCount, cover } = trees;
  const order = breadthFirst(trees);
  const splits = Uint32Array.from(order, (node) => (feature[node] as number) + 1);
  const splitNodes = order.filter((node) => (feature[node] as number) >= 0);
  const leafNodes = order.filter((node) => (feature[node] as number) < 0);
  const missing = new Uint8Array(Math.ceil(splitNodes.length / 8));
  splitNodes.forEach((node, at) => {
    missing[at >>> 3] = (missing[at >>> 3] as number) | ((missingLeft[node] as number) << (at & 7));
  });
  const leafValues = new Float32Array(leafNodes.length * valueCount);
  leafNodes.forEach((node, at) => {
    const from = (child[node] as number) * valueCount;
    leafValues.set(values.subarray(from, from + valueCount), at * valueCount);
  });
  const split = narrow(splits, featureCount);
  const shape = [leafNodes.length, valueCount];
  return [
    tensorOf('tree_start', 'U32', [treeStart.length], treeStart),
    tensorOf('split', split.dtype, [splits.length], split.array),
    ...packThresholds(splitNodes, { feature, threshold, featureCount }, packing),
    tensorOf('missing_left', 'U8', [missing.length], missing),
    ...(valueBits === 32 ? [tensorOf('values', 'F32', shape, leafValues)] : packHalves(leafValues, shape)),
    ...(cover === null ? [] : [packCover(Float32Array.from(leafNodes, (node) => cover[node] as number))]),
    tensorOf('importances', 'F64', [featureCount], trees.importances),
  ];
}

function packThresholds(
  splitNodes: Uint32Array,
  { feature, threshold, featureCount }: Pick<RawForestArrays, 'feature' | 'threshold' | 'featureCount'>,
  { thresholdBits, exactFrom = Number.POSITIVE_INFINITY }: Packing,
): NamedTensor[] {
  const seen = Array.from({ length: featureCount }, () => new Set<number>());
  for (const node of splitNodes) seen[feature[node] as number]?.add(threshold[node] as number);
  const tables = seen.map((set, at) => {
    const all = Float32Array.from(set).sort();
    if (thresholdBits === null || at >= exactFrom || all.length <= tableSizes.U8) return all;
    return Float32Array.from({ length: tableSizes.U8 }, (_, place) => {
      return all[Math.round((place * (all.length - 1)) / (tableSizes.U8 - 1))] as number;
    });
  });
  const most = tables.reduce((size, table) => Math.max(size, table.length), 0);
  if (most > tableSizes.U16) {
    const plain = Float32Array.from(splitNodes, (node) => threshold[node] as number);
    return [tensorOf('threshold', 'F32', [plain.length], plain)];
  }
  const codes = Uint32Array.from(splitNodes, (node) =>
    nearestPlace(tables[feature[node] as number] as Float32Array, threshold[node] as number),
  );
  const starts = new Uint32Array(featureCount + 1);
  tables.forEach((table, at) => {
    starts[at + 1] = (starts[at] as number) + table.length;
  });
  const table = new Float32Array(starts[featureCount] as number);
  tables.forEach((part, at) => {
    table.set(part, starts[at] as number);
  });
  const { dtype, array } = narrow(codes, most - 1);
  return [
    tensorOf('threshold', dtype, [codes.length], array),
    tensorOf('table_start', 'U32', [starts.length], starts),
    tensorOf('table', 'F32', [table.length], table),
  ];
}

/** The place of the value nearest to `value` in an ascending table. */
function nearestPlace(table: Float32Array, value: number): number {
  let low = 0;
  let high = table.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((table[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  if (low > 0 && value - (table[low - 1] as number) < Math.abs((table[low] as number) - value)) return low - 1;
  return low;
}

function packHalves(values: Float32Array, shape: readonly number[]): NamedTensor[] {
  const halves = (rest: ArrayLike<number>) => tensorOf('values', 'F16', shape, toHalves(rest));
  if (shape[1] !== 1) return [halves(values)];
  // Numbers of any size fit once they are told as distances from their middle.
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const middle = (low + high) / 2;
  const scale = Math.max((high - low) / 2, Number.MIN_VALUE);
  const range = Float64Array.of(middle, scale);
  return [
    halves(Float64Array.from(values, (value) => (value - middle) / scale)),
    tensorOf('value_range', 'F64', [2], range),
  ];
}

function packCover(cover: Float32Array): NamedTensor {
  const whole = cover.every((value) => Number.isInteger(value) && value < tableSizes.U16);
  if (!whole) return tensorOf('cover', 'F32', [cover.length], cover);
  const { dtype, array } = narrow(
    Uint32Array.from(cover),
    cover.reduce((most, value) => Math.max(most, value), 0),
  );
  return tensorOf('cover', dtype, [cover.length], array);
}

/**
 * Reads packed trees of any origin. Throws ModelError for tensors that do not fit each other; what
 * a forest must be besides is left to `forestCreate`.
 */
export function unpackForest(
  reader: TensorReader,
  { featureCount, valueCount }: { featureCount: number; valueCount: number },
): RawForestArrays {
  const treeStart = reader.take('tree_start', 'U32', [null]);
  const split = reader.takeAny('split', ['U8', 'U16', 'U32'], [null]);
  const nodes = split.length;
  for (let tree = 0; tree + 1 < treeStart.length; tree++) {
    const [first, last] = [treeStart[tree] as number, treeStart[tree + 1] as number];
    const fits = last > first && last <= nodes && (tree > 0 || first === 0);
    if (!fits)
      throw new ModelError(`tensors["tree_start"][${tree + 1}]`, last, `must be above ${first}, at most ${nodes}`);
  }
  if (treeStart.length < 2 || treeStart[treeStart.length - 1] !== nodes) {
    throw new ModelError('tensors["tree_start"]', treeStart.length, `elements must end with the ${nodes} nodes`);
  }
  let splitCount = 0;
  for (let node = 0; node < nodes; node++) {
    const code = split[node] as number;
    if (code > featureCount) throw new ModelError(`tensors["split"][${node}]`, code, `must be <= ${featureCount}`);
    if (code > 0) splitCount++;
  }
  const leafCount = nodes - splitCount;
  const thresholds = unpackThresholds(reader, splitCount, featureCount);
  const missing = reader.take('missing_left', 'U8', [Math.ceil(splitCount / 8)]);
  const values = unpackValues(reader, [leafCount, valueCount]);
  const leafCover = reader.has('cover') ? reader.takeAny('cover', ['U8', 'U16', 'F32'], [leafCount]) : null;
  const importances = reader.take('importances', 'F64', [featureCount]);

  const feature = new Int32Array(nodes);
  const threshold = new Float32Array(nodes);
  const child = new Int32Array(nodes);
  const missingLeft = new Uint8Array(nodes);
  const cover = leafCover === null ? null : new Float32Array(nodes);
  let [splitAt, leafAt] = [0, 0];
  for (let tree = 0; tree + 1 < treeStart.length; tree++) {
    const [start, end] = [treeStart[tree] as number, treeStart[tree + 1] as number];
    let splitOfTree = 0;
    for (let node = start; node < end; node++) {
      feature[node] = (split[node] as number) - 1;
      if (split[node] === 0) {
        if (cover !== null) cover[node] = leafCover?.[leafAt] ?? 0;
        child[node] = leafAt++;
        continue;
      }
      threshold[node] = thresholds(splitAt, feature[node] as number);
      missingLeft[node] = ((missing[splitAt >>> 3] as number) >>> (splitAt & 7)) & 1;
      child[node] = 1 + 2 * splitOfTree++;
      splitAt++;
    }
    if (2 * splitOfTree + 1 !== end - start) {
      const bound = `must be ${2 * splitOfTree + 1} in tree ${tree}, which has ${splitOfTree} splits`;
      throw new ModelError('tensors["split"]', end - start, bound);
    }
    if (cover !== null) sumCovers(cover, { start, end, feature, child });
  }
  return {
    featureCount,
    valueCount,
    treeStart,
    feature,
    threshold,
    child,
    missingLeft,
    values,
    importances,
    cover,
  };
}

function sumCovers(
  cover: Float32Array,
  tree: { start: number; end: number; feature: Int32Array; child: Int32Array },
): void {
  for (let node = tree.end - 1; node >= tree.start; node--) {
    if ((tree.feature[node] as number) < 0) continue;
    const left = tree.start + (tree.child[node] as number);
    // A child at or before its parent, or beyond the tree, is refused by forestCreate.
    cover[node] = (cover[left] ?? 0) + (cover[left + 1] ?? 0);
  }
}

function unpackThresholds(
  reader: TensorReader,
  splitCount: number,
  featureCount: number,
): (split: number, feature: number) => number {
  if (!reader.has('table')) {
    const plain = reader.take('threshold', 'F32', [splitCount]);
    return (split) => plain[split] as number;
  }
  const codes = reader.takeAny('threshold', ['U8', 'U16'], [splitCount]);
  const starts = reader.take('table_start', 'U32', [featureCount + 1]);
  const table = reader.take('table', 'F32', [null]);
  return (split, feature) => {
    const code = codes[split] as number;
    const [from, to] = [starts[feature] as number, starts[feature + 1] as number];
    if (from + code >= Math.min(to, table.length)) {
      const bound = `must be below ${Math.max(0, Math.min(to, table.length) - from)}, the table of feature ${feature}`;
      throw new ModelError(`tensors["threshold"][${split}]`, code, bound);
    }
    return table[from + code] as number;
  };
}

function unpackValues(reader: TensorReader, shape: readonly [number, number]): Float32Array {
  const values = reader.takeAny('values', ['F32', 'F16'], shape);
  if (values instanceof Float32Array) return values;
  const numbers = fromHalves(values as Uint16Array);
  if (shape[1] !== 1) return numbers;
  const [middle = 0, scale = 0] = reader.take('value_range', 'F64', [2]);
  return numbers.map((value) => middle + scale * value);
}
