import type { ModelFile } from '../estimators/model.js';
import { tensorOf } from '../estimators/tensors.js';
import { boostingFile } from './boosting-file.js';
import { unsupported } from './exchange-error.js';
import { type ForeignTree, forestTensors } from './foreign-tree.js';
import type { FeatureStep, ImportedModel } from './imported-model.js';
import type { DenseLayer, FeatureColumn, ScoreFinish, Scores } from './onnx-values.js';

/** What is known of a graph besides its scores. */
export interface GraphFacts {
  /** Lists of classes that the graph takes labels from. */
  readonly labels: readonly (readonly string[])[];
  readonly featureNames: readonly string[] | null;
  readonly origin: string;
}

type Trees = Extract<Scores['source'], { kind: 'trees' }>;

/** How many classes scores are of; 0 for numbers. */
function classCountOf({ finish, units }: Scores): number {
  if (finish === 'none' || finish === 'exp') return 0;
  return units === 1 ? 2 : units;
}

/** The model of ours that gives these scores. Throws ExchangeError where none does. */
export function modelOfScores(scores: Scores, { labels, featureNames, origin }: GraphFacts): ImportedModel {
  const { columns, source, finish, units } = scores;
  if (finish === 'complement') throw unsupported('graph.output', finish, 'must be the probabilities of both classes');
  const classCount = classCountOf(scores);
  if (classCount === 0 && units !== 1) throw unsupported('graph.output', units, 'numbers per row must be 1');
  const steps = stepsOf(columns);
  const featureCount = columns.length;
  const model =
    source.kind === 'trees'
      ? treeModel(source, { finish, units, featureCount, classCount })
      : layerModel(source.layers, { finish, classCount });
  const { estimator } = model.metadata;
  const classes = scores.classes ?? labels.find(({ length }) => length === classCount) ?? null;
  return {
    origin: `${origin}, ${estimator}`,
    model,
    task: classCount > 0 ? 'classification' : 'regression',
    classCount,
    featureCount,
    acceptsMissing: source.kind === 'trees',
    featureNames,
    classes: classCount > 0 ? classes : null,
    steps,
  };
}

function stepsOf(columns: readonly FeatureColumn[]): (FeatureStep | null)[] {
  const isInOrder = columns.every(({ source }, index) => source === index);
  if (!isInOrder) throw unsupported('graph.input', columns.length, 'columns must be used once each and in their order');
  const steps = columns.map(({ fill, center, span, lower }, index): FeatureStep | null => {
    if (![center, span, lower].every(Number.isFinite)) {
      throw unsupported(`graph.input column ${index}`, span, 'must be scaled by finite numbers');
    }
    return fill === null && center === 0 && span === 1 && lower === 0 ? null : { fill, center, span, lower };
  });
  return steps.every((step) => step === null) ? [] : steps;
}

function treeModel(
  source: Trees,
  shape: { finish: ScoreFinish; units: number; featureCount: number; classCount: number },
): ModelFile {
  const { finish, units, featureCount, classCount } = shape;
  const { trees, base } = source;
  if (finish === 'shares' || source.aggregate === 'average') return forestModel(source, shape);
  const two = units === 2;
  const of = (tree: ForeignTree, value: (values: readonly number[]) => number): ForeignTree => ({
    at: tree.at,
    nodes: tree.nodes.map((node) => ('values' in node ? { ...node, values: [value(node.values)] } : node)),
  });
  // Of two classes ours keeps one sum, the second's lead over the first.
  const lead = (values: readonly number[]) => (values[1] as number) - (values[0] as number);
  return boostingFile({
    featureCount,
    classCount,
    link: finish === 'exp' ? 'exp' : 'identity',
    base: two ? [lead(base)] : base,
    trees: two ? [trees.map((tree) => of(tree, lead))] : bySum(trees, units, of),
    gains: new Float64Array(featureCount),
    covers: false,
  });
}

/** The nodes that may be copied for trees that add to several sums. */
const maxCopies = 2 ** 22;

/** Trees by the sum that they add to: of most tools each adds to one. Throws ExchangeError for too many copies. */
function bySum(
  trees: readonly ForeignTree[],
  units: number,
  of: (tree: ForeignTree, value: (values: readonly number[]) => number) => ForeignTree,
): ForeignTree[][] {
  const sums: ForeignTree[][] = Array.from({ length: units }, () => []);
  let copies = 0;
  for (const tree of trees) {
    let times = 0;
    for (const [unit, list] of sums.entries()) {
      if (units > 1 && !tree.nodes.some((node) => 'values' in node && node.values[unit] !== 0)) continue;
      if (times++ > 0) copies += tree.nodes.length;
      if (copies > maxCopies) {
        throw unsupported(tree.at, copies, `copies of nodes, a tree for each score, must be at most ${maxCopies}`);
      }
      list.push(of(tree, (values) => values[unit] as number));
    }
  }
  return sums;
}

/** Trees that are averaged: a random forest. */
function forestModel(
  { trees, base, aggregate }: Trees,
  { units, featureCount, classCount }: { units: number; featureCount: number; classCount: number },
): ModelFile {
  if (base.some((value) => value !== 0)) {
    throw unsupported('base_values', base, 'must be 0 where trees are averaged or give shares of classes');
  }
  // A sum of trees that were divided by their number is their average.
  const factor = aggregate === 'average' ? 1 : trees.length;
  const shares = trees.map((tree): ForeignTree => {
    return {
      at: tree.at,
      nodes: tree.nodes.map((node, place) => {
        if (!('values' in node)) return node;
        const values = node.values.map((value) => value * factor);
        return { ...node, values: classCount > 0 ? sharesOf(values, `${tree.at}.nodes[${place}]`) : values };
      }),
    };
  });
  const valueCount = classCount > 0 ? classCount : units;
  const tensors = forestTensors(shares, {
    featureCount,
    valueCount,
    gains: new Float64Array(featureCount),
    covers: false,
  });
  return {
    // A forest's leaves are a matrix even for numbers.
    tensors: tensors.map((tensor) =>
      tensor.name === 'values' ? { ...tensor, shape: [tensor.shape[0] as number, valueCount] } : tensor,
    ),
    metadata: {
      format: '1',
      estimator: 'random-forest',
      feature_count: String(featureCount),
      class_count: String(classCount),
    },
  };
}

const rounding = 1e-4;

/** A leaf's shares of classes, which sum to one but for rounding. */
function sharesOf(values: readonly number[], at: string): number[] {
  const [only = 0] = values;
  const all = values.length === 1 ? [1 - only, only] : values;
  const sum = all.reduce((total, value) => total + value, 0);
  if (Math.abs(sum - 1) > rounding || all.some((value) => !(value >= -rounding && value <= 1 + rounding))) {
    throw unsupported(at, [...all], 'must be shares of the classes that sum to one');
  }
  return all.map((value) => Math.min(1, Math.max(0, value)));
}

function layerModel(
  layers: readonly DenseLayer[],
  { finish, classCount }: { finish: ScoreFinish; classCount: number },
): ModelFile {
  if (finish === 'exp') throw unsupported('graph.output', finish, 'must not be an exponential of sums');
  for (const [index, { weights, bias }] of layers.entries()) {
    const wrong = [weights, bias].flatMap((array) => [...array.filter((value) => !Number.isFinite(value))])[0];
    if (wrong !== undefined) throw unsupported(`layer ${index}`, wrong, 'must have finite weights');
  }
  const [only] = layers;
  return only !== undefined && layers.length === 1 && only.activation === 'identity'
    ? linearModel(only, { finish, classCount })
    : networkModel(layers, { finish, classCount });
}

function linearModel(
  { inputs, units, weights, bias }: DenseLayer,
  { finish, classCount }: { finish: ScoreFinish; classCount: number },
): ModelFile {
  const at = (output: number, input: number): number => weights[input * units + output] as number;
  const two = classCount === 2 && units === 2;
  if (two && (finish === 'each' || finish === 'one-vs-rest')) {
    // Of two sums, each the other's negative, probabilities sum to one by themselves.
    const opposed = Array.from({ length: inputs }, (_, input) => at(0, input) === -at(1, input)).every(Boolean);
    if (!opposed || bias[0] !== -(bias[1] as number)) {
      throw unsupported('coefficients', units, 'rows of two classes must be each the negative of the other');
    }
  } else if (finish === 'each') {
    throw unsupported('post_transform', 'LOGISTIC', `must be followed by Normalizer L1 for ${classCount} classes`);
  }
  const outputs = two ? 1 : units;
  const matrix = new Float64Array(outputs * inputs);
  const value = (output: number, input: number): number => {
    if (!two) return at(output, input);
    return finish === 'softmax' ? at(1, input) - at(0, input) : at(1, input);
  };
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) matrix[output * inputs + input] = value(output, input);
  }
  const second = bias[1] as number;
  const lead = finish === 'softmax' ? second - (bias[0] as number) : second;
  const many = finish === 'one-vs-rest' && !two;
  return {
    tensors: [
      tensorOf('weights', 'F64', [outputs, inputs], matrix),
      tensorOf('intercept', 'F64', [outputs], two ? Float64Array.of(lead) : bias),
    ],
    metadata: {
      format: '1',
      estimator: classCount === 0 ? 'linear-regression' : many ? 'linear-svm' : 'logistic-regression',
      feature_count: String(inputs),
      class_count: String(classCount),
    },
  };
}

function networkModel(
  layers: readonly DenseLayer[],
  { finish, classCount }: { finish: ScoreFinish; classCount: number },
): ModelFile {
  if (finish === 'each' || finish === 'one-vs-rest' || finish === 'shares') {
    throw unsupported('graph.output', finish, 'must be a softmax or one sigmoid after the last layer');
  }
  const hidden = layers.slice(0, -1);
  const activation = hidden[0]?.activation ?? 'identity';
  const other = hidden.findIndex((layer) => layer.activation !== activation);
  if (other >= 0) {
    throw unsupported(`layer ${other}`, hidden[other]?.activation, `must be ${activation}, as the layers before it`);
  }
  const last = layers[layers.length - 1];
  if (last?.activation !== 'identity') {
    throw unsupported(`layer ${layers.length - 1}`, last?.activation, 'must have no activation: it is the last');
  }
  return {
    tensors: layers.flatMap(({ inputs, units, weights, bias }, layer) => [
      tensorOf(`layers.${layer}.weights`, 'F32', [inputs, units], Float32Array.from(weights)),
      tensorOf(`layers.${layer}.bias`, 'F32', [units], Float32Array.from(bias)),
    ]),
    metadata: {
      format: '1',
      estimator: 'neural-network',
      feature_count: String(layers[0]?.inputs ?? 0),
      class_count: String(classCount),
      layer_sizes: layers.map(({ units }) => units).join(','),
      activation,
      output: finish === 'none' ? 'identity' : finish === 'softmax' ? 'softmax' : 'logistic',
      normalization: 'none',
      precision: 'f32',
    },
  };
}
