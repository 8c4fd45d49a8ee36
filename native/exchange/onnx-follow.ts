import { unsupported } from './exchange-error.js';
import { maxImportFeatures } from './imported-model.js';
import type { OnnxNode } from './onnx.js';
import { mlDomain } from './onnx.js';
import { AttributeReader, placeOf } from './onnx-attributes.js';
import { filledBy, filledWhere, moved, scaledBy, selected } from './onnx-columns.js';
import { denseLayer, layerOver, linearScores, spread } from './onnx-linear.js';
import { treeScores } from './onnx-trees.js';
import type { DenseLayer, OnnxValue, Scores } from './onnx-values.js';

/** What the first output of a node is, given what its inputs are. Throws ExchangeError for what cannot be taken. */
export function follow(node: OnnxNode, inputs: readonly OnnxValue[]): OnnxValue {
  const [first, second] = inputs;
  if (node.domain !== '' && node.domain !== mlDomain) return unknown(node, node.domain, 'is no domain of ONNX itself');
  if (first === undefined) return unknown(node, node.op, 'has no inputs, and is none of those that are known');
  // What is unknown stays so, and is told where it began.
  const lost = inputs.find(({ kind }) => kind === 'unknown');
  if (lost !== undefined) return lost;
  if (node.domain === mlDomain) return followMl(node, first, second);
  switch (node.op) {
    case 'Identity':
    case 'Dropout':
    case 'Reshape':
    case 'Flatten':
    case 'Squeeze':
    case 'Unsqueeze':
      return first;
    case 'Cast':
      return castOf(node, first);
    case 'MatMul':
    case 'Gemm':
      return productOf(node, inputs);
    case 'Add':
    case 'Sub':
    case 'Mul':
    case 'Div':
      return arithmetic(node, first, second);
    case 'Relu':
      return activated(node, first, 'relu');
    case 'Tanh':
      return activated(node, first, 'tanh');
    case 'Sigmoid':
      return activated(node, first, 'logistic');
    case 'Softmax':
      return softmaxOf(node, first);
    case 'Exp':
      return first.kind === 'scores' && first.finish === 'none' ? { ...first, finish: 'exp' } : noForm(node, first);
    case 'Min':
      // What an exponential bears in single precision: ours stops there too.
      return second?.kind === 'constant' && Number(second.tensor.values[0]) === 88 ? first : noForm(node, first);
    case 'ArgMax':
      return { kind: 'winner' };
    case 'Gather':
      return new AttributeReader(node).number('axis', 0) === 1
        ? (selected(node, first, second) ?? noForm(node, first))
        : noForm(node, first);
    case 'IsNaN':
      return first.kind === 'features' ? { ...first, kind: 'missing' } : noForm(node, first);
    case 'Where':
      return filledWhere(node, inputs) ?? noForm(node, first);
    case 'Concat':
      return concatenated(node, inputs);
    default:
      return noForm(node, first);
  }
}

function unknown(node: OnnxNode, seen: unknown, bound: string): OnnxValue {
  return { kind: 'unknown', at: placeOf(node), seen, bound };
}

function noForm(node: OnnxNode, value: OnnxValue): OnnxValue {
  return unknown(node, node.op, `has no form here after ${value.kind === 'features' ? 'the features' : value.kind}`);
}

function followMl(node: OnnxNode, first: OnnxValue, second: OnnxValue | undefined): OnnxValue {
  switch (node.op) {
    case 'TreeEnsembleClassifier':
    case 'TreeEnsembleRegressor':
      return first.kind === 'features' ? treeScores(node, first.columns) : noForm(node, first);
    case 'LinearClassifier':
    case 'LinearRegressor':
      return first.kind === 'features' ? linearScores(node, first.columns) : noForm(node, first);
    case 'Scaler':
      return first.kind === 'features' ? scaledBy(node, first.columns) : noForm(node, first);
    case 'Imputer':
      return first.kind === 'features' ? filledBy(node, first.columns) : noForm(node, first);
    case 'Normalizer':
      return normalized(node, first);
    case 'ZipMap':
      return withClasses(node, first);
    case 'FeatureVectorizer':
      return first;
    case 'ArrayFeatureExtractor':
      return first.kind === 'features' ? (selected(node, first, second) ?? noForm(node, first)) : { kind: 'winner' };
    default:
      return noForm(node, first);
  }
}

function castOf(node: OnnxNode, value: OnnxValue): OnnxValue {
  const to = new AttributeReader(node).number('to', 0);
  // Features and scores stay what they are as floats and doubles.
  if (to === 1 || to === 11 || value.kind === 'winner' || value.kind === 'constant') return value;
  return unknown(node, to, 'must be 1 or 11, float or double');
}

function productOf(node: OnnxNode, [before, weights, bias]: readonly OnnxValue[]): OnnxValue {
  if ((before?.kind !== 'features' && before?.kind !== 'scores') || weights?.kind !== 'constant') {
    return unknown(node, node.op, 'must multiply features by a constant');
  }
  if (bias !== undefined && bias.kind !== 'constant') return unknown(node, node.op, 'must add a constant');
  const attributes = new AttributeReader(node);
  const gemm = node.op === 'Gemm';
  if (gemm && attributes.number('transA', 0) !== 0) throw unsupported(`${attributes.at}.transA`, 1, 'must be 0');
  const layer = denseLayer(weights.tensor, bias?.tensor ?? null, {
    transposed: gemm && attributes.number('transB', 0) !== 0,
    factor: gemm ? attributes.number('alpha', 1) : 1,
    biasFactor: gemm ? attributes.number('beta', 1) : 1,
    at: attributes.at,
  });
  return layerOver(before, layer, node);
}

function arithmetic(node: OnnxNode, left: OnnxValue, right: OnnxValue | undefined): OnnxValue {
  if (right === undefined) return unknown(node, node.op, 'must have two inputs');
  const commutes = node.op === 'Add' || node.op === 'Mul';
  if (left.kind === 'constant' && commutes) return arithmetic(node, right, left);
  const at = placeOf(node);
  if (node.op === 'Sub' && left.kind === 'constant' && right.kind === 'scores' && right.finish === 'logistic') {
    const isOne = left.tensor.values.length === 1 && Number(left.tensor.values[0]) === 1;
    return isOne ? { ...right, finish: 'complement' } : noForm(node, right);
  }
  if (right.kind !== 'constant') return unknown(node, node.op, 'must have a constant for one of its inputs');
  if (left.kind === 'features') {
    const numbers = spread(right.tensor, left.columns.length, at);
    return { ...left, columns: left.columns.map((column, index) => moved(column, node.op, numbers[index] as number)) };
  }
  if (left.kind !== 'scores' || left.finish !== 'none' || (node.op !== 'Add' && node.op !== 'Sub')) {
    return noForm(node, left);
  }
  const sign = node.op === 'Sub' ? -1 : 1;
  const added = spread(right.tensor, left.units, at).map((value) => sign * value);
  if (left.source.kind === 'trees') {
    const { source } = left;
    if (source.aggregate !== 'sum') return noForm(node, left);
    return { ...left, source: { ...source, base: source.base.map((value, unit) => value + (added[unit] as number)) } };
  }
  const layers = [...left.source.layers];
  const last = layers.pop() as DenseLayer;
  if (last.activation !== 'identity') return noForm(node, left);
  const bias = last.bias.map((value, unit) => value + (added[unit] as number));
  return { ...left, source: { kind: 'layers', layers: [...layers, { ...last, bias }] } };
}

function activated(node: OnnxNode, value: OnnxValue, activation: DenseLayer['activation']): OnnxValue {
  if (value.kind !== 'scores' || value.finish !== 'none') return noForm(node, value);
  if (value.source.kind === 'trees' || activation !== 'logistic' || value.units > 1) {
    if (value.source.kind === 'trees') {
      return activation === 'logistic' && value.units === 1 ? { ...value, finish: 'logistic' } : noForm(node, value);
    }
    const layers = [...value.source.layers];
    const last = layers.pop() as DenseLayer;
    if (last.activation !== 'identity') return noForm(node, value);
    return { ...value, source: { kind: 'layers', layers: [...layers, { ...last, activation }] } };
  }
  return { ...value, finish: 'logistic' };
}

function softmaxOf(node: OnnxNode, value: OnnxValue): OnnxValue {
  const axis = new AttributeReader(node).number('axis', -1);
  if (value.kind !== 'scores' || value.finish !== 'none' || value.units < 2 || (axis !== -1 && axis !== 1)) {
    return noForm(node, value);
  }
  return { ...value, finish: 'softmax' };
}

function normalized(node: OnnxNode, value: OnnxValue): OnnxValue {
  const norm = new AttributeReader(node).text('norm', 'MAX');
  if (value.kind !== 'scores' || norm !== 'L1') return noForm(node, value);
  if (value.finish === 'each') return { ...value, finish: 'one-vs-rest' };
  return ['both', 'softmax', 'shares', 'one-vs-rest'].includes(value.finish) ? value : noForm(node, value);
}

function withClasses(node: OnnxNode, value: OnnxValue): OnnxValue {
  if (value.kind !== 'scores') return noForm(node, value);
  return { ...value, classes: value.classes ?? new AttributeReader(node).classes() };
}

function concatenated(node: OnnxNode, inputs: readonly OnnxValue[]): OnnxValue {
  const axis = new AttributeReader(node).number('axis', 1);
  const [first, second] = inputs;
  if (inputs.every((value) => value.kind === 'features') && (axis === 1 || axis === -1)) {
    const columns = inputs.flatMap((value) => (value.kind === 'features' ? value.columns : []));
    if (columns.length > maxImportFeatures) {
      throw unsupported(placeOf(node), columns.length, `features must be at most ${maxImportFeatures}`);
    }
    return { kind: 'features', columns };
  }
  const isPair = inputs.length === 2 && first?.kind === 'scores' && second?.kind === 'scores';
  if (isPair && first.finish === 'complement' && second.finish === 'logistic') {
    if (sameSource(first, second)) return { ...second, finish: 'both' };
  }
  return unknown(node, node.op, 'must join features, or the probabilities of two classes');
}

function sameSource(one: Scores, other: Scores): boolean {
  return one.source === other.source;
}
