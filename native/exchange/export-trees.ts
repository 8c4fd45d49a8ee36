import type { ModelFile } from '../estimators/model.js';
import { TensorReader } from '../estimators/tensors.js';
import { logisticPair, softmax } from './export-finish.js';
import type { OnnxGraph } from './onnx-graph.js';

/** Trees as arrays; native/src/algorithms/forest.h says what they hold. */
interface Trees {
  treeStart: Uint32Array;
  feature: Int32Array;
  threshold: Float32Array;
  child: Int32Array;
  missingLeft: Uint8Array;
  values: Float32Array;
}

function treesOf(reader: TensorReader, valueCount: number | null): Trees {
  const feature = reader.take('feature', 'I32', [null]);
  const nodes = [feature.length];
  return {
    treeStart: reader.take('tree_start', 'U32', [null]),
    feature,
    threshold: reader.take('threshold', 'F32', nodes),
    child: reader.take('child', 'I32', nodes),
    missingLeft: reader.take('missing_left', 'U8', nodes),
    values: reader.take('values', 'F32', valueCount === null ? [null] : [null, valueCount]),
  };
}

/** The attributes of the nodes; what is at most its threshold goes the true way, as here to the left. */
function nodeAttributes({ treeStart, feature, threshold, child, missingLeft }: Trees) {
  const count = feature.length;
  const treeIds = new Uint32Array(count);
  const nodeIds = new Uint32Array(count);
  const whenTrue = new Uint32Array(count);
  const whenFalse = new Uint32Array(count);
  for (let tree = 0; tree + 1 < treeStart.length; tree++) {
    const start = treeStart[tree] as number;
    for (let node = start; node < (treeStart[tree + 1] as number); node++) {
      treeIds[node] = tree;
      nodeIds[node] = node - start;
      if ((feature[node] as number) < 0) continue;
      whenTrue[node] = child[node] as number;
      whenFalse[node] = (child[node] as number) + 1;
    }
  }
  return {
    nodes_treeids: { ints: treeIds },
    nodes_nodeids: { ints: nodeIds },
    nodes_featureids: { ints: feature.map((column) => Math.max(0, column)) },
    nodes_modes: { texts: Array.from(feature, (column) => (column < 0 ? 'LEAF' : 'BRANCH_LEQ')) },
    nodes_values_as_tensor: { doubles: threshold },
    nodes_truenodeids: { ints: whenTrue },
    nodes_falsenodeids: { ints: whenFalse },
    nodes_missing_value_tracks_true: { ints: missingLeft },
  };
}

/** The attributes of the leaves: `valueOf(tree)` gives the first value's number and how many a leaf has. */
function leafAttributes(
  kind: 'class' | 'target',
  { treeStart, feature, child, values }: Trees,
  { valueCount, idOf, factor }: { valueCount: number; idOf: (tree: number, value: number) => number; factor: number },
) {
  const treeIds: number[] = [];
  const nodeIds: number[] = [];
  const ids: number[] = [];
  const weights: number[] = [];
  for (let tree = 0; tree + 1 < treeStart.length; tree++) {
    const start = treeStart[tree] as number;
    for (let node = start; node < (treeStart[tree + 1] as number); node++) {
      if ((feature[node] as number) >= 0) continue;
      for (let value = 0; value < valueCount; value++) {
        treeIds.push(tree);
        nodeIds.push(node - start);
        ids.push(idOf(tree, value));
        weights.push((values[(child[node] as number) * valueCount + value] as number) * factor);
      }
    }
  }
  return {
    [`${kind}_treeids`]: { ints: treeIds },
    [`${kind}_nodeids`]: { ints: nodeIds },
    [`${kind}_ids`]: { ints: ids },
    [`${kind}_weights_as_tensor`]: { doubles: weights },
  };
}

/** Random forests and extra trees. Sums are in double precision, as ours are: so the features are handed over as doubles. */
export function exportForest(graph: OnnxGraph, features: string, { tensors, metadata }: ModelFile): string {
  const classCount = Number(metadata.class_count);
  const valueCount = Math.max(1, classCount);
  const trees = treesOf(new TensorReader(tensors), valueCount);
  const doubles = graph.cast(features, 'double');
  const nodes = nodeAttributes(trees);
  if (classCount === 0) {
    return graph.mlNode('TreeEnsembleRegressor', [doubles], {
      n_targets: 1,
      aggregate_function: 'AVERAGE',
      ...nodes,
      ...leafAttributes('target', trees, { valueCount, idOf: () => 0, factor: 1 }),
    });
  }
  return graph.mlNode('TreeEnsembleClassifier', [doubles], {
    post_transform: 'NONE',
    classlabels_int64s: { ints: Array.from({ length: classCount }, (_, index) => index) },
    ...nodes,
    ...leafAttributes('class', trees, {
      valueCount,
      idOf: (_, value) => value,
      factor: 1 / (trees.treeStart.length - 1),
    }),
  });
}

/** Gradient boosting: the base and the trees of each sum in double precision, then its link. */
export function exportBoosting(graph: OnnxGraph, features: string, { tensors, metadata }: ModelFile): string {
  const classCount = Number(metadata.class_count);
  const outputs = classCount > 2 ? classCount : 1;
  const reader = new TensorReader(tensors);
  const trees = treesOf(reader, null);
  const base = reader.take('base', 'F64', [outputs]);
  const widened = widenCategories(graph, features, { reader, trees, featureCount: Number(metadata.feature_count) });
  const sums = graph.mlNode('TreeEnsembleRegressor', [graph.cast(widened, 'double')], {
    n_targets: outputs,
    aggregate_function: 'SUM',
    base_values_as_tensor: { doubles: base },
    ...nodeAttributes(trees),
    ...leafAttributes('target', trees, { valueCount: 1, idOf: (tree) => tree % outputs, factor: 1 }),
  });
  if (classCount === 2) return logisticPair(graph, sums, 'float');
  if (classCount > 2) return softmax(graph, sums);
  // Within what single precision holds, as ours.
  return metadata.link === 'exp' ? graph.node('Exp', [graph.node('Min', [sums, graph.scalar('float', 88)])]) : sums;
}

/**
 * Puts a column behind the features for every set of categories that a split asks for, and makes those splits ask it. The
 * column is 0 for missing and unknown categories and for those that go the same way.
 */
function widenCategories(
  graph: OnnxGraph,
  features: string,
  { reader, trees, featureCount }: { reader: TensorReader; trees: Trees; featureCount: number },
): string {
  if (!reader.has('sets')) return features;
  const categorySet = reader.take('category_set', 'I32', [trees.feature.length]);
  const sets = reader.take('sets', 'U32', [null, 8]);
  const starts = reader.take('categories_start', 'U32', [featureCount + 1]);
  const categories = reader.take('categories', 'F32', [null]);
  /** By column the nodes that ask for its categories. */
  const asking = new Map<number, number[]>();
  for (const [node, set] of categorySet.entries()) {
    if (set < 0) continue;
    const column = trees.feature[node] as number;
    asking.set(column, [...(asking.get(column) ?? []), node]);
  }
  const parts = [features];
  let next = featureCount;
  for (const [column, nodes] of asking) {
    const known = categories.subarray(starts[column], starts[column + 1]);
    const matrix = new Float32Array(known.length * nodes.length);
    for (const [index, node] of nodes.entries()) {
      const set = categorySet[node] as number;
      const missingLeft = trees.missingLeft[node] === 1;
      for (let place = 0; place < known.length; place++) {
        const isLeft = ((sets[set * 8 + (place >>> 5)] as number) >>> (place & 31)) & 1;
        // What is at most the threshold goes left: the column is 1 for what goes right, or -1 for what goes left.
        if (missingLeft && isLeft === 0) matrix[place * nodes.length + index] = 1;
        if (!missingLeft && isLeft === 1) matrix[place * nodes.length + index] = -1;
      }
      trees.feature[node] = next + index;
      trees.threshold[node] = missingLeft ? 0.5 : -0.5;
    }
    const values = graph.node('Gather', [features, graph.constant('column', 'int64', [1], [column])], { axis: 1 });
    const row = graph.constant('categories', 'float', [1, known.length], known);
    const isThat = graph.cast(graph.node('Equal', [values, row]), 'float');
    parts.push(graph.node('MatMul', [isThat, graph.constant('sets', 'float', [known.length, nodes.length], matrix)]));
    next += nodes.length;
  }
  return graph.node('Concat', parts, { axis: 1 });
}
