import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor } from '../../../native/exchange/onnx.js';
import { mlDomain } from '../../../native/exchange/onnx.js';
import { writeOnnx } from '../../../native/exchange/onnx-write.js';

/** A booster of XGBoost of one tree, x0 below 0.5 or missing giving 1, otherwise -2; with changes to its parts. */
export function xgboostText(
  changes: { tree?: object; learner?: object; parameters?: object; objective?: string; model?: object } = {},
): string {
  const tree = {
    tree_param: { num_nodes: '3', size_leaf_vector: '1' },
    left_children: [1, -1, -1],
    right_children: [2, -1, -1],
    split_indices: [0, 0, 0],
    split_conditions: [0.5, 1, -2],
    default_left: [1, 0, 0],
    sum_hessian: [3, 2, 1],
    loss_changes: [4, 0, 0],
    ...changes.tree,
  };
  const parameters = { base_score: '5E-1', num_class: '0', num_feature: '2', num_target: '1', ...changes.parameters };
  return JSON.stringify({
    version: [3, 2, 0],
    learner: {
      learner_model_param: parameters,
      objective: { name: changes.objective ?? 'binary:logistic' },
      gradient_booster: { name: 'gbtree', model: { tree_info: [0], trees: [tree], ...changes.model } },
      ...changes.learner,
    },
  });
}

/** A LightGBM model of one tree, x0 of at most 0.5 giving 1, otherwise -2; with lines in place of others. */
export function lightgbmText({
  header = {},
  tree = {},
  end = 'end of trees\n',
}: {
  header?: Record<string, string>;
  tree?: Record<string, string>;
  end?: string;
} = {}): string {
  const lines = (values: Record<string, string>) =>
    Object.entries(values)
      .map(([key, value]) => `${key}=${value}\n`)
      .join('');
  const head = {
    version: 'v4',
    num_class: '1',
    num_tree_per_iteration: '1',
    max_feature_idx: '1',
    objective: 'binary sigmoid:1',
    feature_names: 'x0 x1',
    ...header,
  };
  const body = {
    num_leaves: '2',
    num_cat: '0',
    split_feature: '0',
    split_gain: '4',
    threshold: '0.5',
    decision_type: '2',
    left_child: '-1',
    right_child: '-2',
    leaf_value: '1 -2',
    leaf_count: '2 1',
    internal_count: '3',
    is_linear: '0',
    ...tree,
  };
  return `tree\n${lines(head)}\nTree=0\n${lines(body)}\n\n${end}`;
}

type Plain = number | string | number[] | string[];

function attributeOf(value: Plain): OnnxAttribute {
  if (typeof value === 'string') return { kind: 'string', value };
  if (typeof value === 'number') return { kind: 'int', value };
  if (value.length > 0 && typeof value[0] === 'string') return { kind: 'strings', value: value as string[] };
  const numbers = value as number[];
  return { kind: numbers.every(Number.isInteger) ? 'ints' : 'floats', value: numbers };
}

/** A node; whole numbers become `ints` unless their attribute is among `floats`. */
export function node(
  op: string,
  inputs: string[],
  outputs: string[],
  attributes: Record<string, Plain> = {},
  { ml = false, floats = [] as string[] } = {},
): OnnxNode {
  const told = Object.entries(attributes).map(([key, value]): [string, OnnxAttribute] => {
    return [key, floats.includes(key) ? { kind: 'floats', value: value as number[] } : attributeOf(value)];
  });
  return { name: '', op, domain: ml ? mlDomain : '', inputs, outputs, attributes: new Map(told) };
}

/** An .onnx file of `columns` features, `x`, and the output `y`. */
export function onnxBytes(
  nodes: OnnxNode[],
  { columns = 2, constants = [] as OnnxTensor[], output = 'y' } = {},
): Uint8Array {
  const model: OnnxModel = {
    producer: 'test',
    opsets: new Map([
      ['', 17],
      [mlDomain, 3],
    ]),
    metadata: {},
    nodes,
    constants: new Map(constants.map((constant) => [constant.name, constant])),
    inputs: [{ name: 'x', type: 'float', shape: ['rows', columns] }],
    outputs: [{ name: output, type: 'float', shape: ['rows', 1] }],
  };
  return writeOnnx(model);
}

/** TreeEnsembleRegressor of one tree that asks x0 in the given mode against 0.5: 1 where true, otherwise -2. */
export function treeNode(mode: string, changes: Record<string, Plain> = {}): OnnxNode {
  const attributes = {
    n_targets: 1,
    nodes_treeids: [0, 0, 0],
    nodes_nodeids: [0, 1, 2],
    nodes_featureids: [0, 0, 0],
    nodes_values: [0.5, 0, 0],
    nodes_modes: [mode, 'LEAF', 'LEAF'],
    nodes_truenodeids: [1, 0, 0],
    nodes_falsenodeids: [2, 0, 0],
    nodes_missing_value_tracks_true: [0, 0, 0],
    target_treeids: [0, 0],
    target_nodeids: [1, 2],
    target_ids: [0, 0],
    target_weights: [1, -2],
    ...changes,
  };
  return node('TreeEnsembleRegressor', ['x'], ['y'], attributes, {
    ml: true,
    floats: ['nodes_values', 'target_weights'],
  });
}
