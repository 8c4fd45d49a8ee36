import { tensorOf } from '../estimators/tensors.js';
import type { NamedTensor } from '../safetensors.js';
import { unparsable, unsupported } from './exchange-error.js';

/** A node that asks a feature and goes left or right. */
export interface ForeignSplit {
  readonly feature: number;
  /** Of single precision: what is at most this goes left. Without meaning where there are categories. */
  readonly threshold: number;
  /** The numbers of categories that go left, all others right; null for a threshold. */
  readonly categories: readonly number[] | null;
  readonly missingLeft: boolean;
  /** Places among the tree's nodes. */
  readonly left: number;
  readonly right: number;
  /** How much of the training data came by. */
  readonly cover: number;
}

/** A node with an answer. */
export interface ForeignLeaf {
  readonly values: readonly number[];
  readonly cover: number;
}

/** A tree as another library stores it: the first node is its root, the others are in any order. */
export interface ForeignTree {
  /** Names the tree in errors. */
  readonly at: string;
  readonly nodes: readonly (ForeignSplit | ForeignLeaf)[];
}

/** The most categories that a column of ours tells apart, numbered from 0. */
const maxCategories = 254;

const setWords = 8;

/**
 * Trees as the tensors of a forest of ours, in native/src/algorithms/forest.h's layout: children follow their parent and
 * stand side by side. Throws ExchangeError for a child that is out of range or has two parents (and so for a cycle), for
 * a feature that is out of range, and for values that are not finite.
 */
export function forestTensors(
  trees: readonly ForeignTree[],
  shape: { featureCount: number; valueCount: number; gains: Float64Array; covers: boolean },
): NamedTensor[] {
  const { featureCount, valueCount, covers } = shape;
  const nodeCount = trees.reduce((sum, { nodes }) => sum + nodes.length, 0);
  const treeStart = new Uint32Array(trees.length + 1);
  const feature = new Int32Array(nodeCount).fill(-1);
  const threshold = new Float32Array(nodeCount);
  const child = new Int32Array(nodeCount);
  const missingLeft = new Uint8Array(nodeCount);
  const cover = new Float32Array(nodeCount);
  const categorySet = new Int32Array(nodeCount).fill(-1);
  const leafCount = trees.reduce((sum, { nodes }) => sum + nodes.filter((node) => 'values' in node).length, 0);
  const values = new Float32Array(leafCount * valueCount);
  const sets: (readonly number[])[] = [];
  const known = new Set<number>();
  let end = 0;
  let leaves = 0;
  for (const [index, tree] of trees.entries()) {
    const start = end;
    for (const [place, node] of breadthFirst(tree).entries()) {
      const at = start + place;
      end = at + 1;
      const { source } = node;
      cover[at] = Number.isFinite(source.cover) ? Math.max(0, source.cover) : 0;
      if ('values' in source) {
        checkLeaf(source.values, valueCount, `${tree.at}.nodes[${node.from}]`);
        values.set(source.values, leaves * valueCount);
        child[at] = leaves++;
        continue;
      }
      checkSplit(source, featureCount, `${tree.at}.nodes[${node.from}]`);
      feature[at] = source.feature;
      child[at] = node.child;
      missingLeft[at] = source.missingLeft ? 1 : 0;
      if (source.categories === null) threshold[at] = source.threshold;
      else {
        categorySet[at] = sets.length;
        sets.push(source.categories);
        known.add(source.feature);
      }
    }
    treeStart[index + 1] = end;
  }
  const nodes = [end];
  const total = shape.gains.reduce((sum, gain) => sum + gain, 0);
  const importances = shape.gains.map((gain) => (total > 0 ? Math.min(1, gain / total) : 0));
  return [
    tensorOf('tree_start', 'U32', [treeStart.length], treeStart),
    tensorOf('feature', 'I32', nodes, feature.subarray(0, end)),
    tensorOf('threshold', 'F32', nodes, threshold.subarray(0, end)),
    tensorOf('child', 'I32', nodes, child.subarray(0, end)),
    tensorOf('missing_left', 'U8', nodes, missingLeft.subarray(0, end)),
    tensorOf(
      'values',
      'F32',
      valueCount === 1 ? [leaves] : [leaves, valueCount],
      values.subarray(0, leaves * valueCount),
    ),
    tensorOf('importances', 'F64', [featureCount], importances),
    ...(covers ? [tensorOf('cover', 'F32', nodes, cover.subarray(0, end))] : []),
    ...(sets.length === 0 ? [] : categoryTensors(sets, known, featureCount, categorySet.subarray(0, end))),
  ];
}

/** The nodes that the root leads to, level by level; `child` is the place of the left child. */
function breadthFirst({
  at,
  nodes,
}: ForeignTree): { from: number; source: ForeignSplit | ForeignLeaf; child: number }[] {
  const root = nodes[0];
  if (root === undefined) throw unparsable(`${at}.nodes`, 0, 'nodes must be at least 1');
  const seen = new Uint8Array(nodes.length);
  seen[0] = 1;
  const found = [{ from: 0, source: root, child: 0 }];
  for (let place = 0; place < found.length; place++) {
    const node = found[place] as (typeof found)[number];
    const { source, from } = node;
    if ('values' in source) continue;
    node.child = found.length;
    for (const [side, to] of [
      ['left', source.left],
      ['right', source.right],
    ] as const) {
      const next = nodes[to];
      if (next === undefined) {
        throw unparsable(`${at}.nodes[${from}].${side}`, to, `must be one of the ${nodes.length} nodes of the tree`);
      }
      if (seen[to] === 1) {
        throw unparsable(
          `${at}.nodes[${from}].${side}`,
          to,
          'must be a node that no other leads to: a tree has no cycle',
        );
      }
      seen[to] = 1;
      found.push({ from: to, source: next, child: 0 });
    }
  }
  return found;
}

function checkLeaf(values: readonly number[], valueCount: number, at: string): void {
  if (values.length !== valueCount) throw unparsable(at, values.length, `values must be ${valueCount}`);
  for (const value of values) {
    if (!Number.isFinite(Math.fround(value)))
      throw unparsable(`${at}.value`, value, 'must be finite in single precision');
  }
}

function checkSplit({ feature, threshold, categories }: ForeignSplit, featureCount: number, at: string): void {
  if (!Number.isInteger(feature) || feature < 0 || feature >= featureCount) {
    throw unparsable(`${at}.feature`, feature, `must be from 0 to ${featureCount - 1}`);
  }
  if (categories === null) {
    if (!Number.isFinite(threshold)) throw unparsable(`${at}.threshold`, threshold, 'must be finite');
    return;
  }
  for (const category of categories) {
    if (Number.isInteger(category) && category >= 0 && category < maxCategories) continue;
    throw unsupported(`${at}.categories`, category, `must be a whole number from 0 to ${maxCategories - 1}`);
  }
}

/** Every column with a set knows the categories 0 to 253, so that one in no set goes where it goes elsewhere. */
function categoryTensors(
  sets: readonly (readonly number[])[],
  known: ReadonlySet<number>,
  featureCount: number,
  categorySet: Int32Array,
): NamedTensor[] {
  const words = new Uint32Array(sets.length * setWords);
  for (const [index, categories] of sets.entries()) {
    for (const category of categories) {
      const at = index * setWords + (category >>> 5);
      words[at] = ((words[at] as number) | (1 << (category & 31))) >>> 0;
    }
  }
  const starts = new Uint32Array(featureCount + 1);
  const all = Float32Array.from({ length: maxCategories }, (_, category) => category);
  const categories = new Float32Array(known.size * maxCategories);
  let end = 0;
  for (let column = 0; column < featureCount; column++) {
    if (known.has(column)) {
      categories.set(all, end);
      end += maxCategories;
    }
    starts[column + 1] = end;
  }
  return [
    tensorOf('category_set', 'I32', [categorySet.length], categorySet),
    tensorOf('sets', 'U32', [sets.length, setWords], words),
    tensorOf('categories_start', 'U32', [starts.length], starts),
    tensorOf('categories', 'F32', [categories.length], categories),
  ];
}
